"""A passkey signs one document with one meaning, its holder verified; nothing else passes for that."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from clinic.signing.content import digest
from clinic.signing.intents import Proof, make_intent, nonce_of, session_digest
from clinic.signing.models import Meaning, Method, Signature
from clinic.signing.passkeys import BadPasskey, challenge, check_evidence, decoded, encoded, evidence_of, options_for
from clinic.signing.queries import is_sound
from clinic.signing.statements import verify_passkey
from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, Actor
from tests.clinic.signing.making import a_content, a_request, signed
from tests.clinic.signing.soft_passkey import FLAGS, SoftPasskey
from tests.factories import an_actor

# What a device signs is checked in Python; signatures are written there by test_actions.
pytestmark = pytest.mark.same_everywhere

CONTENT = a_content()


@pytest.fixture
def passkey(doctor: Actor) -> SoftPasskey:
    made = SoftPasskey()
    made.enroll(doctor.user)
    return made


def signed_by(doctor: Actor, answer: Callable[[str], dict[str, Any]], meaning: str = Meaning.APPROVED) -> Signature:
    """Signs with what ``answer`` makes of the nonce of the intent."""
    request = a_request(doctor)
    intent = make_intent(CONTENT, request)
    proof = Proof(Method.PASSKEY, session_digest(request), answer(nonce_of(intent)))
    return signed(doctor, CONTENT, intent=intent, proof=proof, meaning=meaning)


def right(nonce: str, meaning: str = Meaning.APPROVED, content_digest: str = "") -> bytes:
    return challenge(content_digest or digest(CONTENT), meaning, nonce)


def test_a_passkey_over_this_document_is_kept_and_verifies_from_the_row_alone(doctor: Actor, passkey: SoftPasskey) -> None:
    made = Signature.objects.get(pk=signed_by(doctor, lambda nonce: passkey.answer(right(nonce))).pk)
    assert made.method == Method.PASSKEY
    assert is_sound(made)
    Authenticator.objects.filter(user=doctor.user).delete()
    assert verify_passkey(made)


@pytest.mark.parametrize("name", ["content_digest", "meaning", "nonce"])
def test_a_kept_passkey_fits_no_other_document_meaning_or_intent(doctor: Actor, passkey: SoftPasskey, name: str) -> None:
    made = signed_by(doctor, lambda nonce: passkey.answer(right(nonce)))
    setattr(made, name, {"content_digest": digest(a_content(2)), "meaning": Meaning.REVOKED, "nonce": "0" * 32}[name])
    assert not verify_passkey(made)


@pytest.mark.parametrize("name", ["public_key", "client_data", "authenticator_data", "signature"])
def test_every_part_of_the_evidence_counts(doctor: Actor, passkey: SoftPasskey, name: str) -> None:
    made = signed_by(doctor, lambda nonce: passkey.answer(right(nonce)))
    other = SoftPasskey()
    other.enroll(doctor.user)
    assert made.evidence
    foreign = evidence_of(doctor.user, other.answer(b"another challenge", flags=FLAGS.UP | FLAGS.UV | FLAGS.BE))
    if name == "public_key":
        foreign = SoftEvidence(other, doctor).of()
    made.evidence = {**made.evidence, name: foreign[name]}
    assert not verify_passkey(made)


class SoftEvidence:
    """The evidence of another key under the same number."""

    def __init__(self, other: SoftPasskey, doctor: Actor) -> None:
        self.other, self.user = SoftPasskey(credential_id=b"another"), doctor.user

    def of(self) -> dict[str, str]:
        self.other.enroll(self.user)
        return evidence_of(self.user, self.other.answer(b"x"))


@pytest.mark.parametrize(
    ("case", "answer"),
    [
        ("another document", lambda key, nonce: key.answer(right(nonce, content_digest=digest(a_content(2))))),
        ("the digest alone", lambda key, _nonce: key.answer(bytes.fromhex(digest(CONTENT)))),
        ("another meaning", lambda key, nonce: key.answer(right(nonce, Meaning.REFUSED))),
        ("another intent", lambda key, _nonce: key.answer(right("0" * 32))),
        ("without user verification", lambda key, nonce: key.answer(right(nonce), flags=FLAGS.UP)),
        ("without user presence", lambda key, nonce: key.answer(right(nonce), flags=FLAGS.UV)),
        ("registration", lambda key, nonce: key.answer(right(nonce), type="webauthn.create")),
        ("another site's page", lambda key, nonce: key.answer(right(nonce), origin="https://evil.example")),
        ("a page in the clear", lambda key, nonce: key.answer(right(nonce), origin="http://testserver")),
        ("a frame of another site", lambda key, nonce: key.answer(right(nonce), crossOrigin=True)),
        ("a key that is not enrolled", lambda _key, nonce: SoftPasskey(credential_id=b"other").answer(right(nonce))),
        ("another key of that number", lambda _key, nonce: SoftPasskey().answer(right(nonce))),
        ("a key of another site", lambda key, nonce: SoftPasskey("evil.example", key=key.key).answer(right(nonce))),
        ("nothing", lambda _key, _nonce: {}),
        ("no response", lambda key, nonce: {**key.answer(right(nonce)), "response": None}),
        ("no base64", lambda key, nonce: {**key.answer(right(nonce)), "id": "ä"}),
        ("a short answer", lambda key, nonce: {**key.answer(right(nonce)), "response": {"clientDataJSON": "e30"}}),
        (
            "a statement that is no JSON",
            lambda key, nonce: {**key.answer(right(nonce)), "response": {**key.answer(right(nonce))["response"], "clientDataJSON": "eA"}},
        ),
        (
            "a statement that is nested without end",
            lambda key, nonce: {
                **key.answer(right(nonce)),
                "response": {**key.answer(right(nonce))["response"], "clientDataJSON": encoded(b"[" * 100_000)},
            },
        ),
    ],
)
def test_whatever_else_a_passkey_says_signs_nothing(doctor: Actor, passkey: SoftPasskey, case: str, answer: Any) -> None:
    with pytest.raises(ActionDenied, match="not accepted"):
        signed_by(doctor, lambda nonce: answer(passkey, nonce))
    assert not Signature.objects.exists()


def test_the_passkey_of_a_colleague_is_not_mine(doctor: Actor, clinic: Any) -> None:
    colleague, key = an_actor(clinic=clinic, roles=(Role.DOCTOR,)), SoftPasskey()
    key.enroll(colleague.user)
    with pytest.raises(ActionDenied, match="not accepted"):
        signed_by(doctor, lambda nonce: key.answer(right(nonce)))


def test_evidence_that_lacks_something_is_no_evidence() -> None:
    with pytest.raises(BadPasskey, match="cannot be read"):
        check_evidence({}, b"x")


def test_the_browser_is_told_which_passkeys_to_ask(doctor: Actor, passkey: SoftPasskey, therapist: Actor) -> None:
    found = options_for(doctor.user, "testserver:8000")
    assert found is not None
    assert (found["rpId"], [decoded(each) for each in found["credentials"]]) == ("testserver", [passkey.credential_id])
    assert options_for(therapist.user, "testserver") is None
