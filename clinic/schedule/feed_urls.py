"""Addresses of subscribed calendars. The one with a token opens without signing in."""

from django.urls import path

from clinic.schedule import feed_views

app_name = "feeds"
urlpatterns = [
    path("mine/", feed_views.mine, name="mine"),
    path("mine/ended/", feed_views.mine_end, name="mine-end"),
    path("patients/<int:pk>/", feed_views.of_patient, name="patient"),
    path("patients/<int:pk>/ended/", feed_views.of_patient_end, name="patient-end"),
    path("<str:token>.ics", feed_views.calendar, name="calendar"),
]
