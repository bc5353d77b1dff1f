"""Addresses of the comparison."""

from django.urls import URLPattern, path

from clinic.courses.compare.views import plans

app_name = "compare"
urlpatterns: list[URLPattern] = [path("courses/<int:pk>/compare/", plans.plans, name="plans")]
