"""The three ways in which a course can go on after a lost session, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from clinic.courses.calendar.queries.after_lost import EXTEND, LEAVE, REFLOW, Way
from clinic.courses.calendar.queries.choosing import Names
from clinic.courses.calendar.reason_words import ReasonWords
from clinic.schedule.cells import clock_of

TITLES: Final[Mapping[str, str | Promise]] = {
    EXTEND: gettext_lazy("Add a date at the end"),
    LEAVE: gettext_lazy("Leave the last session without a date"),
    REFLOW: gettext_lazy("Make up for it soon and keep the gaps"),
}
ABOUT: Final[Mapping[str, str | Promise]] = {
    EXTEND: gettext_lazy("Each session takes the date of the next one. The booked dates stay as they are, and the course ends later."),
    LEAVE: gettext_lazy("Each session takes the date of the next one. The last one gets a date when somebody asks for it."),
    REFLOW: gettext_lazy("The session gets the first date that the gaps allow. Of the others only those move that must."),
}


@dataclass(frozen=True, slots=True)
class WayLine:
    """What becomes of one session: its new date, or none; ``was`` where it had another one."""

    number: int
    was: date | None
    day: date | None
    clock: time | None
    therapist: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class WayWords:
    """One choice. ``troubles`` say why it is not open."""

    rule: str
    title: str
    about: str
    lines: tuple[WayLine, ...]
    troubles: tuple[str, ...]


def ways_in_words(ways: Iterable[Way], names: Names) -> list[WayWords]:
    """Each way with the sessions whose date changes by it."""
    return [_way(way, names) for way in ways]


def _way(way: Way, names: Names) -> WayWords:
    troubles = ReasonWords(names.therapists).say_all(way.against)
    return WayWords(way.rule, str(TITLES[way.rule]), str(ABOUT[way.rule]), tuple(_lines(way, names)), troubles)


def _lines(way: Way, names: Names) -> Iterable[WayLine]:
    for turn in way.turns:
        if turn.changes or turn.after is None:
            after = turn.after
            yield WayLine(
                turn.number,
                turn.before.day if turn.before else None,
                after.day if after else None,
                clock_of(after.cell) if after else None,
                names.therapists.get(after.therapist, "") if after else "",
                after is not None and after == way.new,
            )
