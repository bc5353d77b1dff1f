"""Addresses of the body chart, the report and the home sheet."""

from django.urls import URLPattern, path

from clinic.courses.outcomes.views import body, papers

urlpatterns: list[URLPattern] = [
    path("courses/<int:pk>/body/", body.body_chart, name="body"),
    path("courses/<int:pk>/home.pdf", papers.home_sheet, name="home-sheet"),
    path("courses/<int:pk>/report.pdf", papers.course_report, name="report"),
]
