"""Addresses of the list of the day and of the handover card."""

from django.urls import URLPattern, path

from clinic.courses.day.views import today

urlpatterns: list[URLPattern] = [
    path("today/", today.today_page, name="today"),
]
