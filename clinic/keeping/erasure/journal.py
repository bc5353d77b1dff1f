"""The list of erasures outside of the database: what a backup that is older than an erasure brings back is erased again by it.

Beside the files of heads, one signed line for each, with numbers only. A line knows its record by number and a mark made of the moment
at which it was registered, because a number may be given out anew after an older database came back.
"""

import base64
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC
from pathlib import Path
from typing import Final

import rfc8785
from django.conf import settings

from clinic.keeping.models import Erasure
from clinic.signing.keys import Keyring, is_signed, signing_key
from patients.models import Patient

SCHEMA: Final = "tactus-erasure-1"


class BadJournal(Exception):
    """A line was not written by this installation; the text is the end of a sentence."""


@dataclass(frozen=True)
class Line:
    """One erasure: of which record, and until when it must be kept ("": not any more). ``at`` is ISO, UTC."""

    clinic: int
    patient: int
    mark: str
    kept_until: str
    at: str


def file() -> Path:
    """The file to which every erasure adds its lines. It must be copied to another machine, as the heads are."""
    return Path(settings.SIGNING_HEADS) / f"{settings.MODE}-erasures.txt"


def mark_of(patient: Patient) -> str:
    """What tells this record from another one that has its number, and says nothing about the patient. It outlives an erasure."""
    at = patient.registered_at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(f"{patient.clinic_id}:{patient.pk}:{at}".encode()).hexdigest()


def append(erasure: Erasure, marks: Sequence[str]) -> None:
    """Adds a line for the record. Called when the erasure is kept."""
    at = erasure.decided_at
    until = erasure.kept_until.isoformat() if erasure.kept_until else ""
    if at is None:
        raise ValueError("an erasure that nobody decided has no line")
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    _add(Line(erasure.clinic_id, erasure.patient_id, marks[0], until, moment))


def _add(line: Line) -> None:
    key, path = signing_key(), file()
    said = rfc8785.dumps({"schema": SCHEMA, "key_id": key.key_id, **asdict(line)})
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as out:
        out.write(said + b" " + base64.b64encode(key.sign(said)) + b"\n")


def read(lines: Iterable[str], ring: Keyring) -> Iterator[Line]:
    """The lines of such a file. Raises ``BadJournal`` at the first that no trusted key signed."""
    for number, text in enumerate((line.strip() for line in lines if line.strip()), 1):
        said, _blank, signature = text.rpartition(" ")
        try:
            held = json.loads(said)
            schema, key = held.pop("schema"), held.pop("key_id")
            line, right = Line(**held), is_signed(ring, key, said.encode(), base64.b64decode(signature, validate=True))
        except (ValueError, KeyError, TypeError) as wrong:
            raise BadJournal(f"line {number} of the list of erasures cannot be read") from wrong
        if not right or schema != SCHEMA:
            raise BadJournal(f"line {number} of the list of erasures was not signed by a trusted key")
        yield line
