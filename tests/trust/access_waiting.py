"""Rows of the access matrix for subscribed calendars and the waiting list. See access.py."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from clinic.courses.models import Offer, Waiting
from clinic.schedule.actions.feeds import make_own_feed
from clinic.schedule.models import Feed
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import PUBLIC, Actor
from tests.clinic.schedule.booked import a_booking
from tests.factories import a_course, a_member, a_patient
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


def a_wait_of(clinic: Clinic) -> Waiting:
    """Somebody who waits, with words in every free field that occur nowhere else."""
    patient = a_patient(clinic=clinic, family_name="Canarova", phone="+49 555 0199", notes="canary-in-the-notes")
    course, first = a_course(patient=patient, count=2), clinic.today()
    by = course.planned_by
    return Waiting.objects.create(course=course, first_on=first, last_on=first + timedelta(days=20), note="canary-in-the-wish", added_by=by)


def a_waiting(clinic: Clinic) -> Thing:
    return Thing({"pk": a_wait_of(clinic).pk}, (*CANARIES, "canary-in-the-wish"))


def a_course_that_waits(clinic: Clinic) -> Thing:
    return Thing({"pk": a_wait_of(clinic).course_id}, (*CANARIES, "canary-in-the-wish"))


def an_offer(clinic: Clinic) -> Thing:
    """A place held for somebody who waits, for a quarter of an hour from now."""
    waiting, until = a_wait_of(clinic), timezone.now() + timedelta(minutes=15)
    patient, therapist = waiting.course.patient, a_member(clinic=clinic)
    hold = a_booking(patient=patient, therapist=therapist, day=clinic.today() + timedelta(days=3), state="held", held_until=until)
    session = waiting.course.sessions.get(number=1)
    offer = Offer.objects.create(waiting=waiting, session=session, booking=hold, offered_by=therapist, expires_at=until)
    return Thing({"pk": offer.pk}, (*CANARIES, "canary-in-the-wish"))


WAITING_THINGS: dict[str, Callable[[Clinic], Thing]] = {
    "feed": a_feed_of,
    "waiting": a_waiting,
    "waiting-listed": lambda clinic: Thing({}, a_waiting(clinic).canaries),
    "course-that-waits": a_course_that_waits,
    "offer": an_offer,
}
WAITING_ROWS: dict[str, Any] = {
    "feeds:calendar": Row((PUBLIC,), thing="feed"),
    "feeds:mine": Row(TREAT, FORM),
    "feeds:mine-end": Row(TREAT, {"POST": 303}),
    "feeds:patient": Row(BOOK, {"GET": 200, "POST": 200}, thing="patient", seen=True, repeats="without its token"),
    "feeds:patient-end": Row(BOOK, {"POST": 303}, thing="patient"),
    "calendar:waiting": Row(BOOK, thing="waiting-listed"),
    "calendar:waiting-new": Row(BOOK, FORM, thing="course-that-waits", seen=True),
    "calendar:waiting-withdraw": Row(BOOK, {"POST": 303}, thing="waiting"),
    "calendar:offer-new": Row(BOOK, {"POST": 403}, thing="waiting"),
    "calendar:offer": Row(BOOK, thing="offer", seen=True),
    "calendar:offer-answer": Row(BOOK, {"POST": 303}, thing="offer", data={"answer": "declined"}),
}
