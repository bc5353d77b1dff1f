"""Addresses of the list of the day and of the handover card."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
