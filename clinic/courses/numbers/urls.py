"""Addresses of the clinic's numbers."""

from django.urls import URLPattern

app_name = "numbers"
urlpatterns: list[URLPattern] = []
