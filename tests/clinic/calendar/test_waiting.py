"""Who waits gets what falls free: whom it fits, held for a while, and offered to the next in line when nobody answers."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from clinic.audit.models import AuditLine
from clinic.courses.calendar.actions.offers import (
    OfferIsOver,
    accept_offer,
    carry_on,
    decline_offer,
    give_up_waiting,
    offer_place,
    withdraw_offer,
)
from clinic.courses.calendar.actions.waiting import WaitingWishes, wait_for_place, withdraw_waiting
from clinic.courses.calendar.patterns import Pattern
from clinic.courses.calendar.queries.waiting import Fitting, free_places, open_offers, open_waitings
from clinic.courses.calendar.queries.waiting_briefly import how_many_may_want
from clinic.courses.calendar.waiting import FreePlace
from clinic.courses.models import Course, Offer, Waiting
from clinic.home.queries import still_free
from clinic.schedule.actions import book_places, hold_places, release_bookings, release_expired_holds
from clinic.schedule.actions.absences import Away, add_absence
from clinic.schedule.models import Absence, Booking, Closure
from clinic.schedule.states import AbsenceReason
from clinic.staff.permissions import ActionDenied, Actor
from tests.clinic.calendar.a_calendar import a_course_in_calendar, dates, open_clinic, with_dates
from tests.factories import a_clinic, a_patient, an_actor
from tests.schedule_factories import a_key, a_place

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 2)
TUESDAY, WEDNESDAY = date(2026, 11, 3), date(2026, 11, 4)
LONG = WaitingWishes(MONDAY, MONDAY + timedelta(days=20))


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Monday morning, an hour before the clinic opens."""
    with time_machine.travel(datetime(2026, 11, 2, 6, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(therapist: Actor) -> Actor:
    """The therapist, who works all week, in a house with two rooms."""
    open_clinic(therapist)
    return therapist


def a_wait(desk: Actor, *, first_on: date = WEDNESDAY, wishes: WaitingWishes = LONG, pattern: dict[str, Any] | None = None) -> Waiting:
    """Somebody who has a date each day from then on and wants an earlier one."""
    course = a_course_in_calendar(desk)
    with_dates(course, desk, Pattern(first_on=first_on, **(pattern or {})))
    return wait_for_place(course=course, wishes=wishes, actor=desk)


def falls_free(desk: Actor, *, day: date = TUESDAY, clock: time = time(15), **more: Any) -> FreePlace:
    """Somebody else's date that was booked and is released."""
    room = desk.clinic.rooms.get(name="Green room")
    place = a_place(patient=a_patient(clinic=desk.clinic), therapist=desk.user, room=room, day=day, clock=clock, minutes=60, **more)
    booked = book_places(clinic=desk.clinic, key=a_key(), places=[place], actor=desk)
    release_bookings(bookings=booked, reason="patient-ill", note="", actor=desk)
    return FreePlace(day, clock.hour * 12, 12, desk.user.pk)


def found(desk: Actor) -> tuple[Fitting, ...]:
    return free_places(desk.clinic, now=timezone.now())


def fits(desk: Actor) -> list[int]:
    """The waits that the one free place fits, the best first."""
    (fitting,) = found(desk)
    return [match.wait.number for match in fitting.matches]


def counted_for_home(desk: Actor, place: FreePlace) -> int:
    """How many the first page says may want it, at the cost of a few queries."""
    return how_many_may_want([place], list(open_waitings(desk.clinic)), clinic=desk.clinic, now=timezone.now())[place]


def offered(waiting: Waiting, place: FreePlace, desk: Actor) -> Offer:
    return offer_place(waiting=waiting, place=place, now=timezone.now(), actor=desk)


# Whom it fits ------------------------------------------------------------------------------------------------------------------
def test_a_place_that_falls_free_fits_who_waits_longest(desk: Actor, clock: time_machine.Traveller) -> None:
    waits = []
    for _number in range(4):
        waits.append(a_wait(desk))
        clock.shift(timedelta(minutes=1))
    place = falls_free(desk)
    (fitting,) = found(desk)
    assert fitting.place == place
    assert [match.wait.number for match in fitting.matches] == [each.pk for each in waits[:3]]
    assert (fitting.matches[0].days_sooner, fitting.matches[0].slot.cell) == (1, 15 * 12)


@pytest.mark.same_everywhere
@pytest.mark.parametrize(
    "wishes",
    [
        {"weekdays": (0, 2, 3, 4)},
        {"earliest": time(15, 30)},
        {"latest": time(15, 15)},
        {"first_on": WEDNESDAY},
        {"last_on": MONDAY},
    ],
)
def test_a_wish_that_the_place_misses_keeps_it_from_being_offered(desk: Actor, wishes: dict[str, Any]) -> None:
    a_wait(desk, wishes=WaitingWishes(**{"first_on": MONDAY, "last_on": MONDAY + timedelta(days=20), **wishes}))
    place = falls_free(desk)
    assert (fits(desk), counted_for_home(desk, place)) == ([], 0)


@pytest.mark.same_everywhere
def test_only_an_earlier_place_is_offered_and_the_gap_to_the_next_session_is_kept(desk: Actor) -> None:
    a_wait(desk, first_on=MONDAY + timedelta(days=1))
    place = falls_free(desk, day=WEDNESDAY)
    assert (fits(desk), counted_for_home(desk, place)) == ([], 0), "the first session is earlier already"
    far = a_wait(desk, first_on=date(2026, 11, 16))
    assert (fits(desk), counted_for_home(desk, place)) == ([], 0), "from 4 to 17 November is a longer gap than the course bears"
    Waiting.objects.all().delete()
    near = a_wait(desk, first_on=date(2026, 11, 5))
    assert (fits(desk), far.pk != near.pk) == ([near.pk], True)
    assert counted_for_home(desk, place) == 1


@pytest.mark.same_everywhere
def test_a_place_that_falls_free_because_its_therapist_is_away_or_the_day_is_closed_is_none(desk: Actor, clinic_admin: Actor) -> None:
    a_wait(desk)
    place = falls_free(desk)
    assert (still_free(desk.clinic, [place]), counted_for_home(desk, place)) == ([place], 1)
    closure = Closure.objects.create(clinic=desk.clinic, first_on=TUESDAY, last_on=TUESDAY, name="Flood", created_by=clinic_admin.user)
    assert counted_for_home(desk, place) == 0
    closure.delete()
    add_absence(therapist=desk.user, away=Away(TUESDAY, TUESDAY, AbsenceReason.ILL), actor=clinic_admin)
    assert (still_free(desk.clinic, [place]), found(desk)) == ([], ())


def test_who_has_no_date_yet_gets_a_first_one(desk: Actor) -> None:
    course = a_course_in_calendar(desk)
    waiting = wait_for_place(course=course, wishes=LONG, actor=desk)
    place = falls_free(desk)
    offer = offered(waiting, place, desk)
    accept_offer(offer=offer, now=timezone.now(), actor=desk)
    assert dates(course) == [TUESDAY, None, None, None]


def test_a_place_that_is_not_free_any_more_is_not_shown(desk: Actor) -> None:
    a_wait(desk)
    falls_free(desk)
    falls_free(desk, day=date(2026, 11, 5), clock=time(16))
    room = desk.clinic.rooms.get(name="Green room")
    there = a_place(patient=a_patient(clinic=desk.clinic), therapist=desk.user, room=room, day=TUESDAY, clock=time(15, 30))
    book_places(clinic=desk.clinic, key=a_key(), places=[there], actor=desk)
    assert [fitting.place.day for fitting in found(desk)] == [date(2026, 11, 5)]
    Absence.objects.create(
        clinic=desk.clinic, therapist=desk.user, first_on=MONDAY, last_on=date(2026, 11, 8), reason="ill", created_by=desk.user
    )
    assert found(desk) == ()


def test_a_hold_that_ends_is_no_free_place_and_an_old_one_is_forgotten(desk: Actor, clock: time_machine.Traveller) -> None:
    place = a_place(
        patient=a_patient(clinic=desk.clinic),
        therapist=desk.user,
        room=desk.clinic.rooms.get(name="Blue room"),
        day=TUESDAY,
        clock=time(9),
        minutes=30,
    )
    hold_places(clinic=desk.clinic, key=a_key(), places=[place], until=timezone.now() + timedelta(minutes=5), actor=desk)
    clock.shift(timedelta(minutes=6))
    release_expired_holds(now=timezone.now())
    assert found(desk) == ()
    falls_free(desk, day=date(2026, 11, 6))
    assert len(found(desk)) == 1
    clock.shift(timedelta(hours=49))
    assert found(desk) == ()


def test_a_patient_who_is_somewhere_else_at_that_time_does_not_fit(desk: Actor) -> None:
    waiting = a_wait(desk)
    falls_free(desk)
    assert fits(desk) == [waiting.pk]
    other = an_actor(clinic=desk.clinic)
    there = a_place(
        patient=waiting.course.patient, therapist=other.user, room=desk.clinic.rooms.get(name="Blue room"), day=TUESDAY, clock=time(15, 5)
    )
    book_places(clinic=desk.clinic, key=a_key(), places=[there], actor=desk)
    assert fits(desk) == []


# Offered, and the answer -------------------------------------------------------------------------------------------------------
def test_an_accepted_place_moves_the_next_session_and_its_old_place_falls_free(desk: Actor) -> None:
    waiting, other = a_wait(desk), a_wait(desk, first_on=date(2026, 11, 5))
    place = falls_free(desk)
    before = dates(waiting.course)
    offer = offered(waiting, place, desk)
    assert offered(waiting, place, desk) == offer, "a double click offers it once"
    old = offer.session.booking
    moved = accept_offer(offer=offer, now=timezone.now(), actor=desk)
    assert accept_offer(offer=offer, now=timezone.now(), actor=desk) == moved
    assert dates(waiting.course) == [TUESDAY, *before[1:]]
    assert old is not None
    assert (moved.pk, moved.sequence, moved.state) == (old.pk, old.sequence + 1, "booked")
    waiting.refresh_from_db()
    assert waiting.closed_why == "placed"
    assert [(fitting.place.day, [each.wait.number for each in fitting.matches]) for fitting in found(desk)] == [(WEDNESDAY, [other.pk])]
    assert list(AuditLine.objects.order_by("sequence").values_list("verb", flat=True))[-4:] == [
        "held-dates", "offered-place", "released-dates", "moved-dates", "accepted-offer",
    ][-4:]  # fmt: skip


def test_a_place_is_offered_to_one_at_a_time(desk: Actor) -> None:
    one, two = a_wait(desk), a_wait(desk)
    place = falls_free(desk)
    offered(one, place, desk)
    with pytest.raises(ActionDenied):
        offered(two, place, desk)
    assert found(desk) == ()
    other = falls_free(desk, clock=time(9))
    with pytest.raises(ActionDenied):
        offered(one, other, desk)
    assert Offer.objects.count() == Booking.objects.filter(state="held").count() == 1


def test_no_answer_in_time_offers_it_to_the_next_until_nobody_is_left(desk: Actor, clock: time_machine.Traveller) -> None:
    waits = [a_wait(desk), a_wait(desk)]
    place = falls_free(desk)
    offered(waits[0], place, desk)
    assert carry_on(now=timezone.now()) == 0
    clock.shift(timedelta(minutes=16))
    assert carry_on(now=timezone.now(), clinic=desk.clinic) == 2
    assert carry_on(now=timezone.now()) == 0, "twice does nothing more"
    assert [(offer.waiting_id, offer.offered_by) for offer in open_offers(desk.clinic)] == [(waits[1].pk, None)]
    assert Booking.objects.filter(state="held").count() == 1
    clock.shift(timedelta(minutes=16))
    carry_on(now=timezone.now())
    assert list(Offer.objects.order_by("pk").values_list("answer", flat=True)) == ["expired", "expired"]
    assert [fitting.matches for fitting in found(desk)] == [()], "nobody is asked twice"
    assert open_waitings(desk.clinic).count() == 2, "who did not answer goes on waiting"


@pytest.mark.parametrize(("say", "answer"), [(decline_offer, "declined"), (give_up_waiting, "expired")])
def test_who_declines_or_does_not_pick_up_goes_on_waiting_and_the_next_is_asked(desk: Actor, say: Callable[..., None], answer: str) -> None:
    one, two = a_wait(desk), a_wait(desk)
    offer = offered(one, falls_free(desk), desk)
    say(offer=offer, now=timezone.now(), actor=desk)
    say(offer=offer, now=timezone.now(), actor=desk)
    offer.refresh_from_db()
    assert (offer.answer, offer.answered_by) == (answer, desk.user)
    carry_on(now=timezone.now(), clinic=desk.clinic)
    assert [each.waiting_id for each in open_offers(desk.clinic)] == [two.pk]
    with pytest.raises(OfferIsOver):
        accept_offer(offer=offer, now=timezone.now(), actor=desk)


def test_an_offer_that_staff_take_back_goes_to_nobody_by_itself(desk: Actor) -> None:
    one, two = a_wait(desk), a_wait(desk)
    withdraw_offer(offer=offered(one, falls_free(desk), desk), now=timezone.now(), actor=desk)
    assert carry_on(now=timezone.now()) == 0
    assert fits(desk) == [two.pk]


@pytest.mark.same_everywhere
def test_an_answer_after_the_time_is_too_late(desk: Actor, clock: time_machine.Traveller) -> None:
    waiting = a_wait(desk)
    offer = offered(waiting, falls_free(desk), desk)
    before = dates(waiting.course)
    clock.shift(timedelta(minutes=15))
    with pytest.raises(OfferIsOver):
        accept_offer(offer=offer, now=timezone.now(), actor=desk)
    assert dates(waiting.course) == before


# The list ----------------------------------------------------------------------------------------------------------------------
def test_a_course_waits_once_and_changed_wishes_keep_its_turn(desk: Actor) -> None:
    waiting = a_wait(desk)
    again = wait_for_place(course=waiting.course, wishes=WaitingWishes(MONDAY, WEDNESDAY, weekdays=(1, 0), note="mornings"), actor=desk)
    assert (again.pk, again.weekdays, again.note, again.added_at) == (waiting.pk, [0, 1], "mornings", waiting.added_at)


def test_who_is_taken_off_the_list_gives_the_offered_place_back(desk: Actor) -> None:
    waiting = a_wait(desk)
    offered(waiting, falls_free(desk), desk)
    withdraw_waiting(waiting=waiting, actor=desk)
    withdraw_waiting(waiting=waiting, actor=desk)
    assert Offer.objects.get().answer == "withdrawn"
    assert not Booking.objects.filter(state="held").exists()
    assert (open_waitings(desk.clinic).count(), Waiting.objects.get().closed_why) == (0, "withdrawn")


def test_a_wait_is_over_after_its_last_day_or_with_its_course(desk: Actor, clock: time_machine.Traveller) -> None:
    short = a_wait(desk, wishes=WaitingWishes(MONDAY, TUESDAY))
    ended = a_wait(desk)
    Course.objects.filter(pk=ended.course_id).update(state="discarded")
    assert carry_on(now=timezone.now()) == 1
    clock.shift(timedelta(days=1, hours=12))
    assert carry_on(now=timezone.now()) == 0, "its last day is not over"
    clock.shift(timedelta(hours=6))
    assert carry_on(now=timezone.now()) == 1
    assert {each.closed_why for each in (Waiting.objects.get(pk=short.pk), Waiting.objects.get(pk=ended.pk))} == {"expired"}


@pytest.mark.same_everywhere
def test_nobody_of_another_clinic_and_no_auditor_touches_the_list(desk: Actor, auditor: Actor) -> None:
    waiting = a_wait(desk)
    place = falls_free(desk)
    stranger = an_actor(clinic=a_clinic())
    for actor in (stranger, auditor):
        for deed in (
            lambda who: wait_for_place(course=waiting.course, wishes=LONG, actor=who),
            lambda who: withdraw_waiting(waiting=waiting, actor=who),
            lambda who: offered(waiting, place, who),
        ):
            with pytest.raises(ActionDenied):
                deed(actor)
    assert found(stranger) == ()
