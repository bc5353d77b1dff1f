"""The page of a course shows everything that the stored plan says, refuses a record that is not whole, and survives any address."""

import copy
import html
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic.courses.models import Course, Session
from clinic.courses.presentation import Presenter
from clinic.courses.queries import screening_of, sessions_of
from clinic.staff.permissions import Actor
from patients.models import Patient
from patients.questionnaire import STATED, Reply
from protocols.method.storage import NotStored
from protocols.shelf import shipped_library, shipped_names
from tests.factories import a_course, a_patient, an_intake

SignedIn = Callable[[Any], Client]
LIBRARY = shipped_library()
YES = Reply(STATED, value=True)
ILL = {
    "medicine.anticoagulant": YES,
    "history.varicose-zones": Reply(STATED, [{"zone": "thigh-posterior", "side": "left"}]),
    "history.varicose-skin-change": Reply("normal"),
}
ILL_GATE = {"heart-and-vessels": "yes", "clots-and-bleeding": "yes"}


@pytest.fixture
def client(signed_in: SignedIn, therapist: Actor) -> Client:
    return signed_in(therapist)


@pytest.fixture
def patient(therapist: Actor) -> Patient:
    """Somebody with an anticoagulant and varicose veins."""
    patient = a_patient(clinic=therapist.clinic)
    an_intake(patient=patient, actor=therapist, gate=ILL_GATE, replies=ILL)
    return patient


@pytest.fixture
def course(therapist: Actor, patient: Patient) -> Course:
    return a_course(patient=patient, actor=therapist, condition="osteochondrosis-lumbar", stage="remission", count=10)


def page(client: Client, course: Course, **asked: str) -> str:
    response = client.get(f"/courses/{course.pk}/", asked)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


@pytest.mark.same_everywhere  # the page is opened on each database by test_access_matrix.py
def test_every_finding_is_shown_with_its_explanation_and_source(client: Client, course: Course) -> None:
    shown, screening = page(client, course), screening_of(course)
    assert {finding.rule for finding in screening.findings}, "this patient has findings"
    for finding in screening.findings:
        rule = LIBRARY.rules[finding.rule]
        assert rule.title in shown
        assert rule.explanation in shown
        assert any(LIBRARY.sources[code].title in shown for code in finding.sources if code in LIBRARY.sources)


@pytest.mark.same_everywhere  # the page is opened on each database by test_access_matrix.py
def test_every_open_rule_and_every_obstacle_is_shown(client: Client, course: Course) -> None:
    shown, screening = page(client, course), screening_of(course)
    assert screening.open_rules
    assert all(LIBRARY.rules[rule.rule].title in shown for rule in screening.open_rules)
    facts = [obstacle.code for obstacle in screening.obstacles if obstacle.kind == "fact"]
    assert all(LIBRARY.facts[code].question in shown for code in facts)


@pytest.mark.same_everywhere  # the page is opened on each database by test_access_matrix.py
@pytest.mark.parametrize("number", [1, 5, 10])
def test_every_row_and_every_omission_of_a_session_is_shown_with_its_reason(client: Client, course: Course, number: int) -> None:
    shown, plan = page(client, course, session=str(number)), sessions_of(course)[number - 1]
    presenter = Presenter(LIBRARY, shipped_names("en"))
    assert plan.rows
    for row in plan.rows:
        assert LIBRARY.zones[row.zone].name in shown
        assert LIBRARY.techniques[row.technique].name in shown
        assert all(presenter.speaker.say(reason) in shown for reason in row.because)
    assert plan.omissions
    for omission in plan.omissions:
        assert presenter.speaker.say(omission.because) in shown


@pytest.mark.same_everywhere
def test_what_an_anticoagulant_forbids_is_gone_and_said(client: Client, course: Course) -> None:
    plan = sessions_of(course)[4]
    assert "percussion" not in {row.family for row in plan.rows}
    assert not any(row.zone == "thigh-posterior" and row.side in ("left", "both") for row in plan.rows)
    assert "Draft: may not start" in page(client, course)


@pytest.mark.same_everywhere  # the page is opened on each database by test_access_matrix.py
@pytest.mark.parametrize("stage", ["remission", "acute"])
def test_the_page_can_be_read_in_russian(client: Client, therapist: Actor, patient: Patient, stage: str) -> None:
    if stage not in LIBRARY.conditions["osteochondrosis-lumbar"].stages:
        pytest.fail(f"the library has no stage {stage}")
    course = a_course(patient=patient, actor=therapist, condition="osteochondrosis-lumbar", stage=stage, count=2)
    therapist.user.language = "ru"
    therapist.user.save()
    shown, names = page(client, course), shipped_names("ru")
    assert names.of("conditions", "osteochondrosis-lumbar") in shown
    assert all(names.of("rules", finding.rule, "title") in shown for finding in screening_of(course).findings)
    assert '<html lang="ru"' in shown


@pytest.mark.same_everywhere  # the page is opened on each database by test_access_matrix.py
def test_free_text_is_never_markup(client: Client, therapist: Actor, signed_in: SignedIn) -> None:
    patient = a_patient(clinic=therapist.clinic, family_name="<script>alert(1)</script>", notes="<img src=x onerror=1>")
    course = a_course(patient=patient, actor=therapist, count=1)
    for path in (f"/courses/{course.pk}/", f"/patients/{patient.pk}/", "/patients/", "/courses/"):
        body = client.get(path).content.decode()
        assert "<script>alert(1)" not in body
        assert "<img src=x" not in body


# A stored record that is not whole ---------------------------------------------------------------------------------------------
def spoiled(data: Any) -> list[tuple[str, Any]]:
    """Ways in which a stored screening can be damaged so that it would look harmless."""
    found = []
    for key in data:
        without = copy.deepcopy(data)
        del without[key]
        found.append((f"without {key}", without))
    found.append(("empty", {}))
    found.append(("null", None))
    found.append(("a list", []))
    found.append(("one key more", {**data, "more": 1}))
    found.append(("findings null", {**data, "findings": None}))
    found.append(("outcome unknown", {**data, "outcome": "fine"}))
    found.append(("finding cut", {**data, "findings": [{"rule": "x"}]}))
    return found


@pytest.mark.same_everywhere
def test_a_damaged_screening_is_never_shown_as_one_without_findings(client: Client, course: Course) -> None:
    client.raise_request_exception = False
    for what, damaged in spoiled(course.screening):
        if damaged is None:
            continue  # the column takes no null
        Course.objects.filter(pk=course.pk).update(screening=damaged)
        course.refresh_from_db()
        with pytest.raises(NotStored):
            screening_of(course)
        assert client.get(f"/courses/{course.pk}/").status_code == 500, what
        assert client.get(f"/courses/{course.pk}/sessions/1/card.pdf").status_code == 500, what


def test_a_damaged_session_is_never_shown(client: Client, course: Course) -> None:
    client.raise_request_exception = False
    session = Session.objects.get(course=course, number=1)
    for what, damaged in spoiled(session.plan):
        if damaged is None or what in ("findings null", "finding cut"):
            continue
        Session.objects.filter(pk=session.pk).update(plan=damaged)
        assert client.get(f"/courses/{course.pk}/").status_code == 500, what
        assert client.get(f"/courses/{course.pk}/sessions/1/card.pdf").status_code == 500, what


def test_a_lost_session_is_never_passed_over(client: Client, course: Course) -> None:
    client.raise_request_exception = False
    Session.objects.filter(course=course, number=10).delete()
    assert client.get(f"/courses/{course.pk}/").status_code == 500


# Any address ---------------------------------------------------------------------------------------------------------------------
@pytest.mark.same_everywhere  # the page is opened on each database by test_access_matrix.py
@pytest.mark.parametrize("asked", ["0", "-1", "11", "9999", "99999", "x", "", "²", "1e3", "1.5", "٣", "\x00"])
def test_a_session_number_that_is_none_shows_the_nearest(client: Client, course: Course, asked: str) -> None:
    response = client.get(f"/courses/{course.pk}/", {"session": asked})
    assert response.status_code == 200
    assert 1 <= response.context["session"].number <= 10


@pytest.mark.same_everywhere
@pytest.mark.parametrize("number", [0, 11, 99999])
def test_a_card_of_no_session_is_not_found(client: Client, course: Course, number: int) -> None:
    assert client.get(f"/courses/{course.pk}/sessions/{number}/card.pdf").status_code == 404


@pytest.mark.parametrize("pk", [0, 999_999, 2**31, 2**63 - 1, 2**63, 10**40])
def test_a_number_of_no_record_is_not_found(client: Client, pk: int) -> None:
    for path in (f"/courses/{pk}/", f"/patients/{pk}/", f"/patients/{pk}/intake/", f"/patients/{pk}/courses/new/", f"/courses/{pk}/edit/"):
        assert client.get(path).status_code == 404, path
    assert client.get(f"/courses/1/sessions/{pk}/card.pdf").status_code == 404


junk = st.one_of(st.text(max_size=30), st.sampled_from(["0", "-1", "9" * 30, "1e5", "\x00", "\ud800".encode("utf-8", "replace").decode()]))


ANYTHING = st.dictionaries(st.sampled_from(["session", "page", "q", "verb", "x"]), junk, max_size=3)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=ANYTHING)
def test_no_query_ever_breaks_a_list(client: Client, course: Course, asked: dict[str, str]) -> None:
    assert [client.get(path, asked).status_code for path in ("/patients/", "/courses/")] == [200] * 2


@pytest.mark.same_everywhere  # what is asked for is a number by then; those that no column holds are tried on each database above
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=ANYTHING)
def test_no_query_ever_breaks_a_page(client: Client, course: Course, asked: dict[str, str]) -> None:
    paths = (f"/courses/{course.pk}/", f"/patients/{course.patient_id}/courses/new/")
    assert [client.get(path, asked).status_code for path in paths] == [200] * 2
