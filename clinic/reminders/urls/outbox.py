"""Addresses of the outbox, of what was not delivered, of the numbers of messages, of their health and of the demo's mailbox."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
