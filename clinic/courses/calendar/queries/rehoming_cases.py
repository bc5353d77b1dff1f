"""What can be done about conflicts, read from the courses and the calendar as they are now."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from django.db.models import QuerySet

from clinic.courses.calendar.queries.affected import Conflict
from clinic.courses.calendar.rehoming import Affected, Case, Choice, Key, Step, assign, load_left
from clinic.courses.calendar.rehoming_choices import KnownCourse as Known
from clinic.courses.calendar.rehoming_choices import case_without_course, cases_of, settled
from clinic.courses.calendar.slots import move_to, slot_of
from clinic.courses.calendar.standing import dates_of, movable
from clinic.courses.calendar.wanting import pattern_of, wanted_again
from clinic.courses.models import Course
from clinic.courses.queries import WITH_A_COURSE
from clinic.schedule.actions import Move
from clinic.schedule.cells import cells_between, minute_of
from clinic.schedule.models import Booking
from clinic.schedule.proposing.values import CELL_MINUTES, Calendar
from clinic.schedule.queries import calendar_of, therapists_for
from clinic.schedule.queries.taken import standing_at
from clinic.schedule.wall_clock import DoubledTime, moment_of
from clinic.staff.models import Clinic

# Farther back no gap is counted: whoever comes after such a break comes as soon as may be. So far on a session may have to go.
BACK: Final = timedelta(days=60)
AHEAD: Final = timedelta(days=35)
MOST: Final = 60


@dataclass(frozen=True, slots=True)
class Rehoming:
    """The cases of some conflicts, and what each therapist's day has left."""

    cases: tuple[Case, ...] = ()
    left: Mapping[Key, tuple[float, int]] = field(default_factory=dict)
    conflicts: Mapping[int, Conflict] = field(default_factory=dict)  # by the number of the booking
    bookings: Mapping[int, Booking] = field(default_factory=dict)  # of the conflicts, and those that may have to move with them

    def proposal(self) -> tuple[Choice, ...]:
        """One choice for each case, fitting together."""
        return assign(self.cases, self.left)

    def reason_of(self, choice: Choice) -> str:
        """Why its sessions move, for their history: what happened to the first of them."""
        return next(self.conflicts[step.session.booking].reason.value for step in choice.steps if step.session.booking in self.conflicts)

    def move_of(self, step: Step) -> Move:
        """The step as the schedule carries it out. A session that keeps its time keeps it to the minute."""
        booking, slot = self.bookings[step.session.booking], step.slot
        if (slot.day, slot.cell) != (step.session.slot.day, step.session.slot.cell):
            return move_to(booking, slot)
        return Move(booking, booking.day, booking.clock, _is_second(booking), slot.therapist, slot.room, slot.device)


def _is_second(booking: Booking) -> bool | None:
    """Of a time that comes twice on that day, which one was agreed; None for any other time."""
    try:
        moment_of(booking.day, booking.clock, booking.clinic.zone)
    except DoubledTime as doubled:
        return booking.starts_at == doubled.moments[1]
    return None


def first_of(conflicts: Sequence[Conflict], most: int = MOST) -> Sequence[Conflict]:
    """The first conflicts in time, with all others of their courses: so many can be settled on one page."""
    if len(conflicts) <= most:
        return conflicts
    ahead = {each.booking.pk for each in conflicts[:most]}
    courses = {course_number(each.booking) for each in conflicts[:most]} - {None}
    return [each for each in conflicts if each.booking.pk in ahead or course_number(each.booking) in courses]


def rehoming_of(clinic: Clinic, conflicts: Sequence[Conflict], *, now: datetime) -> Rehoming:
    """Every case with all that can be done about it. Some 25 queries for each course, besides a dozen for all."""
    if not conflicts:
        return Rehoming()
    hit = {each.booking.pk: each for each in conflicts}
    known = {course.pk: _known(course, hit, now) for course in _courses_of(conflicts)}
    courses = _with_busy(known, hit, now)
    calendar = _calendar(clinic, courses.values(), hit, now)
    makers = [partial(_cases_of, clinic, courses, theirs) for theirs in _by_course(conflicts).values()]
    cases = sorted(settled(calendar, makers), key=lambda case: (case.sessions[0].slot.day, case.sessions[0].slot.cell))
    bookings = {each.pk: each for one in known.values() for each in one.others} | {pk: each.booking for pk, each in hit.items()}
    return Rehoming(tuple(cases), load_left(calendar), hit, bookings)


def affected_of(booking: Booking) -> Affected:
    """A booking as the pure part knows it; its room must be there already. Cells that it only touches count as taken."""
    slot = slot_of(booking)
    begins = minute_of(booking.clock)
    ends, free = (-(-(begins + _minutes(booking.starts_at, moment)) // CELL_MINUTES) for moment in (booking.ends_at, booking.free_at))
    return Affected(
        booking=booking.pk,
        patient=booking.patient_id,
        slot=slot,
        cells=ends - slot.cell,
        turnover=free - ends,
        units=float(booking.units),
        minutes=booking.hands_on_minutes,
    )


def _minutes(start: datetime, end: datetime) -> int:
    return -(-int((end - start).total_seconds()) // 60)


def _courses_of(conflicts: Iterable[Conflict]) -> list[Course]:
    numbers = {pk for each in conflicts if (pk := course_number(each.booking)) is not None}
    return list(Course.objects.filter(pk__in=numbers).select_related(*WITH_A_COURSE).order_by("pk"))


def course_number(booking: Booking) -> int | None:
    """The course whose session takes this place, if any does."""
    session = getattr(booking, "session", None)
    return None if session is None else session.course_id


def _by_course(conflicts: Iterable[Conflict]) -> dict[int | None, list[Conflict]]:
    found: dict[int | None, list[Conflict]] = defaultdict(list)
    for each in conflicts:
        found[course_number(each.booking)].append(each)
    return found


@dataclass(frozen=True, slots=True)
class _Course:
    """A course with what is known of its dates, and its bookings that are no conflict."""

    course: Course
    dates: Known
    others: tuple[Booking, ...]


def _known(course: Course, hit: Mapping[int, Conflict], now: datetime) -> _Course:
    dates = dates_of(course)
    sessions = movable(dates, now)
    wanted = wanted_again(course, dates, sessions, pattern_of(course, dates), on=course.clinic.today())
    others = tuple(session.booking for session in dates.dated if session.booking and session.booking_id not in hit)
    standing = tuple(replace(affected_of(each), stands=True) for each in others)
    return _Course(course, Known(wanted, standing, dates.given, dates.last_given_on), others)


def _with_busy(known: Mapping[int, _Course], hit: Mapping[int, Conflict], now: datetime) -> dict[int, Known]:
    """The courses with the cells that other bookings of the same patients take. One query."""
    mine = {pk: {booking.pk for booking in each.others} for pk, each in known.items()}
    found: dict[int, dict[date, int]] = {pk: {} for pk in known}
    for booking in _bookings_of({each.course.patient_id for each in known.values()}, hit, now):
        cells = cells_between(minute_of(booking.clock), minute_of(booking.clock) + booking.minutes)
        for pk, each in known.items():
            if each.course.patient_id == booking.patient_id and booking.pk not in mine[pk]:
                found[pk][booking.day] = found[pk].get(booking.day, 0) | cells
    return {pk: replace(each.dates, busy=found[pk]) for pk, each in known.items()}


def _bookings_of(patients: Collection[int], hit: Mapping[int, Conflict], now: datetime) -> QuerySet[Booking]:
    return Booking.objects.filter(standing_at(now), patient__in=patients, is_taken=True, ends_at__gt=now).exclude(pk__in=hit)


def _cases_of(clinic: Clinic, courses: Mapping[int, Known], conflicts: Sequence[Conflict], calendar: Calendar) -> tuple[Case, ...]:
    pk, affected = course_number(conflicts[0].booking), [affected_of(each.booking) for each in conflicts]
    if pk is not None:
        return cases_of(calendar, courses[pk], affected)
    able = [[person.pk for person in therapists_for(clinic, needs=each.booking.needs)] for each in conflicts]
    return tuple(case_without_course(calendar, each, whom) for each, whom in zip(affected, able, strict=True))


def _calendar(clinic: Clinic, courses: Iterable[Known], hit: Mapping[int, Conflict], now: datetime) -> Calendar:
    known, today = tuple(courses), clinic.today()
    days = [each.booking.day for each in hit.values()]
    before = [day for each in known for day in (each.given_on, *(one.slot.day for one in each.others)) if day is not None]
    first = max(min([today, *days, *before]), today - BACK)
    last = max([*days, *(each.wanted.last_on for each in known)]) + AHEAD
    needs = ("apparatus",) if any(each.wanted.needs_device for each in known) else ()
    return calendar_of(clinic, first=first, last=last, therapists=therapists_for(clinic), now=now, ignoring=list(hit), needs=needs)
