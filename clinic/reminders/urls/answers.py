"""Addresses of what patients answered."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
