"""One booked session moves, and the later ones with it where that is asked for. What was given stays as it is."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.courses.actions import locked_course
from clinic.courses.actions.booked import put_in_order
from clinic.courses.calendar.queries.choosing import Ground, ground_of_booked, names_at
from clinic.courses.calendar.queries.moving import ONLY, change_of
from clinic.courses.calendar.reason_words import CAN_BE_SET_ASIDE, ReasonWords
from clinic.courses.calendar.slots import is_at, move_to
from clinic.courses.calendar.standing import why_no_dates
from clinic.courses.models import Course, Session
from clinic.schedule.actions import move_bookings
from clinic.schedule.models import Booking
from clinic.schedule.permissions import check_can_book
from clinic.schedule.proposing.values import Reason, Slot
from clinic.staff.permissions import ActionDenied, Actor


@dataclass(frozen=True, slots=True)
class Wish:
    """Where a session is to go, and what of the others goes with it (``ONLY``, ``REST``, ``REFLOW``).

    ``anyway`` sets the rhythm and the patient's wishes aside, never what is taken, closed, or the order of the sessions.
    """

    slot: Slot
    reason: str
    way: str = ONLY
    note: str = ""
    anyway: bool = False


@transaction.atomic
def move_session(*, course: Course, booking: Booking, wish: Wish, now: datetime, actor: Actor) -> tuple[Booking, ...]:
    """Moves a booked session of the course, and the later ones as the wish says, all or none; answers those that moved.

    Denied for a date whose time has come, for a slot that is not free or breaks the rhythm, and where a session would pass its neighbour.
    """
    check_can_book(actor)
    locked = locked_course(course)
    if (sentence := why_no_dates(locked)) and locked.state != "paused":
        raise ActionDenied(sentence)
    ground, sessions = ground_of_booked(locked, now=now, on=locked.clinic.today())
    number = place_of_booking(sessions, booking)
    slots = check_change(ground, number, wish)
    moves = [
        move_to(session.booking, slot)
        for session, slot in zip(sessions, slots, strict=True)
        if session.booking and not is_at(session.booking, slot)
    ]
    if not moves:
        return ()
    moved = move_bookings(moves=moves, reason=wish.reason, note=wish.note, actor=actor)
    put_in_order(locked)
    return tuple(moved)


def place_of_booking(sessions: tuple[Session, ...], booking: Booking) -> int:
    """Which of the movable sessions has this booking; 1 is the first. Denied where it is none of them."""
    found = [number for number, session in enumerate(sessions, start=1) if session.booking_id == booking.pk]
    if not found:
        raise ActionDenied(_("Only a booked session whose time has not come yet can be moved."))
    return found[0]


def check_change(ground: Ground, number: int, wish: Wish) -> tuple[Slot, ...]:
    """Where all movable sessions would be. Raises ``ActionDenied`` with the reasons where that cannot be."""
    change = change_of(ground, number, wish.slot, wish.way)
    against = [reason for reason in change.against if not (wish.anyway and reason.code in CAN_BE_SET_ASIDE)]
    words = ReasonWords(names_at(ground.course.clinic).therapists)
    if against or not change.slots:
        raise ActionDenied(" ".join(words.say_all(against or change.against)))
    if wish.slot != ground.chosen[number - 1] and not ground.has_place(wish.slot):
        raise ActionDenied(words.say(Reason("no-room")))
    days = [slot.day for slot in change.slots]
    if sorted(set(days)) != days or not (ground.dates.last_given_on is None or days[0] > ground.dates.last_given_on):
        raise ActionDenied(_("Sessions are given one a day and in their order. Choose a day between the neighbouring sessions."))
    return change.slots
