"""Referrals: who may do what when, what a signature does, what is left, and what goes beyond one. A referral is a contract."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.audit.models import AuditLine
from clinic.courses.models import SessionRecord
from clinic.signing.actions import SeenOtherwise
from clinic.signing.models import Meaning, Signature
from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, Actor
from patients.actions import DocumentRefused, withdraw_document
from patients.actions import referrals as actions
from patients.models import Document, Patient, Referral, ReferralMove
from patients.queries import referral_age_on
from patients.queries.referrals import is_signed_as_it_stands, last_referral, referrals_with_doctor, standing_referral
from patients.referral_content import content_of, signed_fields
from patients.referral_permissions import BY_A_HAND, can_edit_referral, can_move_referral, check_can_edit_referral, check_can_move_referral
from patients.referrals import (
    Counts,
    Felt,
    balance_of,
)
from patients.states import REFERRAL_TRANSITIONS, ReferralState
from patients.tasks import end_referrals
from protocols.shelf import shipped_library, shipped_names
from tests.factories import a_day_at, a_patient, an_actor
from tests.papers import a_word, a_written_referral, signed, words
from tests.papers import an_unsaved_referral as unsaved

SignedIn = Callable[[Any], Client]
LIBRARY, NAMES = shipped_library(), shipped_names("en")
DAY = date(2026, 5, 4)
TREATING = (Role.THERAPIST, Role.DOCTOR, Role.CLINICAL_LEAD)


@pytest.fixture
def patient(therapist: Actor) -> Patient:
    return a_patient(clinic=therapist.clinic)


# Who, when -----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("origin", ["here", "paper"])
def test_who_may_move_a_referral_where(role: Role, origin: str) -> None:
    actor = Actor(None, None, frozenset({role}))  # type: ignore[arg-type]  # roles are all that is asked
    for state in ReferralState:
        referral = unsaved(state, origin=origin)
        for wanted in ReferralState:
            is_paper = origin == "paper" and wanted in ("signed", "revoked")
            needed = TREATING if is_paper or wanted in ("submitted", "withdrawn") else (Role.DOCTOR,)
            may = wanted in BY_A_HAND and role in needed and wanted in REFERRAL_TRANSITIONS[state]
            assert can_move_referral(referral, wanted, actor) is may, (state, wanted)
            if not may and wanted in BY_A_HAND:
                sentence = "cannot become" if role in needed else "Only a "
                with pytest.raises(ActionDenied, match=sentence):
                    check_can_move_referral(referral, wanted, actor)


@pytest.mark.parametrize("state", list(ReferralState))
def test_only_drafts_and_returned_ones_are_changed(state: str) -> None:
    therapist = Actor(None, None, frozenset({Role.THERAPIST}))  # type: ignore[arg-type]
    reception = Actor(None, None, frozenset({Role.ADMIN}))  # type: ignore[arg-type]
    assert can_edit_referral(unsaved(state), therapist) is (state in ("draft", "returned"))
    assert not can_edit_referral(unsaved(state), reception)
    assert not can_edit_referral(unsaved(state, origin="paper"), therapist)
    with pytest.raises(ActionDenied, match="Only a therapist"):
        check_can_edit_referral(unsaved(state), None)


MOVES: dict[str, Callable[[Referral, Actor, Actor], Any]] = {
    "submit": lambda one, staff, _doctor: actions.submit_referral(referral=one, version=one.version, actor=staff),
    "withdraw": lambda one, staff, _doctor: actions.withdraw_referral(referral=one, version=one.version, actor=staff),
    "return": lambda one, _staff, doctor: actions.return_referral(referral=one, version=one.version, question="Why?", actor=doctor),
    "sign": lambda one, _staff, doctor: signed(one, doctor),
    "refuse": lambda one, _staff, doctor: actions.refuse_referral(
        referral=one, version=one.version, word=a_word(doctor, one, "No"), actor=doctor
    ),
    "revoke": lambda one, _staff, doctor: actions.revoke_referral(
        referral=one, version=one.version, word=a_word(doctor, one, "Why"), on=a_day_at(doctor.clinic), actor=doctor
    ),
    "end": lambda one, _staff, _doctor: actions.end_if_over(referral=one, on=one.valid_until + timedelta(days=1)),
    "change": lambda one, staff, _doctor: actions.change_referral(
        referral=one, version=one.version, on=a_day_at(staff.clinic), actor=staff, **words(on=a_day_at(staff.clinic), session_count=7)
    ),
}


@pytest.mark.same_everywhere
@pytest.mark.django_db(transaction=True)
@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(sorted(MOVES)), max_size=8))
def test_no_walk_leaves_the_table_of_states(steps: list[str]) -> None:
    staff = an_actor()
    doctor = an_actor(clinic=staff.clinic, roles=(Role.DOCTOR,))
    referral = a_written_referral(patient=a_patient(clinic=staff.clinic), actor=staff)
    for step in steps:
        one = Referral.objects.get(pk=referral.pk)
        before = one.state
        try:
            MOVES[step](one, staff, doctor)
        except ActionDenied:
            assert Referral.objects.get(pk=referral.pk).state == before
        one.refresh_from_db()
        assert one.state == before or one.state in REFERRAL_TRANSITIONS[before]
        assert one.state != "signed" or is_signed_as_it_stands(one)
    walked = list(ReferralMove.objects.filter(referral=referral).values_list("before", "after"))
    assert walked[0] == ("", "draft")
    assert [after for _before, after in walked[:-1]] == [before for before, _after in walked[1:]]


# A doctor's word -----------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_signature_makes_a_document_that_plans_read(patient: Patient, therapist: Actor, doctor: Actor) -> None:
    referral = a_written_referral(patient=patient, state="submitted", actor=therapist, rules=["ca-16"][:0])
    assert referral_age_on(patient, a_day_at(patient.clinic)) is None
    made = signed(referral, doctor, "Gently")
    document = made.document
    assert document is not None
    assert (document.kind, document.issued_by, document.valid_until) == ("doctor-referral", doctor.user.full_name, made.valid_until)
    assert referral_age_on(patient, a_day_at(patient.clinic)) == 0
    assert standing_referral(patient, "neck-collar", a_day_at(patient.clinic)) == made
    assert standing_referral(patient, "scoliosis", a_day_at(patient.clinic)) is None
    assert (made.answer, made.signature.meaning if made.signature else "") == ("Gently", Meaning.APPROVED)
    assert [line.verb for line in AuditLine.objects.order_by("pk")][-3:] == ["moved-referral", "signed", "moved-referral"]
    with pytest.raises(DocumentRefused, match="Revoke the referral instead"):
        withdraw_document(document=document, reason="A slip", actor=therapist)


@pytest.mark.django_db
def test_a_signature_of_the_demo_says_so(patient: Patient, therapist: Actor, doctor: Actor) -> None:
    sent = a_written_referral(patient=patient, state="submitted", actor=therapist)
    made = actions.demo_sign_referral(referral=sent, version=1, on=a_day_at(patient.clinic), actor=doctor)
    assert made.signature is not None
    assert made.signature.method == "demo"
    assert is_signed_as_it_stands(made)


@pytest.mark.django_db
def test_nobody_signs_what_changed_after_it_was_read(patient: Patient, therapist: Actor, doctor: Actor) -> None:
    referral = a_written_referral(patient=patient, state="submitted", actor=therapist)
    word = a_word(doctor, referral)
    Patient.objects.filter(pk=patient.pk).update(given_name="Berta")
    referral = Referral.objects.get(pk=referral.pk)
    with pytest.raises(SeenOtherwise):
        actions.sign_referral(referral=referral, version=referral.version, word=word, on=a_day_at(patient.clinic), actor=doctor)
    assert not Signature.objects.exists()
    assert not Document.objects.exists()


@pytest.mark.django_db
def test_two_doctors_sign_once(patient: Patient, therapist: Actor, doctor: Actor) -> None:
    referral = a_written_referral(patient=patient, state="submitted", actor=therapist)
    other = an_actor(clinic=patient.clinic, roles=(Role.DOCTOR,))
    late = a_word(other, referral)
    signed(referral, doctor)
    with pytest.raises(ActionDenied, match="cannot become"):
        actions.sign_referral(referral=referral, version=referral.version, word=late, on=a_day_at(patient.clinic), actor=other)
    assert Signature.objects.count() == 1


@pytest.mark.first_everywhere
@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(signed_fields(unsaved(patient_id=1, pk=1))))
def test_a_changed_field_of_a_signed_referral_takes_its_force(name: str, patient: Patient, therapist: Actor, doctor: Actor) -> None:
    made = a_written_referral(patient=patient, state="signed", actor=therapist, doctor=doctor)
    other = a_patient(clinic=patient.clinic)
    changes: dict[str, Any] = {
        "origin": "paper", "outside_doctor": "Dr X", "patient": other.pk, "extends": made.pk, "zones_barred": [["neck", "left"]],
        "families_barred": ["percussion"], "techniques_barred": ["kneading-longitudinal"], "pressure_max": 2, "rules": ["ca-10"],
        "session_count": 30, "valid_from": made.valid_from - timedelta(days=1), "valid_until": made.valid_until + timedelta(days=1),
        "version": 9,
    }  # fmt: skip
    change = {f"{name}_id" if name in ("patient", "extends") else name: changes.get(name, "another")}
    if name == "origin":
        change["outside_doctor"] = "Dr X"
    if name == "outside_doctor":
        change["origin"] = "paper"
    assert is_signed_as_it_stands(made)
    Referral.objects.filter(pk=made.pk).update(**change)
    assert not is_signed_as_it_stands(Referral.objects.select_related("patient", "signature", "document").get(pk=made.pk))


@pytest.mark.same_everywhere
@pytest.mark.django_db
def test_a_corrected_name_does_not_take_its_force(patient: Patient, therapist: Actor, doctor: Actor) -> None:
    made = a_written_referral(patient=patient, state="signed", actor=therapist, doctor=doctor)
    Patient.objects.filter(pk=patient.pk).update(family_name="Wagner")
    assert is_signed_as_it_stands(Referral.objects.get(pk=made.pk))


@pytest.mark.django_db
def test_a_question_comes_back_answered_and_a_refusal_is_signed(patient: Patient, therapist: Actor, doctor: Actor) -> None:
    referral = a_written_referral(patient=patient, state="returned", actor=therapist, doctor=doctor)
    assert referral.answer == "Which side?"
    changed = actions.change_referral(
        referral=referral, version=1, on=a_day_at(patient.clinic), actor=therapist, **words(on=a_day_at(patient.clinic), session_count=8)
    )
    sent = actions.submit_referral(referral=changed, version=2, note="The left", actor=therapist)
    assert list(referrals_with_doctor(patient.clinic)) == [sent]
    with pytest.raises(actions.ReferralRefused, match="Write why"):
        actions.refuse_referral(referral=sent, version=2, word=a_word(doctor, sent), actor=doctor)
    refused = actions.refuse_referral(referral=sent, version=2, word=a_word(doctor, sent, "Fever"), actor=doctor)
    assert (refused.state, refused.answer, Signature.objects.get().meaning) == ("refused", "Fever", Meaning.REFUSED)
    notes = [move.note for move in ReferralMove.objects.filter(referral=referral)]
    assert notes == ["", "", "Which side?", "The left", "Fever"]


@pytest.mark.django_db
def test_what_is_revoked_counts_no_more(patient: Patient, therapist: Actor, doctor: Actor) -> None:
    made = a_written_referral(patient=patient, state="revoked", actor=therapist, doctor=doctor)
    made.refresh_from_db()
    assert made.document is not None
    assert made.document.withdrawn_because == "A slip"
    assert [one.meaning for one in Signature.objects.order_by("sequence")] == [Meaning.APPROVED, Meaning.REVOKED]
    assert standing_referral(patient, "neck-collar", a_day_at(patient.clinic)) is None
    assert referral_age_on(patient, a_day_at(patient.clinic)) is None


@pytest.mark.django_db
def test_an_extension_replaces_what_it_extends_once_it_is_signed(patient: Patient, therapist: Actor, doctor: Actor) -> None:
    first = a_written_referral(patient=patient, state="signed", actor=therapist, doctor=doctor)
    with pytest.raises(actions.ReferralRefused, match="why more"):
        a_written_referral(patient=patient, actor=therapist, extends=first)
    more = a_written_referral(patient=patient, state="submitted", actor=therapist, extends=first, reason="Pain halved", session_count=15)
    first.refresh_from_db()
    assert first.state == "signed"  # asking does not unlock anything, and stops nothing
    assert last_referral(patient) == more
    signed(more, doctor)
    first.refresh_from_db()
    assert first.state == "superseded"
    assert first.document is not None
    assert first.document.is_withdrawn
    assert standing_referral(patient, "neck-collar", a_day_at(patient.clinic)) == more
    words_shown = content_of(more, LIBRARY, NAMES).sections
    assert "Pain halved" in next(section.lines for section in words_shown if section.heading == "More sessions are asked for")


@pytest.mark.same_everywhere
@pytest.mark.django_db
def test_somebody_else_s_referral_is_not_extended(patient: Patient, therapist: Actor, doctor: Actor) -> None:
    other = a_written_referral(patient=a_patient(clinic=patient.clinic), state="signed", doctor=doctor)
    with pytest.raises(actions.ReferralRefused, match="of this patient"):
        a_written_referral(patient=patient, actor=therapist, extends=other, reason="More")


@pytest.mark.django_db
def test_two_people_do_not_overwrite_one_another(patient: Patient, therapist: Actor) -> None:
    referral, on = a_written_referral(patient=patient, actor=therapist), a_day_at(patient.clinic)
    actions.change_referral(referral=referral, version=1, on=on, actor=therapist, **words(on=on, session_count=8))
    with pytest.raises(actions.StaleReferral, match="Somebody else"):
        actions.change_referral(referral=referral, version=1, on=on, actor=therapist, **words(on=on, session_count=9))


# Balance and days ----------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_what_is_over_is_written_down_at_night_and_read_as_over_before(patient: Patient, therapist: Actor, doctor: Actor) -> None:
    made = a_written_referral(patient=patient, state="signed", actor=therapist, doctor=doctor)
    with time_machine.travel(made.valid_until + timedelta(days=1, hours=12)):
        assert standing_referral(patient, "neck-collar", a_day_at(patient.clinic)) is None
        assert (end_referrals(), end_referrals()) == (1, 0)
    made.refresh_from_db()
    assert made.state == "expired"
    move = ReferralMove.objects.filter(referral=made).last()
    assert move is not None
    assert (move.after, move.by) == ("expired", None)
    line = AuditLine.objects.latest("pk")
    assert (line.verb, line.user, line.clinic) == ("moved-referral", None, patient.clinic)


@pytest.mark.django_db
def test_sessions_are_counted_from_the_courses(patient: Patient, therapist: Actor, doctor: Actor) -> None:
    from clinic.courses.referral_counts import counted, felt
    from tests.factories import a_course
    from tests.schedule_factories import a_booking, a_workday

    made = a_written_referral(patient=patient, state="signed", actor=therapist, doctor=doctor)
    course = a_course(patient=patient, actor=therapist)
    type(course).objects.filter(pk=course.pk).update(referral=made)
    first, second, third = course.sessions.all()[:3]
    SessionRecord.objects.create(
        session=first, given_on=DAY, pain_before=6, pain_after=4, recorded_at=made.written_at, recorded_by=therapist.user
    )
    for session, ahead in ((second, 7), (third, 14)):
        day = a_workday(clinic=patient.clinic, ahead=ahead)
        place = a_booking(patient=patient, therapist=therapist.user, day=day)
        type(session).objects.filter(pk=session.pk).update(state="booked", booking=place)
    assert counted(made) == Counts(1, 2)
    assert balance_of(made, counts=counted(made)).left == 7
    assert felt(patient, "neck-collar") == (Felt(DAY, 6, 4, None),)


# Pages ---------------------------------------------------------------------------------------------------------------------
def typed(**changed: Any) -> dict[str, Any]:
    return {"place": "neck-collar/calming", "diagnosis": "Neck tension", "icd10": "м54,2", "valid_from": "2026-05-04"} | changed


@pytest.mark.django_db
@time_machine.travel(DAY)
def test_three_lines_make_a_referral_and_send_it(therapist: Actor, patient: Patient, signed_in: SignedIn) -> None:
    client = signed_in(therapist)
    page = reverse("patients:referral-new", args=[patient.pk])
    assert client.get(page).status_code == 200
    answer = client.post(page, typed(send="1", once="a" * 32))
    again = client.post(page, typed(send="1", once="a" * 32))
    made = Referral.objects.get()
    assert answer["Location"] == again["Location"] == reverse("patients:referral", args=[patient.pk, made.pk])
    assert (made.icd10, made.state, made.valid_until) == ("M54.2", "submitted", DAY + timedelta(days=90))
    usual = LIBRARY.conditions["neck-collar"].stages["calming"].treatment
    assert usual is not None
    assert made.session_count == usual.sessions.usual
    shown = client.get(reverse("patients:referral", args=[patient.pk, made.pk])).content.decode()
    assert "With the doctor" in shown
    assert "Neck tension" in shown


@pytest.mark.same_everywhere
@pytest.mark.django_db
@time_machine.travel(DAY)
def test_same_as_last_time_fills_in_everything(therapist: Actor, patient: Patient, signed_in: SignedIn) -> None:
    last = a_written_referral(patient=patient, actor=therapist, zones_barred=[["calf", "both"]], pressure_max=2, session_count=12)
    page = signed_in(therapist).get(reverse("patients:referral-new", args=[patient.pk]), {"like": last.pk}).content.decode()
    for expected in ('value="calf|left"\n', "Neck tension", 'value="12"'):
        assert expected.strip() in page
    assert page.count("checked") >= 3


@pytest.mark.django_db
def test_a_doctor_signs_by_one_deliberate_act_after_a_password(
    patient: Patient, therapist: Actor, doctor: Actor, signed_in: SignedIn
) -> None:
    made = a_written_referral(patient=patient, state="submitted", actor=therapist, question="Allow kneading?")
    page = reverse("patients:referral-sign", args=[patient.pk, made.pk])
    client = signed_in(doctor)
    shown = client.get(page)
    text = shown.content.decode()
    assert text.index("Allow kneading?") < text.index("What the protocol does")
    assert client.post(page, {"intent": shown.context["ceremony"]["intent"], "meaning": "approved"})["Location"].startswith(
        "/accounts/reauth"
    )
    client.post(reverse("account_reauthenticate"), {"password": "correct horse battery staple"})
    shown = client.get(page)
    assert client.post(page, {"intent": "forged", "meaning": "approved"}).status_code == 409
    answer = client.post(page, {"intent": shown.context["ceremony"]["intent"], "meaning": "approved"})
    assert answer.status_code == 303
    made.refresh_from_db()
    assert made.state == "signed"
    assert client.get(page)["Location"] == reverse("patients:referral", args=[patient.pk, made.pk])
    after = client.get(reverse("patients:referral", args=[patient.pk, made.pk])).content.decode()
    assert "10 of 10 sessions left" in after
    assert "Checked just now" in after
    assert made.signature is not None
    entry = client.get(reverse("signing:entry", args=[made.signature.pk])).content.decode()
    assert reverse("patients:referral", args=[patient.pk, made.pk]) in entry


@pytest.mark.same_everywhere
@pytest.mark.django_db
def test_another_clinic_has_no_such_referral(patient: Patient, therapist: Actor, stranger: Actor, signed_in: SignedIn) -> None:
    made = a_written_referral(patient=patient, actor=therapist)
    other = a_patient(clinic=patient.clinic)
    assert signed_in(stranger).get(reverse("patients:referral", args=[patient.pk, made.pk])).status_code == 404
    assert signed_in(therapist).get(reverse("patients:referral", args=[other.pk, made.pk])).status_code == 404
