"""Addresses behind the links of messages: open to whoever holds the link, without a log-in."""

from django.urls import URLPattern, path

from clinic.reminders.views import answering

app_name = "answer"
urlpatterns: list[URLPattern] = [
    path("<str:token>/", answering.open_link, name="open"),
    path("<str:token>/dates.ics", answering.calendar_of_dates, name="calendar"),
]
