"""A referral on file lets an ordinary course start; a doctor's note lifts the rule it names, for its days, and nothing else."""

from datetime import timedelta

import pytest

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

# What a document lifts is planned in Python; documents are written there by test_documents of patients.
pytestmark = pytest.mark.same_everywhere

LIBRARY = shipped_library()
READINGS = {
    "today.temperature-c": 36.6, "today.systolic": 120, "today.diastolic": 76, "today.pulse": 70, "today.pain-nrs": 2,
    "today.minutes-since-meal": 120, "today.consent": True,
}  # fmt: skip
IRREGULAR = {"history.arrhythmia": Reply(STATED, value=True)}
NOTE = "Cardiologist's note"


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


# A note for a rule -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def irregular(patient: Patient, therapist: Actor) -> Patient:
    """The same person with an irregular heartbeat and a referral: a cardiologist must agree."""
    record_facts(patient=patient, replies=IRREGULAR, on=a_day_at(patient.clinic), given_by="patient", actor=therapist)
    a_referral(patient=patient)
    return patient


def test_a_rule_that_needs_a_doctor_keeps_the_course_waiting_for_the_note(irregular: Patient) -> None:
    course = a_course(patient=irregular, count=3)
    assert (course.outcome, course.may_start, obstacles(course)) == ("doctor", False, [f"A document is missing: {NOTE}."])


@pytest.mark.parametrize(
    ("rules", "age_days", "sentence"),
    [
        (["ca-16"], 0, ""),
        (["ca-16"], 90, ""),
        (["ca-16"], 91, f"The document {NOTE} is older than 90 days."),
        (["ca-13"], 0, f"The document {NOTE} does not name the rule Irregular heartbeat."),
    ],
)
def test_a_note_lifts_only_the_rule_it_names_and_only_for_its_days(
    irregular: Patient, rules: list[str], age_days: int, sentence: str
) -> None:
    a_document(patient=irregular, rules=rules, age_days=age_days)
    course = a_course(patient=irregular, count=3)
    assert obstacles(course) == ([sentence] if sentence else [])
    assert course.may_start is not bool(sentence)
    assert any(finding.rule == "ca-16" and finding.cleared is not bool(sentence) for finding in screening_of(course).findings)


def test_somebody_else_s_note_lifts_nothing(irregular: Patient) -> None:
    a_document(patient=a_patient(clinic=irregular.clinic), rules=["ca-16"])
    assert obstacles(a_course(patient=irregular, count=3)) == [f"A document is missing: {NOTE}."]


def test_a_change_of_health_takes_the_note_s_force_and_a_new_note_gives_it_back(irregular: Patient, therapist: Actor) -> None:
    on = a_day_at(irregular.clinic)
    changed = {"today.health-change": Reply(STATED, value=True)}
    a_document(patient=irregular, rules=["ca-16"], age_days=9)
    record_facts(patient=irregular, replies=changed, on=on - timedelta(days=3), given_by="patient", actor=therapist)
    a_good_day(irregular, therapist)
    assert obstacles(a_course(patient=irregular, count=3)) == [f"A document is missing: {NOTE}."]
    a_document(patient=irregular, rules=["ca-16"], age_days=1)
    assert a_course(patient=irregular, count=3).may_start


def test_a_change_of_health_today_takes_the_force_of_today_s_note_too(irregular: Patient, therapist: Actor) -> None:
    a_document(patient=irregular, rules=["ca-16"])
    a_good_day(irregular, therapist, **{"today.health-change": Reply(STATED, value=True)})
    said = obstacles(a_course(patient=irregular, count=3))
    assert f"The document {NOTE} lost its force when health changed." in said
    assert "A document is missing: Intake form repeated." in said


def test_a_stage_that_asks_for_a_document_waits_for_it_and_then_starts(patient: Patient) -> None:
    course = a_course(patient=patient, condition="osteochondrosis-lumbar", stage="root-pain", count=3)
    assert "A document is missing: Referral." in obstacles(course)
    a_referral(patient=patient)
    assert "A document is missing: Referral." not in obstacles(
        a_course(patient=patient, condition="osteochondrosis-lumbar", stage="root-pain", count=3)
    )
