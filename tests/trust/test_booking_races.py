"""Many who want one place at one moment: one gets it, the others are told (trust.md F1 to F4). The full size: ``manage.py verify race``."""

import pytest

from clinic.audit.actions import verify_chain
from clinic.schedule.actions import confirm_holds, release_expired_holds
from clinic.schedule.contest import a_ward, at_once, at_random, contest, contest_without_guard, overlaps, unguarded
from clinic.schedule.models import Booking
from clinic.schedule.proving_race import unreconciled
from clinic.staff.models import Clinic
from tests.clinic.schedule.desk import Desk, to
from tests.clinic.schedule.test_holds import KEY, after, until

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS, RUNS = 12, 3


def test_of_many_who_want_one_therapist_at_one_moment_one_is_booked_and_the_others_are_told() -> None:
    ward = a_ward(therapists=1, rooms=CLIENTS, patients=CLIENTS)
    for day in range(RUNS):
        assert contest(ward, day, CLIENTS).ends == {"booked": 1, "taken": CLIENTS - 1}
    assert Booking.objects.count() == RUNS
    assert verify_chain() is None


def test_without_the_guard_a_place_is_given_away_more_than_once_and_the_sweep_sees_it() -> None:
    """The positive control. It is forced: nobody books before all have looked; SQLite alone would let them pass one by one."""
    ward = a_ward(therapists=1, rooms=CLIENTS, patients=CLIENTS)
    with unguarded():
        assert contest_without_guard(ward, 0, CLIENTS, together=True).ends == {"booked": CLIENTS}
        assert overlaps() == {"therapist": CLIENTS * (CLIENTS - 1) // 2, "room": 0, "device": 0, "patient": 0}
    assert contest_without_guard(ward, 0, CLIENTS, together=True).ends == {"booked": 1, "refused": CLIENTS - 1}  # the guard is back


def test_whatever_several_do_at_random_nothing_overlaps_and_everything_is_accounted_for() -> None:
    ward = a_ward(therapists=3, rooms=2, patients=8)
    done = at_random(ward, workers=4, operations=20, days=2, seed=7)
    assert sum(done.ends.values()) == 80
    polite = ("booked", "moved", "released", "taken", "nothing", "StaleBooking")
    assert [end for end in done.ends if not end.startswith(polite)] == []
    assert not any(overlaps().values())
    assert unreconciled(ward, done) == {}
    assert verify_chain() is None


def test_two_who_exchange_the_same_bookings_the_other_way_round_never_wait_for_each_other(clinic: Clinic) -> None:
    desk = Desk(clinic)
    one, two = desk.book(desk.place(), desk.place(1, 1, 1))
    there = {"day": one.day, "clock": one.clock, "therapist_id": two.therapist_id, "room_id": two.room_id}
    here = {"day": two.day, "clock": two.clock, "therapist_id": one.therapist_id, "room_id": one.room_id}
    deeds = [lambda: desk.move(to(one, **there), to(two, **here)), lambda: desk.move(to(two, **here), to(one, **there))]
    ends = at_once([lambda deed=deed: len(deed()) and "moved" for deed in deeds]).ends  # type: ignore[misc]
    assert ends.pop("moved") == 1
    assert [end.split(":")[0] for end in ends] == ["StaleBooking"]


def test_a_hold_that_is_over_goes_to_one_of_those_who_want_it_and_never_back(clinic: Clinic) -> None:
    desk = Desk(clinic)
    desk.hold(desk.place(), key=KEY, until=until(1))

    def take() -> str:
        return "booked" if desk.book(desk.place(1)) else ""

    def confirm() -> str:
        return "confirmed" if confirm_holds(clinic=clinic, key=KEY, actor=desk.admin) else ""

    def clear() -> str:
        release_expired_holds(now=until(2))
        return "cleared"

    with after(2):
        ends = at_once([take, confirm, clear, take]).ends
    assert (ends["booked"], ends["confirmed"], ends["cleared"], ends["taken"]) == (1, 0, 1, 1)
    assert not any(overlaps().values())
