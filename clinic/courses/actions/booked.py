"""Where sessions meet their bookings: dates go to the sessions in the order of their numbers, and are given up with the course.

Which session has which booking is kept with the session; what happened to a booking (held, booked, moved, released) with the booking.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.courses.models import Course, Session
from clinic.courses.states import SessionState
from clinic.schedule.actions import release_bookings
from clinic.schedule.models import Booking
from clinic.schedule.states import BookingReason, BookingState
from clinic.staff.permissions import ActionDenied, Actor


def put_in_order(locked: Course, more: Iterable[Booking] = ()) -> tuple[Booking, ...]:
    """Gives the bookings of a locked course, and ``more``, to its sessions to come: the earliest to the lowest number.

    Sessions are given in turn, so no session ever stands before one with a lower number, and those without a date are the last ones.
    A missed session takes the next date. Answers the bookings that are too many.
    """
    sessions = list(_to_come(locked).exclude(state=SessionState.IN_PROGRESS).order_by("number"))
    mine = [session.booking for session in sessions if session.state == SessionState.BOOKED and session.booking]
    bookings = sorted([*mine, *more], key=lambda booking: (booking.starts_at, booking.pk))
    _give(sessions, bookings[: len(sessions)])
    return tuple(bookings[len(sessions) :])


def _give(sessions: Sequence[Session], bookings: Sequence[Booking]) -> None:
    given: list[Booking | None] = [*bookings, *([None] * (len(sessions) - len(bookings)))]
    changed = [(session, booking) for session, booking in zip(sessions, given, strict=True) if _differs(session, booking)]
    # A booking belongs to one session at a time, so all are taken away before any is given.
    Session.objects.filter(pk__in=[session.pk for session, _booking in changed]).update(booking=None, state=SessionState.PLANNED)
    for session, booking in changed:
        session.booking, session.state = booking, SessionState.BOOKED if booking else SessionState.PLANNED
    Session.objects.bulk_update([session for session, _booking in changed], ["booking", "state"])


def _differs(session: Session, booking: Booking | None) -> bool:
    """A session without a date stays what it is: to come, missed or cancelled."""
    if booking is None:
        return session.state == SessionState.BOOKED
    return session.state != SessionState.BOOKED or session.booking_id != booking.pk


def _to_come(locked: Course) -> QuerySet[Session]:
    return locked.sessions.filter(record=None).defer("plan").select_related("booking")


def give_up_dates(
    locked: Course, bookings: Sequence[Booking], *, reason: str = BookingReason.COURSE, note: str = "", actor: Actor
) -> tuple[Booking, ...]:
    """Releases these bookings of a locked course; the dates that stay go to the lowest numbers. Nothing happens without bookings."""
    if not bookings:
        return ()
    gone = [booking.pk for booking in bookings]
    Session.objects.filter(course=locked, booking__in=gone, state=SessionState.BOOKED).update(booking=None, state=SessionState.PLANNED)
    put_in_order(locked)
    release_bookings(bookings=list(bookings), reason=reason, note=note, actor=actor)
    return tuple(bookings)


def settle_booking(locked: Course, session: Session, *, on: date) -> Session:
    """Before a session is given on that day: it takes the place that is booked for the course on that day, if there is one.

    Raises ``ActionDenied`` while it is not said what became of an earlier date of the course. A later date stays the session's own,
    so that a start by mistake loses nothing; ``give_up_later_date`` gives it up once the session is recorded.
    """
    own = session.booking if session.state == SessionState.BOOKED else None
    if own is not None and own.day == on:
        return session
    is_booked_today = _to_come(locked).filter(state=SessionState.BOOKED, booking__day=on).exists()
    if own is not None and own.day < on and is_booked_today:
        day = date_format(own.day, "DATE_FORMAT")
        raise ActionDenied(_("It is not said yet what became of the session of %(day)s. Say that first in the calendar.") % {"day": day})
    if own is None and is_booked_today:
        put_in_order(locked)
        session.refresh_from_db(fields=["booking", "state"])
    return session


def give_up_later_date(session: Session, *, on: date, actor: Actor) -> None:
    """A session that was given on that day, before its own, gives its place up. Nothing happens to any other."""
    own = session.booking
    if own is None or own.day <= on or own.state != BookingState.BOOKED:
        return
    session.booking = None
    session.state = SessionState.PLANNED if session.state == SessionState.BOOKED else session.state
    session.save(update_fields=["booking", "state"])
    release_bookings(bookings=[own], reason=BookingReason.EARLIER, note=_("The session was given earlier."), actor=actor)
