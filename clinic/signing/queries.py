"""What pages and rules ask about signatures."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from clinic.signing.content import SHORT, Section, body_digest
from clinic.signing.keys import Keyring, keyring
from clinic.signing.models import Meaning, Method, Signature
from clinic.signing.statements import fault_of
from clinic.staff.models import Clinic, Role
from clinic.web.prepared import Prepared

DOCTORS_WORD: Final = (Meaning.APPROVED, Meaning.REFUSED, Meaning.REVOKED)


@dataclass(frozen=True)
class Stamp:
    """One signature as people read it; ``at`` is in the clinic's zone. ``signed_on`` and ``recorded_by`` only for paper."""

    pk: int
    name: str
    licence: str
    role: str
    meaning: str
    meaning_word: str
    method: str
    at: datetime
    zone: str
    version: int
    short_digest: str
    note: str
    is_on_paper: bool
    signed_on: date | None
    recorded_by: str
    is_sound: bool


def signatures_of(subject: str) -> QuerySet[Signature]:
    """Every entry about this record ("courses.course:7"), oldest first."""
    return Signature.objects.filter(subject=subject).order_by("clinic_id", "sequence")


def latest(subject: str, meanings: Iterable[str] = Meaning.values) -> Signature | None:
    """The newest entry about this record with one of these meanings. Whether it is sound is another question (``is_sound``)."""
    return _LATEST.first(tuple(meanings), subject=subject)


def _latest(meanings: tuple[str, ...], *, subject: str) -> QuerySet[Signature]:
    return signatures_of(subject).filter(meaning__in=meanings).order_by("-sequence")[:1]


_LATEST: Final = Prepared(_latest)


def is_sound(signature: Signature, ring: Keyring | None = None) -> bool:
    """Whether this entry, taken alone, says what a trusted key signed: its columns, its document, its passkey. About 1 ms."""
    return not fault_of(signature, keyring() if ring is None else ring)


def signature_or_404(clinic: Clinic, pk: int) -> Signature:
    """The entry of this clinic with this number. Raises ``Http404``."""
    found = Signature.objects.select_related("signer", "clinic").filter(clinic=clinic, pk=pk).first()
    if found is None:
        raise Http404
    return found


def sections_of(signature: Signature) -> tuple[Section, ...]:
    """The words that the signer was shown, as they are kept: never made anew."""
    kept = json.loads(signature.content)["sections"]
    return tuple(Section(section["heading"], tuple(section["lines"])) for section in kept)


def body_of(signature: Signature) -> dict[str, Any]:
    """The data that was signed, without the words."""
    body: dict[str, Any] = json.loads(signature.content)["body"]
    return body


def is_for(signature: Signature, body: Any) -> bool:
    """Whether the entry was signed over exactly this data, in whatever language its words were read."""
    return body_digest(body_of(signature)) == body_digest(body)


def later_than(signature: Signature) -> Signature | None:
    """The newest entry about the same record that was made after this one."""
    newest = latest(signature.subject)
    return newest if newest and newest.sequence > signature.sequence else None


def stamp_of(signature: Signature) -> Stamp:
    """What ``signing/_stamp.html`` shows; checks the entry at this moment."""
    evidence = signature.evidence or {}
    on_paper = signature.is_on_paper
    return Stamp(
        pk=signature.pk,
        name=signature.printed_name,
        licence=signature.licence,
        role=str(_("doctor elsewhere") if on_paper else Role(signature.role).label),
        meaning=signature.meaning,
        meaning_word=str(Meaning(signature.meaning).label),
        method=str(Method(signature.method).label),
        at=signature.signed_at.astimezone(signature.clinic.zone),
        zone=signature.clinic.time_zone,
        version=signature.subject_version,
        short_digest=short_digest(signature),
        note=signature.note,
        is_on_paper=on_paper,
        signed_on=date.fromisoformat(evidence["signed_on"]) if on_paper else None,
        recorded_by=evidence["recorded_by"] if on_paper else "",
        is_sound=is_sound(signature),
    )


def bundle_of(signature: Signature) -> dict[str, str]:
    """What somebody needs to check the entry elsewhere, besides the clinic's public key."""
    return {"statement": signature.statement, "content": signature.content, "signature": signature.signature}


def short_digest(signature: Signature) -> str:
    """The first characters of the document's digest, in groups of four, to be compared by eye."""
    return grouped(signature.content_digest)


def grouped(digest: str) -> str:
    """The short form of any digest."""
    return " ".join(digest[place : place + 4] for place in range(0, SHORT, 4))
