"""Sessions as the pages of dates show them: their booking, their turn, the gap before them, what happened to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404

from clinic.courses.models import OVER, Session
from clinic.courses.queries import WITH_A_COURSE
from clinic.courses.states import CourseState, SessionState
from clinic.schedule.models import Booking, BookingChange
from clinic.schedule.states import BookingState
from clinic.staff.models import Clinic
from clinic.web.prepared import Prepared
from patients.models import Patient


def counter_of(session: Session) -> str:
    """Which of how many: "4/10". The course must be there already."""
    return f"{session.number}/{session.course.session_count}"


def sessions_of_patient(patient: Patient) -> tuple[Session, ...]:
    """The sessions to come of every course of the patient that is not over, by course and number. One query."""
    return tuple(_GOING.objects(patient=patient.pk))


def _going(_kind: str, *, patient: int) -> QuerySet[Any, Any]:
    going = Session.objects.filter(course__patient=patient, record=None).exclude(course__state__in=(*OVER, CourseState.DISCARDED))
    light = going.defer("plan", "course__plan", "course__screening", "course__request")
    return light.select_related("course", "booking__therapist", "booking__room").order_by("-course", "number")


_GOING: Final = Prepared(_going)


def booking_or_404(clinic: Clinic, pk: int) -> Booking:
    """A booking of this clinic with its patient, therapist, room and, where there is one, its session."""
    found: Booking | None = _BOOKING.first(clinic=clinic.pk, pk=pk)
    if found is None:
        raise Http404
    return found


def _booking(_kind: str, *, clinic: int, pk: int) -> QuerySet[Any, Any]:
    found = Booking.objects.filter(clinic=clinic, pk=pk).order_by("pk")
    return found.select_related("patient__clinic", "clinic", "therapist", "room", "device")[:1]


_BOOKING: Final = Prepared(_booking)


def session_of(booking: Booking) -> Session | None:
    """The session that this booking belongs to, with its course; None for a hold, what was released, and what is no session."""
    found: Session | None = _BOOKED.first(booking=booking.pk)
    if found is not None:
        found.booking = booking
    return found


def _booked(_kind: str, *, booking: int) -> QuerySet[Any, Any]:
    courses = tuple(f"course__{name}" for name in WITH_A_COURSE)
    return Session.objects.filter(booking=booking).defer("plan").select_related(*courses, "course", "record").order_by("pk")[:1]


_BOOKED: Final = Prepared(_booked)


def changes_of(booking: Booking) -> tuple[BookingChange, ...]:
    """What happened to a booking, the newest first."""
    return tuple(booking.changes.select_related("by").order_by("-pk"))


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A booked session whose time is over without a word. ``is_next``: the answer can be given now; else an earlier one comes first."""

    session: Session
    booking: Booking
    is_next: bool

    @property
    def counter(self) -> str:
        return counter_of(self.session)


def unresolved_at(clinic: Clinic, now: datetime, *, limit: int = 100) -> tuple[Unresolved, ...]:
    """Every booked session of a running course whose time is over without a word, the oldest first. One query.

    Computed each time: the clock never marks anybody.
    """
    over = _light(Session.objects.filter(booking__ends_at__lte=now, booking__state=BookingState.BOOKED, state=SessionState.BOOKED), clinic)
    found = list(over.select_related("course__patient", "booking__therapist", "booking__room").order_by("booking__starts_at", "pk")[:limit])
    first: dict[int, int] = {}
    for session in found:
        first[session.course_id] = min(session.number, first.get(session.course_id, session.number))
    return tuple(Unresolved(each, each.booking, each.number == first[each.course_id]) for each in found if each.booking)


def lost_lately(clinic: Clinic, since: date, *, limit: int = 30) -> tuple[Session, ...]:
    """Sessions of running courses that are called missed or cancelled since that day, the newest first. One query."""
    lost = Session.objects.filter(state__in=(SessionState.MISSED, SessionState.CANCELLED), moves__happened_on__gte=since)
    found = _light(lost.distinct(), clinic).select_related("course__patient", "booking__therapist")
    return tuple(found.order_by("-pk")[:limit])


def _light(sessions: QuerySet[Session], clinic: Clinic) -> QuerySet[Session]:
    """Of running courses of the clinic, without the large plans."""
    running = sessions.filter(course__clinic=clinic, course__state=CourseState.RUNNING)
    return running.defer("plan", "course__plan", "course__screening", "course__request")


def gaps_between(days: Sequence[date], open_days: Sequence[date], before: date | None) -> tuple[int | None, ...]:
    """Open days from one session to the next; None for a first one without any before it."""
    known = (before, *days[:-1])
    return tuple(
        None if earlier is None else sum(earlier < day <= later for day in open_days) for earlier, later in zip(known, days, strict=True)
    )
