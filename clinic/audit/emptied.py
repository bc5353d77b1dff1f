"""Lines of the audit whose details were removed because a record was erased by order, and who says so.

A line's digest is over its details too, so an emptied line cannot show it any more. What vouches for it instead is an order, signed with
a key outside of the database, that names the line and keeps a digest of all that is left of it. The app above this one, which knows
orders, hands them down at start-up.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC
from typing import Final

from clinic.audit.models import SEALED_LOOKS, AuditLine

# Clinic and number of a line -> digest of what is left of it.
Emptied = Mapping[tuple[int | None, int], str]
_orders: Final[list[Callable[[], Emptied]]] = []


def vouched_by(orders: Callable[[], Emptied]) -> None:
    """From now on these orders say which lines may be empty. Called once, when the app of signatures is ready."""
    _orders[:] = [orders]


def emptied_lines() -> Emptied:
    """Every line that an order which holds has emptied; none where nobody knows orders."""
    return _orders[0]() if _orders else {}


def may_be_emptied(line: AuditLine) -> bool:
    """Whether an order may name the line: one that has details, and is no seal."""
    return bool(line.details) and line.verb != SEALED_LOOKS


def digest_of_the_rest(line: AuditLine) -> str:
    """SHA-256 (hex) of a line without its details, and of the digest that it had with them."""
    at, whom = line.at.astimezone(UTC), [line.clinic_id, line.user_id, line.roles, line.verb, line.subject_type, line.subject_id]
    rest = [line.sequence, at.isoformat(timespec="microseconds"), *whom, line.previous_digest, line.digest]
    text = json.dumps(rest, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def is_emptied_by_order(line: AuditLine, emptied: Emptied) -> bool:
    """Whether an order says that this line is to be empty, and it is, and nothing else of it was changed."""
    said = emptied.get((line.clinic_id, line.sequence))
    return said is not None and not line.details and line.verb != SEALED_LOOKS and said == digest_of_the_rest(line)


def is_named(line: AuditLine, emptied: Emptied) -> bool:
    """Whether an order says that this line is to be empty."""
    return (line.clinic_id, line.sequence) in emptied


def named(lines: Iterable[AuditLine]) -> dict[str, str]:
    """What an order says of the lines that it empties: number -> digest of what is left."""
    return {str(line.sequence): digest_of_the_rest(line) for line in lines if may_be_emptied(line)}
