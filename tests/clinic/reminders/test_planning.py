"""What bookings write into the outbox: reminders, and one message about all that is new to a patient."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clinic.reminders.models import Message, MessageRules, MessageWishes, Told
from clinic.schedule.models import Booking
from clinic.staff.models import Clinic
from tests.clinic.schedule.desk import Desk, to
from tests.schedule_factories import a_key

NOON = datetime.fromisoformat("2026-11-16T12:00:00+01:00")  # a Monday
DAY = date(2026, 11, 25)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(db: None, clock: time_machine.Traveller, clinic: Clinic) -> Desk:
    assert clinic.time_zone == "Europe/Berlin"
    desk = Desk(clinic)
    desk.day = DAY
    return desk


def rows(desk: Desk, kind: str, **which: Any) -> list[Message]:
    return list(Message.objects.filter(clinic=desk.clinic, kind=kind, **which).order_by("pk"))


def shown(moment: datetime, clinic: Clinic) -> str:
    return f"{moment.astimezone(clinic.zone):%d. %H:%M}"


def due(desk: Desk, **which: Any) -> dict[str, str]:
    """When each message that waits is due, by the clinic's clock."""
    waiting = Message.objects.filter(clinic=desk.clinic, state="waiting", **which)
    return {row.kind: shown(row.due_at, desk.clinic) for row in waiting}


def told(booking: Booking, **more: Any) -> Told:
    fields = {"starts_at": booking.starts_at, "site": booking.room.site, "told_at": timezone.now(), **more}
    return Told.objects.update_or_create(booking=booking, defaults=fields)[0]


def sent(which: dict[str, Any]) -> None:
    Message.objects.filter(state="waiting", **which).update(state="sent", sent_at=timezone.now(), next_at=None)


# Booked -------------------------------------------------------------------------------------------------------------------------
def test_a_booked_date_is_told_after_the_grace_and_reminded_of_as_the_rules_say(desk: Desk) -> None:
    [booking] = desk.book(desk.place())
    assert due(desk) == {"dates": "16. 12:03", "reminder-day": "24. 18:00", "reminder-hours": "25. 08:00"}
    assert {row.not_after for row in Message.objects.all()} == {booking.starts_at}
    assert {row.about for row in Message.objects.all()} == {f"patient:{booking.patient_id}", f"booking:{booking.pk}"}


def test_what_is_only_held_tells_nobody_until_it_is_confirmed(desk: Desk) -> None:
    from clinic.schedule.actions import confirm_holds

    key = a_key()
    held = desk.hold(desk.place(), desk.place(1, 1, 1), key=key, until=timezone.now() + timedelta(minutes=10))
    desk.release(held[1])
    desk.move(to(held[0], clock=time(11)))
    assert not Message.objects.exists()
    confirm_holds(clinic=desk.clinic, key=key, actor=desk.admin)
    assert due(desk) == {"dates": "16. 12:03", "reminder-day": "24. 18:00", "reminder-hours": "25. 09:00"}
