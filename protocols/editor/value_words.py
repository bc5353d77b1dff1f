"""What the values of a stage are called in forms, and how far each may go, in words."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.web.marks import PRESSURES, TEMPOS
from protocols.editor.values import Value, bounds, tempos
from protocols.presentation.reader import number

Label = Callable[[], str]
LABELS: Final[Mapping[str, Label]] = {
    "pressure-max": lambda: _("Pressure at most"),
    "pressure-build-up": lambda: _("Pressure at the beginning of the course"),
    "pressure-working": lambda: _("Pressure later in the course"),
    "tempo": lambda: _("Tempo"),
    "minutes-first": lambda: _("First session"),
    "minutes-full": lambda: _("Full session"),
    "minutes-max": lambda: _("At most, with supplements"),
    "units": lambda: _("Massage units"),
    "sessions-min": lambda: _("Sessions, at least"),
    "sessions-usual": lambda: _("Sessions, usually"),
    "sessions-max": lambda: _("Sessions, at most"),
    "days-min": lambda: _("Days between sessions, at least"),
    "days-max": lambda: _("Days between sessions, at most"),
    "per-week": lambda: _("Sessions a week, at most"),
    "repeat": lambda: _("Days before the course is repeated"),
}
MINUTES: Final = frozenset({"minutes-first", "minutes-full", "minutes-max", "minutes-by-age"})


def label_of(value: Value, stage: Mapping[str, Any]) -> str:
    """What a value is called; minutes by age name their ages."""
    if value.word == "minutes-by-age":
        row = stage["minutes_by_age"][value.path[1]]
        return _("Ages %(low)s to %(high)s") % {"low": row["age_min"], "high": row["age_max"]}
    return LABELS[value.word]()


def level_words(level: int) -> str:
    """A level of pressure with its word, as 3 – moderate."""
    return f"{level} – {PRESSURES[level]}"


def said(value: Value, what: Any) -> str:
    """A value in words."""
    if what is None:
        return "–"
    if value.kind == "level":
        return level_words(what)
    if value.kind == "tempo":
        return str(TEMPOS[what])
    if value.word in MINUTES:
        return _("%(minutes)s min") % {"minutes": number(what)}
    if value.word == "repeat" and what == 0:
        return _("looked at again instead")
    return number(what)


def bounds_words(value: Value, shipped: Any) -> str:
    """What a clinic may set, in a few words."""
    if value.kind == "tempo":
        return ", ".join(str(TEMPOS[code]) for code in tempos(shipped))
    if value.word == "repeat":
        if shipped == 0:
            return _("stays so")
        return ngettext("%(days)s day or more", "%(days)s days or more", shipped) % {"days": shipped}
    low, high = bounds(value, shipped)
    if high is None:
        return _("%(low)s or more") % {"low": number(low)}
    return _("%(low)s to %(high)s") % {"low": number(low), "high": number(high)}
