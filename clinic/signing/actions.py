"""The only ways to add an entry to the chain of a clinic. Each is called inside the caller's transaction, last but for nothing."""

import copy
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final, TypedDict, Unpack

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.audit.emptied import may_be_emptied, named
from clinic.audit.models import AuditLine
from clinic.signing.content import Content, canonical, digest
from clinic.signing.heads import append_head
from clinic.signing.intents import Intent, Proof, read_intent
from clinic.signing.keys import signing_key
from clinic.signing.models import ChainHead, Meaning, Method, Signature
from clinic.signing.orders import ENTRIES, LINES, digest_of_the_rest, emptied
from clinic.signing.passkeys import BadPasskey, challenge, check_evidence, evidence_of
from clinic.signing.permissions import ORDERERS, RECORDERS, SIGNERS, check_holds_now
from clinic.signing.statements import seal, sha256
from clinic.staff.permissions import ActionDenied, Actor
from clinic.staff.queries import licence_of, printed_name_of

CLOCKS_DIFFER: Final = timedelta(seconds=2)
ENTERED: Final = (Method.PASSWORD, Method.TOTP, Method.RECOVERY_CODE, Method.SECURITY_KEY)
OUTSIDE: Final = "outside"
ROWS_AT_ONCE: Final = 500


class SeenOtherwise(ActionDenied):
    """The document is no longer the one that the signer was shown; ``content`` is what it is now."""

    def __init__(self, sentence: str, content: Content) -> None:
        super().__init__(sentence)
        self.content = content


@dataclass(frozen=True)
class _Signer:
    """Who stands under an entry, and how that was made sure."""

    name: str
    licence: str
    role: str
    method: str
    evidence: dict[str, Any] | None = None


class OutsidePaper(TypedDict):
    """What is written on a paper from elsewhere; ``file_digest`` is the SHA-256 of its picture, or ""."""

    outside_name: str
    outside_licence: str
    signed_on: date
    file_digest: str


def sign(*, content: Content, meaning: str, intent: str, proof: Proof, note: str = "", actor: Actor) -> Signature:
    """The doctor's word on this document, which the caller has just made again from rows that it locked.

    Raises ``SeenOtherwise`` when the document is not the one that was shown,
    ``ActionDenied`` when the intent is spent, too old or somebody else's, when the database says that the actor is no doctor
    here (any more), when the passkey is not right or the clock ran back.
    """
    if meaning not in {Meaning.APPROVED, Meaning.REFUSED, Meaning.REVOKED}:
        raise ValueError(f"a doctor does not sign {meaning!s}")
    head = _locked_head(actor)
    seen = read_intent(intent, user=actor.user, session=proof.session_digest)
    if seen.content_digest != digest(content):
        raise SeenOtherwise(_("This document has changed since you opened the page. Read it as it is now, and then sign."), content)
    if Signature.objects.filter(nonce=seen.nonce).exists():
        raise ActionDenied(_("This was signed already. Open the page again to see it."))
    role = check_holds_now(actor, *SIGNERS)
    evidence = _evidence(seen, meaning, proof, actor)
    signer = _Signer(printed_name_of(actor.user, actor.clinic), licence_of(actor.user, actor.clinic), role, proof.method, evidence)
    row = _entry(content, meaning, signer, note, actor)
    row.nonce = seen.nonce
    return _append(row, head, actor)


def record_paper(*, content: Content, note: str, actor: Actor, at: datetime | None = None, **paper: Unpack[OutsidePaper]) -> Signature:
    """What an outside doctor signed on paper, as the actor has seen it. ``at`` is for the demo and for tests.

    Raises ``ActionDenied`` when the actor may not record papers here, when no name is given or the day lies ahead.
    """
    head = _locked_head(actor)
    check_holds_now(actor, *RECORDERS)
    name, signed_on = paper["outside_name"].strip(), paper["signed_on"]
    if not name:
        raise ActionDenied(_("Write the name of the doctor who signed the paper."))
    if signed_on > timezone.localdate(timezone=actor.clinic.zone):
        raise ActionDenied(_("A paper cannot have been signed on a day that is still ahead."))
    seen = {"signed_on": signed_on.isoformat(), "file_digest": paper["file_digest"], "recorded_by": actor.user.full_name}
    signer = _Signer(name, paper["outside_licence"].strip(), OUTSIDE, Method.PAPER, seen)
    return _append(_entry(content, Meaning.RECORDED_PAPER, signer, note, actor), head, actor, at)


def demo_sign(*, content: Content, meaning: str, actor: Actor, note: str = "", at: datetime | None = None) -> Signature:
    """An entry of the demo, where nobody sits at a page. Raises ``ActionDenied`` in every other mode."""
    if settings.MODE not in {"demo", "test"}:
        raise ActionDenied(_("Only the demo makes up signatures."))
    head = _locked_head(actor)
    role = check_holds_now(actor, *SIGNERS)
    signer = _Signer(printed_name_of(actor.user, actor.clinic), licence_of(actor.user, actor.clinic), role, Method.DEMO)
    return _append(_entry(content, meaning, signer, note, actor), head, actor, at, ordered=False)


def carry_out_order(*, content: Content, entries: Sequence[Signature], lines: Sequence[AuditLine], method: str, actor: Actor) -> Signature:
    """Signs an order to erase and does what it says: documents and notes of the entries, details of the audit lines are removed.

    The order names each of them with a digest of what is left, so that the chains hold without what was removed, and only because of it.
    To be called inside ``clinic.audit.erasing.erasing``. ``method`` is how the actor proved who it is a moment ago, or ``order`` for one
    that is carried out again after a backup came back. Raises ``ActionDenied`` for whoever may not order it (any more).
    """
    head = _locked_head(actor)
    role = check_holds_now(actor, *ORDERERS)
    gone = [line for line in lines if may_be_emptied(line)]
    rest = {str(row.sequence): digest_of_the_rest(emptied(copy.copy(row))) for row in entries}
    content = replace(content, body={**content.body, ENTRIES: rest, LINES: named(gone)})
    signer = _Signer(printed_name_of(actor.user, actor.clinic), licence_of(actor.user, actor.clinic), role, method)
    order = _append(_entry(content, Meaning.ERASED, signer, "", actor), head, actor)
    _empty(Signature, [row.pk for row in entries if row.note], {"content": "", "note": "", "statement": ""})
    _empty(Signature, [row.pk for row in entries if not row.note], {"content": ""})
    _empty(AuditLine, [line.pk for line in gone], {"details": {}})
    return order


def _empty(model: type[Signature] | type[AuditLine], numbers: Iterable[int], values: dict[str, Any]) -> None:
    pks = list(numbers)
    for start in range(0, len(pks), ROWS_AT_ONCE):
        model._default_manager.filter(pk__in=pks[start : start + ROWS_AT_ONCE]).update(**values)


def _locked_head(actor: Actor) -> ChainHead:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a signature belongs into the transaction of the change it allows")
    head, _created = ChainHead.objects.select_for_update().get_or_create(clinic=actor.clinic)
    return head


def _evidence(seen: Intent, meaning: str, proof: Proof, actor: Actor) -> dict[str, Any] | None:
    """What a passkey leaves behind, checked; ``None`` for the other ways."""
    if proof.method in ENTERED and proof.passkey is None:
        return None
    if proof.method != Method.PASSKEY or proof.passkey is None:
        raise ValueError(f"{proof.method!r} is no way of signing at a page")
    try:
        evidence = evidence_of(actor.user, proof.passkey)
        check_evidence(evidence, challenge(seen.content_digest, meaning, seen.nonce))
    except BadPasskey as wrong:
        raise ActionDenied(_("The passkey was not accepted. Try again, or enter your password to sign.")) from wrong
    return evidence


def _entry(content: Content, meaning: str, signer: _Signer, note: str, actor: Actor) -> Signature:
    text = canonical(content).decode()
    return Signature(
        clinic=actor.clinic,
        kind=content.kind,
        subject=content.subject,
        subject_version=content.version,
        meaning=meaning,
        content=text,
        content_digest=sha256(text),
        signer=actor.user,
        printed_name=_plain(signer.name),
        licence=_plain(signer.licence),
        role=signer.role,
        method=signer.method,
        evidence=signer.evidence,
        note=_plain(note),
        nonce=secrets.token_hex(16),
    )


def _append(row: Signature, head: ChainHead, actor: Actor, at: datetime | None = None, *, ordered: bool = True) -> Signature:
    row.signed_at = at or timezone.now()
    if ordered:
        _check_clock(row)
    row.sequence, row.previous_digest = head.sequence + 1, head.digest
    seal(row, signing_key())
    row.save(force_insert=True)
    head.sequence, head.digest = row.sequence, row.digest
    head.save()
    transaction.on_commit(lambda: append_head(row), robust=True)  # a disk that is full takes no signature back; it is logged
    said = {"kind": row.kind, "subject": row.subject, "version": row.subject_version, "meaning": row.meaning, "digest": row.content_digest}
    record(actor=actor, verb="signed", subject=row, details=said)
    return row


def _check_clock(row: Signature) -> None:
    # Also against the audit, which has lines of every minute, where the last signature may be of yesterday.
    newest = (
        Signature.objects.filter(clinic=row.clinic).order_by("-sequence").values_list("signed_at", flat=True).first(),
        AuditLine.objects.order_by("-sequence").values_list("at", flat=True).first(),
    )
    if any(before is not None and row.signed_at < before - CLOCKS_DIFFER for before in newest):
        raise ActionDenied(_("The clock of this machine has run back, so nothing can be signed. Tell whoever looks after it."))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", str(text))
