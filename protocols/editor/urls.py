"""Addresses of variants and of the pages that change one."""

from django.urls import URLPattern

app_name = "variants"
urlpatterns: list[URLPattern] = []
