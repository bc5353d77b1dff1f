"""Addresses of the player and of what it sends."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
