"""A passkey made of software, for tests: what a browser and an authenticator would answer."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from clinic.signing.passkeys import encoded
from clinic.staff.models import User

FLAGS = AuthenticatorData.FLAG
BOTH = FLAGS.UP | FLAGS.UV


@dataclass(frozen=True)
class SoftPasskey:
    """One key at one site."""

    site: str = "testserver"
    credential_id: bytes = b"soft-passkey-0001"
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))

    @property
    def site_hash(self) -> bytes:
        return hashlib.sha256(self.site.encode()).digest()

    def enroll(self, user: User) -> Authenticator:
        """As allauth keeps a passkey."""
        held = AttestedCredentialData.create(b"\0" * 16, self.credential_id, ES256.from_cryptography_key(self.key.public_key()))
        data = AuthenticatorData.create(self.site_hash, BOTH | FLAGS.AT, 0, held)
        attestation = AttestationObject.create("none", data, {})
        client = json.dumps(
            {"type": "webauthn.create", "challenge": encoded(b"enrolment-0123456"), "origin": f"https://{self.site}"}
        ).encode()
        response = {"clientDataJSON": encoded(client), "attestationObject": encoded(bytes(attestation))}
        credential = {"id": encoded(self.credential_id), "rawId": encoded(self.credential_id), "type": "public-key", "response": response}
        kept = {"name": "Soft", "credential": {**credential, "clientExtensionResults": {}}}
        return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=kept)

    def answer(self, challenge: bytes, *, flags: int = BOTH, **client: Any) -> dict[str, Any]:
        """What the browser sends for this challenge; ``client`` changes what the browser says."""
        said = {"type": "webauthn.get", "challenge": encoded(challenge), "origin": f"https://{self.site}", "crossOrigin": False} | client
        client_data = json.dumps(said).encode()
        data = bytes(AuthenticatorData.create(self.site_hash, FLAGS(flags), 1))
        signature = self.key.sign(data + hashlib.sha256(client_data).digest(), ECDSA(SHA256()))
        response = {"clientDataJSON": encoded(client_data), "authenticatorData": encoded(data), "signature": encoded(signature)}
        return {"id": encoded(self.credential_id), "type": "public-key", "response": response}
