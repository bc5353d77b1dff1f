"""One session moves, or its date is given up: gaps are kept, nobody passes a neighbour, and what was given stays."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.courses.calendar import actions
from clinic.courses.calendar.actions import Wish
from clinic.courses.calendar.move_page import MoveDesk, desk_of
from clinic.courses.calendar.queries.moving import ONLY, REFLOW, REST
from clinic.courses.calendar.queries.sessions import session_of
from clinic.courses.calendar.slots import read_slot, slot_of, written
from clinic.courses.models import Course
from clinic.schedule.models import Absence, Booking, BookingChange, Room
from clinic.staff.permissions import ActionDenied, Actor
from tests.clinic.calendar.a_calendar import a_course_in_calendar, dates, open_clinic, with_dates
from tests.factories import a_running_course
from tests.schedule_factories import a_device, a_room, a_site

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]


@pytest.fixture
def course(therapist: Actor) -> Course:
    """Five sessions, all with a date."""
    open_clinic(therapist)
    course = a_course_in_calendar(therapist, count=5)
    with_dates(course, therapist)
    return course


def bookings(course: Course) -> list[Booking]:
    return list(Booking.objects.filter(session__course=course).select_related("room").order_by("starts_at"))


def desk(booking: Booking) -> MoveDesk:
    session = session_of(booking)
    found = desk_of(session, now=timezone.now()) if session else None
    assert found is not None
    return found


def move(course: Course, booking: Booking, actor: Actor, day: date, way: str = ONLY, **wish: object) -> tuple[Booking, ...]:
    slot = desk(booking).ground.slot_at(day, time(16), actor.user.pk)
    assert slot is not None
    asked = Wish(slot, "patient-wish", way, **wish)  # type: ignore[arg-type]
    return actions.move_session(course=course, booking=booking, wish=asked, now=timezone.now(), actor=actor)


def open_day_after(booking: Booking, count: int) -> date:
    days = desk(booking).ground.calendar.open_days
    return days[days.index(booking.day) + count]


def test_five_times_are_offered_and_each_of_them_can_be_had(therapist: Actor, course: Course) -> None:
    third = bookings(course)[2]
    offered = desk(third).offered()
    assert len(offered) == 5
    slot = read_slot(offered[0].value)
    assert slot is not None
    assert (written(slot), slot == slot_of(third)) == (offered[0].value, False)
    before = dates(course)
    wish = Wish(slot, "patient-wish")
    moved = actions.move_session(course=course, booking=third, wish=wish, now=timezone.now(), actor=therapist)
    assert ([each.pk for each in moved], moved[0].day) == ([third.pk], slot.day)
    assert [day for day in dates(course) if day != slot.day] == [day for day in before if day != third.day][:4]
    change = BookingChange.objects.filter(booking=third).latest("pk")
    assert (change.kind, change.reason) == ("moved", "patient-wish")


@pytest.mark.same_everywhere
def test_a_session_never_passes_its_neighbour_and_says_so(therapist: Actor, course: Course) -> None:
    first, second, third, *_rest = bookings(course)
    for day in (first.day, third.day, third.day + timedelta(days=1)):
        with pytest.raises(ActionDenied, match="in their order"):
            move(course, second, therapist, _open_on(second, day), anyway=True)
    assert dates(course) == [each.day for each in bookings(course)]


def _open_on(booking: Booking, day: date) -> date:
    return next(each for each in desk(booking).ground.calendar.open_days if each >= day)


def test_a_gap_that_is_too_long_is_refused_with_its_reason_and_can_be_set_aside_once(therapist: Actor, course: Course) -> None:
    last = bookings(course)[-1]
    far = open_day_after(last, 12)
    with pytest.raises(ActionDenied, match="the most that keeps the effect"):
        move(course, last, therapist, far)
    assert [each.day for each in move(course, last, therapist, far, anyway=True)] == [far]


def test_this_and_the_rest_keep_their_distance(therapist: Actor, course: Course) -> None:
    every, days = bookings(course), desk(bookings(course)[2]).ground.calendar.open_days
    target = days[days.index(every[2].day) + 1]
    moved = move(course, every[2], therapist, target, REST)
    assert len(moved) == 3
    steps = [days.index(after.day) - days.index(before.day) for before, after in zip(every[2:], moved, strict=True)]
    assert steps == [1, 1, 1]
    assert dates(course)[:2] == [every[0].day, every[1].day]


def test_a_reflow_moves_only_what_the_gaps_demand(therapist: Actor, course: Course) -> None:
    every = bookings(course)
    far = open_day_after(every[1], 5)
    moved = move(course, every[1], therapist, far, REFLOW, anyway=True)
    now = dates(course)
    assert now == sorted(day for day in now if day)
    assert (now[0], now[1]) == (every[0].day, far)
    kept = [each.pk for each in every if each.pk not in {one.pk for one in moved}]
    assert all(Booking.objects.get(pk=pk).sequence == each.sequence for pk, each in ((each.pk, each) for each in every) if pk in kept)


@pytest.mark.same_everywhere
def test_it_is_said_why_a_time_is_not_offered(therapist: Actor, course: Course) -> None:
    third = bookings(course)[2]
    day = third.day
    Absence.objects.create(
        clinic=therapist.clinic, therapist=therapist.user, first_on=day, last_on=day, reason="ill", created_by=therapist.user
    )
    slot, against = desk(third).find(day, time(10), therapist.user.pk)
    assert (slot, desk(third).words.say_all(against)) == (None, (f"{therapist.user.full_name} is away at that time (ill).",))
    assert desk(third).words.say_all(desk(third).find(day, time(10, 5), None)[1])[0] == "Sessions begin every 15 minutes."


def test_a_date_that_is_given_up_leaves_the_last_session_without_one(therapist: Actor, course: Course) -> None:
    every = bookings(course)
    actions.release_sessions(course=course, bookings=every[1:2], reason="patient-ill", actor=therapist)
    assert dates(course) == [every[0].day, every[2].day, every[3].day, every[4].day, None]
    assert Booking.objects.get(pk=every[1].pk).release_reason == "patient-ill"
    actions.release_sessions(course=course, bookings=bookings(course), reason="patient-wish", actor=therapist)
    assert dates(course) == [None] * 5


def test_what_was_given_is_not_touched(therapist: Actor) -> None:
    open_clinic(therapist)
    course = a_running_course(actor=therapist, count=4, given=1)
    with_dates(course, therapist)
    every = bookings(course)
    move(course, every[0], therapist, open_day_after(every[0], 1), REFLOW, anyway=True)
    assert dates(course)[0] is None
    assert course.sessions.get(number=1).record.given_on < every[0].day


@pytest.mark.same_everywhere
def test_where_a_tile_was_dropped_is_chosen_and_judged_and_saved_in_that_room(
    signed_in: SignedIn, clinic_admin: Actor, therapist: Actor, course: Course
) -> None:
    third, client = bookings(course)[2], signed_in(clinic_admin)
    room = Room.objects.exclude(pk=third.room_id).get()
    address = reverse("calendar:move", args=[third.pk])
    dropped: dict[str, Any] = {"day": third.day.isoformat(), "clock": "15:30", "room": room.pk}
    page = client.get(address, dropped).content.decode()
    assert "This time is free and keeps the gaps." in page
    assert 'value="15:30"' in page
    break_time = client.get(address, {**dropped, "clock": "12:00", "therapist": therapist.user.pk}).content.decode()
    assert "has a break at that time." in break_time
    sent = {
        "slot": "own",
        "do": "save",
        "way": "only",
        "reason": "patient-wish",
        **{f"own-{name}": value for name, value in dropped.items()},
    }
    assert client.post(address, sent).status_code == 303
    third.refresh_from_db()
    assert (f"{third.clock:%H:%M}", third.room) == ("15:30", room)


@pytest.mark.same_everywhere
def test_a_place_that_no_page_offered_is_taken_only_where_the_therapist_works(therapist: Actor, course: Course) -> None:
    third = bookings(course)[2]
    day, annexe = open_day_after(bookings(course)[4], 1), a_room(site=a_site(clinic=therapist.clinic))
    there = desk(third).ground.slot_at(day, time(16), therapist.user.pk)
    assert there is not None
    device = a_device(site=third.room.site)
    for forged in (replace(there, room=annexe.pk, site=annexe.site_id), replace(there, room=annexe.pk), replace(there, device=device.pk)):
        wish = Wish(forged, "patient-wish", anyway=True)
        with pytest.raises(ActionDenied, match="No room"):
            actions.move_session(course=course, booking=bookings(course)[4], wish=wish, now=timezone.now(), actor=therapist)
    assert bookings(course)[4].day != day
