"""Addresses behind the links of messages: open to whoever holds the link, without a log-in."""

from django.urls import URLPattern

app_name = "answer"
urlpatterns: list[URLPattern] = []
