"""A desk at a fixed noon with patients who can be written to, for tests of what bookings write and what is told of them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from clinic.reminders.actions.sending import drain
from clinic.reminders.fields import DateLine
from clinic.reminders.models import Message, Told
from clinic.schedule.models import Booking
from clinic.staff.models import Clinic
from tests.clinic.reminders.sending_scene import Kept, agrees, way
from tests.clinic.schedule.desk import Desk

NOON = datetime.fromisoformat("2026-11-16T12:00:00+01:00")  # a Monday
DAY = date(2026, 11, 25)  # the Wednesday of the week after


class Clock:
    """Stands still until it is moved."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self.traveller = traveller

    def to(self, wall: str) -> None:
        """To a time by the clinic's clock, "2026-11-24 18:00"."""
        self.traveller.move_to(datetime.fromisoformat(wall).replace(tzinfo=NOON.tzinfo))

    def on(self, **more: float) -> None:
        self.traveller.shift(timedelta(**more))


@pytest.fixture
def clock() -> Iterator[Clock]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield Clock(traveller)


@pytest.fixture
def desk(db: None, clock: Clock, clinic: Clinic) -> Desk:
    """Two patients who agreed to e-mail; places are for the 25th of November."""
    assert clinic.time_zone == "Europe/Berlin"
    desk = Desk(clinic)
    desk.day = DAY
    for number, patient in enumerate(desk.patients):
        patient.email = f"reader{number}@mail.test"
        patient.save()
        agrees(patient, "email")
    return desk


def rows(kind: str, **which: Any) -> list[Message]:
    return list(Message.objects.filter(kind=kind, **which).order_by("pk"))


def shown(moment: datetime) -> str:
    """By the clinic's clock, without the month."""
    return f"{moment.astimezone(NOON.tzinfo):%d. %H:%M}"


def due(**which: Any) -> dict[str, str]:
    """When each message that waits is due."""
    return {row.kind: shown(row.due_at) for row in Message.objects.filter(state="waiting", **which)}


def reasons(kind: str) -> list[str]:
    """Why messages of this kind were not sent, in their order."""
    return [row.drop_reason for row in rows(kind, state="dropped")]


def was_told(*bookings: Booking, **more: Any) -> None:
    """Their patients know of these dates, for some days already."""
    for booking in bookings:
        fields = {"starts_at": booking.starts_at, "site": booking.room.site, "told_at": timezone.now() - timedelta(days=3), **more}
        Told.objects.update_or_create(booking=booking, defaults=fields)
    Message.objects.filter(kind="dates", state="waiting").delete()


def line(each: DateLine) -> str:
    """ "25. 10:00 moved from 24. 09:00"."""
    was = f" from {each.was[0]:%d}. {each.was[1]:%H:%M}" if each.was else ""
    return f"{each.day:%d}. {each.clock:%H:%M} {each.mark}{was}".strip()


__all__ = ["DAY", "NOON", "Clock", "Kept", "clock", "desk", "drain", "due", "line", "reasons", "rows", "shown", "was_told", "way"]
