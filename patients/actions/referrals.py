"""What writes, sends, answers and ends referrals: one transaction, the row locked, the table of states asked, one audit line."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.signing.actions import demo_sign, record_paper, sign
from clinic.signing.content import Content
from clinic.signing.intents import Proof
from clinic.signing.models import Meaning, Signature
from clinic.staff.permissions import ActionDenied, Actor
from patients.actions.files import KeptFile, attach_file
from patients.actions.papers import mark_withdrawn
from patients.changes import has_changed, hold
from patients.models import Document, Patient, Referral, ReferralMove
from patients.queries.people import check_takes_news
from patients.queries.referrals import ONCE_SIGNED
from patients.referral_content import content_of
from patients.referral_permissions import check_can_edit_referral, check_can_move_referral, check_can_write_referral
from patients.referrals import Words, counts_of, state_on, trouble_with_referral, words_of
from patients.states import REFERRAL_TRANSITIONS, ReferralState
from protocols.editions.queries import library_in_force, names_in_force
from protocols.method.clearances import REFERRAL


class StaleReferral(ActionDenied):
    """Somebody else changed this referral first."""


class ReferralRefused(ActionDenied):
    """These words are no referral."""


@dataclass(frozen=True, slots=True)
class DoctorsWord:
    """What the doctor's page sends: the intent it showed, how the doctor was recognised, and words of the doctor's own."""

    intent: str
    proof: Proof
    note: str = ""


@dataclass(frozen=True, slots=True)
class SignedPaper:
    """What stands on a referral that came signed on paper."""

    doctor: str
    licence: str
    signed_on: date
    file: KeptFile


# Writing --------------------------------------------------------------------------------------------------------------------
@transaction.atomic
def write_referral(
    *, patient: Patient, on: date, extends: Referral | None = None, reason: str = "", actor: Actor, **words: Unpack[Words]
) -> Referral:
    """A new draft. With ``extends`` it asks for more than that referral gave, and ``reason`` says why.

    Raises ``ReferralRefused`` for words that are no referral, or when the one to extend is another patient's or was never signed.
    """
    check_can_write_referral(actor)
    check_takes_news(patient)
    _check_words(words, on, actor)
    if extends is not None:
        _check_can_be_extended(extends, patient, reason)
    referral = Referral.objects.create(
        patient=patient, edition=library_in_force(actor.clinic).edition, written_on=on, written_by=actor.user, extends=extends,
        reason=reason.strip(), **words,
    )  # fmt: skip
    _note(referral, "", actor)
    record(actor=actor, verb="wrote-referral", subject=referral, details=_line(referral))
    return referral


@transaction.atomic
def change_referral(*, referral: Referral, version: int, on: date, reason: str = "", actor: Actor, **words: Unpack[Words]) -> Referral:
    """Other words for a draft or a returned referral. Raises ``StaleReferral`` when it changed since ``version``."""
    locked = _locked(referral, version)
    check_can_edit_referral(locked, actor)
    _check_words(words, on, actor)
    for name, value in words.items():
        setattr(locked, name, value)
    locked.reason = reason.strip() if locked.extends_id else ""
    locked.edition, locked.version = library_in_force(actor.clinic).edition, version + 1
    locked.save()
    record(actor=actor, verb="changed-referral", subject=locked, details=_line(locked))
    return locked


def _check_words(words: Words, on: date, actor: Actor) -> None:
    for sentence in trouble_with_referral(words, library_in_force(actor.clinic), on=on).values():
        raise ReferralRefused(sentence)


def _check_can_be_extended(extends: Referral, patient: Patient, reason: str) -> None:
    if extends.patient_id != patient.pk or extends.state not in ONCE_SIGNED:
        raise ReferralRefused(_("Only a referral of this patient that was signed can be extended."))
    if not reason.strip():
        raise ReferralRefused(_("Write why more sessions are needed."))


# Sending and answering ------------------------------------------------------------------------------------------------------
@transaction.atomic
def submit_referral(*, referral: Referral, version: int, note: str = "", actor: Actor) -> Referral:
    """Sends it to the doctor; ``note`` answers the question with which it came back."""
    locked = _may_become(referral, version, ReferralState.SUBMITTED, actor)
    return _moved(locked, ReferralState.SUBMITTED, actor, note)


@transaction.atomic
def withdraw_referral(*, referral: Referral, version: int, actor: Actor) -> Referral:
    """Takes it back before a doctor has signed."""
    locked = _may_become(referral, version, ReferralState.WITHDRAWN, actor)
    return _moved(locked, ReferralState.WITHDRAWN, actor)


@transaction.atomic
def return_referral(*, referral: Referral, version: int, question: str, actor: Actor) -> Referral:
    """The doctor's question to whoever wrote it. Raises ``ReferralRefused`` without one."""
    locked = _may_become(referral, version, ReferralState.RETURNED, actor)
    if not question.strip():
        raise ReferralRefused(_("Write what you want to know."))
    locked.answer = question.strip()
    return _moved(locked, ReferralState.RETURNED, actor, question)


@transaction.atomic
def sign_referral(*, referral: Referral, version: int, word: DoctorsWord, on: date, actor: Actor) -> Referral:
    """The doctor's signature over exactly what the page showed. From now on it counts as a document, and replaces what it extends.

    Raises ``SeenOtherwise`` when it is no longer what was shown, ``ActionDenied`` for a spent intent, a role that was taken away,
    words that no longer hold (a last day that has passed).
    """
    locked = _may_become(referral, version, ReferralState.SIGNED, actor)
    _check_words(words_of(locked), on, actor)
    if locked.extends_id is not None:
        _locked(Referral(pk=locked.extends_id))  # before the heads of the chains, which everybody else takes last
    signature = _signed(locked, Meaning.APPROVED, word, actor)
    return _in_force(locked, signature, issued_on=on, actor=actor, note=word.note)


@transaction.atomic
def demo_sign_referral(*, referral: Referral, version: int, on: date, at: datetime | None = None, actor: Actor) -> Referral:
    """A referral of the demo, signed where nobody sits at a page. Raises ``ActionDenied`` in every other mode."""
    locked = _may_become(referral, version, ReferralState.SIGNED, actor)
    content = content_of(locked, library_in_force(actor.clinic), names_in_force(actor.clinic))
    signature = demo_sign(content=content, meaning=Meaning.APPROVED, at=at, actor=actor)
    return _in_force(locked, signature, issued_on=on, actor=actor)


@transaction.atomic
def refuse_referral(*, referral: Referral, version: int, word: DoctorsWord, actor: Actor) -> Referral:
    """The doctor's signed no. Raises ``ReferralRefused`` without a reason."""
    locked = _may_become(referral, version, ReferralState.REFUSED, actor)
    if not word.note.strip():
        raise ReferralRefused(_("Write why you refuse."))
    locked.answer = word.note.strip()
    _signed(locked, Meaning.REFUSED, word, actor)
    return _moved(locked, ReferralState.REFUSED, actor, word.note)


@transaction.atomic
def revoke_referral(*, referral: Referral, version: int, word: DoctorsWord, on: date, actor: Actor) -> Referral:
    """The doctor takes a signature back, by another: no session is given under it any more, and running courses are looked at again.

    Raises ``ReferralRefused`` without a reason.
    """
    locked = _may_become(referral, version, ReferralState.REVOKED, actor)
    if not word.note.strip():
        raise ReferralRefused(_("Write why it is revoked."))
    _signed(locked, Meaning.REVOKED, word, actor)
    return _out_of_force(locked, ReferralState.REVOKED, word.note, on=on, actor=actor)


# On paper -------------------------------------------------------------------------------------------------------------------
@transaction.atomic
def record_paper_referral(*, patient: Patient, paper: SignedPaper, on: date, actor: Actor, **words: Unpack[Words]) -> Referral:
    """A referral that an outside doctor signed on paper: in force as soon as it is recorded with its scan, and labelled as weaker."""
    check_can_write_referral(actor)
    hold(patient)
    _check_words(words, on, actor)
    if paper.signed_on > on:
        raise ReferralRefused(_("A paper cannot have been signed on a day that is still ahead."))
    if not paper.doctor.strip():
        raise ReferralRefused(_("Write the name of the doctor who signed the paper."))
    referral = Referral.objects.create(
        patient=patient, origin=Referral.Origin.PAPER, outside_doctor=paper.doctor.strip(), edition=library_in_force(actor.clinic).edition,
        written_on=on, written_by=actor.user, **words,
    )  # fmt: skip
    _note(referral, "", actor)
    check_can_move_referral(referral, ReferralState.SIGNED, actor)
    seen = {"outside_name": paper.doctor, "outside_licence": paper.licence, "signed_on": paper.signed_on}
    digest = paper.file.upload.sha256
    content = content_of(referral, library_in_force(actor.clinic), names_in_force(actor.clinic))
    signature = record_paper(content=content, note="", actor=actor, file_digest=digest, **seen)  # type: ignore[arg-type]
    signed = _in_force(referral, signature, issued_on=paper.signed_on, actor=actor)
    if signed.document is not None:
        attach_file(document=signed.document, file=paper.file, actor=actor)
    return signed


@transaction.atomic
def take_back_paper(*, referral: Referral, version: int, reason: str, on: date, actor: Actor) -> Referral:
    """A paper that was recorded by mistake counts no longer. Raises ``ReferralRefused`` without a reason, or for one signed here."""
    locked = _may_become(referral, version, ReferralState.REVOKED, actor)
    if locked.origin != Referral.Origin.PAPER:
        raise ReferralRefused(_("This referral was signed here: only a doctor revokes it."))
    if not reason.strip():
        raise ReferralRefused(_("Write why it is taken back."))
    return _out_of_force(locked, ReferralState.REVOKED, reason, on=on, actor=actor)


# By the calendar and the count ----------------------------------------------------------------------------------------------
@transaction.atomic
def end_if_over(*, referral: Referral, on: date) -> bool:
    """Writes down what the calendar and the count have made of a signed referral; whether anything changed. Safe to call twice."""
    hold(referral.patient)
    locked = _locked(referral)
    state = state_on(locked, on=on, counts=counts_of(locked))
    if state == locked.state or state not in REFERRAL_TRANSITIONS[locked.state]:
        return False
    _moved(locked, state, None)
    has_changed(locked.patient, cause="referral", on=on, actor=None)
    return True


# Behind them ----------------------------------------------------------------------------------------------------------------
def _locked(referral: Referral, version: int | None = None) -> Referral:
    locked = Referral.objects.select_for_update(of=("self",)).select_related("patient__clinic").get(pk=referral.pk)
    if version is not None and locked.version != version:
        raise StaleReferral(_("Somebody else has changed this referral in the meantime. Read it as it is now."))
    return locked


def _may_become(referral: Referral, version: int, state: str, actor: Actor) -> Referral:
    hold(referral.patient)  # patient and courses first, then the referral, then the heads of the chains
    locked = _locked(referral, version)
    check_can_move_referral(locked, state, actor)
    return locked


def _signed(locked: Referral, meaning: str, word: DoctorsWord, actor: Actor) -> Signature:
    content: Content = content_of(locked, library_in_force(actor.clinic), names_in_force(actor.clinic))
    return sign(content=content, meaning=meaning, intent=word.intent, proof=word.proof, note=word.note.strip(), actor=actor)


def _in_force(locked: Referral, signature: Signature, *, issued_on: date, actor: Actor, note: str = "") -> Referral:
    locked.signature = signature
    locked.document = Document.objects.create(
        patient=locked.patient, kind=REFERRAL, issued_on=issued_on, issued_by=signature.printed_name[:160], rules=sorted(locked.rules),
        edition=locked.edition, valid_until=max(locked.valid_until, issued_on), recorded_on=locked.patient.clinic.today(),
        recorded_by=actor.user,
    )  # fmt: skip
    locked.answer = note.strip()
    _moved(locked, ReferralState.SIGNED, actor, note)
    if locked.extends_id is not None:
        _supersede(locked.extends_id, locked, actor)
    has_changed(locked.patient, cause="referral", on=locked.patient.clinic.today(), actor=actor)
    return locked


def _supersede(pk: int, by: Referral, actor: Actor) -> None:
    before = _locked(Referral(pk=pk))
    if ReferralState.SUPERSEDED not in REFERRAL_TRANSITIONS[before.state]:
        return  # it was revoked while this one was written; nothing of it is in force
    reason = _("Replaced by the referral of %(day)s.") % {"day": by.written_on.isoformat()}
    _withdraw_document(before, reason, actor)
    _moved(before, ReferralState.SUPERSEDED, actor, reason)


def _out_of_force(locked: Referral, state: str, reason: str, *, on: date, actor: Actor) -> Referral:
    _withdraw_document(locked, reason, actor)
    _moved(locked, state, actor, reason)
    has_changed(locked.patient, cause="referral", on=on, actor=actor)
    return locked


def _withdraw_document(locked: Referral, reason: str, actor: Actor) -> None:
    if locked.document_id is not None:
        document = Document.objects.select_for_update().get(pk=locked.document_id)
        if not document.is_withdrawn:
            mark_withdrawn(document, reason, actor)


def _moved(locked: Referral, state: str, actor: Actor | None, note: str = "") -> Referral:
    """Takes a way that was checked: the row, its history, and the line in the chain."""
    before, locked.state = locked.state, state
    locked.save()
    _note(locked, before, actor, note)
    said = {"patient": locked.patient_id, "from": str(before), "to": str(state)}
    record(actor=actor, verb="moved-referral", subject=locked, details=said, clinic=locked.patient.clinic)
    return locked


def _note(referral: Referral, before: str, actor: Actor | None, note: str = "") -> None:
    ReferralMove.objects.create(referral=referral, before=before, after=referral.state, note=note.strip(), by=actor.user if actor else None)


def _line(referral: Referral) -> dict[str, Any]:
    fields = {"patient": referral.patient_id, "condition": referral.condition, "stage": referral.stage, "version": referral.version}
    return fields | {"count": referral.session_count, "extends": referral.extends_id or 0}
