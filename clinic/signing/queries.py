"""What pages and rules ask about signatures."""

import json
from collections.abc import Iterable
from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404

from clinic.signing.content import SHORT, Section, body_digest
from clinic.signing.keys import Keyring, keyring
from clinic.signing.models import Meaning, Signature
from clinic.signing.statements import fault_of
from clinic.staff.models import Clinic

DOCTORS_WORD: Final = (Meaning.APPROVED, Meaning.REFUSED, Meaning.REVOKED)


def signatures_of(subject: str) -> QuerySet[Signature]:
    """Every entry about this record ("courses.course:7"), oldest first."""
    return Signature.objects.filter(subject=subject).order_by("clinic_id", "sequence")


def latest(subject: str, meanings: Iterable[str] = Meaning.values) -> Signature | None:
    """The newest entry about this record with one of these meanings. Whether it is sound is another question (``is_sound``)."""
    return signatures_of(subject).filter(meaning__in=list(meanings)).order_by("-sequence").first()


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


def short_digest(signature: Signature) -> str:
    """The first characters of the document's digest, in groups of four, to be compared by eye."""
    return grouped(signature.content_digest)


def grouped(digest: str) -> str:
    """The short form of any digest."""
    return " ".join(digest[place : place + 4] for place in range(0, SHORT, 4))
