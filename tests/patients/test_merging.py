"""Two records of one person become one with both histories; what they contradicted each other in is unknown; it can be taken back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from clinic.audit.actions import verify_chain
from clinic.audit.models import AuditLine
from clinic.courses.models import Course
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import ActionDenied, Actor
from patients.actions import MergeRefused, correct_patient, merge_patients, note_likes, record_document, undo_merge
from patients.merging import registered
from patients.models import FactAnswer, Intake, MessageConsent, NameKey, Patient, PatientMerge
from patients.queries import SecondRecord, answers_on, last_change_of_health, may_message, newest_replies, patient_or_404, patients_of
from patients.questionnaire import day_facts
from patients.states import IntakeState
from protocols.shelf import shipped_library
from tests.factories import a_begun_intake, a_course, a_day_at, a_patient, a_referral, an_actor, an_intake

SignedIn = Callable[[Any], Client]


@pytest.fixture
def lead(clinic: Clinic) -> Actor:
    return an_actor(clinic=clinic, roles=(Role.CLINICAL_LEAD,))


@pytest.fixture
def two(clinic: Clinic) -> tuple[Patient, Patient]:
    kept = a_patient(clinic=clinic, family_name="Иванова", card_number="K-1")
    return kept, a_patient(clinic=clinic, family_name="Ivanowa", card_number="M-2", phone="030 55555")


def merged(two: tuple[Patient, Patient], actor: Actor, *, versions: tuple[int, int] = (1, 1)) -> PatientMerge:
    return merge_patients(kept=two[0], merged=two[1], versions=versions, on=a_day_at(actor.clinic), actor=actor)


def undone(merge: PatientMerge, actor: Actor) -> PatientMerge:
    return undo_merge(merge=merge, on=a_day_at(actor.clinic), actor=actor)


def a_fact(patient: Patient, fact: str, reply: str, value: Any = None, *, days_ago: int = 0) -> FactAnswer:
    day = a_day_at(patient.clinic) - timedelta(days=days_ago)
    return FactAnswer.objects.create(
        patient=patient, fact=fact, reply=reply, value=value, answered_on=day, recorded_by=patient.registered_by
    )


def newest(patient: Patient, fact: str) -> tuple[str, Any]:
    answer = newest_replies(patient)[fact]
    return answer.reply, answer.value


def test_every_row_that_points_to_a_patient_goes_over_or_is_read_through_both() -> None:
    pointing = {
        model._meta.label_lower for model in apps.get_models() for field in model._meta.get_fields()
        if field.name == "patient" and getattr(field, "related_model", None) is Patient
    }  # fmt: skip
    stays = {NameKey._meta.label_lower, MessageConsent._meta.label_lower}
    assert pointing - stays == {each.label for each in registered()}


def test_everything_of_both_is_on_the_kept_record(two: tuple[Patient, Patient], lead: Actor) -> None:
    kept, gone = two
    for patient in two:
        an_intake(patient=patient, actor=lead)
        a_referral(patient=patient, actor=lead)
        a_course(patient=patient, actor=lead)
    merged(two, lead)
    assert {each.label: each.rows_of(gone).count() for each in registered()} == dict.fromkeys((each.label for each in registered()), 0)
    assert kept.courses.count() == kept.documents.count() == 2
    assert kept.intakes.filter(state=IntakeState.COMPLETED).count() == 2


def test_both_records_tell_who_merged_them(two: tuple[Patient, Patient], lead: Actor) -> None:
    merged(two, lead)
    lines = AuditLine.objects.filter(verb="merged-patients")
    assert {line.subject_id for line in lines} == {str(patient.pk) for patient in two}
    assert "Иванова" not in str([line.details for line in lines])
    assert verify_chain() is None


def test_what_is_empty_is_filled_in_and_nothing_else_is_changed(two: tuple[Patient, Patient], lead: Actor) -> None:
    merged(two, lead)
    two[0].refresh_from_db()
    assert (two[0].full_name, two[0].phone, two[0].version) == ("Иванова Anna", "030 55555", 2)


@pytest.mark.parametrize("query", ["M-2", "Ivanowa", "Ivanova", "030 55555", "Ivnaowa"])
def test_the_old_card_and_the_old_name_find_the_kept_record_alone(
    two: tuple[Patient, Patient], lead: Actor, query: str, signed_in: SignedIn
) -> None:
    merged(two, lead)
    body = signed_in(lead).get("/patients/", {"q": query}).content.decode()
    assert reverse("patients:detail", args=[two[0].pk]) in body
    assert reverse("patients:detail", args=[two[1].pk]) not in body
    assert patients_of(lead.clinic).get() == two[0]


@pytest.mark.first_everywhere
@pytest.mark.parametrize("name", ["patients:detail", "patients:edit", "patients:intake", "courses:new"])
def test_every_old_address_leads_to_the_kept_record_with_a_notice(
    two: tuple[Patient, Patient], lead: Actor, signed_in: SignedIn, name: str
) -> None:
    merged(two, lead)
    client = signed_in(lead)
    response = client.get(reverse(name, args=[two[1].pk]))
    assert (response.status_code, response["Location"]) == (303, reverse(name, args=[two[0].pk]))
    assert "M-2 was a second record of this person" in client.get(response["Location"]).content.decode()


@pytest.mark.same_everywhere
def test_a_form_sent_to_the_old_address_changes_nothing_and_says_so(two: tuple[Patient, Patient], lead: Actor, signed_in: SignedIn) -> None:
    merged(two, lead)
    client, lines = signed_in(lead), AuditLine.objects.count()
    response = client.post(reverse("patients:edit", args=[two[1].pk]), {"family_name": "X"})
    assert (response.status_code, response["Location"]) == (303, reverse("patients:detail", args=[two[0].pk]))
    assert "Nothing that you sent was saved." in client.get(response["Location"]).content.decode()
    assert AuditLine.objects.filter(verb="corrected").count() == 0
    assert AuditLine.objects.count() == lines


# Facts ------------------------------------------------------------------------------------------------------------------------
@pytest.mark.same_everywhere
@pytest.mark.parametrize(("one", "other"), [("normal", "unknown"), ("unknown", "normal")])
def test_a_fact_that_one_record_does_not_know_is_unknown(two: tuple[Patient, Patient], lead: Actor, one: str, other: str) -> None:
    a_fact(two[0], "medicine.anticoagulant", one)
    a_fact(two[1], "medicine.anticoagulant", other)
    merged(two, lead)
    assert newest(two[0], "medicine.anticoagulant") == ("unknown", None)


def test_a_contradiction_is_unknown_whichever_answer_is_newer_and_a_plan_asks_again(two: tuple[Patient, Patient], lead: Actor) -> None:
    code = next(code for code, fact in shipped_library().facts.items() if fact.type == "bool" and not code.startswith(("today.", "plan.")))
    a_fact(two[1], code, "stated", True)
    a_fact(two[0], code, "normal")
    merge = merged(two, lead)
    assert newest(two[0], code) == ("unknown", None)
    assert code in answers_on(two[0], shipped_library(), a_day_at(lead.clinic)).unknown
    assert [fact for fact, *_pks in merge.contradictions] == [code]
    assert FactAnswer.objects.get(how="merged").patient == two[0]


def test_equal_answers_and_answers_of_one_record_stay(two: tuple[Patient, Patient], lead: Actor) -> None:
    for patient in two:
        a_fact(patient, "a.same", "stated", 4)
    a_fact(two[1], "b.only", "stated", 7)
    assert merged(two, lead).contradictions == []
    assert newest(two[0], "a.same") == ("stated", 4)
    assert newest(two[0], "b.only") == ("stated", 7)


def test_a_change_of_health_that_one_record_knows_of_is_never_lost(two: tuple[Patient, Patient], lead: Actor) -> None:
    day = a_day_at(lead.clinic)
    a_fact(two[0], "today.health-change", "stated", True, days_ago=3)
    a_fact(two[1], "today.health-change", "normal", days_ago=3)
    merged(two, lead)
    assert last_change_of_health(two[0], day) == day - timedelta(days=3)


def test_answers_for_different_days_do_not_contradict_each_other(two: tuple[Patient, Patient], lead: Actor) -> None:
    code = next(code for code in day_facts(shipped_library().intake) if code != "today.health-change")
    a_fact(two[0], code, "stated", True, days_ago=9)
    a_fact(two[1], code, "normal", days_ago=2)
    assert merged(two, lead).contradictions == []


# Forms, messages ------------------------------------------------------------------------------------------------------------
def test_of_two_open_forms_that_of_the_merged_record_is_put_aside(two: tuple[Patient, Patient], lead: Actor) -> None:
    forms = [a_begun_intake(patient=patient) for patient in two]
    merge = merged(two, lead)
    assert [Intake.objects.get(pk=form.pk).state for form in forms] == [IntakeState.DRAFT, IntakeState.DISCARDED]
    undone(merge, lead)
    assert [Intake.objects.get(pk=form.pk).state for form in forms] == [IntakeState.DRAFT, IntakeState.DRAFT]


def submitted(patient: Patient) -> Intake:
    form = a_begun_intake(patient=patient)
    Intake.objects.filter(pk=form.pk).update(state=IntakeState.SUBMITTED, submitted_at=form.started_at)
    return form


def test_a_form_that_a_patient_sent_is_never_put_aside_unread(two: tuple[Patient, Patient], lead: Actor) -> None:
    draft, sent = a_begun_intake(patient=two[0]), submitted(two[1])
    merged(two, lead)
    assert Intake.objects.get(pk=sent.pk).state == IntakeState.SUBMITTED
    assert Intake.objects.get(pk=draft.pk).state == IntakeState.DISCARDED


def test_two_forms_that_nobody_read_have_to_be_read_first(two: tuple[Patient, Patient], lead: Actor) -> None:
    submitted(two[0])
    submitted(two[1])
    with pytest.raises(MergeRefused, match="nobody has read yet"):
        merged(two, lead)
    assert not PatientMerge.objects.exists()


def test_the_newest_word_on_messages_of_both_counts(clinic: Clinic, two: tuple[Patient, Patient], lead: Actor) -> None:
    for patient, given in zip(two, (True, False), strict=True):
        correct_patient(
            patient=patient, details={"card_number": patient.card_number, "phone": "030 55555"}, version=1,
            messages={"sms": given}, actor=lead,
        )  # fmt: skip
    merged(two, lead, versions=(2, 2))
    assert may_message(two[0]) == frozenset()


# Who, when --------------------------------------------------------------------------------------------------------------------
@pytest.mark.same_everywhere  # who may; what they may is done in each database by the tests around
@pytest.mark.parametrize(
    ("role", "may"),
    [(Role.ADMIN, True), (Role.CLINICAL_LEAD, True), (Role.THERAPIST, False), (Role.DOCTOR, False), (Role.AUDITOR, False)],
)
def test_an_administrator_and_the_clinical_lead_merge_and_nobody_else(
    clinic: Clinic, two: tuple[Patient, Patient], role: Role, may: bool
) -> None:
    actor = an_actor(clinic=clinic, roles=(role,))
    if may:
        assert undone(merged(two, actor), actor).undone_at
        return
    with pytest.raises(ActionDenied, match="Only an administrator or the clinical lead may merge records"):
        merged(two, actor)


@pytest.mark.parametrize("versions", [(2, 1), (1, 2), (0, 0)])
def test_records_that_were_changed_since_they_were_compared_are_not_merged(
    two: tuple[Patient, Patient], lead: Actor, versions: tuple[int, int]
) -> None:
    with pytest.raises(MergeRefused, match="changed in the meantime"):
        merged(two, lead, versions=versions)


@pytest.mark.same_everywhere
def test_records_of_two_clinics_a_record_with_itself_and_a_merged_one_are_refused(
    two: tuple[Patient, Patient], lead: Actor, other_clinic: Clinic
) -> None:
    with pytest.raises(MergeRefused, match="two records of this clinic"):
        merged((two[0], a_patient(clinic=other_clinic)), lead)
    with pytest.raises(MergeRefused, match="two records of this clinic"):
        merged((two[0], two[0]), lead)
    merged(two, lead)
    with pytest.raises(MergeRefused, match="changed in the meantime"):
        merged(two, lead, versions=(2, 2))


def test_nothing_is_added_to_a_record_that_was_merged_at_that_very_moment(two: tuple[Patient, Patient], lead: Actor) -> None:
    merged(two, lead)  # while somebody else still has the page of the second record open, read before
    day = a_day_at(lead.clinic)
    with pytest.raises(SecondRecord):
        record_document(patient=two[1], kind="doctor-referral", issued_on=day, issued_by="Dr X", on=day, actor=lead)
    with pytest.raises(SecondRecord):
        correct_patient(patient=two[1], details={"card_number": "M-2"}, version=2, actor=lead)
    assert not two[1].documents.exists()


def test_a_chain_of_merges_leads_to_the_last_one(clinic: Clinic, two: tuple[Patient, Patient], lead: Actor) -> None:
    last = a_patient(clinic=clinic, card_number="L-3")
    first = merged(two, lead)
    second = merge_patients(kept=last, merged=two[0], versions=(1, 2), on=a_day_at(clinic), actor=lead)
    with pytest.raises(SecondRecord) as elsewhere:
        patient_or_404(clinic, two[1].pk)
    assert elsewhere.value.kwargs == {"pk": last.pk}
    assert [each.card_number for each in patients_of(clinic, "M-2")] == ["L-3"]
    with pytest.raises(MergeRefused, match="A later merge has to be undone first"):
        undone(first, lead)
    undone(second, lead)
    undone(first, lead)
    assert patients_of(clinic).count() == 3


# And back ---------------------------------------------------------------------------------------------------------------------
def test_a_merge_taken_back_leaves_both_as_they_were(two: tuple[Patient, Patient], lead: Actor) -> None:
    for patient in two:
        an_intake(patient=patient, actor=lead)
        a_course(patient=patient, actor=lead)
    a_fact(two[0], "a.fact", "stated", 1)
    a_fact(two[1], "a.fact", "stated", 2)
    before = [{each.label: set(each.rows_of(patient).values_list("pk", flat=True)) for each in registered()} for patient in two]
    undone(merged(two, lead), lead)
    after = [{each.label: set(each.rows_of(patient).values_list("pk", flat=True)) for each in registered()} for patient in two]
    facts = FactAnswer._meta.label_lower
    assert [{**rows, facts: set()} for rows in before] == [{**rows, facts: set()} for rows in after]
    assert before[1][facts] == after[1][facts]
    assert before[0][facts] <= after[0][facts]
    assert [newest(patient, "a.fact") for patient in two] == [("stated", 1), ("stated", 2)]
    two[0].refresh_from_db()
    assert two[0].phone == ""
    assert patients_of(lead.clinic).count() == 2
    assert AuditLine.objects.filter(verb="undid-merge").count() == 2


def test_a_merge_on_which_something_new_hangs_stays_and_says_what(two: tuple[Patient, Patient], lead: Actor) -> None:
    course = a_course(patient=two[1], actor=lead)
    merge = merged(two, lead)
    a_referral(patient=two[0], actor=lead)
    with pytest.raises(MergeRefused, match="so the record stays one: Documents"):
        undone(merge, lead)
    assert Course.objects.get(pk=course.pk).patient == two[0]


def test_a_course_that_went_on_since_keeps_the_records_together(two: tuple[Patient, Patient], lead: Actor) -> None:
    from clinic.courses.actions import replan_course, request_of

    course = a_course(patient=two[1], actor=lead)
    merge = merged(two, lead)
    course.refresh_from_db()
    replan_course(course=course, wanted=request_of(course), on=a_day_at(lead.clinic), version=course.version, actor=lead)
    with pytest.raises(MergeRefused, match="Courses"):
        undone(merge, lead)


@pytest.mark.same_everywhere
def test_a_merge_that_cannot_be_taken_back_says_so_on_the_record(two: tuple[Patient, Patient], lead: Actor, signed_in: SignedIn) -> None:
    merge = merged(two, lead)
    undone(merge, lead)
    page = signed_in(lead).post(reverse("patients:merge-undo", args=[two[0].pk, merge.pk]), follow=True)
    assert page.redirect_chain == [(reverse("patients:detail", args=[two[0].pk]), 303)]
    assert "This has been undone already." in page.content.decode()


def test_a_merge_is_taken_back_once(two: tuple[Patient, Patient], lead: Actor) -> None:
    merge = merged(two, lead)
    undone(merge, lead)
    with pytest.raises(MergeRefused, match="undone already"):
        undone(merge, lead)
    assert merged(two, lead, versions=(3, 3)).pk != merge.pk


# Pages ------------------------------------------------------------------------------------------------------------------------
@pytest.mark.same_everywhere
def test_the_comparison_tells_an_administrator_how_many_answers_differ_and_never_which(
    two: tuple[Patient, Patient], lead: Actor, signed_in: SignedIn, clinic: Clinic
) -> None:
    code = next(code for code, fact in shipped_library().facts.items() if fact.type == "bool" and not code.startswith(("today.", "plan.")))
    a_fact(two[0], code, "stated", True)
    a_fact(two[1], code, "normal")
    url = reverse("patients:compare", args=[two[0].pk, two[1].pk])
    admin = signed_in(an_actor(clinic=clinic, roles=(Role.ADMIN,))).get(url)
    assert (admin.context["contradicting"], list(admin.context["contradictions"])) == (1, [])
    assert "1 question was answered in two ways" in admin.content.decode()
    assert [line.name for line in signed_in(lead).get(url).context["contradictions"]] != []


def test_the_pages_from_finding_to_parting(two: tuple[Patient, Patient], lead: Actor, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    found = client.get(reverse("patients:second-record", args=[two[0].pk])).content.decode()
    url = reverse("patients:compare", args=[two[0].pk, two[1].pk])
    assert url in found
    assert client.post(url, {"version": 1, "other_version": 1}).status_code == 422
    stale = client.post(url, {"keep": two[1].pk, "version": 1, "other_version": 7})
    assert (stale.status_code, "Compare them again" in stale.content.decode()) == (422, True)
    response = client.post(url, {"keep": two[1].pk, "version": 1, "other_version": 1})
    assert response["Location"] == reverse("patients:detail", args=[two[1].pk])
    body = client.get(response["Location"]).content.decode()
    merge = PatientMerge.objects.get()
    undo = reverse("patients:merge-undo", args=[two[1].pk, merge.pk])
    assert undo in body
    assert client.post(undo).status_code == 303
    assert patients_of(lead.clinic).count() == 2


@pytest.mark.same_everywhere
def test_a_patient_is_not_compared_with_itself_or_with_one_of_another_clinic(
    two: tuple[Patient, Patient], lead: Actor, signed_in: SignedIn, other_clinic: Clinic
) -> None:
    client = signed_in(lead)
    for other in (two[0].pk, a_patient(clinic=other_clinic).pk):
        assert client.get(reverse("patients:compare", args=[two[0].pk, other])).status_code == 404


def test_what_either_record_says_the_patient_likes_stands_and_is_parted_again(two: tuple[Patient, Patient], lead: Actor) -> None:
    for patient, words in zip(two, ("Quiet", "x" * 300), strict=True):
        note_likes(patient=patient, text=words, actor=lead)
    merge = merged(two, lead, versions=(2, 2))
    two[0].refresh_from_db()
    assert two[0].likes == "Quiet\n" + "x" * 300
    undone(merge, lead)
    assert [Patient.objects.get(pk=patient.pk).likes for patient in two] == ["Quiet", "x" * 300]
    assert AuditLine.objects.filter(verb="noted-likes").count() == 2


def test_the_notes_of_both_records_stand_and_are_parted_again(two: tuple[Patient, Patient], lead: Actor) -> None:
    for patient, words in zip(two, ("Comes by bus", "Needs the lift"), strict=True):
        Patient.objects.filter(pk=patient.pk).update(notes=words)
    merge = merged(two, lead)
    assert Patient.objects.get(pk=two[0].pk).notes == "Comes by bus\nNeeds the lift"
    undone(merge, lead)
    assert [Patient.objects.get(pk=patient.pk).notes for patient in two] == ["Comes by bus", "Needs the lift"]
