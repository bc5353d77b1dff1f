"""Addresses and forms that somebody made by hand are answered with a page, never with an error of ours, and nothing comes of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from clinic.audit.models import AuditLine
from clinic.courses.models import Course, Session, SessionRecord
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import Actor
from patients.models import Document, FactAnswer, Patient
from protocols.models import EntryReview
from protocols.reviewing import shipped_entries
from tests.factories import a_course, a_patient, a_referral, a_running_course, a_signed_course, a_user, an_actor

pytestmark = [pytest.mark.django_db, pytest.mark.same_everywhere]
SignedIn = Callable[[Any], Client]

SCRIPT = "<script>alert(1)</script>"
NASTY = (
    "",
    "0",
    "-1",
    "1.5",
    "1e400",
    "9" * 5000,
    "nan",
    "None",
    "²",
    "१",
    "\x00",
    "\u202e",
    "../../etc/passwd",
    SCRIPT,
    "{{7*7}}",
    "|",
    "a|b|c",
)
KEPT = (Patient, Course, Session, SessionRecord, FactAnswer, Document, EntryReview, AuditLine)
ENTRY = ("rule", "em-01")
REVIEW = "/library/review/rule/em-01/change/"


def rows_kept() -> list[int]:
    return [model.objects.count() for model in KEPT]


def a_question(*names: str, value: str) -> str:
    """Every name once with the value, and once with several."""
    return urlencode({name: [value, "", value] for name in names}, doseq=True)


@pytest.mark.parametrize("value", NASTY)
def test_no_what_if_is_an_error(value: str, signed_in: SignedIn, therapist: Actor) -> None:
    course, client = a_course(actor=therapist, condition="scoliosis", stage="degree-1"), signed_in(therapist)
    before = rows_kept()
    names = ("stage", "for", "fact", "session", "find", "count", "supplements", "curve_shape", "convex_side", "cobb_angle")
    queries = [a_question(name, value=value) for name in names]
    facts = "&fact=today.temperature-c&fact=history.fracture-zones&today.temperature-c=yes&history.fracture-zones=yes&"
    queries.append(facts + a_question("today.temperature-c--value", "history.fracture-zones--value", value=value))
    for query in queries:
        answer = client.get(f"/courses/{course.pk}/what-if/?{query}")
        assert answer.status_code in (200, 422), query[:200]
        assert SCRIPT not in answer.content.decode()
    assert rows_kept() == before


def test_more_names_than_a_form_can_have_are_a_wrong_question(signed_in: SignedIn, therapist: Actor) -> None:
    course = a_course(actor=therapist)
    query = "&".join(f"fact=a{number}" for number in range(3000))
    assert signed_in(therapist).get(f"/courses/{course.pk}/what-if/?{query}").status_code == 400


@pytest.mark.parametrize("value", NASTY)
def test_no_address_of_a_plan_or_of_the_library_is_an_error(value: str, signed_in: SignedIn, therapist: Actor) -> None:
    course, client = a_course(actor=therapist), signed_in(therapist)
    language = urlencode({"language": value})
    for url in (f"/courses/{course.pk}/plan.pdf", f"/courses/{course.pk}/sessions/1/card.pdf"):
        assert client.get(f"{url}?{language}").status_code == 404
    assert client.get(f"/courses/{course.pk}/?{urlencode({'session': value})}").status_code == 200
    for page in ("", "conditions/", "rules/", "techniques/", "zones/", "supplements/", "sources/", "review/"):
        query = urlencode(dict.fromkeys(("q", "outcome", "group", "state", "kind", "page"), value))
        answer = client.get(f"/library/{page}?{query}")
        assert answer.status_code == 200
        assert SCRIPT not in answer.content.decode()


def test_no_form_of_a_running_course_or_a_document_obeys_nonsense(signed_in: SignedIn, therapist: Actor) -> None:
    course, client = a_running_course(actor=therapist), signed_in(therapist)
    draft = a_course(patient=course.patient, actor=therapist)
    before = rows_kept()
    documents = f"/patients/{course.patient_id}/documents/new/"
    for value in NASTY:
        assert client.post(f"/courses/{draft.pk}/started/", {"version": value}).status_code == 403, value[:99]
        assert client.post(f"/courses/{course.pk}/sessions/2/record/", {"comfort": value}).status_code == 422, value[:99]
        assert client.post(documents, {"kind": value or "x"}).status_code == 422, value[:99]
        wrong = {"kind": "doctor-referral", "issued_on": value, "issued_by": value, "rules": [value, value]}
        assert client.post(documents, wrong).status_code == 422, value[:99]
        assert rows_kept() == before, value[:99]


@pytest.mark.parametrize("field", ["state", "review", "digest"])
def test_no_review_obeys_nonsense(field: str, signed_in: SignedIn, doctor: Actor) -> None:
    client, right = signed_in(doctor), {"state": "accepted", "review": "0", "digest": shipped_entries()[ENTRY].digest}
    answers = {client.post(REVIEW, right | {field: value}).status_code for value in NASTY if (field, value) not in {("review", "0")}}
    assert (answers, EntryReview.objects.count()) == ({422}, 0)


@pytest.mark.parametrize("code", ["x", "%00", "a/b/c", "a" * 3000])
def test_a_review_of_nothing_is_not_found(code: str, signed_in: SignedIn, doctor: Actor) -> None:
    client = signed_in(doctor)
    assert {client.get(f"/library/review/rule/{code}/").status_code, client.post(f"/library/review/x/{code}/change/").status_code} == {404}


def other_words(clinic: Clinic) -> dict[str, object]:
    """Fields that no form has, named as columns are."""
    other, person = a_patient(clinic=clinic), a_user()
    days = dict.fromkeys(("on", "given_on", "recorded_on", "started_on", "finished_on", "withdrawn_at"), "2020-01-01")
    people = dict.fromkeys(("recorded_by", "planned_by", "withdrawn_by", "by", "actor", "user"), person.pk)
    return {
        **days,
        **people,
        "clinic": clinic.pk,
        "clinic_id": clinic.pk,
        "patient": other.pk,
        "number": 7,
        "may_start": "on",
        "edition": "x",
    }


def test_fields_that_a_form_does_not_have_change_nothing(signed_in: SignedIn, therapist: Actor, other_clinic: Clinic) -> None:
    extra, client = other_words(other_clinic), signed_in(therapist)
    draft, course = a_signed_course(actor=therapist), a_running_course(actor=therapist)
    day = course.planned_on
    assert client.post(f"/courses/{draft.pk}/started/", extra | {"state": "finished", "version": draft.version}).status_code == 303
    assert client.post(f"/courses/{course.pk}/sessions/1/record/", extra | {"session": 5, "comfort": "5"}).status_code == 303
    sent = {"kind": "doctor-referral", "issued_on": str(day), "issued_by": "Dr Issuer"}
    assert client.post(f"/patients/{course.patient_id}/documents/new/", extra | sent).status_code == 303
    started, record, paper = Course.objects.get(pk=draft.pk), SessionRecord.objects.get(), Document.objects.order_by("-pk")[0]
    assert (started.state, started.started_on, started.finished_on, started.clinic) == ("running", day, None, therapist.clinic)
    assert (record.session.number, record.given_on, record.recorded_by) == (1, day, therapist.user)
    assert (paper.patient_id, paper.recorded_on, paper.recorded_by, paper.withdrawn_at) == (course.patient_id, day, therapist.user, None)


def test_a_review_is_the_reviewer_s_own_whatever_is_sent(signed_in: SignedIn, doctor: Actor, other_clinic: Clinic) -> None:
    sent = {"state": "accepted", "review": "0", "digest": shipped_entries()[ENTRY].digest}
    assert signed_in(doctor).post(REVIEW, other_words(other_clinic) | sent).status_code == 303
    review = EntryReview.objects.get()
    assert (review.clinic, review.by, (review.kind, review.code)) == (doctor.clinic, doctor.user, ENTRY)


def test_a_document_is_withdrawn_from_its_own_patient_only(signed_in: SignedIn, therapist: Actor) -> None:
    document, another = a_referral(patient=a_patient(clinic=therapist.clinic)), a_patient(clinic=therapist.clinic)
    client, url = signed_in(therapist), f"/patients/{another.pk}/documents/{document.pk}/withdrawn/"
    assert {client.get(url).status_code, client.post(url, {"reason": "Not mine"}).status_code} == {404}
    document.refresh_from_db()
    assert not document.is_withdrawn


def test_a_form_sent_again_records_one_document_and_one_session(signed_in: SignedIn, therapist: Actor) -> None:
    course, client = a_running_course(actor=therapist), signed_in(therapist)
    papers, lines = Document.objects.count(), AuditLine.objects.count()
    token = "0123456789abcdef" * 2
    sent = {"kind": "doctor-referral", "issued_on": str(course.planned_on - timedelta(days=1)), "issued_by": "Dr Issuer", "once": token}
    assert [client.post(f"/patients/{course.patient_id}/documents/new/", sent).status_code for _time in range(3)] == [303] * 3
    assert [client.post(f"/courses/{course.pk}/sessions/1/record/", {"comfort": "5"}).status_code for _time in range(3)] == [303] * 3
    assert (Document.objects.count() - papers, SessionRecord.objects.count(), AuditLine.objects.count() - lines) == (1, 1, 2)


def test_a_token_spent_on_one_patient_makes_nothing_on_another(signed_in: SignedIn, therapist: Actor) -> None:
    one, two = a_patient(clinic=therapist.clinic), a_patient(clinic=therapist.clinic)
    client = signed_in(therapist)
    day = a_course(patient=one, actor=therapist).planned_on
    sent = {"kind": "doctor-referral", "issued_on": str(day), "issued_by": "Dr Issuer", "once": "fedcba9876543210" * 2}
    answers = [client.post(f"/patients/{patient.pk}/documents/new/", sent).status_code for patient in (one, two)]
    assert (answers, [document.patient for document in Document.objects.all()]) == ([303, 422], [one])


def test_what_people_type_is_never_markup(signed_in: SignedIn, therapist: Actor) -> None:
    patient = a_patient(clinic=therapist.clinic, family_name=SCRIPT, given_name='#panic() $x$ *b* ]"', notes=SCRIPT, guardian_name=SCRIPT)
    course, lead = a_running_course(actor=therapist, patient=patient), an_actor(clinic=therapist.clinic, roles=(Role.CLINICAL_LEAD,))
    client, papers = signed_in(lead), f"/patients/{patient.pk}/documents/"
    sent = {"kind": "doctor-referral", "issued_on": str(course.planned_on), "issued_by": SCRIPT}
    note = {"state": "in-review", "review": "0", "digest": shipped_entries()[ENTRY].digest, "note": SCRIPT}
    assert client.post(f"{papers}new/", sent).status_code == 303
    assert client.post(f"/courses/{course.pk}/sessions/1/record/", {"comfort": "5", "note": SCRIPT}).status_code == 303
    assert client.post(REVIEW, note).status_code == 303
    document = Document.objects.order_by("-pk")[0]
    shown = (f"/courses/{course.pk}/", f"/courses/{course.pk}/what-if/", f"/patients/{patient.pk}/", f"{papers}{document.pk}/withdrawn/")
    for url in (*shown, "/courses/", "/patients/", "/audit/", "/library/review/", "/library/review/rule/em-01/"):
        body = client.get(url).content.decode()
        assert SCRIPT not in body, url
        assert SCRIPT.replace("<", "&lt;").replace(">", "&gt;") in body or url == "/audit/", url
    for url in (f"/courses/{course.pk}/plan.pdf", f"/courses/{course.pk}/sessions/2/card.pdf?language=ru"):
        assert client.get(url).content.startswith(b"%PDF-")


def test_what_was_said_of_a_session_stands_in_its_record_and_not_in_the_audit(signed_in: SignedIn, therapist: Actor) -> None:
    course = a_running_course(actor=therapist)
    signed_in(therapist).post(f"/courses/{course.pk}/sessions/1/record/", {"comfort": "5", "note": "cried"})
    line = AuditLine.objects.get(verb="gave-session")
    record = SessionRecord.objects.get()
    plan = course.sessions.get(number=1).digest
    assert line.details == {"session": 1, "digest": record.digest, "plan": plan, "source": "form"}
    assert record.note == "cried"
