"""Addresses of records: the closing sheet, a signed record, addenda, an outage."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
