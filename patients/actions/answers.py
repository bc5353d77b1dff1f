"""What keeps answers: forms and dated facts. One transaction, one audit line each, actor last."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.staff.permissions import ActionDenied, Actor
from patients.models import FactAnswer, Intake, Patient
from patients.permissions import check_can_take_intake
from patients.queries import digest_of_answers, intake_draft, person
from patients.questionnaire import Reply, completed
from patients.states import TRANSITIONS, IntakeState
from protocols.method.library import Library


class UnreadAnswers(ActionDenied):
    """The form holds other answers than those that were read back and declared."""


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


def _check_may_become(intake: Intake, state: IntakeState) -> None:
    if state not in TRANSITIONS[intake.state]:
        raise ActionDenied(_("This form has been closed already. Start a new one to change an answer."))
