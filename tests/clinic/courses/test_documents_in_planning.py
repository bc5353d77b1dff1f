"""A referral on file lets an ordinary course start; a doctor's note lifts the rule it names, for its days, and nothing else."""

from datetime import timedelta

import pytest
import time_machine

from clinic.courses.models import Course
from clinic.courses.planning import CourseRequest, case_of
from clinic.courses.presentation import Presenter
from clinic.courses.queries import screening_of
from clinic.staff.permissions import Actor
from patients.actions import record_facts, withdraw_document
from patients.documents import REFERRAL_AGE
from patients.models import Patient
from patients.questionnaire import NORMAL_REPLY, STATED, Reply, day_facts
from protocols.shelf import shipped_library, shipped_names
from tests.factories import a_course, a_day_at, a_document, a_patient, a_referral, an_intake
from tests.method.cases import required_inputs

LIBRARY = shipped_library()
READINGS = {
    "today.temperature-c": 36.6, "today.systolic": 120, "today.diastolic": 76, "today.pulse": 70, "today.pain-nrs": 2,
    "today.minutes-since-meal": 120, "today.consent": True,
}  # fmt: skip
PERICARDITIS = {"history.heart-attack-months": Reply(STATED, 8)}


@pytest.fixture
def patient(therapist: Actor) -> Patient:
    """Somebody well, with today's questions answered."""
    patient = a_patient(clinic=therapist.clinic)
    an_intake(patient=patient, actor=therapist)
    a_good_day(patient, therapist)
    return patient


def a_good_day(patient: Patient, actor: Actor, **changes: Reply) -> None:
    replies = dict.fromkeys(day_facts(LIBRARY.intake), NORMAL_REPLY)
    replies |= {code: Reply(STATED, value) for code, value in READINGS.items()} | changes
    record_facts(patient=patient, replies=replies, on=a_day_at(patient.clinic), given_by="patient", actor=actor)


def obstacles(course: Course) -> list[str]:
    seen = Presenter(LIBRARY, shipped_names("en")).screening(screening_of(course), course.outcome)
    return [line.because for line in seen.obstacles]


def test_without_a_referral_the_course_waits_for_it(patient: Patient) -> None:
    course = a_course(patient=patient, count=3)
    assert not course.may_start
    assert obstacles(course) == ["A document is missing: Referral."]


def test_with_a_referral_on_file_the_course_may_start(patient: Patient) -> None:
    a_referral(patient=patient)
    course = a_course(patient=patient, count=3)
    assert (course.may_start, obstacles(course)) == (True, [])


@pytest.mark.parametrize(("age_days", "may_start"), [(0, True), (90, True), (91, False), (3650, False)])
def test_a_referral_serves_for_ninety_days_and_then_says_that_it_is_too_old(patient: Patient, age_days: int, may_start: bool) -> None:
    a_referral(patient=patient, age_days=age_days)
    course = a_course(patient=patient, count=3)
    assert course.may_start is may_start
    assert obstacles(course) == ([] if may_start else ["The document Referral is older than 90 days."])


def test_the_newest_referral_counts(patient: Patient) -> None:
    for age_days in (200, 10, 120):
        a_referral(patient=patient, age_days=age_days)
    case = case_of(patient, CourseRequest("neck-collar", "calming", 3, {}), LIBRARY, on=a_day_at(patient.clinic))
    assert case.answers.known[REFERRAL_AGE] == 10
    assert a_course(patient=patient, count=3).may_start


def test_a_withdrawn_referral_is_as_none(patient: Patient, therapist: Actor) -> None:
    withdraw_document(document=a_referral(patient=patient), reason="Another patient's", actor=therapist)
    assert obstacles(a_course(patient=patient, count=3)) == ["A document is missing: Referral."]
