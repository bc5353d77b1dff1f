"""Addresses of measures, charts over time and the review."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
