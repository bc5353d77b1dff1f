"""How many of those who wait a free place may suit, by wishes, dates and rhythm alone: for the first page, where more costs too much."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from clinic.courses.calendar.queries.waiting import wait_of
from clinic.courses.calendar.slots import slot_of
from clinic.courses.calendar.waiting import FreePlace, Wait, keeps_rhythm, may_suit
from clinic.courses.calendar.wanting import gaps_of
from clinic.courses.models import DatePattern, Session, Waiting
from clinic.courses.states import SessionState
from clinic.schedule.proposing.values import CELL_MINUTES, Rhythm, Slot
from clinic.schedule.queries import open_days
from clinic.staff.models import Clinic


@dataclass(frozen=True, slots=True)
class Turn:
    """One who waits: what is booked and would move, and the days of the sessions on either side."""

    wait: Wait
    rhythm: Rhythm
    booked: Slot | None = None
    before: date | None = None
    after: date | None = None
    cells: int = 0  # of what is booked

    def may_want(self, place: FreePlace, opened: Sequence[date]) -> bool:
        """Whether wishes, dates and rhythm allow the place."""
        is_wished = may_suit(self.wait, place, self.booked) and place.cell + self.cells <= self.wait.latest
        return is_wished and keeps_rhythm(self.rhythm, place.day, self.before, self.after, opened)

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(day for day in (self.before, self.after) if day is not None)


def how_many_may_want(places: Sequence[FreePlace], waitings: Sequence[Waiting], *, clinic: Clinic, now: datetime) -> dict[FreePlace, int]:
    """For each place the number of those who may want it, nobody for one on a closed day. Seven queries, however many wait.

    Rooms, load and where a patient is at that hour are asked on the page of the waiting list only.
    """
    turns = _turns(waitings, now) if places else ()
    days = [place.day for place in places] + [day for turn in turns for day in turn.days]
    opened = open_days(clinic, min(days), max(days)) if turns else ()
    return {place: sum(turn.may_want(place, opened) for turn in turns) if place.day in opened else 0 for place in places}


def _turns(waitings: Sequence[Waiting], now: datetime) -> tuple[Turn, ...]:
    """Of those whose course has a session that can get that place."""
    courses = [each.course_id for each in waitings]
    patterns = {each.course_id: each for each in DatePattern.objects.filter(course__in=courses)}
    asked = Session.objects.filter(course__in=courses).select_related("booking__room", "record").defer("plan").order_by("course", "number")
    sessions: dict[int, list[Session]] = defaultdict(list)
    for course, those in groupby(asked, key=lambda session: session.course_id):
        sessions[course] = list(those)
    found = (_turn(each, sessions[each.course_id], patterns.get(each.course_id), now) for each in waitings)
    return tuple(turn for turn in found if turn is not None)


def _turn(waiting: Waiting, sessions: Sequence[Session], pattern: DatePattern | None, now: datetime) -> Turn | None:
    to_come = [each for each in sessions if not hasattr(each, "record")]
    movable = [each.booking for each in to_come if each.state == SessionState.BOOKED and each.booking and each.booking.starts_at > now]
    if not movable and all(each.booking for each in to_come):
        return None
    given = [each.record.given_on for each in sessions if hasattr(each, "record")]
    stays = [each.booking.day for each in to_come if each.booking and each.booking not in movable]
    return Turn(
        wait_of(waiting),
        gaps_of(waiting.course, pattern),
        slot_of(movable[0]) if movable else None,
        max([*given, *stays], default=None),
        movable[1].day if len(movable) > 1 else None,
        movable[0].minutes // CELL_MINUTES if movable else 0,
    )
