"""Words for the codes of the method's closed lists."""

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

WORDS: Final[Mapping[str, Callable[[], str]]] = {
    "left": lambda: _("left"),
    "right": lambda: _("right"),
    "both": lambda: _("both sides"),
    "affected": lambda: _("affected side"),
    "healthy": lambda: _("healthy side"),
    "concave": lambda: _("concave side"),
    "convex": lambda: _("convex side"),
    "build-up": lambda: _("build-up"),
    "working": lambda: _("working"),
    "taper": lambda: _("taper"),
    "calm": lambda: _("calm"),
    "calming": lambda: _("calming"),
    "sourced": lambda: _("from a source"),
    "derived": lambda: _("derived"),
    "general": lambda: _("general knowledge"),
    "absolute": lambda: _("no massage"),
    "emergency": lambda: _("emergency"),
    "neutral": lambda: _("neutral"),
    "tonic": lambda: _("tonic"),
    "opening": lambda: pgettext("part of a session", "opening"),
    "main": lambda: pgettext("part of a session", "main"),
    "closing": lambda: pgettext("part of a session", "closing"),
    "female": lambda: _("Woman"),
    "male": lambda: _("Man"),
}
