"""Nobody is booked twice at one time: the actions say whose time it is, and behind them the database refuses whatever they miss."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import combinations, product
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction

from clinic.audit.models import AuditLine, ChainHead
from clinic.schedule.actions import SlotTaken, StaleBooking
from clinic.schedule.models import Booking, BookingChange
from clinic.staff.models import Clinic, Role, StaffProfile
from clinic.staff.permissions import ActionDenied
from tests.clinic.schedule.desk import Desk, to
from tests.factories import an_actor
from tests.schedule_factories import a_booking, a_device, a_key, a_place, a_room, a_workday

pytestmark = pytest.mark.django_db

RESOURCES = ("therapist", "room", "device", "patient")


@pytest.fixture
def desk(clinic: Clinic) -> Desk:
    return Desk(clinic)


def refused(deed: Callable[[], Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        deed()


# The database ---------------------------------------------------------------------------------------------------------------
def test_the_database_keeps_bookings_of_each_resource_apart_and_lets_them_touch(desk: Desk) -> None:
    who, other = desk.who(0), desk.who(1)
    first = a_booking(**who)
    a_booking(**who, clock=time(10, 35))  # half open: what touches does not overlap; 10:00 + 30 minutes + 5 of turnover
    for resource in ("patient", "therapist", "room"):
        refused(partial(a_booking, **{**other, resource: who[resource]}, clock=time(10, 15)))
    a_booking(**{**other, "patient": who["patient"]}, clock=time(11, 5), minutes=10)  # a patient need not wait for the turnover
    refused(lambda: a_booking(**{**other, "room": who["room"]}, clock=time(10, 30), minutes=5, turnover=0))
    released = a_booking(**who, state="released")
    refused(lambda: Booking.objects.filter(pk=released.pk).update(state="booked", is_taken=True, released_at=None, release_reason=""))
    refused(lambda: Booking.objects.filter(pk=first.pk).update(free_at=first.free_at + timedelta(minutes=1)))
    Booking.objects.filter(pk=first.pk).update(starts_at=first.starts_at - timedelta(minutes=5))  # over its own old place


def test_what_has_no_device_never_meets_another_device(desk: Desk) -> None:
    device = a_device(site=desk.site)
    one, two = (a_booking(**desk.who(number)) for number in (0, 1))
    Booking.objects.filter(pk=one.pk).update(device=device)
    refused(lambda: Booking.objects.filter(pk=two.pk).update(device=device))


def test_the_database_refuses_exactly_what_overlaps_wherever_three_bookings_are_moved_to(desk: Desk) -> None:
    device = a_device(site=desk.site)
    rows = [a_booking(**desk.who(number % 2), device=device, clock=time(10 + 2 * number)) for number in range(3)]
    hour, begins = timedelta(hours=1), rows[0].starts_at - timedelta(days=1)
    pieces = [(begins + start * hour, begins + end * hour) for start, end in combinations(range(4), 2)]
    for aims in product(pieces, repeat=3):
        with transaction.atomic():
            there: list[tuple[datetime, datetime]] = []
            for row, (start, end) in zip(rows, aims, strict=True):
                is_refused = not _moved(row, start, end)
                assert is_refused == any(start < other_end and end > other_start for other_start, other_end in there), aims
                there += [] if is_refused else [(start, end)]
            transaction.set_rollback(True)


def _moved(row: Booking, start: datetime, end: datetime) -> bool:
    try:
        with transaction.atomic():
            return bool(Booking.objects.filter(pk=row.pk).update(starts_at=start, ends_at=end, free_at=end))
    except IntegrityError:
        return False


@pytest.mark.same_everywhere
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its own index for it")
def test_the_guard_finds_a_clash_without_reading_what_was(desk: Desk) -> None:
    a_booking(**desk.who(), device=a_device(site=desk.site))
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'a_%_at_a_time_%'")
        guards = [sql for (sql,) in cursor.fetchall()]
        read = Counter[str]()
        for guard in guards:
            asked = re.sub(r'(NEW|OLD)\."?\w+"?', "1", guard[guard.index("(SELECT") + 1 : guard.index("LIMIT 1") + len("LIMIT 1")])
            cursor.execute(f"EXPLAIN QUERY PLAN {asked}")
            plan = " ".join(row[-1] for row in cursor.fetchall())
            read.update(each for each in RESOURCES if f"bookings_of_a_{each} ({each}_id=? AND starts_at<?)" in plan)
            assert "TEMP B-TREE" not in plan
    assert read == dict.fromkeys(RESOURCES, 2), "for each of them one guard that watches what is added, and one what is changed"


@pytest.mark.same_everywhere
@pytest.mark.skipif(connection.vendor != "sqlite", reason="on PostgreSQL the plan of a small table says nothing")
def test_what_a_request_holds_is_found_without_reading_what_was(desk: Desk) -> None:
    a_booking(**desk.who())
    assert "bookings_by_their_key (clinic_id=? AND key=?)" in Booking.objects.filter(clinic=desk.clinic, key="one").explain()


def test_bulk_create_and_full_clean_meet_the_same_guard(desk: Desk) -> None:
    first = a_booking(**desk.who())
    copies = [Booking.objects.get(pk=first.pk) for _copy in range(2)]
    for number, each in enumerate(copies):
        each.pk, each.starts_at, each.ends_at, each.free_at = (
            None,
            *(moment + timedelta(hours=2, minutes=10 * number) for moment in (first.starts_at, first.ends_at, first.free_at)),
        )
    refused(lambda: Booking.objects.bulk_create(copies))
    copies[0].save(force_insert=True)
    with pytest.raises(ValidationError, match="already has a session"):
        copies[1].full_clean()
    copies[0].full_clean()


@pytest.mark.django_db(transaction=True)
def test_the_guard_outlives_a_change_of_the_table(clinic: Clinic) -> None:
    desk = Desk(clinic)
    row = desk.who()
    a_booking(**row)
    old = Booking._meta.get_field("label")
    new: Any = models.CharField(max_length=61, blank=True)
    new.set_attributes_from_name("label")
    new.model = Booking
    with connection.schema_editor() as editor:
        editor.alter_field(Booking, old, new)
    refused(lambda: a_booking(**row, clock=time(10, 5)))
    with connection.schema_editor() as editor:
        editor.alter_field(Booking, new, old)
    refused(lambda: a_booking(**row, clock=time(10, 5)))


# Whose time it is -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("wanted", "resource", "sentence"),
    [
        ({"patient": 1, "room": 1}, "therapist", "The therapist Maria Stein already has a session on 5 Mar 2040 from 10:00 to 10:35."),
        ({"patient": 1, "therapist": 1}, "room", "The room Blue is in use on 5 Mar 2040 from 10:00 to 10:35."),
        ({"therapist": 1, "room": 1}, "patient", "The patient Weber Anna already has a session on 5 Mar 2040 from 10:00 to 10:30."),
    ],
)
def test_a_refusal_says_whose_time_it_is(wanted: dict[str, Any], resource: str, sentence: str, desk: Desk) -> None:
    desk.day = date(2040, 3, 5)
    desk.book(desk.place())
    with pytest.raises(SlotTaken) as denied:
        desk.book(desk.place(**wanted, clock=time(12)), desk.place(**wanted, clock=time(10, 20)))
    assert (denied.value.resource, denied.value.place) == (resource, 1)
    assert denied.value.sentence == sentence
    assert Booking.objects.count() == 1  # all or nothing


def test_a_device_is_in_one_room_at_a_time(desk: Desk) -> None:
    device = a_device(site=desk.site, name="Vacuum")
    desk.book(desk.place(device_id=device.pk))
    with pytest.raises(SlotTaken, match="The device Vacuum is in use"):
        desk.book(desk.place(1, 1, 1, device_id=device.pk))


def test_what_only_the_database_notices_is_a_sentence_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.book(desk.place())
    monkeypatch.setattr("clinic.schedule.actions.placing.check_free", lambda *_wanted, **_now: None)
    cases: tuple[tuple[dict[str, Any], str], ...] = (({"patient": 1, "room": 1}, "therapist"), ({"patient": 1, "therapist": 1}, "room"))
    for wanted, resource in cases:
        with pytest.raises(SlotTaken) as denied:
            desk.book(desk.place(**wanted))
        assert denied.value.resource == resource
        assert "at that time" in denied.value.sentence


def test_two_places_of_one_request_are_kept_apart(desk: Desk) -> None:
    with pytest.raises(SlotTaken):
        desk.book(desk.place(), desk.place(patient=1, room=1, clock=time(10, 15)))
    assert not Booking.objects.exists()


# What is refused ------------------------------------------------------------------------------------------------------------
def test_another_clinic_s_people_and_rooms_are_refused(desk: Desk, other_clinic: Clinic) -> None:
    there = Desk(other_clinic)
    fixed = a_device(site=desk.site, room=desk.rooms[1])
    idle = a_room(site=desk.site, is_active=False)
    places: dict[str, dict[str, Any]] = {
        "patient": {"patient": there.patients[0]},
        "therapist": {"therapist": there.therapists[0]},
        "room": {"room": there.rooms[0]},
        "room of this clinic": {"room": idle},
        "device": {"device_id": a_device(site=there.site).pk},
        "device that can": {"device_id": fixed.pk},
    }
    for words, change in places.items():
        with pytest.raises(ActionDenied, match=words):
            desk.book(a_place(**{**desk.who(), **change}))
    booking = there.book(there.place())[0]
    for deed in (lambda: desk.move(to(booking, clock=time(12))), lambda: desk.release(booking)):
        with pytest.raises(ActionDenied, match="this clinic"):
            deed()
    assert Booking.objects.count() == 1


def test_nobody_hears_from_a_refusal_who_is_booked_at_another_clinic(desk: Desk, other_clinic: Clinic) -> None:
    there = Desk(other_clinic)
    there.book(there.place())
    for foreign in ({"patient": there.patients[0]}, {"therapist": there.therapists[0]}, {"room": there.rooms[0]}):
        with pytest.raises(ActionDenied, match="of this clinic") as denied:
            desk.book(a_place(**{**desk.who(), **foreign}))
        assert not isinstance(denied.value, SlotTaken)


def test_only_who_may_use_the_calendar_books(desk: Desk) -> None:
    desk.admin = an_actor(clinic=desk.clinic, roles=(Role.AUDITOR,))
    with pytest.raises(ActionDenied, match="may use the calendar"):
        desk.book(desk.place())


def test_a_past_time_is_refused_unless_it_is_written_down_afterwards(desk: Desk) -> None:
    desk.day = a_workday(clinic=desk.clinic, ahead=-20)
    with pytest.raises(ActionDenied, match="has passed"):
        desk.book(desk.place())
    booking = desk.book(desk.place(), allow_past=True)[0]
    with pytest.raises(ActionDenied, match="has passed"):
        desk.move(to(booking, clock=time(12)))


def test_who_has_not_learned_it_is_not_booked_for_it(desk: Desk) -> None:
    with pytest.raises(ActionDenied, match="Maria Stein does not have the qualification"):
        desk.book(desk.place(needs=("children",)))
    StaffProfile.objects.create(user=desk.therapists[0], clinic=desk.clinic, sex="female", qualifications=["children"])
    booking = desk.book(desk.place(needs=("children",)))[0]
    with pytest.raises(ActionDenied, match="Jonas Holm does not"):
        desk.move(to(booking, therapist_id=desk.therapists[1].pk))


# Moving and releasing -------------------------------------------------------------------------------------------------------
def test_a_moved_booking_keeps_its_number_and_its_story(desk: Desk) -> None:
    booking = desk.book(desk.place())[0]
    [moved] = desk.move(to(booking, clock=time(10, 15), room_id=desk.rooms[1].pk))  # over its own old place
    now = Booking.objects.get()
    assert (now.pk, now.clock, now.room_id, now.sequence, now.minutes) == (booking.pk, time(10, 15), desk.rooms[1].pk, 1, 30)
    assert moved.room.name == "Green"
    change = BookingChange.objects.get(kind="moved")
    assert (change.before["clock"], change.after["clock"], change.reason, change.by) == ("10:00", "10:15", "patient-wish", desk.admin.user)
    desk.book(desk.place(1, 1, 0))  # the old room is free again


@pytest.mark.parametrize("count", [2, 3])
def test_bookings_change_places_with_each_other(count: int, desk: Desk) -> None:
    clocks = [time(9 + number) for number in range(count)]
    booked = desk.book(*(desk.place(clock=clock) for clock in clocks))
    desk.move(*(to(each, clock=clocks[(number + 1) % count]) for number, each in enumerate(booked)))
    assert list(Booking.objects.order_by("pk").values_list("clock", flat=True)) == clocks[1:] + clocks[:1]
    assert Booking.objects.filter(starts_at__year__gt=3000).count() == 0


def test_a_move_that_cannot_be_moves_nothing(desk: Desk) -> None:
    one, two = desk.book(desk.place(), desk.place(clock=time(12)))
    desk.book(desk.place(1, clock=time(15)))
    with pytest.raises(SlotTaken):
        desk.move(to(one, clock=time(12)), to(two, clock=time(15, 20)))
    with pytest.raises(SlotTaken):
        desk.move(to(one, clock=time(14)), to(two, clock=time(14, 10)))
    assert set(Booking.objects.values_list("sequence", flat=True)) == {0}


def test_who_looks_at_an_old_place_changes_nothing(desk: Desk) -> None:
    booking = desk.book(desk.place())[0]
    desk.move(to(booking, clock=time(12)))
    for deed in (lambda: desk.move(to(booking, clock=time(14))), lambda: desk.release(booking)):
        with pytest.raises(StaleBooking, match="in the meantime"):
            deed()


def test_a_released_place_is_free_and_a_second_release_does_nothing(desk: Desk) -> None:
    booking = desk.book(desk.place())[0]
    assert desk.release(booking) == [booking]
    assert desk.release(booking) == []
    desk.book(desk.place(1))
    assert BookingChange.objects.filter(kind="released", reason="patient-wish").count() == 1
    with pytest.raises(StaleBooking):
        desk.move(to(booking, clock=time(12)))


def test_one_line_in_the_audit_for_each_patient(desk: Desk) -> None:
    key = a_key()
    booked = desk.book(desk.place(), desk.place(clock=time(12)), desk.place(1, 1, 1), key=key)
    lines = AuditLine.objects.filter(verb="booked-dates").order_by("pk")
    assert [line.details["bookings"] for line in lines] == [[booked[0].pk, booked[1].pk], [booked[2].pk]]
    assert [line.subject_type for line in lines] == ["schedule.booking"] * 2


def test_a_course_of_twelve_costs_few_statements(desk: Desk, django_assert_max_num_queries: Any) -> None:
    days = [desk.day + timedelta(days=7 * number) for number in range(12)]
    places = [desk.place(day=day) for day in days]
    ChainHead.objects.get_or_create(pk=1)  # the first line of an audit costs three more, once
    # With what is told of them, and whether the record is restricted; PostgreSQL looks again after it has waited.
    with django_assert_max_num_queries(20):
        desk.book(*places)
