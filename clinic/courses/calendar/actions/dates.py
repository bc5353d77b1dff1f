"""From a wish to booked dates: places are held while people look at them, changed, and booked all at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.courses.actions import locked_course
from clinic.courses.actions.booked import give_up_dates, put_in_order
from clinic.courses.calendar.patterns import Pattern
from clinic.courses.calendar.queries.choosing import Ground, ground_for
from clinic.courses.calendar.queries.holds import holds_of, key_for, open_holds
from clinic.courses.calendar.slots import is_at, move_to, place_of
from clinic.courses.calendar.standing import why_no_dates
from clinic.courses.calendar.wanting import work_of
from clinic.courses.models import Course, DatePattern, Session
from clinic.schedule.actions import SlotTaken, confirm_holds, hold_places, move_bookings, release_bookings
from clinic.schedule.models import Booking
from clinic.schedule.permissions import check_can_book
from clinic.schedule.proposing.values import Proposal, Slot
from clinic.schedule.queries import rules_of
from clinic.schedule.states import BookingReason
from clinic.staff.permissions import ActionDenied, Actor

TRIES = 3


@dataclass(frozen=True, slots=True)
class Held:
    """What was proposed, and under which key it is held; an empty key where nothing could be proposed."""

    proposal: Proposal
    key: str = ""


def hold_dates(*, course: Course, pattern: Pattern, token: str, now: datetime, actor: Actor) -> Held:
    """Proposes the dates of a course and holds all of them, or none; the wish is kept with the course.

    The same ``token`` again answers what is held already; what was held for this course before falls free. Raises ``ActionDenied``
    for who may not book, for a course that gets no dates, and where each session has one.
    """
    for tried in range(TRIES):
        try:
            return _hold(course, pattern, token, now, actor)
        except SlotTaken:  # somebody took a place between our look and our hold: what is free now is another proposal
            if tried == TRIES - 1:
                raise
    raise AssertionError("the last try answers or raises")


@transaction.atomic
def _hold(course: Course, pattern: Pattern, token: str, now: datetime, actor: Actor) -> Held:
    check_can_book(actor)
    locked = locked_course(course)
    key = key_for(locked, token)
    if open_holds(locked, key, now):
        return Held(Proposal((), 0), key)
    _check_gets_dates(locked)
    before = holds_of(locked)
    ground = ground_for(locked, pattern, now=now, ignoring=before)
    if ground.wanted.count < 1:
        raise ActionDenied(_why_none_wanted(ground))
    proposal = ground.proposal()
    if not proposal.dates:
        return Held(proposal)
    if before:
        release_bookings(bookings=before, reason=BookingReason.OTHER, note="", actor=actor)
    DatePattern.objects.update_or_create(course=locked, defaults={"pattern": pattern.stored(), "saved_by": actor.user})
    work = work_of(locked)
    until = now + timedelta(minutes=rules_of(locked.clinic).hold_minutes)
    hold_places(
        clinic=locked.clinic, key=key, places=[place_of(locked, row.slot, work) for row in proposal.dates], until=until, actor=actor
    )
    return Held(proposal, key)


def _check_gets_dates(course: Course) -> None:
    if sentence := why_no_dates(course):
        raise ActionDenied(sentence)


def _why_none_wanted(ground: Ground) -> str:
    if ground.dates.open_ones and ground.dates.left_in_referral == 0:
        return _("The referral covers no more sessions. A doctor can extend it.")
    return _("Every session of this course has a date.")


# While they are held ------------------------------------------------------------------------------------------------------------
@transaction.atomic
def change_held_date(*, course: Course, key: str, hold: Booking, slot: Slot, now: datetime, actor: Actor) -> Booking:
    """Moves one held date to another free place that keeps its turn among the dates. Raises ``ActionDenied`` with the first reason."""
    _locked, holds = _held(course, key, now, actor)
    number = [each.pk for each in holds].index(hold.pk) + 1
    if is_at(holds[number - 1], slot):
        return holds[number - 1]
    check_is_in_turn(holds, number, slot)
    return move_bookings(moves=[move_to(holds[number - 1], slot)], reason=BookingReason.OTHER, note="", actor=actor)[0]


def check_is_in_turn(bookings: Sequence[Booking], number: int, slot: Slot) -> None:
    """Raises ``ActionDenied`` where the booking at that place (1 is the first) would come to stand beside or beyond a neighbour's day."""
    before = bookings[number - 2].day if number > 1 else None
    after = bookings[number].day if number < len(bookings) else None
    if (before is not None and slot.day <= before) or (after is not None and slot.day >= after):
        raise ActionDenied(_("Sessions are given one a day and in their order. Choose a day between the neighbouring sessions."))


@transaction.atomic
def drop_held_date(*, course: Course, key: str, hold: Booking, now: datetime, actor: Actor) -> None:
    """Gives one of the held places up. The others stay; the last session of the course is without a date then."""
    _locked, holds = _held(course, key, now, actor)
    if hold.pk in {each.pk for each in holds}:
        release_bookings(bookings=[hold], reason=BookingReason.OTHER, note="", actor=actor)


@transaction.atomic
def hold_longer(*, course: Course, key: str, now: datetime, actor: Actor) -> datetime:
    """Holds what is still held as long again from now on; answers until when."""
    locked, holds = _held(course, key, now, actor)
    until = now + timedelta(minutes=rules_of(locked.clinic).hold_minutes)
    Booking.objects.filter(pk__in=[each.pk for each in holds]).update(held_until=until)
    return until


@transaction.atomic
def let_dates_go(*, course: Course, key: str, actor: Actor) -> None:
    """Gives up everything that is held under this key. What is booked stays."""
    check_can_book(actor)
    locked = locked_course(course)
    if holds := holds_of(locked, key):
        release_bookings(bookings=holds, reason=BookingReason.OTHER, note="", actor=actor)


def _held(course: Course, key: str, now: datetime, actor: Actor) -> tuple[Course, tuple[Booking, ...]]:
    check_can_book(actor)
    locked = locked_course(course)
    holds = open_holds(locked, key, now)
    if not holds:
        raise ActionDenied(_("These places are not held any more. Ask for free places again."))
    return locked, holds


# Booked -------------------------------------------------------------------------------------------------------------------------
@transaction.atomic
def confirm_dates(*, course: Course, key: str, actor: Actor) -> tuple[Booking, ...]:
    """Books everything that is held under this key, or nothing, and gives it to the sessions in their order.

    A second time it changes nothing.

    Raises ``HoldOver`` where even one place is not held any more, ``ActionDenied`` for a course that gets no dates now.
    """
    check_can_book(actor)
    locked = locked_course(course)
    booked = confirm_holds(clinic=locked.clinic, key=key, actor=actor)
    has_session = set(Session.objects.filter(booking__in=booked).values_list("booking", flat=True))
    fresh = [booking for booking in booked if booking.pk not in has_session]
    if fresh:
        _check_gets_dates(locked)
        if put_in_order(locked, fresh):
            raise ActionDenied(_("There are more dates than sessions without one: somebody has booked in the meantime."))
    return tuple(booked)


@transaction.atomic
def release_sessions(*, course: Course, bookings: Sequence[Booking], reason: str, note: str = "", actor: Actor) -> tuple[Booking, ...]:
    """Releases these dates of the course; the dates that stay go to the lowest numbers, so that the last sessions have none.

    Denied for a date whose time has come: that is attendance, not a release.
    """
    check_can_book(actor)
    locked = locked_course(course)
    if any(booking.starts_at <= timezone.now() for booking in bookings):
        raise ActionDenied(_("The time of this session has come. Say whether the patient came."))
    return give_up_dates(locked, bookings, reason=reason, note=note, actor=actor)
