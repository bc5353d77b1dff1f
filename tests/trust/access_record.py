"""Who may open the closing sheet of a session, its signed record, what was entered after an outage, and the locked screen."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from clinic.courses.actions import Felt, Outage, record_outage, record_session, start_session
from clinic.courses.models import Course
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import SIGNED_IN, Actor
from tests.factories import a_patient, a_running_course, an_actor
from tests.trust.rows import FORM, Row, Thing

TREAT = (Role.THERAPIST, Role.DOCTOR, Role.CLINICAL_LEAD)
CANARIES = ("Canarova", "Namecanary")


def _running(clinic: Clinic) -> tuple[Course, Actor]:
    actor = an_actor(clinic=clinic)
    patient = a_patient(clinic=clinic, family_name="Canarova", given_name="Namecanary")
    return a_running_course(patient=patient, actor=actor, count=2), actor


def a_begun_session(clinic: Clinic) -> Thing:
    """A session that somebody is giving."""
    course, actor = _running(clinic)
    about: dict[str, Any] = {"key": f"{course.pk:032x}", "version": course.version, "on": course.planned_on, "now": timezone.now()}
    return Thing({"pk": start_session(course=course, number=1, **about, actor=actor).pk}, CANARIES)


def a_signed_record(clinic: Clinic) -> Thing:
    """A session that was given, with words that occur nowhere else."""
    course, actor = _running(clinic)
    record = record_session(course=course, number=1, felt=Felt(note="canary-in-a-note"), on=course.planned_on, actor=actor)
    return Thing({"pk": record.pk}, (*CANARIES, "canary-in-a-note"))


def a_session_to_enter(clinic: Clinic) -> Thing:
    """A running course whose next session may have been given on paper."""
    return Thing({"pk": _running(clinic)[0].pk, "number": 1}, CANARIES)


def an_entered_outage(clinic: Clinic) -> Thing:
    """A session that was entered after an outage, as a list shows it."""
    course, actor = _running(clinic)
    outage = Outage(course.planned_on, actor.user, "canary-of-an-outage")
    record_outage(course=course, number=1, felt=Felt(), outage=outage, actor=actor)
    return Thing({}, (*CANARIES, "canary-of-an-outage"))


RECORD_THINGS: dict[str, Callable[[Clinic], Thing]] = {
    "begun-session": a_begun_session,
    "signed-record": a_signed_record,
    "session-to-enter": a_session_to_enter,
    "entered-outage": an_entered_outage,
}
RECORD_ROWS: dict[str, Row] = {
    # An empty form says that nobody saw what was given: it is shown again.
    "day:finish": Row(TREAT, FORM, thing="begun-session", seen=True),
    "day:draft": Row(TREAT, {"POST": 204}, thing="begun-session"),
    "day:record": Row(TREAT, thing="signed-record", seen=True),
    "day:addendum": Row(TREAT, {"POST": 422}, thing="signed-record"),
    "day:outage": Row(TREAT, FORM, thing="session-to-enter", seen=True),
    "day:outages": Row((Role.CLINICAL_LEAD,), thing="entered-outage"),
    "lock": Row((SIGNED_IN,), {"GET": 303, "POST": 303}),
    "pin": Row((SIGNED_IN,), FORM),
}
