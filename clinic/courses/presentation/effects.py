"""A plan in a few figures, and what a decision changes in them: for a doctor who has a minute. Nothing here decides anything."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.web import marks
from clinic.web.templatetags.marks import pressure_word, side_word
from protocols.method.names import Names
from protocols.method.plans import SessionPlan
from protocols.method.vocabulary import FAMILIES


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a plan before and after. Equal where nothing changes."""

    name: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        """Whether the two differ."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Effect:
    """What a decision changes: figures, and what comes and goes of zones and of groups of techniques."""

    figures: tuple[Figure, ...]
    zones_come: tuple[str, ...]
    zones_go: tuple[str, ...]
    families_come: tuple[str, ...]
    families_go: tuple[str, ...]

    @property
    def is_none(self) -> bool:
        """Nothing that is done with the hands changes."""
        lists = (self.zones_come, self.zones_go, self.families_come, self.families_go)
        return not any(lists) and not any(figure.is_changed for figure in self.figures)


def plan_in_figures(sessions: Sequence[SessionPlan]) -> tuple[tuple[str, str], ...]:
    """Sessions, minutes, strongest pressure, zones and groups of techniques: (name, value)."""
    worked = [session for session in sessions if session.rows]
    techniques = len({row.technique for session in worked for row in session.rows})
    return (
        (_("Sessions"), str(len(worked))),
        (_("Minutes a session"), minutes_range(worked)),
        (_("Strongest pressure"), strongest(worked)),
        (_("Zones"), str(len({row.zone for session in worked for row in session.rows}))),
        (_("Techniques"), ngettext("%(count)s kind", "%(count)s kinds", techniques) % {"count": techniques}),
    )


def effect_between(before: Sequence[SessionPlan], after: Sequence[SessionPlan], names: Names) -> Effect:
    """What changes from one plan of the sessions to come to another."""
    old, new = ([session for session in plan if session.rows] for plan in (before, after))
    return Effect(
        figures=(
            Figure(_("Sessions"), str(len(old)), str(len(new))),
            Figure(_("Minutes a session"), minutes_range(old), minutes_range(new)),
            Figure(_("Minutes in all"), _minutes(_seconds(old)), _minutes(_seconds(new))),
            Figure(_("Strongest pressure"), strongest(old), strongest(new)),
        ),
        zones_come=_zones(_places(new) - _places(old), names),
        zones_go=_zones(_places(old) - _places(new), names),
        families_come=_families(_used(new) - _used(old), names),
        families_go=_families(_used(old) - _used(new), names),
    )


def minutes_range(sessions: Iterable[SessionPlan]) -> str:
    """The shortest and the longest session."""
    seconds = [session.total_seconds for session in sessions]
    if not seconds:
        return "–"
    low, high = marks.clock(min(seconds)), marks.clock(max(seconds))
    return low if low == high else f"{low}–{high}"


def strongest(sessions: Iterable[SessionPlan]) -> str:
    """The strongest pressure of all rows, with its word."""
    levels = [row.pressure for session in sessions for row in session.rows]
    return f"{max(levels)}, {pressure_word(max(levels))}" if levels else "–"


def _seconds(sessions: Iterable[SessionPlan]) -> int:
    return sum(session.total_seconds for session in sessions)


def _minutes(seconds: int) -> str:
    return marks.clock(seconds) if seconds else "–"


def _places(sessions: Iterable[SessionPlan]) -> set[tuple[str, str]]:
    return {(row.zone, row.side) for session in sessions for row in session.rows}


def _used(sessions: Iterable[SessionPlan]) -> set[str]:
    return {row.family for session in sessions for row in session.rows}


def _zones(places: Iterable[tuple[str, str]], names: Names) -> tuple[str, ...]:
    return tuple(sorted(_zone(names.of("zones", zone) or zone, side) for zone, side in places))


def _zone(name: str, side: str) -> str:
    return name if side == "both" else f"{name} ({side_word(side)})"


def _families(codes: set[str], names: Names) -> tuple[str, ...]:
    return tuple(names.of("families", code) or code for code in FAMILIES if code in codes)
