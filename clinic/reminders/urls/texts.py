"""Addresses of the texts of messages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
