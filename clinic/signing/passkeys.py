"""A passkey over the very document (WebAuthn): its challenge is made of the document's digest, so that it fits nothing else.

What is kept verifies anywhere, without this program and without its server.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from cryptography.exceptions import InvalidSignature
from fido2 import cbor
from fido2.cose import CoseKey
from fido2.webauthn import AuthenticatorData

from clinic.signing.content import spelled
from clinic.staff.models import User
from clinic.staff.passkeys import MADE_UP

LOCAL: Final = "localhost"


class BadPasskey(Exception):
    """The answer of a passkey does not prove what it should; the text says why, for a log or a test."""


def challenge(content_digest: str, meaning: str, nonce: str) -> bytes:
    """What the passkey signs: the digest of the document, together with what is said about it and the intent it belongs to.

    The digest alone would let a refusal be shown as an approval of the same document.
    """
    return hashlib.sha256(spelled({"content": content_digest, "meaning": meaning, "nonce": nonce})).digest()


def options_for(user: User, host: str) -> dict[str, Any] | None:
    """What the browser needs besides the challenge; ``None`` for somebody without a passkey."""
    ids = [encoded(each.credential_data.credential_id) for each in _enrolled(user) if each.credential_data]
    return {"rpId": host.partition(":")[0], "credentials": ids} if ids else None


def evidence_of(user: User, answer: Mapping[str, Any]) -> dict[str, str]:
    """The browser's answer with the public key that this person enrolled. Raises ``BadPasskey`` for another person's or no passkey."""
    try:
        response, used = answer["response"], decoded(answer["id"])
        client_data, authenticator_data, signature = (str(response[name]) for name in ("clientDataJSON", "authenticatorData", "signature"))
        site = AuthenticatorData(decoded(authenticator_data)).rp_id_hash
    except MADE_UP as wrong:
        raise BadPasskey("the browser's answer is not one of WebAuthn") from wrong
    for enrolled in _enrolled(user):
        credential = enrolled.credential_data
        if credential and credential.credential_id == used and enrolled.rp_id_hash == site:
            return {
                "credential_id": encoded(used),
                "public_key": encoded(cbor.encode(dict(credential.public_key))),
                "client_data": client_data,
                "authenticator_data": authenticator_data,
                "signature": signature,
            }
    raise BadPasskey("this passkey is not enrolled for the signer")


def check_evidence(evidence: Mapping[str, Any], expected: bytes) -> None:
    """Raises ``BadPasskey`` unless the passkey answered this very challenge, its holder was verified, and its key signed that."""
    try:
        client_data, authenticator_data = decoded(evidence["client_data"]), decoded(evidence["authenticator_data"])
        client, data = json.loads(client_data), AuthenticatorData(authenticator_data)
        given, signature = decoded(client["challenge"]), decoded(evidence["signature"])
        key = CoseKey.parse(cast("Mapping[int, Any]", cbor.decode(decoded(evidence["public_key"]))))
    except MADE_UP as wrong:
        raise BadPasskey("the evidence cannot be read") from wrong
    _check_ceremony(client, data)
    if given != expected:
        raise BadPasskey("the passkey answered for another document")
    try:
        key.verify(authenticator_data + hashlib.sha256(client_data).digest(), signature)
    except (InvalidSignature, ValueError, TypeError) as wrong:
        raise BadPasskey("the passkey's signature is not right") from wrong


def _check_ceremony(client: Mapping[str, Any], data: AuthenticatorData) -> None:
    try:
        origin = urlsplit(str(client.get("origin", "")))
    except ValueError as wrong:
        raise BadPasskey("the answer was given to a page without an address") from wrong
    name = origin.hostname or ""
    if client.get("type") != "webauthn.get" or client.get("crossOrigin") is True:
        raise BadPasskey("the answer was given for something else than signing in or signing")
    if origin.scheme != "https" and name != LOCAL:
        raise BadPasskey("the answer was given to a page that is not encrypted")
    if data.rp_id_hash != hashlib.sha256(name.encode()).digest():
        raise BadPasskey("the passkey belongs to another site")
    if not (data.is_user_present() and data.is_user_verified()):
        raise BadPasskey("the passkey did not verify its holder")


def encoded(data: bytes) -> str:
    """As WebAuthn writes bytes: base64 for addresses, without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """The bytes again. Raises ``ValueError``."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, UnicodeEncodeError) as wrong:
        raise ValueError("not base64") from wrong


def _enrolled(user: User) -> Iterator[AuthenticatorData]:
    """What the person's passkeys said when they were enrolled."""
    for row in Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN):
        yield row.wrap().authenticator_data
