"""Plans in words, ready to print. Nothing here decides anything."""

from clinic.courses.presentation.lines import SessionView
from clinic.courses.presentation.presenter import Presenter

__all__ = ["Presenter", "SessionView"]
