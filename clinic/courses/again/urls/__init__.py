"""Addresses of this package."""

from django.urls import path

from clinic.courses.again.views import planning

app_name = "again"
urlpatterns = [
    path("patients/<int:pk>/next-course/", planning.plan_next, name="plan"),
    path("courses/<int:pk>/kept/", planning.saved, name="saved"),
]
