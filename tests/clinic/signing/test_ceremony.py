"""Who signs has proved again, a moment ago and in this browser, who they are."""

import json
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import RequestFactory
from django.urls import reverse

from clinic.signing.ceremony import NotRecent, open_ceremony, proof_from, reauthenticate
from clinic.signing.content import digest
from clinic.signing.intents import nonce_of, session_digest
from clinic.signing.models import Meaning, Method
from clinic.signing.passkeys import challenge, encoded
from clinic.signing.queries import is_sound
from clinic.staff.permissions import ActionDenied, Actor
from tests.clinic.signing.making import a_content, a_request, signed
from tests.clinic.signing.soft_passkey import SoftPasskey
from tests.factories import PASSWORD


def entered(request: Any, *records: dict[str, Any]) -> Any:
    """As allauth notes how somebody signed in and proved it again."""
    at = [{**each, "at": time.time() - each["ago"]} if "ago" in each else each for each in records]
    request.session["account_authentication_methods"] = at
    request.session["account_authentication_methods_user"] = str(request.user.pk)
    return request


def again(method: str = "password", *, ago: float = 10, **more: Any) -> dict[str, Any]:
    """So many seconds before it is looked at, not before the tests were collected."""
    return {"method": method, "ago": ago, "reauthenticated": True, **more}


def posted(actor: Actor, **fields: str) -> Any:
    opened = a_request(actor)
    request: Any = RequestFactory().post("/page/", fields)
    request.user, request.clinic, request.actor, request.session = actor.user, actor.clinic, actor, opened.session
    return request


@pytest.mark.first_everywhere
@pytest.mark.parametrize(
    ("record", "method"),
    [
        (again(), Method.PASSWORD),
        (again("mfa", type="totp"), Method.TOTP),
        (again("mfa", type="recovery_codes"), Method.RECOVERY_CODE),
        (again("mfa", type="webauthn"), Method.SECURITY_KEY),
    ],
)
def test_the_way_that_was_used_again_is_the_way_that_is_kept(doctor: Actor, record: dict[str, Any], method: str) -> None:
    request = entered(posted(doctor), record)
    proof = proof_from(request)
    assert (proof.method, proof.session_digest, proof.passkey) == (method, session_digest(request), None)


@pytest.mark.same_everywhere
@pytest.mark.parametrize(
    "records",
    [
        [],
        [{"method": "password", "at": 1e12}],
        [again(ago=901)],
        [again(ago=100), again(ago=901)],
        [again("socialaccount")],
    ],
)
def test_signing_in_is_not_enough(doctor: Actor, records: list[dict[str, Any]]) -> None:
    with pytest.raises(NotRecent, match="password"):
        proof_from(entered(posted(doctor), *records))


def test_what_a_colleague_entered_in_this_browser_does_not_count(doctor: Actor, therapist: Actor) -> None:
    request = entered(posted(doctor), again())
    request.session["account_authentication_methods_user"] = str(therapist.user.pk)
    with pytest.raises(NotRecent):
        proof_from(request)


def test_the_page_gets_all_that_it_shows(doctor: Actor) -> None:
    content = a_content()
    found = open_ceremony(a_request(doctor), content)
    assert found["sections"] == content.sections
    assert found["digest"] == digest(content)
    assert (found["name"], found["role"], found["is_recent"], found["passkey"]) == (doctor.user.full_name, "Doctor", False, None)
    assert found["reauthenticate_url"] == "/accounts/reauthenticate/?next=%2Fpage%2F"
    assert open_ceremony(entered(a_request(doctor), again()), content)["is_recent"]


def test_a_passkey_is_asked_for_this_document_with_each_meaning(doctor: Actor) -> None:
    SoftPasskey().enroll(doctor.user)
    found = open_ceremony(a_request(doctor), a_content())
    challenges = json.loads(found["passkey"])["challenges"]
    nonce = nonce_of(found["intent"])
    assert challenges == {
        each: encoded(challenge(digest(a_content()), each, nonce)) for each in (Meaning.APPROVED, Meaning.REFUSED, Meaning.REVOKED)
    }


def test_a_passkey_signs_without_a_password(doctor: Actor) -> None:
    passkey, content = SoftPasskey(), a_content()
    passkey.enroll(doctor.user)
    opened = a_request(doctor)
    intent = open_ceremony(opened, content)["intent"]
    answer = passkey.answer(challenge(digest(content), Meaning.APPROVED, nonce_of(intent)))
    request = posted(doctor, passkey=json.dumps(answer))
    request.session = opened.session
    made = signed(doctor, content, intent=intent, proof=proof_from(request))
    assert made.method == Method.PASSKEY
    assert is_sound(made)


@pytest.mark.parametrize("answer", ["no json", "[]", "1"])
def test_an_answer_that_is_none_is_refused_in_a_sentence(doctor: Actor, answer: str) -> None:
    with pytest.raises(ActionDenied, match="not accepted"):
        proof_from(posted(doctor, passkey=answer))


def test_entering_the_password_again_leads_back_to_the_page(doctor: Actor, signed_in: Any) -> None:
    client, address = signed_in(doctor), reauthenticate("/patients/").url
    assert client.get(address).status_code == 200
    sent = client.post(address, {"password": PASSWORD})
    assert (sent.status_code, sent["Location"]) == (302, "/patients/")
    request = posted(doctor)
    request.session = client.session
    assert proof_from(request).method == Method.PASSWORD
    with time_machine.travel(time.time() + timedelta(minutes=15, seconds=5).total_seconds()), pytest.raises(NotRecent):
        proof_from(request)


def test_allauth_keeps_the_same_quarter_of_an_hour() -> None:
    assert settings.ACCOUNT_REAUTHENTICATION_TIMEOUT == 900
    assert reverse("account_reauthenticate")
