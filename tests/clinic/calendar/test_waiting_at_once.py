"""Two things that happen to an offer at the same moment: exactly one counts, and a place is never held twice."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from clinic.audit.actions import verify_chain
from clinic.courses.calendar.actions.offers import accept_offer, carry_on, decline_offer, offer_place
from clinic.courses.calendar.actions.waiting import WaitingWishes, wait_for_place
from clinic.courses.calendar.waiting import FreePlace
from clinic.courses.models import Offer, Waiting
from clinic.schedule.models import Booking
from clinic.staff.permissions import Actor
from tests.clinic.calendar.a_calendar import a_course_in_calendar, open_clinic
from tests.schedule_factories import a_workday
from tests.trust.test_two_at_the_same_moment import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def two_who_wait(desk: Actor) -> tuple[list[Waiting], FreePlace]:
    """Two courses without any date, and a free hour some days ahead."""
    open_clinic(desk)
    day = a_workday(clinic=desk.clinic, ahead=3)
    wishes = WaitingWishes(desk.clinic.today(), day + timedelta(days=5))
    waits = [wait_for_place(course=a_course_in_calendar(desk, count=2), wishes=wishes, actor=desk) for _one in range(2)]
    return waits, FreePlace(day, 14 * 12, 6, desk.user.pk)


def test_of_two_who_are_offered_one_place_at_once_one_gets_it(therapist: Actor) -> None:
    waits, place = two_who_wait(therapist)
    now = timezone.now()
    deeds = [partial(offer_place, waiting=each, place=place, now=now, actor=therapist) for each in waits]
    assert at_once(*deeds) == ["denied", "done"]
    assert Offer.objects.count() == Booking.objects.filter(is_taken=True).count() == 1


def test_of_a_yes_and_the_end_of_the_time_exactly_one_counts(therapist: Actor) -> None:
    waits, place = two_who_wait(therapist)
    now = timezone.now()
    offer = offer_place(waiting=waits[0], place=place, now=now, actor=therapist)
    late = offer.expires_at + timedelta(seconds=1)
    ends = at_once(partial(accept_offer, offer=offer, now=now, actor=therapist), partial(carry_on, now=late), partial(carry_on, now=late))
    first = Offer.objects.get(pk=offer.pk)
    others = Offer.objects.exclude(pk=offer.pk)
    taken = Booking.objects.filter(is_taken=True)
    if first.answer == "accepted":
        assert (ends, others.count()) == (["done"] * 3, 0)
        assert [booking.state for booking in taken] == ["booked"]
        assert Waiting.objects.get(pk=waits[0].pk).closed_why == "placed"
    else:
        # The clock of the others ran ahead, so the hold has not ended for the database yet: the next is offered in a minute.
        assert (ends, first.answer) == (["denied", "done", "done"], "expired")
        assert not taken.filter(state="booked").exists()
    assert taken.count() <= 1
    assert verify_chain() is None


def test_of_a_yes_and_a_no_exactly_one_counts(therapist: Actor) -> None:
    waits, place = two_who_wait(therapist)
    now = timezone.now()
    offer = offer_place(waiting=waits[0], place=place, now=now, actor=therapist)
    deeds = (partial(accept_offer, offer=offer, now=now, actor=therapist), partial(decline_offer, offer=offer, now=now, actor=therapist))
    assert at_once(*deeds) == ["denied", "done"]
    was_accepted = Offer.objects.get().answer == "accepted"
    assert Booking.objects.filter(is_taken=True).count() == int(was_accepted)
