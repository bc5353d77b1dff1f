"""A day planned anew: everybody where they can be treated, nothing moved before somebody has confirmed it."""

from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from clinic.courses.calendar.actions.replanning import ask_replanning, confirm_replanning, run_replanning, stop_replanning
from clinic.courses.calendar.optimising import Booked, cost_now, day_from, plan_around
from clinic.courses.calendar.queries.affected import conflicts
from clinic.courses.calendar.rehoming import Affected
from clinic.courses.models import Replanning
from clinic.schedule.models import Booking
from clinic.schedule.proposing import replan_day
from clinic.schedule.proposing.day_values import UNPLACED
from clinic.schedule.proposing.values import Calendar, Place, Shift, Slot
from clinic.staff.models import Clinic
from clinic.staff.permissions import ActionDenied
from tests.clinic.calendar.ill_day import House, a_house

DAY = date(2026, 3, 2)
MORNING = ((1 << 24) - 1) << 96  # from 08:00 to 10:00
ILL, CARLA = 1, 2


def booked(number: int, cell: int, room: int) -> Booked:
    session = Affected(number, number, Slot(DAY, cell, ILL, room, 1), cells=6, minutes=20)
    return Booked(session, (ILL, CARLA), ILL)


def test_nobody_gets_the_room_of_a_session_that_finds_no_place() -> None:
    shifts = {(CARLA, DAY): (Shift(CARLA, DAY, 1, MORNING, MORNING, minutes_left=40),)}
    calendar = Calendar((DAY,), shifts, {(1, DAY): (Place(7, 1, DAY, MORNING),)})
    three = [booked(1, 96, 7), booked(2, 102, 7), booked(3, 108, 7)]
    day = day_from(calendar, three, 3)
    assert cost_now(day, three) == 3 * UNPLACED
    plan = plan_around(day, three, replan_day)
    (left,) = plan.unplaced
    stays = three[left - 1].session.slot.cell
    assert len(plan.places) == 2
    assert all(place.cell + 6 <= stays or stays + 6 <= place.cell for place in plan.places.values())
    assert plan.cost >= UNPLACED


@pytest.fixture
def house(clinic: Clinic) -> House:
    return a_house(clinic)


@pytest.mark.django_db
def test_a_run_moves_nothing_until_it_is_confirmed_and_then_everything_at_once(house: House) -> None:
    carla = house.colleague()
    course = house.course("Adler", time(9))
    house.absence()
    run = ask_replanning(day=house.day, now=timezone.now(), actor=house.admin)
    with pytest.raises(ActionDenied):
        ask_replanning(day=house.day, now=timezone.now(), actor=house.admin)
    run_replanning(pk=run.pk, now=timezone.now())
    run.refresh_from_db()
    assert (run.state, run.cost_before) == (Replanning.State.DONE, UNPLACED)
    assert run.bound <= run.cost < UNPLACED
    assert not Booking.objects.filter(sequence__gt=0).exists()
    key = confirm_replanning(replanning=run, now=timezone.now(), actor=house.admin)
    assert house.bookings_of(course)[0].therapist == carla
    assert conflicts(house.clinic) == ()
    assert confirm_replanning(replanning=run, now=timezone.now(), actor=house.admin) == key
    assert house.bookings_of(course)[0].sequence == 1


@pytest.mark.django_db
def test_a_plan_of_a_day_that_has_changed_since_is_confirmed_no_more(house: House) -> None:
    house.colleague()
    house.course("Adler", time(9))
    house.absence()
    run = ask_replanning(day=house.day, now=timezone.now(), actor=house.admin)
    run_replanning(pk=run.pk, now=timezone.now())
    run.refresh_from_db()
    house.course("Brandt", time(11))
    with pytest.raises(ActionDenied, match="changed since"):
        confirm_replanning(replanning=run, now=timezone.now(), actor=house.admin)


@pytest.mark.django_db
def test_a_run_that_was_stopped_ends_with_what_it_has_and_a_closed_day_gets_none(house: House) -> None:
    house.course("Adler", time(9))
    run = ask_replanning(day=house.day, now=timezone.now(), actor=house.admin)
    stop_replanning(replanning=run, actor=house.admin)
    run_replanning(pk=run.pk, now=timezone.now())
    run.refresh_from_db()
    assert run.is_over
    assert run.cost == run.bound == run.cost_before == 0
    with pytest.raises(ActionDenied):
        ask_replanning(day=house.day + timedelta(days=(5 - house.day.weekday()) % 7), now=timezone.now(), actor=house.admin)


@pytest.mark.django_db
def test_a_run_whose_worker_was_killed_does_not_stand_in_the_way_for_ever(house: House) -> None:
    house.course("Adler", time(9))
    left = ask_replanning(day=house.day, now=timezone.now(), actor=house.admin)
    Replanning.objects.filter(pk=left.pk).update(state="running", asked_at=timezone.now() - timedelta(minutes=11))
    assert ask_replanning(day=house.day, now=timezone.now(), actor=house.admin).state == Replanning.State.WAITING
    left.refresh_from_db()
    assert left.state == Replanning.State.FAILED
