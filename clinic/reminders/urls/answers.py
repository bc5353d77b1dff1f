"""Addresses of what patients answered."""

from django.urls import URLPattern, path

from clinic.reminders.views import answers

urlpatterns: list[URLPattern] = [
    path("cannot-come/", answers.answers_page, name="answers"),
    path("cannot-come/<int:pk>/dealt-with/", answers.deal_with, name="answer-handled"),
]
