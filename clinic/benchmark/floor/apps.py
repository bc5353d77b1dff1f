"""The floor's one app."""

from django.apps import AppConfig


class FloorConfig(AppConfig):
    name = "clinic.benchmark.floor"
    label = "floor"
