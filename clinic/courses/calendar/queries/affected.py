"""Bookings that cannot take place as they stand: the therapist is away or has left, or the day is closed. They are found, never marked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from clinic.courses.queries import therapists_of
from clinic.courses.states import SessionState
from clinic.schedule.cells import cells_touched
from clinic.schedule.models import Absence, Booking, Closure
from clinic.schedule.queries import standing_absences
from clinic.schedule.queries.days import days_known
from clinic.schedule.queries.future import bookings_hit_by_absence, bookings_hit_by_closure, bookings_to_come
from clinic.schedule.states import AbsenceReason, BookingReason
from clinic.schedule.wall_clock import wall_of
from clinic.staff.models import Clinic

WITH_A_BOOKING: Final = ("clinic", "patient", "therapist", "room__site", "device", "session__course")


class Trouble(StrEnum):
    """Why a booking cannot take place as it stands."""

    ABSENT = "absent"
    CLOSED = "closed"
    GONE = "gone"  # the therapist's account or role was taken away


@dataclass(frozen=True, slots=True)
class Conflict:
    """A booking that cannot take place as it stands. ``name`` is the closure's or holiday's; ``absence`` that of the therapist."""

    booking: Booking
    trouble: Trouble
    name: str = ""
    absence: Absence | None = None

    @property
    def reason(self) -> BookingReason:
        """Why the booking is moved, for its history."""
        if self.trouble == Trouble.CLOSED:
            return BookingReason.CLOSED
        if self.absence is None:
            return BookingReason.THERAPIST_AWAY
        return BookingReason.THERAPIST_ILL if self.absence.reason == AbsenceReason.ILL else BookingReason.THERAPIST_AWAY


def conflicts(clinic: Clinic, *, now: datetime | None = None) -> tuple[Conflict, ...]:
    """Every booking to come on a closed day or with a therapist who is away or gone, in the order of time. Eight queries at most.

    Holds are left out: they end by themselves. One whose therapist is away on a closed day counts once, as closed.
    """
    standing = _to_give(bookings_to_come(clinic, now))
    last = standing.aggregate(last=Max("day"))["last"]
    if last is None:
        return ()
    return _conflicts_among(clinic, standing, clinic.today(), last)


def conflicts_of_absence(absence: Absence, *, now: datetime | None = None) -> tuple[Conflict, ...]:
    """The bookings to come of the therapist that fall into this absence. None for one that was taken back. Two queries."""
    return tuple(Conflict(each, Trouble.ABSENT, absence=absence) for each in _to_give(bookings_hit_by_absence(absence, now)))


def conflicts_of_closure(closure: Closure, *, now: datetime | None = None) -> tuple[Conflict, ...]:
    """The bookings to come on the days, and at the site, of this closure. None for one that was taken back or opens days. Two queries."""
    return tuple(Conflict(each, Trouble.CLOSED, closure.name) for each in _to_give(bookings_hit_by_closure(closure, now)))


def absence_or_404(clinic: Clinic, pk: int) -> Absence:
    """This clinic's absence that was not taken back, with its therapist."""
    return get_object_or_404(Absence.objects.select_related("therapist", "clinic"), clinic=clinic, pk=pk, withdrawn_at=None)


def closure_or_404(clinic: Clinic, pk: int) -> Closure:
    """This clinic's closure that was not taken back and closes something."""
    return get_object_or_404(Closure.objects.select_related("site", "clinic"), clinic=clinic, pk=pk, withdrawn_at=None, is_open=False)


COURSE_PLANS: Final = ("session__course__plan", "session__course__screening", "session__course__request")


def _to_give(booked: QuerySet[Booking]) -> QuerySet[Booking]:
    """Those not given yet, with what is shown of them: a session may be recorded before its time is over."""
    found = booked.filter(Q(session=None) | Q(session__state=SessionState.BOOKED))
    return found.select_related(*WITH_A_BOOKING).defer("session__plan", *COURSE_PLANS)


def _conflicts_among(clinic: Clinic, standing: QuerySet[Booking], first: date, last: date) -> tuple[Conflict, ...]:
    days, absences = days_known(clinic, first, last), tuple(standing_absences(clinic, first, last))
    closed, by_site = days.closed(first, last), days.sites_closed(first, last)
    here = therapists_of(clinic).order_by()
    suspect = Q(day__in=_closed_booked(closed, by_site)) | Q(therapist__in={each.therapist_id for each in absences})
    found = standing.filter(suspect | ~Q(therapist__in=here.values("pk"))).annotate(
        treats_here=Exists(here.filter(pk=OuterRef("therapist")))
    )
    away = _by_therapist(absences)
    return tuple(each for booking in found if (each := _conflict_of(booking, closed, by_site, away)) is not None)


def _closed_booked(closed: Mapping[date, str], by_site: Mapping[date, Mapping[int | None, str]]) -> set[date]:
    return {*closed, *by_site}


def _conflict_of(
    booking: Booking, closed: Mapping[date, str], by_site: Mapping[date, Mapping[int | None, str]], away: Mapping[int, Iterable[Absence]]
) -> Conflict | None:
    name = closed.get(booking.day) or by_site.get(booking.day, {}).get(booking.room.site_id)
    if name:
        return Conflict(booking, Trouble.CLOSED, name)
    if not getattr(booking, "treats_here", True):
        return Conflict(booking, Trouble.GONE)
    absence = next((each for each in away.get(booking.therapist_id, ()) if _falls_into(booking, each)), None)
    return Conflict(booking, Trouble.ABSENT, absence=absence) if absence else None


def _by_therapist(absences: Iterable[Absence]) -> dict[int, list[Absence]]:
    found: dict[int, list[Absence]] = {}
    for each in absences:
        found.setdefault(each.therapist_id, []).append(each)
    return found


def _falls_into(booking: Booking, absence: Absence) -> bool:
    """Whether the session itself, not the airing after it, touches the absence by the clinic's clock."""
    if not absence.first_on <= booking.day <= absence.last_on:
        return False
    if absence.starts is None or absence.ends is None:
        return True
    _day, ends = wall_of(booking.ends_at, booking.clinic.zone)
    return bool(cells_touched(absence.starts, absence.ends) & cells_touched(booking.clock, ends))
