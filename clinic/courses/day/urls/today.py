"""Addresses of the list of the day and of the handover card."""

from django.urls import URLPattern, path

from clinic.courses.day.views import handover, today

urlpatterns: list[URLPattern] = [
    path("today/", today.today_page, name="today"),
    path("courses/<int:pk>/handover/", handover.handover_page, name="handover"),
    path("courses/<int:pk>/likes/", handover.likes, name="likes"),
]
