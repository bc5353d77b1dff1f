"""Addresses of the rules of messages."""

from django.urls import path

from clinic.reminders.views import rules

urlpatterns = [path("rules/", rules.rules, name="rules")]
