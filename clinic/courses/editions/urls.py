"""Addresses of courses by their edition."""

from django.urls import URLPattern

app_name = "editions"
urlpatterns: list[URLPattern] = []
