"""Documents seen on paper: who records them, what is refused, what they lift and until when. None is ever edited."""

import html
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from clinic.audit.models import AuditLine, ReadLine
from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, Actor
from patients.actions import DocumentRefused, record_document, record_facts, withdraw_document
from patients.documents import is_needed_by_stages, kinds_to_record, liftable_rules, lifts
from patients.models import Document, Patient
from patients.permissions import can_record_documents, check_can_record_documents
from patients.queries import clearances_on, documents_of, referral_age_on, standing_documents, valid_documents
from patients.questionnaire import NORMAL_REPLY, STATED, Reply
from protocols.method.clearances import REFERRAL
from protocols.method.findings import Clearance
from protocols.shelf import shipped_library, shipped_names
from tests.factories import a_day_at, a_document, a_patient, a_referral, an_actor, an_intake

SignedIn = Callable[[Any], Client]
LIBRARY = shipped_library()
DAY = date(2026, 5, 4)
CHANGED = {"today.health-change": Reply(STATED, value=True)}
SENTENCE = "Only a therapist, a doctor or the clinical lead may record a document."


@pytest.fixture
def patient(therapist: Actor) -> Patient:
    return a_patient(clinic=therapist.clinic)


@pytest.fixture
def client(signed_in: SignedIn, therapist: Actor) -> Client:
    return signed_in(therapist)


def recorded(patient: Patient, actor: Actor, **words: Any) -> Document:
    paper: Any = {"kind": "doctor-referral", "issued_on": DAY, "issued_by": "Dr Koch", "rules": ()} | words
    return record_document(patient=patient, on=DAY, actor=actor, **paper)


# Who -----------------------------------------------------------------------------------------------------------------------
@pytest.mark.same_everywhere  # who may; what they may is done in each database by the tests around
@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_those_who_treat_record_documents_and_nobody_else(role: Role) -> None:
    actor = an_actor(roles=(role,))
    may = role in (Role.THERAPIST, Role.DOCTOR, Role.CLINICAL_LEAD)
    assert can_record_documents(actor) is may
    patient = a_patient(clinic=actor.clinic)
    if may:
        assert withdraw_document(document=recorded(patient, actor), reason="A slip", actor=actor).is_withdrawn
        return
    document = a_referral(patient=patient)
    for deed in (lambda: recorded(patient, actor), lambda: withdraw_document(document=document, reason="A slip", actor=actor)):
        with pytest.raises(ActionDenied, match=SENTENCE):
            deed()
    assert Document.objects.filter(withdrawn_at=None).count() == 1


def test_nobody_may_record_nothing() -> None:
    with pytest.raises(ActionDenied, match=SENTENCE):
        check_can_record_documents(None)


# What ----------------------------------------------------------------------------------------------------------------------
def test_a_document_keeps_what_was_read_and_leaves_one_audit_line(patient: Patient, therapist: Actor) -> None:
    document = recorded(patient, therapist, kind="cardiologist-note", issued_by=" Dr Koch ", rules=["ca-16", "ca-10", "ca-16"])
    document.refresh_from_db()
    assert (document.issued_by, document.rules, document.edition) == ("Dr Koch", ["ca-10", "ca-16"], LIBRARY.edition)
    assert (document.recorded_on, document.recorded_by) == (DAY, therapist.user)
    assert str(document).startswith(f"#{document.pk} ")
    line = AuditLine.objects.get(verb="recorded-document")
    assert line.details == {"patient": patient.pk, "kind": "cardiologist-note", "rules": ["ca-10", "ca-16"]}


@pytest.mark.same_everywhere  # refused before anything is kept; what is taken is kept in each database by the tests around
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"issued_on": DAY + timedelta(days=1)}, "The date of the document lies in the future. Check it."),
        ({"issued_on": DAY - timedelta(days=3651)}, "The document is older than ten years. Check the year."),
        ({"issued_by": "  "}, "Write who issued the document."),
        ({"kind": "library-card"}, "Choose which document it is."),
        ({"kind": "psychiatrist-note"}, "Choose which document it is."),
        ({"rules": ["ca-16"]}, "This document cannot lift everything that is ticked."),
        ({"rules": ["no-such-rule"]}, "This document cannot lift everything that is ticked."),
        ({"kind": "cardiologist-note", "rules": ["ca-01"]}, "This document cannot lift everything that is ticked."),
        ({"kind": "tb-clinic-note"}, "Tick what the document allows: it lifts only what it names."),
        ({"kind": "intake-repeated", "rules": ["ge-04"]}, "No intake form was completed on that day. Take the intake again first."),
    ],
)
def test_what_is_no_document_is_refused_with_a_sentence(patient: Patient, therapist: Actor, words: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DocumentRefused) as refused:
        recorded(patient, therapist, **words)
    assert refused.value.sentence.startswith(sentence)
    assert not Document.objects.exists()
    assert not AuditLine.objects.filter(verb="recorded-document").exists()


def test_the_intake_that_was_repeated_on_that_day_counts_as_the_document(patient: Patient, therapist: Actor) -> None:
    an_intake(patient=patient, actor=therapist)
    assert a_document(patient=patient, kind="intake-repeated", rules=["ge-04"]).rules == ["ge-04"]


def test_every_kind_that_is_offered_does_something_and_lifts_only_rules_that_can_be_lifted() -> None:
    for kind in kinds_to_record(LIBRARY):
        assert liftable_rules(LIBRARY, kind) or is_needed_by_stages(LIBRARY, kind)
        for rule in liftable_rules(LIBRARY, kind):
            assert rule.clearance
            assert (rule.clearance.document, rule.clearance.lifts != "nothing", rule.outcome.code != "emergency") == (kind, True, True)
    assert not lifts(LIBRARY, "cardiologist-note", "ca-01"), "what no document lifts is not offered"


@pytest.mark.parametrize(
    "broken",
    [
        {"issued_by": ""},
        {"kind": ""},
        {"issued_on": DAY + timedelta(days=1)},
        {"withdrawn_because": "A slip"},
    ],
)
def test_the_database_refuses_half_a_document(patient: Patient, therapist: Actor, broken: dict[str, Any]) -> None:
    document = recorded(patient, therapist)
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(**broken)


def test_a_document_is_withdrawn_once_and_with_a_reason(patient: Patient, therapist: Actor) -> None:
    document = recorded(patient, therapist)
    with pytest.raises(DocumentRefused, match="Write why"):
        withdraw_document(document=document, reason="  ", actor=therapist)
    gone = withdraw_document(document=document, reason=" Another patient's ", actor=therapist)
    assert (gone.withdrawn_by, gone.withdrawn_because) == (therapist.user, "Another patient's")
    with pytest.raises(DocumentRefused, match="withdrawn already"):
        withdraw_document(document=document, reason="Again", actor=therapist)
    assert AuditLine.objects.filter(verb="withdrew-document").count() == 1
    assert documents_of(patient) == (document,), "it stays in the record"


# Days ----------------------------------------------------------------------------------------------------------------------
def test_a_document_is_valid_to_its_last_day_and_stands_longer(patient: Patient, therapist: Actor) -> None:
    document = recorded(patient, therapist, kind="tb-clinic-note", rules=["in-04"])
    last = DAY + timedelta(days=180)
    assert valid_documents(patient, LIBRARY, last) == (document,)
    assert valid_documents(patient, LIBRARY, last + timedelta(days=1)) == ()
    assert standing_documents(patient, last + timedelta(days=1)) == (document,), "the method says itself that it is too old"
    assert standing_documents(patient, DAY - timedelta(days=1)) == (), "not issued yet"


def test_clearances_name_the_rules_and_the_day_as_recorded(patient: Patient, therapist: Actor) -> None:
    recorded(patient, therapist, kind="cardiologist-note", rules=["ca-16"])
    assert clearances_on(patient, LIBRARY, DAY) == (Clearance("cardiologist-note", DAY, frozenset({"ca-16"})),)


@pytest.mark.same_everywhere
def test_every_referral_answers_the_rule_that_asks_for_one(patient: Patient, therapist: Actor) -> None:
    recorded(patient, therapist)
    assert clearances_on(patient, LIBRARY, DAY) == (Clearance("doctor-referral", DAY, frozenset({"ge-06"})),)


def test_what_the_library_of_today_does_not_allow_is_not_lifted(patient: Patient, therapist: Actor) -> None:
    document = recorded(patient, therapist, kind="cardiologist-note", rules=["ca-16"])
    Document.objects.filter(pk=document.pk).update(rules=["ca-16", "ca-01", "gone-99"])
    recorded(patient, therapist)
    Document.objects.filter(kind="doctor-referral").update(kind="of-an-older-edition")
    assert clearances_on(patient, LIBRARY, DAY) == (Clearance("cardiologist-note", DAY, frozenset({"ca-16"})),)


def test_the_age_of_the_newest_referral_is_told_however_old_and_none_where_none_is(patient: Patient, therapist: Actor) -> None:
    assert referral_age_on(patient, DAY) is None
    recorded(patient, therapist, kind="cardiologist-note", rules=["ca-16"])
    assert referral_age_on(patient, DAY) is None
    recorded(patient, therapist, issued_on=DAY - timedelta(days=200))
    newest = recorded(patient, therapist, issued_on=DAY - timedelta(days=100))
    assert (referral_age_on(patient, DAY), referral_age_on(patient, DAY - timedelta(days=150))) == (100, 50)
    withdraw_document(document=newest, reason="A slip", actor=therapist)
    assert referral_age_on(patient, DAY) == 200


def test_a_change_of_health_lets_earlier_documents_fall_for_good(patient: Patient, therapist: Actor) -> None:
    before = recorded(patient, therapist, issued_on=DAY - timedelta(days=9))
    same_day = recorded(patient, therapist, issued_on=DAY - timedelta(days=5))
    changed_on = DAY - timedelta(days=5)
    record_facts(patient=patient, replies=CHANGED, on=changed_on, given_by="patient", actor=therapist)
    assert standing_documents(patient, changed_on) == (same_day, before), "that very day is the method's"
    assert standing_documents(patient, DAY) == (same_day,)
    record_facts(patient=patient, replies={"today.health-change": NORMAL_REPLY}, on=DAY, given_by="patient", actor=therapist)
    assert standing_documents(patient, DAY) == (same_day,), "a quiet day does not raise it again"
    record_facts(patient=patient, replies={"today.health-change": NORMAL_REPLY}, on=changed_on, given_by="patient", actor=therapist)
    assert standing_documents(patient, DAY) == (same_day, before), "the answer was put right"
    assert before not in valid_documents(patient, LIBRARY, DAY + timedelta(days=100))


# Pages ---------------------------------------------------------------------------------------------------------------------
def new(patient: Patient, kind: str = "") -> str:
    return f"/patients/{patient.pk}/documents/new/" + (f"?kind={kind}" if kind else "")


def text(response: Any) -> str:
    return html.unescape(response.content.decode())


@pytest.mark.same_everywhere
def test_the_first_step_names_every_kind_with_what_it_must_state(client: Client, patient: Patient) -> None:
    page = text(client.get(new(patient)))
    names = shipped_names("en")
    for kind in kinds_to_record(LIBRARY):
        address = reverse("patients:referral-new", args=[patient.pk]) if kind == REFERRAL else f"?kind={kind}"
        assert address in page
        assert names.of("documents", kind, "must_state") in page


@pytest.mark.same_everywhere
def test_only_the_rules_of_that_document_are_offered(client: Client, patient: Patient) -> None:
    page = text(client.get(new(patient, "gastro-note")))
    offered = {rule.code for rule in LIBRARY.rules.values() if f'value="{rule.code}"' in page}
    assert offered == {rule.code for rule in liftable_rules(LIBRARY, "gastro-note")}


@pytest.mark.same_everywhere
def test_what_the_patient_s_answers_call_for_stands_first(client: Client, patient: Patient, therapist: Actor) -> None:
    replies = {"history.unexplained-weight-loss": Reply(STATED, value=True)}
    record_facts(patient=patient, replies=replies, on=a_day_at(patient.clinic), given_by="patient", actor=therapist)
    groups = list(client.get(new(patient, "doctor-referral")).context["form"].groups())
    assert [(group.is_called_for, group.is_open) for group in groups] == [(True, True), (False, False)]
    assert [choice.title for choice in groups[0].choices] == ["Unexplained weight loss or night sweats"]


def test_a_document_is_recorded_and_stands_on_the_record_with_its_last_day(client: Client, patient: Patient) -> None:
    day = a_day_at(patient.clinic)
    typed = {"kind": "cardiologist-note", "issued_on": day.isoformat(), "issued_by": "Prof. Herzog", "rules": ["ca-10", "ca-16"]}
    response = client.post(new(patient, "cardiologist-note"), typed)
    assert (response.status_code, response["Location"]) == (303, f"/patients/{patient.pk}/")
    page = text(client.get(response["Location"]))
    for code in ("ca-10", "ca-16"):
        assert LIBRARY.rules[code].title in page
    assert "Prof. Herzog" in page


@pytest.mark.same_everywhere  # refused before anything is kept; what is taken is kept in each database by the tests around
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"issued_on": "2126-01-01"}, "The date of the document lies in the future. Check it."),
        ({"issued_on": "yesterday"}, "Enter a valid date."),
        ({"issued_on": ""}, "This field is required."),
        ({"issued_by": " "}, "This field is required."),
        ({"issued_by": "Dr \u202eKoch"}, "This holds a character that cannot be seen."),
        ({"issued_by": "K" * 161}, "Ensure this value has at most 160 characters"),
        ({"rules": ["ca-01"]}, "This document cannot lift everything that is ticked. Tick only what it names."),
        ({"rules": []}, ""),
        ({"kind": "tb-clinic-note", "rules": []}, "Tick what the document allows: it lifts only what it names."),
        ({"kind": "intake-repeated", "rules": ["ge-04"]}, "No intake form was completed on that day."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client: Client, patient: Patient, typed: dict[str, Any], sentence: str) -> None:
    words = {"kind": "cardiologist-note", "issued_on": "2026-01-02", "issued_by": "Dr Koch", "rules": ["ca-16"]} | typed
    with time_machine.travel("2026-05-04T10:00:00+00:00", tick=False):
        client.force_login(patient.clinic.staff_roles.get(role="therapist").user)
        response = client.post(new(patient), words)
    if not sentence:
        assert response.status_code == 303, "a stage asks for it, so it counts without naming a rule"
        return
    assert response.status_code == 422
    assert sentence in text(response)
    assert not Document.objects.exists()
    assert all(value in text(response) for name, value in words.items() if name == "issued_by" and name not in typed)
    assert ReadLine.objects.count() == 1


@pytest.mark.same_everywhere
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_kind_leads_back_to_the_choice(client: Client, patient: Patient, method: str) -> None:
    response = getattr(client, method)(new(patient, "library-card"))
    assert response.status_code == 422
    assert "There is no such document. Choose one from the list." in text(response)
    assert ReadLine.objects.count() == 1


def test_a_form_sent_twice_records_one_document(client: Client, patient: Patient) -> None:
    page = client.get(new(patient, "doctor-referral")).content.decode()
    token = page.split('name="once" value="')[1][:32]
    typed = {"kind": "doctor-referral", "issued_on": a_day_at(patient.clinic).isoformat(), "issued_by": "Dr Koch", "once": token}
    answers = {client.post(new(patient, "doctor-referral"), typed)["Location"] for _time in range(2)}
    assert answers == {f"/patients/{patient.pk}/"}
    assert Document.objects.count() == 1


def test_the_record_marks_what_is_too_old_fallen_and_withdrawn(client: Client, patient: Patient, therapist: Actor) -> None:
    a_referral(patient=patient, age_days=91)
    fallen = a_document(patient=patient, kind="gastro-note", rules=["gi-02"], age_days=3)
    record_facts(patient=patient, replies=CHANGED, on=a_day_at(patient.clinic), given_by="patient", actor=therapist)
    gone = a_document(patient=patient, kind="tb-clinic-note", rules=["in-04"])
    withdraw_document(document=gone, reason="Of the neighbour", actor=therapist)
    a_document(patient=patient, kind="gynaecologist-note", rules=["gy-02"])
    lines = client.get(f"/patients/{patient.pk}/").context["documents"]
    states = {line.document.kind: line.state for line in lines}
    assert states == {"doctor-referral": "fallen", "gastro-note": "fallen", "tb-clinic-note": "withdrawn", "gynaecologist-note": "valid"}
    assert lines[0].state == "valid", "what still counts stands first"
    assert fallen.rules == ["gi-02"]
    page = text(client.get(f"/patients/{patient.pk}/"))
    assert "Of the neighbour" in page
    assert "lifts nothing since health changed" in page


def test_a_document_is_withdrawn_on_its_page(client: Client, patient: Patient) -> None:
    document = a_referral(patient=patient)
    url = f"/patients/{patient.pk}/documents/{document.pk}/withdrawn/"
    assert "Dr Issuer" in text(client.get(url))
    refused = client.post(url, {"reason": ""})
    assert (refused.status_code, Document.objects.get().is_withdrawn) == (422, False)
    assert client.post(url, {"reason": "A slip"}).status_code == 303
    again = client.post(url, {"reason": "Once more"})
    assert again.status_code == 422
    assert "This document has been withdrawn already." in text(again)
    assert "Once more" in text(again)


def test_a_document_belongs_to_its_patient_and_clinic(client: Client, patient: Patient) -> None:
    other = a_patient(clinic=patient.clinic)
    document = a_referral(patient=other)
    assert client.get(f"/patients/{patient.pk}/documents/{document.pk}/withdrawn/").status_code == 404
    stranger = a_patient()
    assert client.get(new(stranger)).status_code == 404
    assert client.post(new(stranger, "doctor-referral"), {"issued_on": "2026-01-02", "issued_by": "Dr Koch"}).status_code == 404
    theirs = a_referral(patient=stranger)
    assert client.post(f"/patients/{stranger.pk}/documents/{theirs.pk}/withdrawn/", {"reason": "A slip"}).status_code == 404
    assert not Document.objects.filter(withdrawn_at__isnull=False).exists()


@pytest.mark.same_everywhere
def test_the_reception_sees_no_documents(signed_in: SignedIn, patient: Patient) -> None:
    a_referral(patient=patient)
    admin = an_actor(clinic=patient.clinic, roles=(Role.ADMIN,))
    page = text(signed_in(admin).get(f"/patients/{patient.pk}/"))
    assert "Dr Issuer" not in page
    assert "documents/new" not in page
