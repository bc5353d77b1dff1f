"""Passkeys and the page about one's own account. The device is a virtual one of the browser, on http://localhost."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.utils import translation
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from clinic.audit.models import AuditLine
from clinic.staff.actions import disable_staff
from clinic.staff.models import User
from clinic.staff.passkeys import SignInWays, ways_of
from clinic.staff.permissions import Actor
from tests.factories import PASSWORD
from tests.journeys.desk import PATIENCE

# What a device signs is checked in Python; the sign-in itself is asked there by test_sign_in.
pytestmark = pytest.mark.same_everywhere

SignedIn = Callable[[Any], Client]
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Window:
    """A browser window with a device that keeps passkeys."""

    def __init__(self, window: Page, base: str) -> None:
        self.page, self.base = window, base
        self.trouble: list[str] = []
        window.on("console", lambda line: self.trouble.append(line.text) if line.type == "error" else None)
        window.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.devices = window.context.new_cdp_session(window)
        self.devices.send("WebAuthn.enable")
        self.device = self.devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]

    def open(self, path: str) -> None:
        self.page.goto(self.base + path)

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=words, exact=True).click()

    def sign_in(self, actor: Actor) -> None:
        self.open("/accounts/login/")
        self.page.fill("[name=login]", actor.user.email)
        self.page.fill("[name=password]", PASSWORD)
        self.press("Sign in")

    def add_passkey(self, name: str) -> None:
        self.open("/account/")
        self.page.get_by_role("link", name="Add a passkey").click()
        expect(self.page.get_by_role("heading", name="Is it you?")).to_be_visible()
        self.page.fill("[name=password]", PASSWORD)
        self.press("Go on")
        self.page.get_by_label("Name of this passkey").fill(name)
        self.press("Go on with this device")

    def sees(self, words: str) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible()

    def owner_is_checked(self, checked: bool) -> None:
        self.devices.send("WebAuthn.setUserVerified", {"authenticatorId": self.device, "isUserVerified": checked})


@pytest.fixture
def window(browser: Browser, live_server: LiveServer, transactional_db: None) -> Iterator[Window]:
    """Passkeys need a name in the address: localhost, not 127.0.0.1."""
    context = browser.new_context(locale="en-GB")
    context.set_default_timeout(PATIENCE)
    opened = Window(context.new_page(), re.sub(r"//[^:]+:", "//localhost:", live_server.url))
    yield opened
    context.close()
    assert opened.trouble == []


def test_a_passkey_is_added_signs_in_alone_and_opens_nothing_once_removed(window: Window, therapist: Actor) -> None:
    window.sign_in(therapist)
    window.add_passkey("Telephone")
    window.sees("The passkey was added.")
    assert ways_of(therapist.user) == SignInWays(has_app=False, passkeys=1, codes_left=10)
    window.open("/accounts/2fa/webauthn/")
    window.sees("Telephone")
    # Signed in by the passkey alone: no password, and no second step after it.
    window.page.context.clear_cookies()
    window.open("/accounts/login/")
    window.press("Sign in with a passkey")
    expect(window.page.get_by_role("heading", name="Today")).to_be_visible()
    window.open("/account/")
    window.sees("You sign in with a passkey")
    # Removed: the device still offers it, and the clinic refuses.
    window.page.get_by_role("link", name="See the passkeys").click()
    window.page.get_by_role("link", name="Remove Telephone").click()
    window.page.fill("[name=password]", PASSWORD)
    window.press("Go on")
    window.press("Remove")
    window.sees("The passkey was removed.")
    window.page.context.clear_cookies()
    window.open("/accounts/login/")
    window.press("Sign in with a passkey")
    window.sees("Incorrect code")
    verbs = AuditLine.objects.filter(subject_id=str(therapist.user.pk)).values_list("verb", flat=True)
    assert {"second-step-added", "second-step-removed"} <= set(verbs)


def test_after_the_password_the_passkey_is_the_second_step(window: Window, therapist: Actor) -> None:
    window.sign_in(therapist)
    window.add_passkey("Telephone")
    window.page.wait_for_url("**/recovery-codes/")
    window.page.context.clear_cookies()
    window.sign_in(therapist)
    expect(window.page.get_by_role("heading", name="The second step")).to_be_visible()
    window.press("Use a passkey")
    expect(window.page.get_by_role("heading", name="Today")).to_be_visible()


def test_a_device_that_does_not_check_its_owner_gives_no_passkey(window: Window, therapist: Actor) -> None:
    window.sign_in(therapist)
    window.owner_is_checked(False)
    window.add_passkey("Telephone")
    window.sees("No passkey was used.")
    assert not Authenticator.objects.exists()


def test_a_disabled_person_is_told_so_and_stays_outside(window: Window, therapist: Actor, clinic_admin: Actor) -> None:
    window.sign_in(therapist)
    window.add_passkey("Telephone")
    window.page.wait_for_url("**/recovery-codes/")
    disable_staff(user=therapist.user, actor=clinic_admin)
    window.open("/accounts/login/")
    window.press("Sign in with a passkey")
    window.sees("This account is disabled.")
    window.open("/patients/")
    expect(window.page).to_have_url(re.compile("/accounts/login/"))


def test_the_question_to_the_device_is_fresh_each_time_and_names_nobody(db: None) -> None:
    client = Client()
    asked = [client.get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"}).json() for _time in range(2)]
    keys = [each["request_options"]["publicKey"] for each in asked]
    assert keys[0]["challenge"] != keys[1]["challenge"]
    assert not any(key.get("allowCredentials") for key in keys)


MADE_UP = {
    "nothing": "",
    "no mapping": "[]",
    "null": "null",
    "empty": "{}",
    "half": '{"id": "x"}',
    "wrong kinds": '{"id": 1, "rawId": [], "type": {}, "response": 7}',
    "only a person": '{"response": {"userHandle": "MQ"}}',
    "bytes of nothing": '{"id": "eA", "rawId": "eA", "type": "public-key", "response": {"clientDataJSON": "e30",'
    ' "authenticatorData": "AA", "signature": "AA", "userHandle": "MQ", "attestationObject": "oA"}}',
    "not even text": r'{"id": "\u0000", "rawId": "\ud800", "type": "x", "response": {}}',
    "no json": "x" * 5000,
    "deep": "[" * 100_000,
    "long": "9" * 5000,
}


@pytest.mark.parametrize("credential", MADE_UP.values(), ids=MADE_UP)
def test_made_up_answers_of_a_device_let_nobody_in(therapist: Actor, credential: str) -> None:
    client = Client()
    client.get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"})
    response = client.post("/accounts/2fa/webauthn/login/", {"credential": credential})
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/")
    assert client.get("/patients/").status_code == 302


@pytest.mark.parametrize("credential", MADE_UP.values(), ids=MADE_UP)
def test_made_up_answers_of_a_device_make_no_passkey(signed_in: SignedIn, therapist: Actor, credential: str) -> None:
    client = signed_in(therapist)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get("/accounts/2fa/webauthn/add/").status_code == 200
    assert client.post("/accounts/2fa/webauthn/add/", {"name": "x", "credential": credential}).status_code == 200
    assert not Authenticator.objects.exists()


def test_pages_may_use_passkeys_of_this_address_alone(db: None) -> None:
    policy = Client().get("/accounts/login/")["Permissions-Policy"]
    assert "publickey-credentials-create=(self)" in policy
    assert "publickey-credentials-get=(self)" in policy


def test_somebody_else_s_passkey_is_not_found(signed_in: SignedIn, therapist: Actor, doctor: Actor) -> None:
    key = Authenticator.objects.create(user=doctor.user, type=Authenticator.Type.WEBAUTHN, data={"name": "Theirs", "credential": {}})
    client = signed_in(therapist)
    for what in ("edit", "remove"):
        assert client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/{what}/").status_code in {302, 404}
    key.refresh_from_db()
    assert key.data["name"] == "Theirs"


@pytest.mark.parametrize(
    ("types", "words"),
    [
        ((), "with your password alone"),
        (("totp",), "with your password and a code from your app"),
        (("webauthn",), "a passkey, or with your password and then"),
        (("totp", "webauthn"), "a passkey, or with your password and a code"),
    ],
)
def test_the_account_says_in_a_sentence_what_is_set_up(signed_in: SignedIn, therapist: Actor, types: tuple[str, ...], words: str) -> None:
    for each in types:
        Authenticator.objects.create(user=therapist.user, type=each, data={"name": "A", "secret": "x"})
    body = signed_in(therapist).get("/account/").content.decode()
    assert words in body
    assert ("No recovery code is left" in body) is bool(types)


def test_the_list_of_allauth_leads_to_our_page(signed_in: SignedIn, therapist: Actor) -> None:
    assert signed_in(therapist).get("/accounts/2fa/")["Location"] == "/account/"


# A forgotten password ---------------------------------------------------------------------------------------------------------


def reset_link() -> str:
    found = re.search(r"http://testserver(/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_a_forgotten_password_is_set_anew_by_a_letter_once(signed_in: SignedIn, therapist: Actor) -> None:
    open_before, client, new = signed_in(therapist), Client(), "seven green bottles hanging"
    client.post("/accounts/password/reset/", {"email": therapist.user.email})
    link = reset_link()
    page = client.get(link, follow=True)
    sent = {"password1": new, "password2": new}
    assert "The password is changed" in client.post(page.redirect_chain[-1][0], sent, follow=True).content.decode()
    assert client.post("/accounts/login/", {"login": therapist.user.email, "password": new}).status_code == 302
    assert open_before.get("/patients/").status_code == 302
    assert "opens nothing" in Client().get(link, follow=True).content.decode()
    assert AuditLine.objects.filter(verb="password-changed").count() == 1


def test_the_letter_is_in_the_language_of_its_reader(therapist: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    spoken: list[str | None] = []
    monkeypatch.setattr(DefaultAccountAdapter, "send_mail", lambda *_about: spoken.append(translation.get_language()))
    for language in ("ru", "en"):
        User.objects.update(language=language)
        Client(headers={"accept-language": "fr"}).post("/accounts/password/reset/", {"email": therapist.user.email})
    assert spoken == ["ru", "en"]


def test_a_disabled_person_gets_no_letter_and_no_way_in(therapist: Actor, clinic_admin: Actor) -> None:
    Client().post("/accounts/password/reset/", {"email": therapist.user.email})
    link, new = reset_link(), "seven green bottles hanging"
    disable_staff(user=therapist.user, actor=clinic_admin)
    Client().post("/accounts/password/reset/", {"email": therapist.user.email})
    assert len(mail.outbox) == 1
    client = Client()
    page = client.get(link, follow=True)
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    for password in (new, PASSWORD):
        client.post("/accounts/login/", {"login": therapist.user.email, "password": password})
        assert client.get("/patients/").status_code == 302
