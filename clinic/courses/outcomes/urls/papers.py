"""Addresses of the body chart, the report and the home sheet."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
