"""Who came and who did not: said by people, never by the clock; and how the course goes on then."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.courses.actions import Lost, locked_course, lose_session, undo_lost_session
from clinic.courses.actions.booked import put_in_order
from clinic.courses.calendar.queries.after_lost import ways_on
from clinic.courses.calendar.slots import is_at, move_to, place_of
from clinic.courses.calendar.standing import dates_of
from clinic.courses.calendar.wanting import work_of
from clinic.courses.models import Course, Session
from clinic.schedule.actions import book_places, move_bookings, once
from clinic.schedule.models import Booking
from clinic.schedule.permissions import check_can_book
from clinic.schedule.states import BookingReason
from clinic.staff.permissions import ActionDenied, Actor


@transaction.atomic
def answer_booking(*, course: Course, booking: Booking, lost: Lost, actor: Actor) -> Session:
    """Nobody came to this booking, or it was cancelled late: its session is to be given on another day.

    A session that was lost before takes this date first, so that the answer is about the session whose turn it was. Raises what
    ``lose_session`` raises: also while an earlier date waits for an answer.
    """
    check_can_book(actor)
    locked = locked_course(course)
    put_in_order(locked)
    session = locked.sessions.filter(booking=booking, state="booked").first()
    if session is None:
        raise ActionDenied(_("What became of this session is written down already."))
    return lose_session(course=locked, number=session.number, lost=lost, on=booking.day, actor=actor)


@transaction.atomic
def undo_answer(*, course: Course, number: int, note: str, actor: Actor) -> Session:
    """Takes back that nobody came. Denied without a reason, and when the dates of the course were arranged anew since."""
    return undo_lost_session(course=course, number=number, note=note, on=course.clinic.today(), actor=actor)


@transaction.atomic
def go_on_with(*, course: Course, rule: str, key: str, now: datetime, actor: Actor) -> None:
    """Arranges the dates of a course after a lost session in one of the ways of ``ways_on``; a second time with the key nothing happens.

    Sessions keep their order: a lost one takes the next date. Denied where that way is not open.
    """
    check_can_book(actor)
    locked = locked_course(course)
    once(clinic=locked.clinic, key=f"r:{key}", asked=[locked.pk, rule], run=lambda: _go_on(locked, rule, key, now, actor), actor=actor)


def _go_on(locked: Course, rule: str, key: str, now: datetime, actor: Actor) -> list[int]:
    way = next((way for way in ways_on(locked, now=now) if way.rule == rule), None)
    if way is None or way.against:
        raise ActionDenied(_("The course cannot go on in that way now. Look at the choices again."))
    dated = [session.booking for session in dates_of(locked).dated if session.booking and session.booking.starts_at > now]
    moves = [move_to(booking, slot) for booking, slot in zip(dated, way.slots, strict=True) if not is_at(booking, slot)]
    if moves:
        move_bookings(moves=moves, reason=BookingReason.MISSED, note="", actor=actor)
    new = [] if way.new is None else [place_of(locked, way.new, work_of(locked))]
    booked = book_places(clinic=locked.clinic, key=key, places=new, actor=actor) if new else []
    put_in_order(locked, booked)
    return [booking.pk for booking in booked]
