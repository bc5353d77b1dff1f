"""Several who book for one patient at one moment, while a worker sends: one message waits, nobody waits for ever, nothing is forgotten."""

from datetime import time, timedelta
from functools import partial

import pytest
from django.utils import timezone

from clinic.reminders.actions.sending import drain
from clinic.reminders.models import Message, Told
from clinic.reminders.queries.news import dates_to_tell
from clinic.schedule.models import Booking
from clinic.staff.models import Clinic
from tests.clinic.reminders.sending_scene import Kept, agrees, way
from tests.clinic.schedule.desk import Desk, to
from tests.trust.test_two_at_the_same_moment import at_once

__all__ = ["way"]  # a fixture

pytestmark = pytest.mark.django_db(transaction=True)


def test_all_who_book_for_one_patient_write_into_one_message_and_nothing_is_lost_beside_a_worker(clinic: Clinic, way: type[Kept]) -> None:
    desk = Desk(clinic)
    patient = desk.patients[0]
    patient.email = "reader@mail.test"
    patient.save()
    agrees(patient, "email")
    later = timezone.now().replace(hour=12) + timedelta(days=1)  # for workers the grace is over, and the night too
    first = desk.book(*(desk.place(0, number, number, clock=time(8 + number)) for number in (0, 1)))
    deeds = [partial(desk.book, desk.place(0, number % 2, number % 2, clock=time(10 + number))) for number in range(6)]
    deeds += [partial(desk.move, to(first[0], clock=time(17))), partial(desk.release, first[1])]
    assert at_once(*deeds, *(partial(drain, now=later) for _one in range(2))) == ["done"] * 10
    assert Message.objects.filter(kind="dates", state="waiting").count() <= 1
    taken = Booking.objects.filter(is_taken=True)
    assert Message.objects.filter(kind="reminder-hours", state="waiting", booking__in=taken).count() == taken.count() == 7
    assert not Message.objects.filter(booking=first[1], state="waiting").exists()
    drain(now=later)
    drain(now=later + timedelta(minutes=20))
    assert not any(each.line.mark for each in dates_to_tell([patient.pk], later)[patient.pk])
    assert set(Told.objects.filter(is_off=False).values_list("booking", flat=True)) == set(taken.values_list("pk", flat=True))
    assert way.letters
