"""Places offered to those who wait: held for a while, accepted, declined, or offered to the next in line when nobody answers.

Rows are locked in one order: patient, course, the wait, the offer, then what a booking uses. Of an answer and the end of the time at the
same moment the first one counts; the other finds the offer answered. A place is held once at a time: the database keeps that.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from clinic.courses.actions import locked_course
from clinic.courses.actions.booked import put_in_order
from clinic.courses.calendar.actions.waiting import check_may, close, end_waiting, locked_waiting, note
from clinic.courses.calendar.queries.waiting import (
    is_offered_one,
    next_session,
    open_waitings,
    place_of_offer,
    waiting_or_404,
    whom_they_fit,
)
from clinic.courses.calendar.slots import place_of
from clinic.courses.calendar.standing import dates_of
from clinic.courses.calendar.waiting import FreePlace
from clinic.courses.calendar.wanting import work_of
from clinic.courses.models import Course, Offer, Waiting
from clinic.schedule.actions import Move, SlotTaken, confirm_holds, hold_places, lock_for, move_bookings, release_bookings
from clinic.schedule.models import Booking
from clinic.schedule.proposing.values import Slot
from clinic.schedule.queries import rules_of
from clinic.schedule.states import BookingReason
from clinic.staff.models import Clinic, User
from clinic.staff.permissions import ActionDenied, Actor

VERBS: Final = {"declined": "declined-offer", "expired": "expired-offer", "withdrawn": "withdrew-offer"}
# So long after an offer was not taken the next in line is looked for, should the worker have been down: later, people decide anew.
NEXT_WITHIN: Final = timedelta(minutes=15)


class OfferIsOver(ActionDenied):
    """The offer was answered, its time is over, or the wait ended."""


@transaction.atomic
def offer_place(*, waiting: Waiting, place: FreePlace, now: datetime, actor: Actor, is_next: bool = False) -> Offer:
    """Holds a free place for somebody who waits, for as long as the clinic has set. The same place again gives the same offer.

    ``is_next``: nobody pressed a button, the one before did not take it. Raises ``ActionDenied`` where the place does not fit (any more),
    ``SlotTaken`` where somebody else has it.
    """
    check_may(actor, waiting.course)
    course = locked_course(waiting.course)
    row = locked_waiting(waiting)
    if row.closed_at is not None:
        raise OfferIsOver(_("This patient does not wait any more."))
    open_one = row.offers.filter(answer="").select_related("booking").first()
    if open_one is not None and place_of_offer(open_one).key == place.key:
        return open_one
    if open_one is not None:
        raise ActionDenied(_("Another place is offered to this patient already. Wait for the answer."))
    slot, session = _slot_that_fits(row, place, now), next_session(dates_of(course), now)
    if session is None:
        raise ActionDenied(_("No session of this course is to come."))
    until = now + timedelta(minutes=rules_of(course.clinic).offer_minutes)
    places, key = [place_of(course, slot, work_of(course))], f"offer-{uuid4().hex[:24]}"
    hold = hold_places(clinic=course.clinic, key=key, places=places, until=until, actor=actor)[0]
    who = None if is_next else actor.user
    offer = Offer.objects.create(waiting=row, session=session, booking=hold, offered_by=who, expires_at=until)
    said = {"session": session.number, "day": slot.day.isoformat(), "clock": f"{hold.clock:%H:%M}", "next": is_next}
    note("offered-place", row, actor, offer=offer.pk, **said)
    return offer


def _slot_that_fits(waiting: Waiting, place: FreePlace, now: datetime, *ignoring: Booking) -> Slot:
    """The place with its room, as it fits this one now. Raises ``ActionDenied``."""
    alone = waiting_or_404(waiting.course.clinic, waiting.pk)
    fitting = whom_they_fit([place], [alone], clinic=waiting.course.clinic, now=now, ignoring=ignoring)
    if not fitting or not fitting[0].matches:
        raise ActionDenied(_("This place is not free any more, or does not fit this patient any more."))
    return fitting[0].matches[0].slot


# The answer --------------------------------------------------------------------------------------------------------------------
@transaction.atomic
def accept_offer(*, offer: Offer, now: datetime, actor: Actor) -> Booking:
    """The patient takes the place: the session's booking moves there, or the hold becomes its booking. A second time nothing changes.

    Raises ``OfferIsOver`` for an offer that was answered otherwise or whose time is over, ``ActionDenied`` where the dates of the course
    have changed so that the place does not fit any more.
    """
    course, row, current = _taken(offer, actor)
    if current.answer == "accepted" and current.session.booking is not None:
        return current.session.booking
    _check_open(current, now)
    hold, session = current.booking, current.session
    first = next_session(dates_of(course), now)
    if first is None or first.pk != session.pk:
        raise ActionDenied(_("The dates of this course have changed. Take the offer back and look again."))
    old = session.booking if first.booking_id else None
    slot = _slot_that_fits(row, place_of_offer(current), now, hold)
    booking = _moved_there(old, hold, slot, actor) if old else confirm_holds(clinic=course.clinic, key=hold.key, actor=actor)[0]
    put_in_order(course, () if old else [booking])
    _answer(current, "accepted", now, actor)
    close(row, "placed")
    note("accepted-offer", row, actor, offer=current.pk, session=session.number, day=booking.day.isoformat())
    return booking


def _moved_there(old: Booking, hold: Booking, slot: Slot, actor: Actor) -> Booking:
    """The booking keeps its number, so that the patient's own calendar sees it move; the hold makes room for it."""
    lock_for(old, hold)
    release_bookings(bookings=[hold], reason=BookingReason.EARLIER, note="", actor=actor)
    there = Move(old, hold.day, hold.clock, None, hold.therapist_id, hold.room_id, slot.device)
    return move_bookings(moves=[there], reason=BookingReason.EARLIER, note="", actor=actor)[0]


@transaction.atomic
def decline_offer(*, offer: Offer, now: datetime, actor: Actor) -> None:
    """The patient does not take the place: it falls free, and the patient goes on waiting. A second time nothing changes.

    Raises ``OfferIsOver`` for one that was accepted or taken back. ``carry_on`` offers it to the next in line.
    """
    _give_up(offer, "declined", now, actor)


@transaction.atomic
def give_up_waiting(*, offer: Offer, now: datetime, actor: Actor) -> None:
    """Nobody picks up the telephone: the place is not kept for the rest of the time. Otherwise as ``decline_offer``, which is an answer."""
    _give_up(offer, "expired", now, actor)


@transaction.atomic
def withdraw_offer(*, offer: Offer, now: datetime, actor: Actor) -> None:
    """Staff take the offer back: the place falls free and is offered to nobody else by itself. Raises as ``decline_offer``."""
    _give_up(offer, "withdrawn", now, actor)


def _give_up(offer: Offer, answer: str, now: datetime, actor: Actor) -> None:
    _course, row, current = _taken(offer, actor)
    if current.answer == answer:
        return
    _check_open(current, now)
    release_bookings(bookings=[current.booking], reason=BookingReason.OTHER, note="", actor=actor)
    _answer(current, answer, now, actor)
    note(VERBS[answer], row, actor, offer=current.pk)


def _taken(offer: Offer, actor: Actor) -> tuple[Course, Waiting, Offer]:
    """Course, wait and offer as they are now, locked."""
    check_may(actor, offer.waiting.course)
    course, row = locked_course(offer.waiting.course), locked_waiting(offer.waiting)
    related = ("booking__room__site", "booking__clinic", "session__booking__clinic", "session__booking__room__site")
    return course, row, Offer.objects.select_for_update(of=("self",)).select_related(*related).get(pk=offer.pk)


def _check_open(offer: Offer, now: datetime) -> None:
    if offer.answer:
        raise OfferIsOver(_("This offer was answered or has ended in the meantime."))
    if offer.expires_at <= now:
        raise OfferIsOver(_("The time for an answer is over. The place is offered to the next in line."))


def _answer(offer: Offer, answer: str, now: datetime, actor: Actor | None) -> None:
    offer.answer, offer.answered_at, offer.answered_by = answer, now, actor.user if actor else None
    offer.save(update_fields=["answer", "answered_at", "answered_by"])


# When nobody answers -----------------------------------------------------------------------------------------------------------
def carry_on(*, now: datetime, clinic: Clinic | None = None) -> int:
    """Ends offers whose time is over, offers what was not taken to the next in line, and ends waits whose last day is over.

    Of one clinic or of all; answers how much there was to do. Safe at any time, twice, and by two at once: who comes second finds it done.
    """
    here = Q(waiting__course__clinic=clinic) if clinic else Q()
    due = Offer.objects.filter(here, answer="", expires_at__lte=now).select_related("waiting").order_by("pk")
    ended = sum(_expire(offer, now) for offer in due)
    made = sum(_offer_to_next(offer, now) is not None for offer in _not_taken(now).filter(here))
    return ended + made + _end_waits(now, clinic)


@transaction.atomic
def _expire(offer: Offer, now: datetime) -> bool:
    """The hold needs no release: its time is over too, so it keeps nobody from the place."""
    row = Waiting.objects.select_for_update(of=("self",)).select_related("course__clinic").get(pk=offer.waiting_id)
    current = Offer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if current.answer or current.expires_at > now:
        return False
    _answer(current, "expired", now, None)
    note("expired-offer", row, None, offer=current.pk)
    return True


def _not_taken(now: datetime) -> QuerySet[Offer]:
    """The last offers of places that were not taken a short while ago."""
    place = {f"booking__{name}": OuterRef(f"booking__{name}") for name in ("therapist", "day", "clock")}
    later = Offer.objects.filter(pk__gt=OuterRef("pk"), **place)
    lately = Q(answer__in=("declined", "expired"), answered_at__gt=now - NEXT_WITHIN, booking__starts_at__gt=now)
    found = Offer.objects.filter(lately, ~Exists(later))
    return found.select_related("waiting__course__clinic", "booking__created_by", "booking__clinic").order_by("pk")


def _offer_to_next(offer: Offer, now: datetime) -> Offer | None:
    """Offers the place to the best of those who were not asked yet, in the name of whoever offered it first; ``None`` when none is left."""
    clinic, place = offer.waiting.course.clinic, place_of_offer(offer)
    actor = _in_the_name_of(offer.booking.created_by, clinic)
    waitings = {each.pk: each for each in open_waitings(clinic) if not is_offered_one(each)}
    fitting = whom_they_fit([place], list(waitings.values()), clinic=clinic, now=now, limit=None)
    for match in fitting[0].matches if fitting else ():
        try:
            return offer_place(waiting=waitings[match.wait.number], place=place, now=now, actor=actor, is_next=True)
        except SlotTaken:
            return None  # somebody was quicker: there is nothing left to offer
        except ActionDenied:
            continue  # this one was offered something else, or was taken off the list, at this very moment
    return None


def _in_the_name_of(user: User, clinic: Clinic) -> Actor:
    return Actor(user, clinic, frozenset(clinic.staff_roles.filter(user=user, user__is_active=True).values_list("role", flat=True)))


def _end_waits(now: datetime, clinic: Clinic | None) -> int:
    """A day later than anywhere on earth, so that no clinic's last day is cut short; the action asks the clinic's own clock."""
    here = Q(course__clinic=clinic) if clinic else Q()
    over = Q(last_on__lte=now.date()) | Q(course__state__in=("finished", "ended", "discarded"))
    return sum(end_waiting(waiting=each, now=now) for each in Waiting.objects.filter(here, over, closed_at=None).order_by("pk"))
