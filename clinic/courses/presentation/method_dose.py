"""The dose of a supplementary method as settings: each figure with its name and its unit."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from protocols.method.entries import Supplement
from protocols.method.names import Names
from protocols.presentation.reader import number

MM_HG_PER_KPA: Final = 7.5


def settings_of(entry: Supplement, names: Names) -> Iterator[tuple[str, str]]:
    """The dose of a method as (name, value with its unit), in the order of the library; in its words where it has no figures."""
    if entry.by_order:
        yield _("Settings"), _("only as the doctor writes")
    for key, (low, high) in entry.dose.items():
        yield SETTINGS[key](low, high)
    if not entry.dose and not entry.by_order:
        yield _("Settings"), names.of("supplements", entry.code, "dose_text")


def _span(low: float, high: float) -> str:
    return number(low) if low == high else f"{number(low)}–{number(high)}"


def _pressure(low: float, high: float) -> tuple[str, str]:
    mercury = _span(round(low * MM_HG_PER_KPA), round(high * MM_HG_PER_KPA))
    return _("Pressure"), _("%(kpa)s kPa (%(mercury)s mm Hg)") % {"kpa": _span(low, high), "mercury": mercury}


def _every(low: float, high: float) -> tuple[str, str]:
    days = ngettext("every %(days)s day", "every %(days)s days", int(high)) % {"days": _span(low, high)}
    return _("Interval"), _("every day") if high == 1 else days


def _counted(low: float, high: float) -> tuple[str, str]:
    return _("Sessions"), _span(low, high)


SETTINGS: Final[Mapping[str, Callable[[float, float], tuple[str, str]]]] = {
    "seconds_per_point": lambda low, high: (_("Time at a point"), _("%(span)s s") % {"span": _span(low, high)}),
    "points": lambda low, high: (_("Points in a session"), _span(low, high)),
    "seconds_per_muscle": lambda low, high: (_("Time at a muscle"), _("%(span)s s") % {"span": _span(low, high)}),
    "minutes": lambda low, high: (_("Time"), _("%(span)s min a visit") % {"span": _span(low, high)}),
    "minutes_per_area": lambda low, high: (_("Time"), _("%(span)s min an area") % {"span": _span(low, high)}),
    "pressure_kpa": _pressure,
    "load_kg": lambda low, high: (_("Load"), _("%(span)s kg") % {"span": _span(low, high)}),
    "sessions": _counted,
    "every_days": _every,
    "per_week": lambda low, high: (_("A week"), _("%(span)s times") % {"span": _span(low, high)}),
}
