"""Addresses of the minute before a session: questions, start, emergency."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
