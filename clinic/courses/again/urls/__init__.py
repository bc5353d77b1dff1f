"""Addresses of this package."""

from django.urls import URLPattern

app_name = "again"
urlpatterns: list[URLPattern] = []
