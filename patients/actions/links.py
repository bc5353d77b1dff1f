"""The form in the patient's own hands: links made and ended by staff, and what comes in by them. One transaction each.

What a patient does has no actor: the audit line names the clinic and the link. Nobody is told why a link opens nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.staff.permissions import ActionDenied, Actor
from clinic.web.links import new_token, token_digest
from patients.actions.answers import UnreadAnswers, as_kept, as_typed_now, clear_the_way, language_shown, put_aside, unread_sentence
from patients.changes import answers_were_sent
from patients.models import Intake, IntakeChannel, IntakeLink, Patient
from patients.permissions import check_can_register
from patients.queries import MOST_WRONG_TRIES, digest_of_answers, intake_draft, link_behind, open_intake, open_link_of
from patients.questionnaire import Reply
from patients.states import IntakeState
from protocols.editions.queries import library_in_force

HOLDS: Final[Mapping[str, timedelta]] = {IntakeChannel.LINK: timedelta(days=7), IntakeChannel.TABLET: timedelta(hours=1)}


class LinkOpensNothing(ActionDenied):
    """The link never was, or was used, ended, guessed at too often, or has expired. Nobody is told which."""


# Staff -----------------------------------------------------------------------------------------------------------------------
@transaction.atomic
def make_intake_link(*, patient: Patient, channel: str, actor: Actor) -> tuple[IntakeLink, str]:
    """A new link to an empty form and its secret, which is kept nowhere. ``channel``: link (7 days) | tablet (1 hour).

    It takes the place of an open one. Raises ``ActionDenied`` for a role that may not, about somebody who has died, and while staff
    fill in the form or one that came in waits to be read.
    """
    check_can_register(actor)
    if Patient.objects.select_for_update().get(pk=patient.pk).died_on is not None:  # the family would get the letter
        raise ActionDenied(_("This patient has died: no form goes out. Was that written down by mistake, take it back on the record."))
    _end_open_link(patient, actor)
    if intake_draft(patient):
        raise ActionDenied(_("A form is being filled in by staff. Complete it or put it aside first."))
    clear_the_way(patient, actor)
    token = new_token()
    link = IntakeLink.objects.create(
        patient=patient,
        channel=channel,
        token_digest=token_digest(token),
        made_by=actor.user,
        expires_at=timezone.now() + HOLDS[channel],
    )
    record(actor=actor, verb="made-intake-link", subject=link, details={"patient": patient.pk, "channel": str(channel)})
    return link, token


@transaction.atomic
def revoke_intake_link(*, patient: Patient, actor: Actor) -> None:
    """The patient's open link opens nothing any more; what was begun by it is put aside. Without an open link nothing happens."""
    check_can_register(actor)
    Patient.objects.select_for_update().get(pk=patient.pk)
    _end_open_link(patient, actor)


def _end_open_link(patient: Patient, actor: Actor) -> None:
    link = open_link_of(patient)
    if link is None:
        return
    link.revoked_at = timezone.now()
    link.save(update_fields=["revoked_at"])
    record(actor=actor, verb="revoked-intake-link", subject=link, details={"patient": patient.pk})
    begun = open_intake(patient)
    if begun and begun.pk == link.intake_id and begun.state == IntakeState.DRAFT:
        put_aside(begun, actor)


# The patient -----------------------------------------------------------------------------------------------------------------
@transaction.atomic
def try_birth_date(*, token: str, born_on: date) -> int:
    """How many tries are left after this one; ``MOST_WRONG_TRIES`` when the date is right. The last wrong one ends the link.

    Raises ``LinkOpensNothing``.
    """
    link = _taken(token)
    if link.patient.born_on == born_on:
        if link.opened_at is None:
            link.opened_at = timezone.now()
            link.save(update_fields=["opened_at"])
            _note(link, "opened-intake-link")
        return MOST_WRONG_TRIES
    link.wrong_tries += 1
    link.save(update_fields=["wrong_tries"])
    if link.wrong_tries >= MOST_WRONG_TRIES:
        _note(link, "ended-intake-link")
    return MOST_WRONG_TRIES - link.wrong_tries


@transaction.atomic
def keep_filled_in(*, token: str, gate: Mapping[str, str], replies: Mapping[str, Reply]) -> Intake:
    """Keeps what the patient has answered so far. Raises ``LinkOpensNothing``."""
    draft = _draft_of(_taken(token))
    draft.gate, draft.replies, draft.typed = dict(gate), as_kept(replies), {}
    draft.language = language_shown()
    draft.save()
    return draft


@transaction.atomic
def keep_typed_alone(*, token: str, page: str, fields: Mapping[str, list[str]]) -> None:
    """Keeps a page as it stands, unchecked. Raises ``LinkOpensNothing``."""
    draft = _draft_of(_taken(token))
    draft.typed = {ALONE: as_typed_now(page, fields, "")}
    draft.save(update_fields=["typed"])


ALONE: Final = "patient"


@transaction.atomic
def submit_intake(*, token: str, seen: str, asked: Sequence[Mapping[str, str]], given_by: str) -> Intake:
    """Sends the form in and uses the link up. ``seen`` is the digest of the answers that were shown with the declaration.

    Nothing becomes a fact before somebody of the staff has read it. Raises ``LinkOpensNothing``, ``UnreadAnswers``.
    """
    link = _taken(token)
    if link.intake is None or link.intake.state != IntakeState.DRAFT:
        raise LinkOpensNothing(_("This link opens nothing."))
    intake = link.intake
    if digest_of_answers(intake) != seen:
        raise UnreadAnswers(unread_sentence())
    intake.state, intake.submitted_at, intake.typed = IntakeState.SUBMITTED, timezone.now(), {}
    intake.asked, intake.given_by, intake.language = [dict(line) for line in asked], given_by, language_shown()
    intake.save()
    link.used_at = intake.submitted_at
    link.save(update_fields=["used_at"])
    answers_were_sent(intake)
    _note(link, "submitted-intake", subject=intake)
    return intake


def _taken(token: str) -> IntakeLink:
    """The open link behind an address, with nobody else at the patient's form."""
    found = link_behind(token)
    if found is not None:
        Patient.objects.select_for_update().get(pk=found.patient_id)
        found = link_behind(token)  # read again now that nobody else can use or end it
    if found is None:
        raise LinkOpensNothing(_("This link opens nothing."))
    return found


def _draft_of(link: IntakeLink) -> Intake:
    """The form that belongs to the link, begun with its first answer. Whoever made the link began it."""
    if link.intake and link.intake.state == IntakeState.DRAFT:
        return link.intake
    if link.intake or open_intake(link.patient):
        raise LinkOpensNothing(_("This link opens nothing."))
    edition, language = library_in_force(link.patient.clinic).edition, language_shown()
    link.intake = Intake.objects.create(
        patient=link.patient, channel=link.channel, edition=edition, language=language, started_by_id=link.made_by_id
    )
    link.save(update_fields=["intake"])
    _note(link, "started-intake", subject=link.intake)
    return link.intake


def _note(link: IntakeLink, verb: str, *, subject: Any = None) -> None:
    details = {"patient": link.patient_id, "channel": str(link.channel)}
    record(actor=None, verb=verb, subject=subject or link, details=details, clinic=link.patient.clinic)
