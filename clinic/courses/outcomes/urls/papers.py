"""Addresses of the body chart, the report and the home sheet."""

from django.urls import URLPattern, path

from clinic.courses.outcomes.views import papers

urlpatterns: list[URLPattern] = [
    path("courses/<int:pk>/home.pdf", papers.home_sheet, name="home-sheet"),
]
