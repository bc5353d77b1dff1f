"""Rows of the access matrix for subscribed calendars and the waiting list. See access.py."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from clinic.schedule.actions.feeds import make_own_feed
from clinic.schedule.models import Feed
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import PUBLIC, Actor
from tests.clinic.schedule.booked import a_booking
from tests.factories import a_member, a_patient
from tests.trust.rows import FORM, Row, Thing

BOOK = (Role.THERAPIST, Role.ADMIN, Role.DOCTOR, Role.CLINICAL_LEAD)
TREAT = (Role.THERAPIST, Role.DOCTOR, Role.CLINICAL_LEAD)
CANARIES = ("Canarova", "555 0199", "canary-in-the-notes")


def a_feed_of(clinic: Clinic) -> Thing:
    """A therapist's calendar with one session of somebody whose name and telephone occur nowhere else, fetched a moment ago."""
    therapist = a_member(clinic=clinic)
    _feed, token = make_own_feed(shows_initials=True, actor=Actor(therapist, clinic, frozenset({"therapist"})))
    Feed.objects.update(read_at=timezone.now())
    patient = a_patient(clinic=clinic, family_name="Canarova", phone="+49 555 0199", notes="canary-in-the-notes")
    a_booking(patient=patient, therapist=therapist, day=clinic.today())
    return Thing({"token": token}, CANARIES)


WAITING_THINGS: dict[str, Callable[[Clinic], Thing]] = {"feed": a_feed_of}
WAITING_ROWS: dict[str, Any] = {
    "feeds:calendar": Row((PUBLIC,), thing="feed"),
    "feeds:mine": Row(TREAT, FORM),
    "feeds:mine-end": Row(TREAT, {"POST": 303}),
    "feeds:patient": Row(BOOK, {"GET": 200, "POST": 200}, thing="patient", seen=True),
    "feeds:patient-end": Row(BOOK, {"POST": 303}, thing="patient"),
}
