"""Addresses of the calendar: proposing dates, reading days and weeks, absences, the waiting list."""

from clinic.courses.calendar.urls import absent, dates, reading, waiting

app_name = "calendar"
urlpatterns = [*reading.urlpatterns, *dates.urlpatterns, *absent.urlpatterns, *waiting.urlpatterns]
