"""Checks one exported signature away from Tactus: ``python verify_bundle.py signature.json --key PUBLIC.pub``.

This file stands alone on purpose: it needs Python and the package ``cryptography``, no database, no network and nothing else of
Tactus. The public key must come from the clinic by another way than the export: a key inside the export would prove nothing.
"""

import argparse
import base64
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

PRESENT_AND_VERIFIED = 0b101


class DoesNotHold(Exception):
    """The export does not prove what it says; the text is the reason."""


def check(bundle: dict[str, str], key: Ed25519PublicKey) -> dict[str, Any]:
    """What was signed, once everything fits. Raises ``DoesNotHold``."""
    statement, content = bundle["statement"], bundle["content"]
    said: dict[str, Any] = json.loads(statement)
    if said["key_id"] != hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]:
        raise DoesNotHold(f"it was signed with another key than this one ({said['key_id']})")
    try:
        key.verify(base64.b64decode(bundle["signature"]), statement.encode())
    except InvalidSignature as wrong:
        raise DoesNotHold("the statement is not what the key signed") from wrong
    if _sha256(content) != said["content_digest"]:
        raise DoesNotHold("the document is not the one that was signed")
    if said["method"] == "passkey":
        _check_passkey(said)
    return said


def words_of(bundle: dict[str, str]) -> Iterator[str]:
    """The document as it was shown to the signer, line by line."""
    for section in json.loads(bundle["content"])["sections"]:
        yield section["heading"]
        yield from (f"    {line}" for line in section["lines"])


def _clinic_key(path: Path) -> Ed25519PublicKey:
    key = load_pem_public_key(path.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise DoesNotHold("the key is not one of Ed25519")
    return key


def _check_passkey(said: dict[str, Any]) -> None:
    evidence = {name: _decoded(text) for name, text in said["evidence"].items()}
    client, data = json.loads(evidence["client_data"]), evidence["authenticator_data"]
    of_what = {"content": said["content_digest"], "meaning": said["meaning"], "nonce": said["nonce"]}
    spelled = json.dumps(of_what, sort_keys=True, separators=(",", ":")).encode()
    if client["type"] != "webauthn.get" or _decoded(client["challenge"]) != hashlib.sha256(spelled).digest():
        raise DoesNotHold("the passkey answered for something else")
    if data[:32] != hashlib.sha256((urlsplit(client["origin"]).hostname or "").encode()).digest():
        raise DoesNotHold("the passkey belongs to another site")
    if data[32] & PRESENT_AND_VERIFIED != PRESENT_AND_VERIFIED:
        raise DoesNotHold("the passkey did not verify its holder")
    try:
        _verify_by_passkey(evidence["public_key"], evidence["signature"], data + hashlib.sha256(evidence["client_data"]).digest())
    except InvalidSignature as wrong:
        raise DoesNotHold("the passkey did not sign this") from wrong


def _verify_by_passkey(cose: bytes, signature: bytes, message: bytes) -> None:
    key = dict(_pairs(cose))
    if key[1] == 1:
        Ed25519PublicKey.from_public_bytes(key[-2]).verify(signature, message)
    elif key[1] == 2:
        point = EllipticCurvePublicNumbers(int.from_bytes(key[-2], "big"), int.from_bytes(key[-3], "big"), SECP256R1())
        point.public_key().verify(signature, message, ECDSA(SHA256()))
    else:
        raise DoesNotHold("the passkey is of a kind that this program does not know")


def _pairs(cose: bytes) -> Iterator[tuple[Any, Any]]:
    """A key as passkeys write it: a small CBOR map of whole numbers and bytes."""
    place = 1
    for _pair in range(cose[0] & 0x1F):
        name, place = _item(cose, place)
        value, place = _item(cose, place)
        yield name, value


def _item(data: bytes, place: int) -> tuple[Any, int]:
    kind, size = data[place] >> 5, data[place] & 0x1F
    place += 1
    if size >= 24:
        length = 1 << (size - 24)
        size, place = int.from_bytes(data[place : place + length], "big"), place + length
    if kind == 2:
        return data[place : place + size], place + size
    return (size if kind == 0 else -1 - size), place


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def main(arguments: list[str]) -> int:
    """0 when the signature holds, 1 when it does not."""
    parser = argparse.ArgumentParser(description="Checks one exported signature.")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--key", type=Path, required=True, help="the clinic's public key, got from the clinic itself")
    asked = parser.parse_args(arguments)
    write = sys.stdout.write
    try:
        bundle = json.loads(asked.bundle.read_text(encoding="utf-8"))
        said = check(bundle, _clinic_key(asked.key))
    except (DoesNotHold, KeyError, ValueError, TypeError, IndexError, AttributeError) as wrong:
        write(f"The signature does NOT hold: {wrong}.\n")
        return 1
    licence = f", licence {said['licence']}" if said["licence"] else ""
    write(f"The signature holds: {said['meaning']} by {said['printed_name']}, {said['role']}{licence},\n")
    write(f"at {said['signed_at']}, recognised by {said['method']}.\n")
    write("".join(f"{line}\n" for line in words_of(bundle)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
