"""A hold keeps its place until its time is over, and not a moment longer."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from clinic.audit.models import AuditLine
from clinic.schedule.actions import HoldOver, SlotTaken, confirm_holds
from clinic.schedule.models import Booking, BookingChange
from clinic.schedule.states import BookingState
from clinic.schedule.tasks import release_expired_holds
from clinic.staff.models import Clinic
from clinic.staff.permissions import ActionDenied
from tests.clinic.schedule.desk import Desk, to

pytestmark = pytest.mark.django_db
KEY = "5f0c"


@pytest.fixture
def desk(clinic: Clinic) -> Desk:
    return Desk(clinic)


def until(minutes: int = 10) -> datetime:
    return timezone.now() + timedelta(minutes=minutes)


def after(minutes: int) -> time_machine.travel:
    return time_machine.travel(until(minutes), tick=False)


def confirm(desk: Desk) -> list[Booking]:
    return confirm_holds(clinic=desk.clinic, key=KEY, actor=desk.admin)


def test_what_is_held_is_nobody_else_s_and_becomes_a_booking_once(desk: Desk) -> None:
    held = desk.hold(desk.place(), desk.place(clock=time(12)), key=KEY, until=until())
    with pytest.raises(SlotTaken):
        desk.book(desk.place(1))
    assert confirm(desk) == confirm(desk) == held
    assert set(Booking.objects.values_list("state", "held_until")) == {(BookingState.BOOKED, None)}
    assert list(BookingChange.objects.filter(booking=held[0]).values_list("kind", flat=True)) == ["held", "booked"]
    assert AuditLine.objects.filter(verb="confirmed-dates").count() == 1


def test_a_hold_that_is_over_is_anybody_s_before_a_clerk_has_cleared_it(desk: Desk) -> None:
    desk.hold(desk.place(), desk.place(clock=time(12)), key=KEY, until=until())
    with after(11):
        booked = desk.book(desk.place(1))
        assert Booking.objects.filter(is_taken=True).count() == 2  # the other hold is in nobody's way yet
        with pytest.raises(HoldOver):
            confirm(desk)
    assert AuditLine.objects.get(verb="booked-dates").details["ended"] == [booked[0].pk - 2]


def test_a_hold_that_is_over_is_not_confirmed_even_if_nobody_took_the_place(desk: Desk) -> None:
    desk.hold(desk.place(), key=KEY, until=until())
    with after(10), pytest.raises(HoldOver, match="not held any more"):
        confirm(desk)
    with pytest.raises(HoldOver):
        confirm_holds(clinic=desk.clinic, key="another", actor=desk.admin)


def test_the_worker_releases_what_is_over_and_nothing_else(desk: Desk) -> None:
    desk.hold(desk.place(), key=KEY, until=until(10))
    desk.hold(desk.place(1, 1, 1), key="later", until=until(20))
    desk.book(desk.place(clock=time(15)))
    assert release_expired_holds() == 0
    with after(12):
        assert (release_expired_holds(), release_expired_holds()) == (1, 0)
    ended = Booking.objects.get(key=KEY)
    assert (ended.state, ended.is_taken, ended.release_reason) == (BookingState.RELEASED, False, "expired")
    assert BookingChange.objects.get(booking=ended, kind="released").by is None
    assert AuditLine.objects.get(verb="ended-holds").clinic == desk.clinic


def test_rows_of_a_proposal_are_dropped_and_moved_while_they_are_held(desk: Desk) -> None:
    first, second, third = desk.hold(*(desk.place(clock=time(9 + n)) for n in range(3)), key=KEY, until=until())
    desk.release(first)
    desk.move(to(second, clock=time(15)))
    assert [each.clock for each in confirm(desk)] == [time(11), time(15)]
    assert third.state == BookingState.HELD  # as it was read
    assert Booking.objects.filter(key=KEY, state=BookingState.BOOKED).count() == 2


def test_a_hold_of_another_clinic_is_not_confirmed(desk: Desk, other_clinic: Clinic) -> None:
    desk.hold(desk.place(), key=KEY, until=until())
    there = Desk(other_clinic)
    with pytest.raises(ActionDenied):
        confirm_holds(clinic=desk.clinic, key=KEY, actor=there.admin)
    with pytest.raises(HoldOver):
        confirm_holds(clinic=there.clinic, key=KEY, actor=there.admin)
