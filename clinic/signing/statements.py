"""The statement that the key signs, and whether one entry says what was signed. Asks no database."""

import base64
import binascii
import hashlib
import json
from datetime import UTC, datetime
from typing import Any, Final

import rfc8785

from clinic.signing.keys import Keyring, SigningKey, is_signed
from clinic.signing.models import Method, Signature
from clinic.signing.passkeys import BadPasskey, challenge, check_evidence

SCHEMA: Final = "tactus-signature-1"
PLAIN: Final = (
    "sequence",
    "kind",
    "subject",
    "subject_version",
    "meaning",
    "content_digest",
    "printed_name",
    "licence",
    "role",
    "method",
    "evidence",
    "note",
    "previous_digest",
    "key_id",
    "nonce",
)


def statement_of(row: Signature) -> str:
    """Everything that the entry says, by RFC 8785; the document itself by its digest."""
    return rfc8785.dumps(_said(row)).decode()


def _said(row: Signature) -> dict[str, Any]:
    said: dict[str, Any] = {name: getattr(row, name) for name in PLAIN}
    at: datetime = row.signed_at
    said |= {
        "schema": SCHEMA,
        "clinic": row.clinic_id,
        "signer": row.signer_id,
        "signed_at": at.astimezone(UTC).isoformat(timespec="microseconds"),
    }
    return said


def seal(row: Signature, key: SigningKey) -> None:
    """Fills statement, digest, signature and key of an entry that is otherwise whole."""
    row.key_id = key.key_id
    row.statement = statement_of(row)
    row.digest = sha256(row.statement)
    row.signature = base64.b64encode(key.sign(row.statement.encode())).decode()


def fault_of(row: Signature, ring: Keyring) -> str:
    """What is wrong with this entry taken alone, as the end of a sentence; empty for a sound one."""
    if not _says_what_was_signed(row):
        return "was changed: its columns do not say what was signed"
    if sha256(row.content) != row.content_digest:
        return "was changed: the document is not the one that was signed"
    if sha256(row.statement) != row.digest:
        return "was changed: its digest is another one"
    if row.key_id not in ring:
        return f"was signed with a key that is not trusted here ({row.key_id})"
    if not is_signed(ring, row.key_id, row.statement.encode(), _decoded(row.signature)):
        return "was not signed by the key that it names"
    return "" if verify_passkey(row) else "was not signed by the passkey of its signer"


def verify_passkey(row: Signature) -> bool:
    """Whether the passkey signed this document with this meaning; true for entries that were signed without one.

    Needs no key of this installation and no database: the entry brings everything.
    """
    if row.method != Method.PASSKEY:
        return True
    try:
        check_evidence(row.evidence or {}, challenge(row.content_digest, row.meaning, row.nonce))
    except BadPasskey:
        return False
    return True


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _says_what_was_signed(row: Signature) -> bool:
    # Python's own JSON is many times faster and nearly always spells the same; where it does not, RFC 8785 decides.
    if json.dumps(_said(row), ensure_ascii=False, sort_keys=True, separators=(",", ":")) == row.statement:
        return True
    try:
        return statement_of(row) == row.statement
    except rfc8785.CanonicalizationError:
        return False  # somebody put into a column what can never have been signed


def _decoded(signature: str) -> bytes:
    try:
        return base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        return b""
