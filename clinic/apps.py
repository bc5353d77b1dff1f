from django.apps import AppConfig


class ClinicConfig(AppConfig):
    """The project itself: the worker command and the start-up checks. It holds no models."""

    name = "clinic"
    label = "tactus"
    verbose_name = "Tactus"
