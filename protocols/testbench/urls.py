"""Addresses of the test bench."""

from django.urls import URLPattern

app_name = "testbench"
urlpatterns: list[URLPattern] = []
