"""Addresses of what a record means for the next session: proposal, next day, acknowledgement."""

from django.urls import path

from clinic.courses.day.views import after

urlpatterns = [
    path("courses/<int:pk>/proposal/", after.proposal, name="proposal"),
    path("records/<int:pk>/next-day/", after.next_day, name="next-day"),
    path("records/<int:pk>/acknowledged/", after.acknowledge, name="acknowledge"),
]
