import gc
from typing import Final

from django.apps import AppConfig

# New objects between two looks for rings of garbage. Python's own 700 is reached many times while one plan is read, and each look goes
# through the library's tens of thousands of objects, which stay: that was a third of the time that a plan took.
OBJECTS_BEFORE_A_LOOK: Final = 50_000


class ClinicConfig(AppConfig):
    """The project itself: the worker command and the start-up checks. It holds no models."""

    name = "clinic"
    label = "tactus"
    verbose_name = "Tactus"

    def ready(self) -> None:
        """Python looks less often for garbage, in every process of the project."""
        gc.set_threshold(OBJECTS_BEFORE_A_LOOK, *gc.get_threshold()[1:])
