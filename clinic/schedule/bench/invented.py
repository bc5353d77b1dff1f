"""Invented calendars of a busy clinic and courses that want places in them; the same seed gives the same ones."""

from datetime import date, timedelta
from random import Random
from typing import Final

from clinic.schedule.proposing.masks import span
from clinic.schedule.proposing.values import Calendar, Place, Rhythm, Shift, Wanted

OPENS, CLOSES, SLOT = 96, 204, 6  # eight to five in half hours, as cells
WEEKS: Final = 8
FIRST: Final = date(2026, 9, 7)


def busy_calendar(*, therapists: int, fill: float, seed: int) -> Calendar:
    """Eight weeks of working days. Standing courses keep one hour for a run of days, and the book is emptier towards its end."""
    dice = Random(seed)  # noqa: S311  # invented calendars, no secret
    days = tuple(FIRST + timedelta(days=7 * week + weekday) for week in range(WEEKS) for weekday in range(5))
    works = span(OPENS, CLOSES)
    shifts = {}
    for therapist in range(1, therapists + 1):
        free = _free_of_one(dice, len(days), fill)
        for at, day in enumerate(days):
            shifts[therapist, day] = (Shift(therapist, day, 1, works, free[at]),)
    places = {(1, day): tuple(Place(room, 1, day, works) for room in range(1, therapists + 1)) for day in days}
    return Calendar(days, shifts, places)


def _free_of_one(dice: Random, days: int, fill: float) -> list[int]:
    """The free cells of each day of one therapist."""
    free = [0] * days
    for cell in range(OPENS, CLOSES, SLOT):
        day = 0
        while day < days:
            run, every = dice.randint(4, 14), dice.choice((1, 2))
            is_taken = dice.random() < fill * 1.35 * (1 - 0.8 * day / days)
            for offset in range(min(run, days - day)):
                if not (is_taken and offset % every == 0):
                    free[day + offset] |= span(cell, cell + SLOT)
            day += run
    return free


def new_courses(count: int, *, therapists: int, seed: int, sessions: tuple[int, ...] = (10,)) -> list[Wanted]:
    """Courses of half an hour or an hour a session, each with a few therapists in question, a part of the day and a wished time."""
    dice = Random(seed)  # noqa: S311  # invented calendars, no secret
    return [_one_course(dice, therapists, dice.choice(sessions)) for _ in range(count)]


def _one_course(dice: Random, therapists: int, sessions: int) -> Wanted:
    begins = OPENS + SLOT * dice.randrange(12)
    away = frozenset(FIRST + timedelta(days=dice.randrange(7 * WEEKS)) for _ in range(dice.choice((0, 1, 3))))
    return Wanted(
        count=sessions,
        cells=SLOT * dice.choice((1, 1, 1, 2)),
        turnover=0,
        rhythm=Rhythm(1, 4, dice.choice((1, 2, 2))),
        first_on=FIRST + timedelta(days=dice.randrange(10)),
        last_on=FIRST + timedelta(days=7 * WEEKS),
        therapists=tuple(dice.sample(range(1, therapists + 1), dice.choice((3, 4, 6, 8)))),
        earliest=begins,
        latest=min(begins + SLOT * dice.choice((6, 8, 18)), CLOSES),
        preferred=begins + 2 * SLOT,
        step=SLOT,
        busy={day: span(OPENS, CLOSES) for day in away},
    )
