"""Exports as FHIR: valid whatever the state, whole, about one person only, and the same for the same moment."""

import itertools
import json
import logging
import re
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.courses.models import Course, Session
from clinic.courses.states import CourseState, Reading, SessionState
from clinic.exchange.fhir import dates, measured, orders, plans
from clinic.exchange.fhir.agreed import consents
from clinic.exchange.fhir.bundles import course_bundle, frame_of, patient_bundle
from clinic.exchange.fhir.checking import NotFhir, checked, faults_of, known_codes, references_in
from clinic.exchange.fhir.frame import UCUM, narrative, number, words
from clinic.exchange.fhir.orders import referral
from clinic.exchange.fhir.stories import Words, course_story
from clinic.schedule.states import BookingState
from clinic.staff.models import Clinic
from patients.states import ReferralState
from protocols.shelf import shipped_library, shipped_names
from tests.clinic.exchange.told import AT, NAME, a_told_course

pytestmark = pytest.mark.same_everywhere
FHIR_STRING = re.compile(r"[ \r\n\t\S]+")  # of the specification, with the blanks of Python, which are more


def of_kind(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


def codes_of(kind: str, path: str) -> set[str]:
    """The closed list of an element, as the models know it."""
    from fhir.resources.R4B import get_fhir_model_class

    return set(known_codes(get_fhir_model_class(kind).model_fields[path]))


# Tables -----------------------------------------------------------------------------------------------------------------------
def test_every_state_has_a_status_of_the_standard() -> None:
    assert set(plans.STATUS) == set(CourseState)
    assert set(plans.ACTIVITY) == set(SessionState)
    assert set(orders.STATUS) == set(orders.INTENT) == set(ReferralState)
    assert set(dates.STATUS) == set(itertools.product(BookingState, ("", *SessionState)))
    assert set(plans.STATUS.values()) <= codes_of("CarePlan", "status")
    assert set(plans.ACTIVITY.values()) <= codes_of("CarePlanActivityDetail", "status")
    assert set(orders.STATUS.values()) <= codes_of("ServiceRequest", "status")
    assert set(orders.INTENT.values()) <= codes_of("ServiceRequest", "intent")
    assert set(dates.STATUS.values()) <= codes_of("Appointment", "status")


def test_every_measure_and_reading_has_a_unit_of_ucum() -> None:
    measures = shipped_library().measures.values()
    assert {each.unit for each in measures if each.better != "compare"} <= set(measured.UCUM_OF)
    assert set(measured.UNIT_OF_READING) == set(Reading)
    assert set(measured.UNIT_OF_READING.values()) <= set(measured.UCUM_OF)
    assert set(measured.LOINC_OF) <= set(shipped_library().measures)


# Text and numbers -------------------------------------------------------------------------------------------------------------
@given(st.decimals(min_value=-99999, max_value=99999, places=2))
@settings(max_examples=40)
def test_a_number_is_written_as_it_was_measured(value: Decimal) -> None:
    assert Decimal(json.dumps(number(value))) == value
    assert "e" not in json.dumps(number(value))


@given(st.text(max_size=30))
@settings(max_examples=40)
def test_any_text_becomes_a_string_of_the_standard_and_a_page_that_parses(text: str) -> None:
    made = words(text)
    assert not made or FHIR_STRING.fullmatch(made)
    ElementTree.fromstring(narrative([text], "en")["div"])  # noqa: S314  # our own text


# A course ---------------------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_course_is_told_whole_and_about_nobody_else(clinic: Clinic) -> None:
    a_told_course(clinic, family_name="Otherova")
    course = a_told_course(clinic)
    bundle = course_bundle(course, at=AT)
    text = json.dumps(bundle, ensure_ascii=False)
    assert "Otherova" not in text
    assert NAME in text
    assert bundle == course_bundle(Course.objects.get(pk=course.pk), at=AT)
    addresses = {entry["fullUrl"] for entry in bundle["entry"]}
    assert set(references_in(bundle)) <= addresses
    assert {entry["resource"]["resourceType"] for entry in bundle["entry"]} == {
        "Patient", "Organization", "Practitioner", "PractitionerRole", "Condition", "CarePlan", "ServiceRequest", "Appointment",
        "Procedure", "Observation", "Consent",
    }  # fmt: skip
    _says_what_was_done(bundle)
    _says_what_was_measured(bundle)
    with translation.override("ru"):
        russian = course_bundle(course, at=AT)
    assert [entry["fullUrl"] for entry in russian["entry"]] == [entry["fullUrl"] for entry in bundle["entry"]]
    assert russian["language"] == "ru"
    whole = patient_bundle(course.patient, at=AT)
    assert {entry["fullUrl"] for entry in bundle["entry"]} <= {entry["fullUrl"] for entry in whole["entry"]}
    assert len(of_kind(whole, "Appointment")) == len(of_kind(bundle, "Appointment")) + 1
    assert "Otherova" not in json.dumps(whole, ensure_ascii=False)
    _is_valid_in_every_state(course)


def _says_what_was_done(bundle: dict[str, Any]) -> None:
    [plan] = of_kind(bundle, "CarePlan")
    assert [each["detail"]["status"] for each in plan["activity"]] == ["completed", "cancelled", "scheduled"]
    [procedure] = of_kind(bundle, "Procedure")
    assert procedure["status"] == "stopped"
    assert procedure["performedPeriod"]["start"].endswith("+01:00")
    assert [each["coding"][0]["code"] for each in procedure["complication"]] == ["bruise"]
    assert "canary-in-a-note <b>&amp; &  bell" in [each["text"] for each in procedure["note"]]
    assert len(procedure["bodySite"]) == 1, "only what was worked"
    [order] = of_kind(bundle, "ServiceRequest")
    notes = " ".join(each["text"] for each in order["note"])
    assert order["intent"] == "order"
    assert "nape" in notes
    assert "2 of 5" in notes
    assert sorted(each["status"] for each in of_kind(bundle, "Appointment")) == ["booked", "noshow"]
    old, new = of_kind(bundle, "Consent")
    assert (old["status"], new["status"]) == ("inactive", "active")
    assert old["performer"] == [{"display": "Canary Guardian"}]
    assert new["provision"]["provision"][0]["code"][0]["text"].startswith("nape")
    [person] = of_kind(bundle, "Patient")
    assert person["contact"][0]["name"]["text"] == "Canary Guardian"


def _says_what_was_measured(bundle: dict[str, Any]) -> None:
    found = {}
    for each in of_kind(bundle, "Observation"):
        found[each["code"]["coding"][-1]["code"]] = each
    assert found["pain-nrs"]["status"] == "corrected"
    assert found["pain-nrs"]["valueQuantity"]["value"] == 6
    assert found["temperature"]["valueQuantity"] == {"value": 36.6, "unit": "°C", "system": UCUM, "code": "Cel"}
    assert found["temperature"]["code"]["coding"][0] == {"system": "http://loinc.org", "code": "8310-5"}
    assert found["posture-photographs"]["valueString"] == "straighter"
    assert found["joint-range"]["bodySite"]["coding"][0]["code"] == "left"
    assert found["gone-from-the-library"]["valueString"] == "2"
    assert [part["valueInteger"] for part in found["body-chart"]["component"]] == [2, 1]
    assert found["skin-or-swelling"]["valueBoolean"] is True
    assert found["systolic-before"]["valueQuantity"]["code"] == "mm[Hg]"


def _is_valid_in_every_state(course: Course) -> None:
    """The records as they are, their state as it may be: nothing is stored."""
    frame, story = frame_of(course.clinic, at=AT), course_story(course)
    for state, started in itertools.product(CourseState, (None, course.started_on)):
        course.state, course.started_on = state, started
        assert list(faults_of(plans.care_plan(story, frame))) == []
    for of_session in SessionState:
        for session in story.sessions:
            session.state = of_session
        assert list(faults_of(plans.care_plan(story, frame))) == []
        assert [fault for made in dates.appointments(story, frame) for fault in faults_of(made)] == []
    paper = course.referral
    assert paper is not None
    for of_referral in ReferralState:
        paper.state = of_referral
        made = referral(paper, Words(shipped_library(), shipped_names("en")), frame)
        assert list(faults_of(made)) == []
    assert [fault for made in consents(story, frame) for fault in faults_of(made)] == []


@pytest.mark.django_db
def test_a_booking_in_every_state_is_a_valid_appointment(clinic: Clinic) -> None:
    story = course_story(a_told_course(clinic))
    frame = frame_of(clinic, at=AT)
    session: Session = next(each for each in story.sessions if each.booking)
    for (booked, state), status in dates.STATUS.items():
        assert session.booking
        session.booking.state, session.state = booked, state or SessionState.BOOKED
        made = dates._appointment(session.booking, session if state else None, state, story.course.patient, frame)
        assert made["status"] == status
        assert list(faults_of(made)) == []
        assert ("cancelationReason" in made) == (status in dates.WITH_A_REASON)


# What does not validate -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("spoiled", "fault"),
    [
        ({"status": "given"}, "Procedure.status: code"),
        ({"subject": {"reference": 7}}, "Procedure.subject"),
        ({"canary-field": "canary"}, "Procedure"),
    ],
)
def test_what_is_not_fhir_is_refused_and_logged_without_a_word_of_the_patient(
    spoiled: dict[str, Any], fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    resource = {"resourceType": "Procedure", "status": "completed", "subject": {"reference": "urn:uuid:canary"}} | spoiled
    with caplog.at_level(logging.ERROR), pytest.raises(NotFhir) as refused:
        checked(resource)
    assert any(each.startswith(fault) for each in refused.value.faults)
    assert "canary" not in caplog.text.replace("canary-field", "")


def test_a_reference_that_leads_nowhere_is_refused() -> None:
    resource = {"resourceType": "Procedure", "status": "completed", "subject": {"reference": "urn:uuid:1"}}
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": "urn:uuid:2", "resource": resource}] * 2}
    faults = set(faults_of(bundle))
    assert faults == {"Bundle.entry.fullUrl: twice", "Procedure: reference that leads nowhere"}
