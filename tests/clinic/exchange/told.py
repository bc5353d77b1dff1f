"""A course with one of everything that an export tells, each with words that occur nowhere else."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from clinic.courses.models import (
    Addendum,
    BodyChart,
    Consent,
    ConsentWithdrawal,
    Course,
    MeasureValue,
    NextDay,
    Session,
    SessionMove,
    SessionRecord,
)
from clinic.courses.states import SessionState
from clinic.staff.models import Clinic, Role, StaffProfile
from clinic.staff.permissions import Actor
from patients.models import Patient
from tests.factories import a_course, a_patient, an_actor
from tests.papers import a_written_referral
from tests.schedule_factories import a_booking

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
NAME = "Canarova"
NOTE = "canary-in-a-note <b>&amp; & \x07\u00a0bell"


def a_told_course(clinic: Clinic, *, family_name: str = NAME) -> Course:
    """A running course of three sessions: one given with everything said of it, one missed, one booked."""
    actor = an_actor(clinic=clinic)
    StaffProfile.objects.create(user=actor.user, clinic=clinic, title="Dr", licence="L-1")
    patient = a_patient(
        clinic=clinic, family_name=family_name, phone="+49 555 0199", email="canary@clinic.test", guardian_name="Canary Guardian",
        registered_by=actor.user,
    )  # fmt: skip
    course = a_course(patient=patient, actor=actor, count=3)
    doctor = an_actor(clinic=clinic, roles=(Role.DOCTOR,))
    said: dict[str, Any] = {"diagnosis": "canary-diagnosis", "zones_barred": [["nape", "left"]], "pressure_max": 2}
    referral = a_written_referral(patient=patient, state="signed", actor=actor, doctor=doctor, **said)
    course.referral, course.state, course.started_on = referral, "running", course.planned_on
    course.therapist = actor.user
    course.save()
    first, second, third = course.sessions.order_by("number")
    _given(course, first, actor)
    _lost(second, patient, actor)
    third.booking = a_booking(patient=patient, therapist=actor.user, clock=time(11))
    third.state = SessionState.BOOKED
    third.save()
    a_booking(patient=patient, therapist=actor.user, clock=time(15))  # of no session
    _agreed(course, actor)
    return course


def _given(course: Course, session: Session, actor: Actor) -> None:
    began = AT - timedelta(days=1)
    record = SessionRecord.objects.create(
        session=session, given_on=began.date(), given_by=actor.user, started_at=began, ended_at=began + timedelta(minutes=30), comfort=8,
        pain_before=6, pain_after=4, wellbeing=7, warmth="pleasant", hurts=[{"zone": "nape", "side": "left", "row": 0}],
        reactions=["soreness", "bruise"], readings={"systolic-before": 130, "pulse-after": 70, "peak-flow-after": 85}, bad_reaction=True,
        note=NOTE, recorded_at=AT, recorded_by=actor.user, stop_reason="pain", is_as_planned=False,
        rows=[{"row": 0, "planned": 60, "given": 30, "reason": "", "words": ""}, {"row": 1, "planned": 60, "given": 0, "reason": "pain",
              "words": "canary"}],
    )  # fmt: skip
    Session.objects.filter(pk=session.pk).update(state=SessionState.DONE)
    Addendum.objects.create(record=record, reason="later", text="canary-addendum", by=actor.user)
    NextDay.objects.create(record=record, pain=3, has_skin_or_swelling=True, source="asked", answered_on=AT.date(), by=actor.user)
    day = {"course": course, "measured_on": AT.date(), "moment": "start", "edition": course.edition, "by": actor.user}
    wrong = MeasureValue.objects.create(measure="pain-nrs", value=Decimal(9), **day)
    MeasureValue.objects.create(measure="pain-nrs", value=Decimal(6), replaces=wrong, reason="canary-slip", **day)
    MeasureValue.objects.create(measure="temperature", value=Decimal("36.60"), **day)
    MeasureValue.objects.create(measure="joint-range", side="left", value=Decimal("90.5"), words="with care", **day)
    MeasureValue.objects.create(measure="posture-photographs", words="straighter", **day)
    MeasureValue.objects.create(measure="gone-from-the-library", value=Decimal(2), **day)
    marks = [{"zone": "nape", "side": "left", "kind": kind, "level": None, "note": ""} for kind in ("pain", "pain", "scar")]
    BodyChart.objects.create(course=course, marks=marks, drawn_on=AT.date(), edition=course.edition, by=actor.user)


def _lost(session: Session, patient: Patient, actor: Actor) -> None:
    booking = a_booking(patient=patient, therapist=actor.user, clock=time(9), state="released", is_taken=False, release_reason="missed")
    Session.objects.filter(pk=session.pk).update(state=SessionState.MISSED)
    SessionMove.objects.create(session=session, before="booked", after="missed", happened_on=AT.date(), booking=booking, by=actor.user)


def _agreed(course: Course, actor: Actor) -> None:
    scope = {"places": [["nape", "both"]], "families": ["stroking"], "techniques": ["planar-superficial"], "supplements": []}
    sheet = {"course_version": 1, "course_digest": "", "language": "en", "way": "paper", "given_on": AT.date(), "recorded_by": actor.user}
    for name, given_as in (("Canary Guardian", "guardian"), (course.patient.full_name, "patient")):
        sections = [{"heading": "What is planned", "lines": ["canary-sheet"]}]
        consent = Consent.objects.create(course=course, scope=scope, sections=sections, given_by_name=name, given_as=given_as, **sheet)
    ConsentWithdrawal.objects.create(consent=consent, zones=[["nape", "left"]], withdrawn_on=AT.date(), recorded_by=actor.user)
