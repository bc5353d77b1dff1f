"""Addresses of editions and of the doctor's word on a variant."""

from django.urls import URLPattern

app_name = "publishing"
urlpatterns: list[URLPattern] = []
