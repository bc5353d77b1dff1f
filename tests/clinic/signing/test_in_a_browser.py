"""A doctor signs at a real page: by the password entered again, and by a passkey over the document."""

from base64 import b64encode
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from playwright.sync_api import Page, expect

from clinic.signing.models import Meaning, Method, Signature
from clinic.signing.queries import is_sound
from clinic.staff.models import Role
from clinic.staff.permissions import Actor
from tests.clinic.signing.desk import ADDRESS
from tests.clinic.signing.soft_passkey import SoftPasskey
from tests.factories import PASSWORD, a_clinic, an_actor
from tests.journeys.looks import faults_in, faults_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.clinic.signing.desk")]


@pytest.fixture
def signer(transactional_db: None) -> Actor:
    return an_actor(clinic=a_clinic(name="Lindenhof"), roles=(Role.DOCTOR,))


@pytest.fixture
def desk(page: Page, live_server: Any, signer: Actor, client: Any) -> Page:
    """The page on which to sign, opened by a doctor who signed in a while ago."""
    client.force_login(signer.user)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page.goto(live_server.url + ADDRESS)
    return page


def test_a_doctor_enters_the_password_again_and_signs(desk: Page) -> None:
    expect(desk.get_by_role("button", name="Sign the plan")).to_have_count(0)
    assert faults_of(desk) == []
    desk.get_by_role("link", name="Enter your password to sign").first.click()
    desk.fill("input[name=password]", PASSWORD)
    desk.press("input[name=password]", "Enter")
    desk.wait_for_url("**" + ADDRESS)
    desk.get_by_role("button", name="Sign the plan").click()
    expect(desk.locator(".stamp-meaning")).to_have_text("approved")
    assert faults_of(desk) == []
    made = Signature.objects.get()
    assert (made.method, made.meaning) == (Method.PASSWORD, Meaning.APPROVED)
    assert is_sound(made)


def test_a_doctor_signs_with_a_passkey_over_this_document(desk: Page, signer: Actor) -> None:
    passkey = SoftPasskey(site="localhost")
    passkey.enroll(signer.user)
    chrome = desk.context.new_cdp_session(desk)
    chrome.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": False, "hasUserVerification": True, "isUserVerified": True}
    made = chrome.send("WebAuthn.addVirtualAuthenticator", {"options": {**kind, "automaticPresenceSimulation": True}})
    held = {
        "credentialId": b64encode(passkey.credential_id).decode(),
        "isResidentCredential": False,
        "rpId": "localhost",
        "privateKey": b64encode(passkey.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())).decode(),
        "signCount": 1,
    }
    chrome.send("WebAuthn.addCredential", {"authenticatorId": made["authenticatorId"], "credential": held})
    desk.reload()
    desk.fill("textarea[name=note]", "Wait for the cardiologist")
    desk.get_by_role("button", name="Refuse: with a passkey").click()
    expect(desk.locator(".stamp-meaning")).to_have_text("refused")
    kept = Signature.objects.get()
    assert (kept.method, kept.meaning, kept.note) == (Method.PASSKEY, Meaning.REFUSED, "Wait for the cardiologist")
    assert is_sound(kept)


def test_a_passkey_that_gives_no_answer_signs_nothing_and_says_so(desk: Page, signer: Actor) -> None:
    SoftPasskey(site="localhost").enroll(signer.user)
    desk.reload()
    desk.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('the person gave up')); }")
    desk.get_by_role("button", name="Sign the plan: with a passkey").click()
    expect(desk.get_by_role("alert").first).to_be_visible()
    assert not Signature.objects.exists()


def test_the_page_fits_a_telephone(desk: Page) -> None:
    assert faults_in(desk, [(390, "light"), (390, "dark")]) == []
