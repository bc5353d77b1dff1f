"""What keeps answers: forms and dated facts. One transaction, one audit line each, actor last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.staff.permissions import ActionDenied, Actor
from patients.changes import has_changed, hold
from patients.fact_fields import is_reading
from patients.models import FactAnswer, Intake, IntakeChannel, Patient
from patients.permissions import check_can_take_intake
from patients.queries import (
    answered_since,
    digest_of_answers,
    intake_day,
    intake_draft,
    open_intake,
    open_link_of,
    person,
    replies_of_draft,
)
from patients.questionnaire import STATED, Reply, completed
from patients.states import TRANSITIONS, IntakeState
from protocols.editions.queries import library_in_force
from protocols.method.answers import parse_fact
from protocols.method.library import Library

STAFF: Final = "staff"
# Who gave an answer outside the form -> who is written down, and how it came to be known.
SOURCES: Final[Mapping[str, tuple[str, str]]] = {
    "patient": ("patient", FactAnswer.How.ASKED),
    "guardian": ("guardian", FactAnswer.How.ASKED),
    "doctor": ("doctor", FactAnswer.How.SEEN),
    "staff": (STAFF, FactAnswer.How.SEEN),
    "measured": (STAFF, FactAnswer.How.MEASURED),
}


class UnreadAnswers(ActionDenied):
    """The form holds other answers than those that were read back and declared."""


class FilledInElsewhere(ActionDenied):
    """The patient holds the form: a link is open, or what came in by one waits to be read."""


@dataclass(frozen=True, slots=True)
class Added:
    """What staff asked on top of a form that the patient filled in alone, and the words in which they asked."""

    gate: Mapping[str, str] = field(default_factory=dict)
    replies: Mapping[str, Reply] = field(default_factory=dict)
    asked: Sequence[Mapping[str, str]] = ()


# Staff ask -------------------------------------------------------------------------------------------------------------------
@transaction.atomic
def keep_intake_draft(
    *, patient: Patient, gate: Mapping[str, str], replies: Mapping[str, Reply], edition: str, given_by: str, actor: Actor
) -> Intake:
    """Keeps what has been answered so far, so that a closed browser loses nothing.

    Raises ``FilledInElsewhere`` while the patient holds the form.
    """
    check_can_take_intake(actor)
    draft = _draft_of_staff(patient, actor)
    draft.gate, draft.edition, draft.given_by = dict(gate), edition, given_by
    draft.replies = as_kept(replies)
    draft.typed = {}
    draft.save()
    return draft


@transaction.atomic
def keep_typed(*, patient: Patient, page: str, fields: Mapping[str, list[str]], actor: Actor) -> None:
    """Keeps a page of the form as it stands, unchecked, beside what colleagues have typed into it. Leaves no line: it comes every second.

    Raises ``FilledInElsewhere`` as for a draft, ``ActionDenied`` for details of a form that nobody has begun.
    """
    check_can_take_intake(actor)
    if page != FIRST_PAGE and intake_draft(patient) is None:
        raise ActionDenied(_("This form has been closed already. Start a new one to change an answer."))
    draft = _draft_of_staff(patient, actor)
    draft.typed = {**draft.typed, str(actor.user.pk): as_typed_now(page, fields, actor.user.full_name)}
    draft.save(update_fields=["typed"])


FIRST_PAGE: Final = "gate"


def as_typed_now(page: str, fields: Mapping[str, list[str]], who: str) -> dict[str, Any]:
    """A page as somebody left it, with the moment."""
    return {"page": page, "fields": {name: list(values) for name, values in fields.items()}, "who": who, "at": timezone.now().isoformat()}


def _draft_of_staff(patient: Patient, actor: Actor) -> Intake:
    Patient.objects.select_for_update().get(pk=patient.pk)  # a form that somebody closes at this moment must not be opened again
    if draft := intake_draft(patient):
        return draft
    clear_the_way(patient, actor)
    draft = Intake.objects.create(patient=patient, edition=library_in_force(patient.clinic).edition, started_by=actor.user)
    record(actor=actor, verb="started-intake", subject=draft, details={"patient": patient.pk})
    return draft


def clear_the_way(patient: Patient, actor: Actor) -> None:
    """Puts aside what is left of a link that is over. The caller has locked the patient. Raises ``FilledInElsewhere``."""
    if open_link_of(patient):
        raise FilledInElsewhere(_("The patient can fill in the form by a link at this moment. End the link first."))
    left = open_intake(patient)
    if left and left.state == IntakeState.SUBMITTED:
        raise FilledInElsewhere(_("The patient has sent in a form. Read it first: take its answers over, or put it aside."))
    if left and left.channel != IntakeChannel.STAFF:
        put_aside(left, actor)


def as_kept(replies: Mapping[str, Reply]) -> dict[str, dict[str, Any]]:
    """Replies as a form keeps them."""
    return {code: {"reply": reply.reply, "value": reply.value} for code, reply in replies.items()}


@transaction.atomic
def complete_intake(*, intake: Intake, library: Library, asked: list[Any], given_by: str, on: date, actor: Actor) -> Intake:
    """Closes the form and writes one dated answer for every fact it covers.

    Raises ``ActionDenied`` when it is closed already, and ``UnreadAnswers`` when its answers are no longer those of ``intake``.
    ``asked`` are the questions in the words in which they were asked; ``on`` is the clinic's day.
    """
    check_can_take_intake(actor)
    locked = _locked(intake)
    if locked.state == IntakeState.SUBMITTED:
        raise FilledInElsewhere(_("The patient has sent in a form. Read it first: take its answers over, or put it aside."))
    _check_may_become(locked, IntakeState.COMPLETED)
    if digest_of_answers(locked) != digest_of_answers(intake):
        raise UnreadAnswers(unread_sentence())
    locked.given_by, locked.asked, locked.language = given_by, asked, language_shown()
    whole = completed(library, person(locked.patient, on), locked.gate, replies_of_draft(locked))
    how = FactAnswer.How.SEEN if given_by == STAFF else FactAnswer.How.ASKED
    _write(locked, whole, on=on, how=how, actor=actor)
    _close(locked, verb="completed-intake", answers=len(whole), on=on, actor=actor)
    return locked


def unread_sentence() -> str:
    """What whoever declares answers is told when others are in the form by now."""
    return _("The answers have changed since this page was opened. Read them again before the person declares them.")


def language_shown() -> str:
    """The language of the page that is being made."""
    return (get_language() or "en")[:2]


@transaction.atomic
def discard_intake(*, intake: Intake, actor: Actor, reason: str = "") -> None:
    """Puts a form aside; what was typed stays in the record. One that the patient sent in needs a reason.

    Raises ``ActionDenied`` without one, and for a form that is closed already.
    """
    check_can_take_intake(actor)
    locked = _locked(intake)
    if locked.state == IntakeState.SUBMITTED and not reason.strip():
        raise ActionDenied(_("Write why the form is put aside."))
    put_aside(locked, actor, reason.strip())


def put_aside(intake: Intake, actor: Actor, reason: str = "") -> None:
    """Discards a form that the caller has locked. The reason stays with the form: it may tell about health."""
    _check_may_become(intake, IntakeState.DISCARDED)
    intake.state = IntakeState.DISCARDED
    intake.put_aside_because = reason
    intake.save(update_fields=["state", "put_aside_because"])
    record(actor=actor, verb="discarded-intake", subject=intake, details={"patient": intake.patient_id})


# The patient has filled in the form alone ------------------------------------------------------------------------------------
@transaction.atomic
def take_over_intake(*, intake: Intake, added: Added, library: Library, on: date, actor: Actor) -> Intake:
    """Makes dated facts of a form that the patient sent in, with what staff ``added`` to it; ``on`` is the clinic's day.

    The patient's answers are of the day on which they were sent. A fact that was answered anew since then keeps the newer answer.
    Raises ``ActionDenied`` when the form does not wait any more, ``Faults`` when an answer no longer fits the library.
    """
    check_can_take_intake(actor)
    locked = _locked(intake)
    given_on = intake_day(locked)
    if locked.state != IntakeState.SUBMITTED or given_on is None:
        raise ActionDenied(_("Somebody has read this form already. Look at the record."))
    by_staff = added.replies.keys() | {code for row in library.intake.staff if row.code in added.gate for code in row.opens}
    newer = answered_since(locked) - by_staff
    locked.gate = {**locked.gate, **added.gate}
    locked.replies = {**locked.replies, **as_kept(added.replies)}
    locked.asked = [*locked.asked, *(dict(line) for line in added.asked)]
    whole = completed(library, person(locked.patient, on), locked.gate, replies_of_draft(locked))
    typed = {code: reply for code, reply in whole.items() if code not in newer and code not in by_staff}
    _write(locked, typed, on=given_on, how=FactAnswer.How.TYPED, actor=actor)
    _write(locked, {code: whole[code] for code in whole if code in by_staff}, on=on, how=FactAnswer.How.ASKED, actor=actor)
    _close(locked, verb="took-over-intake", answers=len(whole.keys() - newer), on=on, actor=actor)
    return locked


# Single facts ----------------------------------------------------------------------------------------------------------------
@transaction.atomic
def record_facts(*, patient: Patient, replies: Mapping[str, Reply], on: date, given_by: str, actor: Actor, tell: bool = True) -> None:
    """Writes dated answers outside the intake form, such as a new medicine, today's questions and readings.

    ``given_by``: patient | guardian | doctor | staff (from a document) | measured. ``tell``: whether others hear of it, who then
    look at the patient's courses again. Raises ``ActionDenied`` without any answer, ``Faults`` for a value that does not fit.
    """
    check_can_take_intake(actor)
    if not replies:
        raise ActionDenied(_("There is no answer to record."))
    library = library_in_force(patient.clinic)
    for code, reply in replies.items():
        if reply.reply == STATED:
            parse_fact(library.facts[code], reply.value, library)
    if tell:
        hold(patient)  # before the head of the audit: who signs a course locks its patient first and the head last
    who, how = SOURCES[given_by]
    measured = {code: FactAnswer.How.MEASURED for code in replies if how == FactAnswer.How.ASKED and is_reading(library.facts[code])}
    FactAnswer.objects.bulk_create(
        FactAnswer(
            patient=patient, fact=code, reply=reply.reply, value=reply.value, answered_on=on,
            given_by=who, how=measured.get(code, how), recorded_by=actor.user,
        )
        for code, reply in replies.items()
    )  # fmt: skip
    record(actor=actor, verb="recorded-facts", subject=patient, details={"facts": sorted(replies)})
    if tell:
        has_changed(patient, cause="facts", on=on, actor=actor)


# Inside ----------------------------------------------------------------------------------------------------------------------
def _locked(intake: Intake) -> Intake:
    Patient.objects.select_for_update().get(pk=intake.patient_id)  # in the order in which a draft is kept
    return Intake.objects.select_for_update(of=("self",)).select_related("patient__clinic").get(pk=intake.pk)


def _write(intake: Intake, whole: Mapping[str, Reply], *, on: date, how: str, actor: Actor) -> None:
    FactAnswer.objects.bulk_create(
        FactAnswer(
            patient=intake.patient, fact=code, reply=reply.reply, value=reply.value, answered_on=on,
            given_by=intake.given_by, how=how, intake_id=intake.pk, recorded_by_id=actor.user.pk,
        )
        for code, reply in whole.items()
    )  # fmt: skip


def _close(intake: Intake, *, verb: str, answers: int, on: date, actor: Actor) -> None:
    intake.state, intake.typed = IntakeState.COMPLETED, {}
    intake.completed_at, intake.completed_by = timezone.now(), actor.user
    intake.save()
    record(actor=actor, verb=verb, subject=intake, details={"patient": intake.patient_id, "answers": answers})
    has_changed(intake.patient, cause="intake", on=on, actor=actor)


def _check_may_become(intake: Intake, state: IntakeState) -> None:
    if state not in TRANSITIONS[intake.state]:
        raise ActionDenied(_("This form has been closed already. Start a new one to change an answer."))
