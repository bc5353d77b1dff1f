"""When a measure is due, by the ``when`` of the library. A pure reading of days: it asks no clock and no database.

Every ``when`` is a row of days from which a value counts. The measure is due from the first such day after its last value. What lives in
the record of a session (pain, comfort, blood pressure) is never asked for twice; what a doctor reports comes when it comes.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, takewhile
from typing import Final

from clinic.courses.outcomes.values import Valued
from protocols.method.entries import Measure

# Measures that are read from the records of sessions and the answers of the next day; the temperature is one of the day's questions.
OF_THE_RECORD: Final = frozenset(
    {"pain-nrs", "session-comfort", "blood-pressure", "pulse", "oxygen-saturation", "peak-flow", "temperature"}
)
EACH_SESSION: Final = ("session", "session-before", "session-during", "session-after", "next-day")
# In days. A diary counts days, doses or attacks of a week, so it is read off once a week.
RHYTHMS: Final[Mapping[str, int]] = {"weekly": 7, "diary": 7, "every-2-weeks": 14}
IN_SESSIONS: Final = 3
WEEK_8: Final = timedelta(weeks=8)
WEEK_8_ENDS: Final = timedelta(weeks=12)
FOLLOW_UP: Final = 3  # calendar months after the end
FOLLOW_UP_ENDS: Final = 6  # nobody is reminded for ever


@dataclass(frozen=True, slots=True)
class CourseDays:
    """What the days of a course are counted from. ``given`` are the days of its sessions in order; ``ended_on`` its last day, if over."""

    planned_on: date
    given: tuple[date, ...]
    count: int
    review_after: int
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A measure that is due since a day; ``moment`` is the ``when`` that asks for it now."""

    measure: Measure
    moment: str
    since: date


@dataclass(frozen=True, slots=True)
class _Occasion:
    """A value from ``since`` on answers it; after ``until`` it is not asked for any more."""

    moment: str
    since: date
    until: date = date.max


def due_of(measures: Iterable[Measure], values: Iterable[Valued], days: CourseDays, on: date) -> tuple[Due, ...]:
    """What is due on that day, in the order of ``measures``. Values may be of any measure and in any order."""
    last: dict[str, date] = {}
    for each in values:
        if each.value is not None or each.words:
            last[each.measure] = max(each.day, last.get(each.measure, each.day))
    found = (_due(measure, last.get(measure.code), days, on) for measure in measures if measure.code not in OF_THE_RECORD)
    return tuple(due for due in found if due is not None)


def _due(measure: Measure, last: date | None, days: CourseDays, on: date) -> Due | None:
    """The first open day says since when, the last one what it is asked for."""
    found = [
        each
        for moment in _moments(measure)
        for each in _occasions(moment, days, on)
        if each.since <= on <= each.until and _is_open(each, last)
    ]
    if not found:
        return None
    return Due(measure, max(found, key=lambda each: each.since).moment, min(each.since for each in found))


def _moments(measure: Measure) -> tuple[str, ...]:
    """The library's timetable asks for a baseline of everything before session 1, but for what is only judged at the end."""
    timed = [when for when in measure.when if when != "doctor"]
    return ("start", *(when for when in timed if when != "start")) if timed not in ([], ["end"]) else tuple(timed)


def _is_open(occasion: _Occasion, last: date | None) -> bool:
    """A start value counts whenever it was taken; of the others only what came on or after the day."""
    return last is None or (occasion.moment != "start" and last < occasion.since)


def _occasions(moment: str, days: CourseDays, on: date) -> Iterator[_Occasion]:
    if moment in ("end", "follow-up", "week-8"):
        yield from _at_the_end(moment, days)
    elif days.ended_on is None:
        yield from (_Occasion(moment, day) for day in _while_it_goes_on(moment, days, on))


def _while_it_goes_on(moment: str, days: CourseDays, on: date) -> Iterator[date]:
    given = days.given
    if moment == "start":
        yield days.planned_on
    elif moment in EACH_SESSION:
        yield from given
    elif moment == "every-3-sessions":
        yield from given[IN_SESSIONS - 1 :: IN_SESSIONS]
    elif moment in RHYTHMS and given:
        weeks = (given[0] + timedelta(days=RHYTHMS[moment] * turn) for turn in count(1))
        yield from takewhile(lambda day: day <= on, weeks)
    elif moment == "middle":  # "the main score at session 5-6": on hand when the doctor reviews
        yield from given[max(days.review_after - 2, 0) :][:1]


def _at_the_end(moment: str, days: CourseDays) -> Iterator[_Occasion]:
    given, ended = days.given, days.ended_on
    if not given:
        return
    if moment == "week-8":
        yield _Occasion(moment, given[0] + WEEK_8, given[0] + WEEK_8_ENDS)
    elif moment == "follow-up" and ended is not None:
        yield _Occasion(moment, months_after(ended, FOLLOW_UP), months_after(ended, FOLLOW_UP_ENDS))
    elif moment == "end":
        yield from _last_session(given, days)


def _last_session(given: Sequence[date], days: CourseDays) -> Iterator[_Occasion]:
    """At the last session, or from the last one on that was given where the course ended early; until the follow-up takes its place."""
    if days.ended_on is not None:
        yield _Occasion("end", given[-1], months_after(days.ended_on, FOLLOW_UP) - timedelta(days=1))
    elif len(given) >= days.count - 1:
        yield _Occasion("end", given[days.count - 2] + timedelta(days=1) if days.count > 1 else given[0])


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later, or the last day of a shorter month."""
    year, month = divmod(day.month - 1 + months, 12)
    return date(day.year + year, month + 1, min(day.day, monthrange(day.year + year, month + 1)[1]))
