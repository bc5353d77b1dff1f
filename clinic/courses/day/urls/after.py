"""Addresses of what a record means for the next session: proposal, next day, acknowledgement."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
