"""Addresses of the clinic's numbers."""

from django.urls import path

from clinic.courses.numbers.views import reading

app_name = "numbers"
urlpatterns = [
    path("", reading.clinic_numbers, name="clinic"),
    path("<slug:table>.csv", reading.numbers_csv, name="csv"),
]
