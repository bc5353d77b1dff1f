"""Dates for a course that is not kept yet: as the patient had them last, proposed by the same proposer as everybody's."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from clinic.courses.again.queries.basis import Basis
from clinic.courses.calendar.patterns import Pattern, pattern_from, rhythm_of, wished
from clinic.courses.calendar.queries.choosing import Ground, ground_before
from clinic.courses.calendar.standing import CourseDates
from clinic.courses.calendar.wanting import work_for
from clinic.courses.models import Course, DatePattern, Session
from clinic.courses.planning import CourseRequest
from clinic.schedule.cells import clock_of
from clinic.schedule.proposing.values import Slot
from clinic.schedule.queries.people import wishes_of
from protocols.method.planning import PlannedCourse
from protocols.method.storage import plan_to_json


@dataclass(frozen=True, slots=True)
class Habits:
    """How the patient came last: by whom, in which room, at what time most often, and what was asked for then.

    ``said`` are the days and hours that the patient wishes, as fields of a pattern; ``wished`` the therapist.
    """

    therapist: int | None = None
    room: int | None = None
    clock: time | None = None
    pattern: Pattern | None = None
    said: Mapping[str, Any] = field(default_factory=dict)

    @property
    def wished(self) -> int | None:
        """The therapist whom the patient wishes."""
        return self.said.get("therapist")


def habits_of(basis: Basis) -> Habits:
    """From the dates of the last course and what the patient wishes. Three queries."""
    said = wished(wishes_of(basis.patient))
    if basis.last is None:
        return Habits(said=said)
    booked = Session.objects.filter(course=basis.last, booking__isnull=False)
    rows = list(booked.values_list("booking__therapist", "booking__room", "booking__clock"))
    kept = DatePattern.objects.filter(course=basis.last).values_list("pattern", flat=True).first()
    pattern = pattern_from(kept, first_on=basis.on) if kept else None
    therapist, room, clock = (_most_often(column) for column in zip(*rows, strict=True)) if rows else (None, None, None)
    return Habits(therapist or basis.last.therapist_id, room, clock, pattern, said)


def _most_often(values: Iterable[Any]) -> Any:
    """What stands for at least half of them; None where nothing does."""
    found = list(values)
    value, count = Counter(found).most_common(1)[0]
    return value if 2 * count >= len(found) else None


def earliest_day(basis: Basis) -> date:
    """Tomorrow, or the first day of the referral."""
    tomorrow = basis.on + timedelta(days=1)
    return max(tomorrow, basis.referral.valid_from) if basis.referral else tomorrow


def pattern_again(basis: Basis, habits: Habits, *, first_on: date, therapist: int | None) -> Pattern:
    """What is asked for: the days and hours of last time, else those that the patient wishes; the pace of the stage.

    Where nobody wished for an hour, the usual one of last time is aimed at.
    """
    treatment, before = basis.stage.treatment, habits.pattern
    pace = rhythm_of(treatment.cadence) if treatment else {}
    if before is not None and basis.is_same_stage:
        asked = replace(before, first_on=first_on, finish_by=None)
    elif before is not None:
        asked = replace(before, first_on=first_on, finish_by=None, **pace)
    else:
        asked = Pattern(first_on=first_on, **({**pace, **habits.said}))
    return replace(asked, therapist=therapist, preferred=asked.preferred or _within(asked, habits.clock))


def _within(asked: Pattern, clock: time | None) -> time | None:
    """The hour, where it does not speak against the hours that were wished."""
    if clock is None or (asked.earliest and clock < asked.earliest) or (asked.latest and clock >= asked.latest):
        return None
    return clock


# What is proposed ---------------------------------------------------------------------------------------------------------------
def ground_again(basis: Basis, wanted: CourseRequest, made: PlannedCourse, pattern: Pattern, *, now: datetime) -> Ground:
    """The ground on which the dates of this plan are chosen, before it is kept."""
    course = Course(
        clinic=basis.patient.clinic, patient=basis.patient, referral=basis.referral, therapist_id=pattern.therapist,
        condition=wanted.condition, stage=wanted.stage, session_count=wanted.count,
        request={"inputs": dict(wanted.inputs), "supplements": list(wanted.supplements)}, plan=plan_to_json(made.course),
    )  # fmt: skip
    sessions = tuple(Session(number=session.number) for session in made.sessions)
    dates = CourseDates(0, None, (), sessions, basis.balance.left if basis.balance else None)
    return ground_before(course, pattern, dates=dates, work=work_for(course, [_as_work(session) for session in made.sessions]), now=now)


def _as_work(session: Any) -> dict[str, Any]:
    """What a session is as work, without writing all of its plan down."""
    return {
        "total_seconds": session.total_seconds,
        "supplements": [{"seconds": each.seconds} for each in session.supplements],
        "rows": [{"pressure": row.pressure} for row in session.rows],
    }


def proposed(ground: Ground, room: int | None) -> tuple[Ground, tuple[Any, ...]]:
    """The ground with all dates at the least cost, in the usual room where that is free; and why there are none where there are none."""
    proposal = ground.proposal()
    slots = tuple(_in_room(ground, each.slot, room) for each in proposal.dates)
    return replace(ground, chosen=slots), proposal.obstacles


def _in_room(ground: Ground, slot: Slot, room: int | None) -> Slot:
    if room is None or slot.room == room:
        return slot
    found = ground.slot_at(slot.day, clock_of(slot.cell), slot.therapist, room)
    return found if found is not None and found.room == room else slot


def with_chosen(ground: Ground, slots: Sequence[Slot]) -> Ground:
    """The ground with the dates that somebody chose, in the order of their days."""
    return replace(ground, chosen=tuple(sorted(slots, key=lambda slot: (slot.day, slot.cell))))
