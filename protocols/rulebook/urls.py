"""Addresses of a clinic's own rules."""

from django.urls import URLPattern

app_name = "rulebook"
urlpatterns: list[URLPattern] = []
