"""A record is erased: by two persons, whole or not at all, and the chains hold without it and because of the order only."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.http import Http404

from clinic.audit.actions import record, verify_chain
from clinic.audit.erasing import erasing
from clinic.audit.models import AuditLine
from clinic.courses.models import Consent, ConsentWithdrawal, SessionRecord
from clinic.courses.queries import page_of_courses
from clinic.keeping.erasure import journal
from clinic.keeping.erasure.actions.asking import NotAsked, ask_for_erasure
from clinic.keeping.erasure.actions.deciding import NotNow, decide_erasure, propose_finishing
from clinic.keeping.erasure.queries import plan_for
from clinic.keeping.holdings import HOLDINGS, Goes, people_of
from clinic.keeping.models import Erasure
from clinic.signing.keys import keyring
from clinic.signing.models import Meaning, Signature
from clinic.signing.verifying import verify_all
from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, Actor
from patients.actions import next_card_number
from patients.actions.dying import note_death
from patients.models import Attachment, MessageConsent, NameKey, Patient
from patients.queries import look_alikes, patient_or_404, patients_of
from patients.restricted import Restricted
from tests.clinic.keeping.whole_record import CANARY, a_whole_record, dump
from tests.factories import a_clinic, a_running_course, an_actor
from tests.fixtures import without_triggers

pytestmark = pytest.mark.django_db
YEARS = timedelta(days=366 * 11)


@pytest.fixture(scope="module", autouse=True)
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """A whole record, made once: it is the dear part of every test here. Nothing of it is ever kept."""
    with django_db_blocker.unblock(), transaction.atomic():
        clinic = a_clinic(name="Lindenhof")
        roles = {"therapist": Role.THERAPIST, "doctor": Role.DOCTOR, "clinical_lead": Role.CLINICAL_LEAD}
        people: dict[str, Any] = {name: an_actor(clinic=clinic, roles=(role,)) for name, role in roles.items()}
        yield people | {
            "patient": a_whole_record(people["therapist"]),
            "other": a_running_course(actor=people["therapist"], count=6).patient,
        }
        transaction.set_rollback(True)


@pytest.fixture
def patient(scene: dict[str, Any]) -> Patient:
    return Patient.objects.get(pk=scene["patient"].pk)


@pytest.fixture
def other(scene: dict[str, Any]) -> Patient:
    """Somebody else of the clinic, whose course is running."""
    return Patient.objects.get(pk=scene["other"].pk)


@pytest.fixture
def therapist(scene: dict[str, Any]) -> Actor:
    return scene["therapist"]  # type: ignore[no-any-return]


@pytest.fixture
def doctor(scene: dict[str, Any]) -> Actor:
    return scene["doctor"]  # type: ignore[no-any-return]


@pytest.fixture
def clinical_lead(scene: dict[str, Any]) -> Actor:
    return scene["clinical_lead"]  # type: ignore[no-any-return]


def asked(patient: Patient, by: Actor) -> Erasure:
    return ask_for_erasure(patient=patient, words=f"{CANARY} wrote a letter", actor=by)


def decided(patient: Patient, on: date, *, doctor: Actor, lead: Actor) -> Erasure:
    erasure = asked(patient, doctor)
    shown = plan_for(patient, on).kept_until
    return decide_erasure(erasure=erasure, shown=shown, on=on, method="password", actor=lead)


def long_after(patient: Patient) -> date:
    return patient.clinic.today() + YEARS


def both_chains_hold() -> bool:
    broken = [verdict.broken for verdict in verify_all(keyring(), []) if verdict.broken]
    assert not broken, broken
    assert verify_chain() is None
    return True


# The whole record -----------------------------------------------------------------------------------------------------------
def test_nothing_of_an_erased_record_is_left_and_both_chains_hold(
    patient: Patient, other: Patient, doctor: Actor, clinical_lead: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    before = {each.label: list(each.rows((other,)).values()) for each in HOLDINGS}
    people = people_of(patient)
    assert [each.label for each in HOLDINGS if not each.rows(people).exists() and each.label != "keeping.erasure"] == []
    files = [
        Path(settings.MEDIA_ROOT) / name[:2] / name
        for name in Attachment.objects.filter(patient=patient).values_list("stored_as", flat=True)
    ]
    assert both_chains_hold()
    assert {table for table, row in dump() if CANARY in row}

    with django_capture_on_commit_callbacks(execute=True):
        erasure = decided(patient, long_after(patient), doctor=doctor, lead=clinical_lead)

    assert [(table, row) for table, row in dump() if CANARY.lower() in row.lower()] == []
    assert files
    assert not any(file.exists() for file in files)
    assert both_chains_hold()
    assert {each.label: list(each.rows((other,)).values()) for each in HOLDINGS} == before
    assert erasure.state == Erasure.State.DONE
    assert erasure.removed["courses.sessionrecord"] == 1
    assert [each.label for each in HOLDINGS if each.goes != Goes.STAYS and each.rows(people).exists()] == []


def test_the_stone_has_no_name_and_is_found_by_nobody(patient: Patient, doctor: Actor, clinical_lead: Actor) -> None:
    said = {"family_name": patient.family_name, "given_name": patient.given_name, "phone": "", "born_on": patient.born_on}
    assert look_alikes(patient.clinic, said)
    decided(patient, long_after(patient), doctor=doctor, lead=clinical_lead)
    stone = Patient.objects.get(pk=patient.pk)
    assert (stone.full_name, stone.born_on, stone.card_number) == ("Erased record", date(1900, 1, 1), f"erased-{stone.pk}")
    assert not patients_of(patient.clinic).filter(pk=patient.pk).exists()
    assert not look_alikes(patient.clinic, said)
    with pytest.raises(Http404):
        patient_or_404(patient.clinic, patient.pk)


def test_the_card_of_an_erased_patient_is_not_given_to_the_next(patient: Patient, doctor: Actor, clinical_lead: Actor) -> None:
    Patient.objects.filter(pk=patient.pk).update(card_number="700123")
    assert next_card_number(patient.clinic) == "700124"
    decided(patient, long_after(patient), doctor=doctor, lead=clinical_lead)
    assert not Patient.objects.filter(card_number="700123").exists()
    assert next_card_number(patient.clinic) == "700124"


# Restricted -----------------------------------------------------------------------------------------------------------------
def test_what_must_be_kept_is_restricted_until_its_time_is_over_and_then_proposed(
    patient: Patient, doctor: Actor, clinical_lead: Actor
) -> None:
    today = patient.clinic.today()
    assert patient in [course.patient for course in page_of_courses(doctor, "1")]
    erasure = decided(patient, today, doctor=doctor, lead=clinical_lead)
    assert erasure.kept_until
    assert erasure.kept_until > today
    kept = Patient.objects.get(pk=patient.pk)
    assert (kept.phone, kept.email, kept.likes) == ("", "", "")
    assert kept.family_name == patient.family_name
    assert not MessageConsent.objects.filter(patient=kept).exists()
    assert not NameKey.objects.filter(patient=kept).exists()
    assert Consent.objects.filter(course__patient=kept).exists()
    assert not patients_of(patient.clinic, CANARY).exists()
    assert patient not in [course.patient for course in page_of_courses(doctor, "1")]
    assert both_chains_hold()
    assert propose_finishing(patient=kept, on=today) is None
    proposed = propose_finishing(patient=kept, on=long_after(patient))
    assert proposed
    assert proposed.asked_by == doctor.user


def test_nothing_is_written_to_a_restricted_record(patient: Patient, doctor: Actor, clinical_lead: Actor) -> None:
    decided(patient, patient.clinic.today(), doctor=doctor, lead=clinical_lead)
    kept = Patient.objects.get(pk=patient.pk)
    with pytest.raises(Restricted, match="restricted"), transaction.atomic():
        note_death(patient=kept, died_on=patient.clinic.today(), actor=doctor)
    with pytest.raises(Restricted), transaction.atomic():
        write_addendum(patient, doctor)
    assert Patient.objects.get(pk=patient.pk).died_on is None


def write_addendum(patient: Patient, actor: Actor) -> None:
    """Something deep in the record, which knows nothing of restrictions."""
    course = patient.courses.get()
    course.reviews.create(kind="question", after_session=1, asked_by=actor.user)
    record(actor=actor, verb="asked-doctor", subject=course, details={"patient": patient.pk})


# Who, and when ----------------------------------------------------------------------------------------------------------------
@pytest.mark.same_everywhere
def test_an_erasure_takes_two_and_what_was_shown(patient: Patient, clinical_lead: Actor, doctor: Actor, therapist: Actor) -> None:
    today = patient.clinic.today()
    erasure = asked(patient, clinical_lead)
    shown = plan_for(patient, today).kept_until
    with pytest.raises(ActionDenied, match="Who asked"):
        decide_erasure(erasure=erasure, shown=shown, on=today, method="password", actor=clinical_lead)
    with pytest.raises(ActionDenied, match="Only the clinical lead"):
        decide_erasure(erasure=erasure, shown=shown, on=today, method="password", actor=doctor)
    with pytest.raises(NotAsked, match="already"):
        asked(patient, doctor)
    with pytest.raises(ActionDenied, match="Only an administrator"):
        asked(patient, therapist)
    assert Erasure.objects.get().state == Erasure.State.ASKED


@pytest.mark.same_everywhere
def test_what_changed_since_it_was_shown_is_not_erased(patient: Patient, clinical_lead: Actor, doctor: Actor) -> None:
    erasure = asked(patient, doctor)
    with pytest.raises(NotNow, match="changed since"):
        decide_erasure(erasure=erasure, shown=None, on=patient.clinic.today(), method="password", actor=clinical_lead)
    with pytest.raises(NotNow, match="password"):
        decide_erasure(erasure=erasure, shown=None, on=long_after(patient), method="", actor=clinical_lead)


@pytest.mark.same_everywhere
def test_a_course_that_is_not_over_stands_against_it(other: Patient, clinical_lead: Actor, doctor: Actor) -> None:
    patient = other
    plan = plan_for(patient, long_after(patient))
    assert plan.hindrances == ["A course is not over yet. End it first."]
    with pytest.raises(NotNow, match="not over"):
        decide_erasure(
            erasure=asked(patient, doctor), shown=plan.kept_until, on=long_after(patient), method="password", actor=clinical_lead
        )


# The guard of the tables ------------------------------------------------------------------------------------------------------
REFUSED: dict[str, Callable[[], Any]] = {
    "a withdrawal deleted": lambda: ConsentWithdrawal.objects.all()._raw_delete("default"),
    "an audit line emptied": lambda: AuditLine.objects.update(details={}),
    "a signature emptied": lambda: Signature.objects.update(content=""),
}
STILL_REFUSED: dict[str, Callable[[], Any]] = {
    "a consent changed": lambda: Consent.objects.update(given_by_name="somebody"),
    "an audit line changed": lambda: AuditLine.objects.update(details={"said": "else"}),
    "an audit line of somebody else": lambda: AuditLine.objects.update(details={}, roles="admin"),
    "an audit line deleted": lambda: AuditLine.objects.all()._raw_delete("default"),
    "a signature deleted": lambda: Signature.objects.all()._raw_delete("default"),
    "a signature changed": lambda: Signature.objects.update(content="x"),
    "the signer of a signature": lambda: Signature.objects.update(content="", printed_name="somebody"),
}


def test_the_tables_let_through_what_an_erasure_does_and_nothing_else(patient: Patient) -> None:
    for deed in REFUSED.values():
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()
    for deed in STILL_REFUSED.values():
        with pytest.raises(IntegrityError), transaction.atomic(), erasing():
            deed()
    with transaction.atomic():
        with erasing():
            for deed in REFUSED.values():
                deed()
        with pytest.raises(IntegrityError), transaction.atomic():  # the guard is closed again, in the same transaction
            SessionRecord.objects.all()._raw_delete("default")


# Attacks on the chains --------------------------------------------------------------------------------------------------------
def first_break() -> str:
    found = [verdict.broken.sentence for verdict in verify_all(keyring(), []) if verdict.broken]
    line = verify_chain()
    return " ".join([*found, *([line.sentence] if line else [])])


def test_content_that_went_without_an_order_is_found(patient: Patient) -> None:
    with without_triggers(connection):
        Signature.objects.filter(note="").update(content="")
    assert "has lost its document, and no order in the chain says so" in first_break()


def test_details_that_went_without_an_order_are_found(patient: Patient) -> None:
    with without_triggers(connection):
        AuditLine.objects.filter(verb="undid-death").update(details={})
    assert "was changed after it was written" in first_break()


def test_an_order_for_other_entries_excuses_nothing(patient: Patient, other: Patient, doctor: Actor, clinical_lead: Actor) -> None:
    decided(patient, long_after(patient), doctor=doctor, lead=clinical_lead)
    assert both_chains_hold()
    mine = Signature.objects.filter(subject=f"courses.course:{other.courses.get().pk}").last()
    assert mine
    with without_triggers(connection):
        Signature.objects.filter(pk=mine.pk).update(content="")
    assert f"entry {mine.sequence} has lost its document" in first_break()


def test_whoever_changes_what_is_left_of_an_erased_entry_is_found(patient: Patient, doctor: Actor, clinical_lead: Actor) -> None:
    decided(patient, long_after(patient), doctor=doctor, lead=clinical_lead)
    emptied = Signature.objects.filter(content="").order_by("sequence").last()
    line = AuditLine.objects.filter(verb="undid-death").get()
    assert emptied
    with without_triggers(connection):
        Signature.objects.filter(pk=emptied.pk).update(printed_name="Dr Somebody Else")
        AuditLine.objects.filter(pk=line.pk).update(user=doctor.user)
    assert f"entry {emptied.sequence} was changed after its document was removed" in first_break()
    assert f"line {line.sequence} was changed after it was emptied" in first_break()
    with without_triggers(connection):
        Signature.objects.filter(pk=emptied.pk).update(printed_name=emptied.printed_name, content='{"put": "back"}')
    assert f"entry {emptied.sequence} is there again" in first_break()


@pytest.mark.same_everywhere
def test_an_order_of_a_forger_excuses_nothing(patient: Patient, doctor: Actor, clinical_lead: Actor) -> None:
    decided(patient, long_after(patient), doctor=doctor, lead=clinical_lead)
    order = Signature.objects.get(meaning=Meaning.ERASED)
    with without_triggers(connection):
        Signature.objects.filter(pk=order.pk).update(content=order.content.replace('"lines":{', '"lines":{"1":"00",'))
    assert "has lost its document" in first_break()


# After a backup came back -----------------------------------------------------------------------------------------------------
def test_a_backup_that_comes_back_is_erased_again(
    patient: Patient, doctor: Actor, clinical_lead: Actor, capsys: pytest.CaptureFixture[str], django_capture_on_commit_callbacks: Any
) -> None:
    point = transaction.savepoint()
    with django_capture_on_commit_callbacks(execute=True):
        decided(patient, long_after(patient), doctor=doctor, lead=clinical_lead)
    transaction.savepoint_rollback(point)
    assert Patient.objects.get(pk=patient.pk).erased_on is None
    assert len(list(journal.read(journal.file().read_text().splitlines(), keyring()))) == 1
    people = ["--as", clinical_lead.user.email, "--asked-by", doctor.user.email]
    call_command("apply_erasures", *people, "--dry-run")
    call_command("apply_erasures", *people)
    call_command("apply_erasures", *people)
    assert [line.rsplit(": ", 1)[1] for line in capsys.readouterr().out.splitlines()] == ["to do.", "done.", "there already."]
    assert [row for row in dump() if CANARY.lower() in row[1].lower()] == []
    assert both_chains_hold()


@pytest.mark.same_everywhere
def test_a_line_that_no_key_signed_erases_nobody(patient: Patient, tmp_path: Path) -> None:
    forged = tmp_path / "erasures.txt"
    forged.write_text('{"schema":"tactus-erasure-1"} AAAA\n')
    with pytest.raises(journal.BadJournal):
        list(journal.read(forged.read_text().splitlines(), keyring()))
