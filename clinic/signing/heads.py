"""Heads: where the chain of each clinic, and that of the audit, stood at a moment, signed and written to files that only grow.

The database cannot show that the end of its own chain was cut off, or that all of it was written anew. A head kept elsewhere can.
"""

import base64
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import rfc8785
from django.conf import settings
from django.utils import timezone

from clinic.audit.models import ChainHead as AuditHead
from clinic.signing.keys import Keyring, SigningKey, is_signed, signing_key
from clinic.signing.models import ChainHead, Signature

SCHEMA: Final = "tactus-head-1"
AUDIT: Final = 0  # in the place of a clinic: the audit is one chain for all of them


@dataclass(frozen=True)
class Head:
    """At ``at`` (ISO, UTC) the chain of this clinic ended with this entry."""

    clinic: int
    sequence: int
    digest: str
    at: str


class BadHead(Exception):
    """A line of a file of heads was not written by this installation; the text is the end of a sentence."""


def heads_file() -> Path:
    """The file to which every signature adds its line, and the worker all of them every day."""
    return Path(settings.SIGNING_HEADS) / f"{settings.MODE}-heads.txt"


def audit_heads_file() -> Path:
    """The same for the audit, whose own digests need no key: who can write to every table can write all of it anew."""
    return Path(settings.SIGNING_HEADS) / f"{settings.MODE}-audit-heads.txt"


def append_heads(at: datetime | None = None) -> int:
    """Adds a signed line for each clinic that has entries; answers how many."""
    moment = (at or timezone.now()).astimezone(UTC).isoformat(timespec="microseconds")
    stand = ChainHead.objects.filter(sequence__gt=0).order_by("clinic_id").values_list("clinic_id", "sequence", "digest")
    heads = [Head(clinic, sequence, digest, moment) for clinic, sequence, digest in stand]
    _add(heads, heads_file())
    append_audit_head()
    return len(heads)


def append_head(entry: Signature) -> None:
    """Adds the line of this entry, which is the newest of its clinic. Called when the entry is stored: what is cut off the same day is
    missed then too."""
    _add([Head(entry.clinic_id, entry.sequence, entry.digest, _now())], heads_file())
    append_audit_head()


def append_audit_head() -> None:
    """Adds the line of the newest line of the audit, if there is one."""
    stand = AuditHead.objects.filter(sequence__gt=0).values_list("sequence", "digest").first()
    _add([Head(AUDIT, *stand, _now())] if stand else [], audit_heads_file())


def _now() -> str:
    return timezone.now().astimezone(UTC).isoformat(timespec="microseconds")


def _add(heads: list[Head], file: Path) -> None:
    if not heads:
        return
    key = signing_key()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # One write to a file that is opened for adding: two workers never mix their lines.
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as out:
        out.write("".join(line_of(head, key) for head in heads).encode())


def line_of(head: Head, key: SigningKey) -> str:
    """The line that is written: what is said, a blank, its signature."""
    said = rfc8785.dumps({"schema": SCHEMA, "key_id": key.key_id, **asdict(head)})
    return f"{said.decode()} {base64.b64encode(key.sign(said)).decode()}\n"


def read_heads(lines: Iterable[str], ring: Keyring) -> list[Head]:
    """The heads in the lines of a file. Raises ``BadHead`` for the first line that no trusted key signed."""
    return [_read(number, line.strip(), ring) for number, line in enumerate(lines, 1) if line.strip()]


def _read(number: int, line: str, ring: Keyring) -> Head:
    said, _blank, signature = line.rpartition(" ")
    try:
        held = json.loads(said)
        right = held["schema"] == SCHEMA and is_signed(ring, held["key_id"], said.encode(), base64.b64decode(signature, validate=True))
        head = Head(held["clinic"], held["sequence"], held["digest"], held["at"])
    except (ValueError, KeyError, TypeError) as wrong:
        raise BadHead(f"line {number} of the file of heads cannot be read") from wrong
    if not right:
        raise BadHead(f"line {number} of the file of heads was not signed by a trusted key")
    return head
