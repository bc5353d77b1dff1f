"""Patients who come again: a last course that is over, with how its last sessions were felt, and a doctor's referral written since."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from clinic.courses.models import Course, NextDay, Session, SessionRecord
from clinic.courses.states import AnswerSource, CourseState, SessionState
from clinic.staff.permissions import Actor
from patients.models import Patient, Referral
from protocols.method.edits import Edits, edits_to_json
from tests.factories import a_course, a_patient, an_intake
from tests.papers import a_written_referral

BACK: Mapping[str, Any] = {"condition": "osteochondrosis-lumbar", "stage": "remission", "inputs": {"pain_nrs": 3}}


def a_last_course(
    *,
    patient: Patient,
    actor: Actor,
    days_ago: int = 150,
    comfort: int | None = 8,
    next_day: int | None = 2,
    state: str = CourseState.FINISHED,
    edits: Edits | None = None,
    **plan: Any,
) -> Course:
    """A course that ended so many days ago, all of it given; the last two sessions felt like this (pain before was 2)."""
    course = a_course(patient=patient, actor=actor, **({**BACK, "count": 10} | plan))
    ended = course.planned_on - timedelta(days=days_ago)
    for session in course.sessions.order_by("number"):
        day = ended - timedelta(days=2 * (course.session_count - session.number))
        record = SessionRecord.objects.create(
            session=session, given_on=day, comfort=comfort, pain_before=2, pain_after=1, recorded_at=timezone.now(), recorded_by=actor.user
        )
        if next_day is not None and session.number > course.session_count - 2:
            NextDay.objects.create(record=record, pain=next_day, source=AnswerSource.TELEPHONE, answered_on=day, by=actor.user)
    Session.objects.filter(course=course).update(state=SessionState.DONE)
    by_hand = {"by_hand": edits_to_json(edits)} if edits else {}
    began = ended - timedelta(days=2 * course.session_count)
    Course.objects.filter(pk=course.pk).update(
        state=state, started_on=began, finished_on=ended, planned_on=began, request=course.request | by_hand
    )
    return Course.objects.get(pk=course.pk)


def referred(patient: Patient, actor: Actor, *, count: int = 10, **said: Any) -> Referral:
    """A referral for the condition of the last course, signed by a doctor today."""
    about = {"condition": BACK["condition"], "stage": BACK["stage"], "icd10": "M42.1", "session_count": count}
    return a_written_referral(patient=patient, state="signed", actor=actor, **(about | said))


def a_returning_patient(actor: Actor, *, count: int = 10, **last: Any) -> Patient:
    """Somebody with a completed intake, a last course that ended well, and a referral signed today."""
    patient = a_patient(clinic=actor.clinic, family_name="Sommer")
    an_intake(patient=patient, actor=actor)
    a_last_course(patient=patient, actor=actor, **last)
    referred(patient, actor, count=count)
    return patient
