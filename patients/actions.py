"""What changes patients' records: one transaction, one audit line each, actor last."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, Unpack

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.staff.models import Clinic
from clinic.staff.permissions import ActionDenied, Actor
from patients.documents import Paper, trouble_with
from patients.models import Document, FactAnswer, Intake, Patient
from patients.permissions import check_can_record_documents, check_can_register, check_can_take_intake
from patients.queries import digest_of_answers, has_intake_of_day, holder_of_card, intake_draft, person
from patients.questionnaire import Reply, completed
from patients.states import TRANSITIONS, IntakeState
from protocols.method.clearances import REPEATED_INTAKE
from protocols.method.library import Library
from protocols.shelf import shipped_library

LONGEST_GIVEN: Final = 8  # digits of the card numbers that we count


class StalePatient(ActionDenied):
    """Somebody else saved this record first."""


class CardTaken(ActionDenied):
    """Another patient of the clinic has this card number."""


class UnreadAnswers(ActionDenied):
    """The form holds other answers than those that were read back and declared."""


@transaction.atomic
def register_patient(*, details: Mapping[str, Any], actor: Actor) -> Patient:
    """Puts a person on the register of the actor's clinic; without a card number the next free one is given.

    ``details`` are the cleaned fields of the registration form. Raises ``ActionDenied`` for a role that may not, ``CardTaken``
    for a number that somebody has.
    """
    check_can_register(actor)
    _one_at_a_time(actor.clinic)
    fields = {**details, "card_number": details.get("card_number") or next_card_number(actor.clinic)}
    check_card_is_free(actor.clinic, fields["card_number"])
    patient = Patient.objects.create(clinic=actor.clinic, registered_by=actor.user, **fields)
    record(actor=actor, verb="registered", subject=patient, details={"card_number": patient.card_number})
    return patient


def next_card_number(clinic: Clinic) -> str:
    """The number after the highest plain number in use at the clinic; one so long that somebody mistyped it does not count."""
    used = Patient.objects.filter(clinic=clinic, card_number__regex=rf"^[0-9]{{1,{LONGEST_GIVEN}}}$").values_list("card_number", flat=True)
    numbers = frozenset(int(number) for number in used)
    highest = max(numbers, default=1000) + 1
    if highest < 10**LONGEST_GIVEN:
        return str(highest)
    return str(next(number for number in range(1001, 10**LONGEST_GIVEN) if number not in numbers))


def check_card_is_free(clinic: Clinic, number: str, *, but: int | None = None) -> None:
    """Raises ``CardTaken`` when another patient than ``but`` has this number; an empty one is free."""
    taken = holder_of_card(clinic, number, but=but)
    if taken:
        sentence = _("Card %(number)s belongs to %(name)s. Choose another number, or leave it empty.")
        raise CardTaken(sentence % {"number": number, "name": taken.full_name})


def _one_at_a_time(clinic: Clinic) -> None:
    """Two receptions must not give one card number: the second waits here until the first has stored its patient."""
    Clinic.objects.select_for_update().get(pk=clinic.pk)


@transaction.atomic
def correct_patient(*, patient: Patient, details: Mapping[str, Any], version: int, actor: Actor) -> Patient:
    """Changes who the patient is.

    Raises ``StalePatient`` when the record was saved by somebody else since ``version``, ``CardTaken`` for another's number.
    """
    check_can_register(actor)
    _one_at_a_time(actor.clinic)
    if not Patient.objects.filter(pk=patient.pk, version=version).update(version=F("version") + 1):
        raise StalePatient(_("Somebody else has saved this record in the meantime. Look at their changes, then save yours again."))
    check_card_is_free(actor.clinic, details["card_number"], but=patient.pk)
    changed = sorted(name for name, value in details.items() if getattr(patient, name) != value)
    for name, value in details.items():
        setattr(patient, name, value)
    patient.version = version + 1
    patient.save()
    record(actor=actor, verb="corrected", subject=patient, details={"fields": changed})
    return patient


@transaction.atomic
def keep_intake_draft(
    *, patient: Patient, gate: Mapping[str, str], replies: Mapping[str, Reply], edition: str, given_by: str, actor: Actor
) -> Intake:
    """Keeps what has been answered so far, so that a closed browser loses nothing."""
    check_can_take_intake(actor)
    Patient.objects.select_for_update().get(pk=patient.pk)  # a form that somebody closes at this moment must not be opened again
    draft = intake_draft(patient)
    started = draft is None
    draft = draft or Intake(patient=patient, started_by=actor.user)
    draft.gate, draft.edition, draft.given_by = dict(gate), edition, given_by
    draft.replies = {code: {"reply": reply.reply, "value": reply.value} for code, reply in replies.items()}
    draft.save()
    if started:
        record(actor=actor, verb="started-intake", subject=draft, details={"patient": patient.pk})
    return draft


@transaction.atomic
def complete_intake(*, intake: Intake, library: Library, asked: list[str], given_by: str, on: date, actor: Actor) -> Intake:
    """Closes the form and writes one dated answer for every fact it covers.

    Raises ``ActionDenied`` when it is closed already, and ``UnreadAnswers`` when its answers are no longer those of ``intake``.
    ``asked`` are the questions in the words in which they were asked; ``on`` is the clinic's day.
    """
    check_can_take_intake(actor)
    Patient.objects.select_for_update().get(pk=intake.patient_id)  # in the order in which a draft is kept
    locked = Intake.objects.select_for_update(of=("self",)).select_related("patient").get(pk=intake.pk)
    _check_may_become(locked, IntakeState.COMPLETED)
    if digest_of_answers(locked) != digest_of_answers(intake):
        raise UnreadAnswers(unread_sentence())
    replies = {code: Reply(kept["reply"], kept.get("value")) for code, kept in locked.replies.items()}
    locked.given_by = given_by
    whole = completed(library, person(locked.patient, on), locked.gate, replies)
    FactAnswer.objects.bulk_create(
        FactAnswer(
            patient=locked.patient, fact=code, reply=reply.reply, value=reply.value, answered_on=on,
            given_by=locked.given_by, intake=locked, recorded_by=actor.user,
        )
        for code, reply in whole.items()
    )  # fmt: skip
    locked.state, locked.asked = IntakeState.COMPLETED, asked
    locked.completed_at, locked.completed_by = timezone.now(), actor.user
    locked.save()
    record(actor=actor, verb="completed-intake", subject=locked, details={"patient": locked.patient_id, "answers": len(whole)})
    return locked


def unread_sentence() -> str:
    """What whoever declares answers is told when others are in the form by now."""
    return _("The answers have changed since this page was opened. Read them again before the person declares them.")


@transaction.atomic
def discard_intake(*, intake: Intake, actor: Actor) -> None:
    """Puts an unfinished form aside; what was typed stays in the record."""
    check_can_take_intake(actor)
    Patient.objects.select_for_update().get(pk=intake.patient_id)
    locked = Intake.objects.select_for_update().get(pk=intake.pk)
    _check_may_become(locked, IntakeState.DISCARDED)
    locked.state = IntakeState.DISCARDED
    locked.save()
    record(actor=actor, verb="discarded-intake", subject=locked, details={"patient": locked.patient_id})


@transaction.atomic
def record_facts(*, patient: Patient, replies: Mapping[str, Reply], on: date, given_by: str, actor: Actor) -> None:
    """Writes dated answers outside the intake form, such as today's questions and readings."""
    check_can_take_intake(actor)
    FactAnswer.objects.bulk_create(
        FactAnswer(
            patient=patient, fact=code, reply=reply.reply, value=reply.value, answered_on=on, given_by=given_by, recorded_by=actor.user
        )
        for code, reply in replies.items()
    )
    record(actor=actor, verb="recorded-facts", subject=patient, details={"facts": sorted(replies)})


class DocumentRefused(ActionDenied):
    """These words are no document, or this one may not do what they say."""


@transaction.atomic
def record_document(*, patient: Patient, on: date, actor: Actor, **paper: Unpack[Paper]) -> Document:
    """Records a document seen on paper: ``kind``, ``issued_on``, ``issued_by``, codes of the ``rules`` it lifts; ``on`` is today there.

    Raises ``DocumentRefused`` for an unknown kind, a date in the future, a rule that such a document cannot lift, and for one that
    would do nothing because it names no rule and no stage asks for it. Source: library, clearance-documents.toml and the rules.
    """
    check_can_record_documents(actor)
    library, named = shipped_library(), sorted(frozenset(paper.pop("rules", ())))
    for sentence in trouble_with({**paper, "rules": named}, library, on=on).values():
        raise DocumentRefused(sentence)
    if paper["kind"] == REPEATED_INTAKE and not has_intake_of_day(patient, paper["issued_on"]):
        raise DocumentRefused(_("No intake form was completed on that day. Take the intake again first."))
    paper["issued_by"] = paper["issued_by"].strip()
    document = Document.objects.create(
        patient=patient, rules=named, edition=library.edition, recorded_on=on, recorded_by=actor.user, **paper
    )
    record(actor=actor, verb="recorded-document", subject=document, details={"patient": patient.pk, "kind": document.kind, "rules": named})
    return document


@transaction.atomic
def withdraw_document(*, document: Document, reason: str, actor: Actor) -> Document:
    """Takes a document that was recorded by mistake out of every plan from now on; it stays in the record with the reason.

    Raises ``DocumentRefused`` without a reason, and when it is withdrawn already.
    """
    check_can_record_documents(actor)
    if not reason.strip():
        raise DocumentRefused(_("Write why the document is withdrawn."))
    locked = Document.objects.select_for_update(of=("self",)).select_related("patient").get(pk=document.pk)
    if locked.is_withdrawn:
        raise DocumentRefused(_("This document has been withdrawn already."))
    locked.withdrawn_at, locked.withdrawn_by, locked.withdrawn_because = timezone.now(), actor.user, reason.strip()
    locked.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
    record(actor=actor, verb="withdrew-document", subject=locked, details={"patient": locked.patient_id, "kind": locked.kind})
    return locked


def _check_may_become(intake: Intake, state: IntakeState) -> None:
    if state not in TRANSITIONS[intake.state]:
        raise ActionDenied(_("This form has been closed already. Start a new one to change an answer."))
