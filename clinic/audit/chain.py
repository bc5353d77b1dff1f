"""The digest of an audit line: pure, so that a copy of the table can be checked anywhere."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from clinic.audit.emptied import Emptied, is_emptied_by_order, is_named
from clinic.audit.models import GENESIS, AuditLine


@dataclass(frozen=True)
class BrokenLine:
    """The first place where the chain does not hold, with a sentence that says how."""

    sequence: int
    sentence: str


def checked_details(value: Any) -> Any:
    """The same value if JSON keeps it exactly on every engine; floats and other types raise ``TypeError``."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list | tuple):
        return [checked_details(item) for item in value]
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {key: checked_details(item) for key, item in value.items()}
    raise TypeError(f"an audit line cannot keep {type(value).__name__} exactly; write it as text")


def digest_of(line: AuditLine) -> str:
    """SHA-256 (hex) over everything in the line but its own digest, in one fixed spelling."""
    at: datetime = line.at
    content = [
        line.sequence,
        at.astimezone(UTC).isoformat(timespec="microseconds"),
        line.clinic_id,
        line.user_id,
        line.roles,
        line.verb,
        line.subject_type,
        line.subject_id,
        line.details,
        line.previous_digest,
    ]
    text = json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def first_broken(lines: Iterable[AuditLine], emptied: Emptied | None = None) -> tuple[BrokenLine | None, int, str]:
    """Walks lines in order of sequence: the first break (or none), then the last good sequence and digest.

    ``emptied`` are the lines whose details were removed by an order that holds: these and no others may have lost them.
    """
    sequence, digest = 0, GENESIS
    for line in lines:
        if line.sequence != sequence + 1:
            return BrokenLine(sequence + 1, f"line {sequence + 1} is missing"), sequence, digest
        if line.previous_digest != digest:
            return BrokenLine(line.sequence, f"line {line.sequence} does not follow the line before it"), sequence, digest
        if fault := _fault_of(line, emptied or {}):
            return BrokenLine(line.sequence, f"line {line.sequence} {fault}"), sequence, digest
        sequence, digest = line.sequence, line.digest
    return None, sequence, digest


def _fault_of(line: AuditLine, emptied: Emptied) -> str:
    if is_named(line, emptied):
        return "" if is_emptied_by_order(line, emptied) else "was changed after it was emptied by order"
    return "" if line.digest == digest_of(line) else "was changed after it was written"
