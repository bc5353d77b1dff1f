"""Addresses of cases that are made of courses."""

from django.urls import path

from clinic.courses.benching.views import making

app_name = "benching"
urlpatterns = [
    path("courses/<int:pk>/as-case/", making.as_case, name="as-case"),
]
