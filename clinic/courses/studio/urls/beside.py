"""Addresses of palpation and what is done beside the massage."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
