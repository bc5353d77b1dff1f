"""Addresses of the pages that show: days, weeks, months, one booking, prints, and what waits at the desk."""

from django.urls import path

from clinic.courses.calendar.views import bookings, reading

urlpatterns = [
    path("", reading.day_page, name="day"),
    path("week/", reading.week_page, name="week"),
    path("mine/", reading.my_day, name="mine"),
    path("month/", reading.month_page, name="month"),
    path("day-sheet/", bookings.day_sheet, name="day-sheet"),
    path("to-do/", bookings.to_do_page, name="to-do"),
    path("bookings/<int:pk>/", bookings.booking_page, name="booking"),
    path("courses/<int:pk>/slip/", bookings.date_slip, name="slip"),
]
