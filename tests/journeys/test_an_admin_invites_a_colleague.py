"""An administrator invites a doctor by a link, writes her papers, and closes her account; everybody sees to their own sign-in."""

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Browser, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from clinic.staff.models import Clinic, User
from clinic.staff.permissions import Actor
from clinic.staff.queries import licence_of
from tests.factories import PASSWORD, an_invitation
from tests.journeys.conftest import a_desk
from tests.journeys.desk import Desk
from tests.journeys.looks import ENDS, faults_of

CHOSEN = "seven green bottles hanging"


def is_fit_for_everybody(desk: Desk) -> None:
    """The page at hand in the widest light and the narrowest dark look: nothing for axe, nothing beyond the edge."""
    for width, colours in ENDS:
        desk.page.set_viewport_size({"width": width, "height": 900})
        desk.page.emulate_media(color_scheme=colours, reduced_motion="reduce")  # no colour half-way between two
        assert not faults_of(desk.page), f"{desk.page.url} at {width}, {colours}"
    desk.page.set_viewport_size({"width": ENDS[0][0], "height": 900})


def say_the_password_again(desk: Desk) -> None:
    """What is asked before something that matters, however long somebody is signed in."""
    desk.sees_heading("Is it you?")
    desk.page.get_by_role("textbox", name="Password").fill(PASSWORD)
    desk.press("Go on")


def invite(desk: Desk, name: str, email: str) -> str:
    """From the staff page to the link that is shown once."""
    desk.follow("Invite a person")
    say_the_password_again(desk)
    desk.sees_heading("Invite a person")
    is_fit_for_everybody(desk)
    desk.fill({"Full name*": name, "E-mail*": email, "Title": "Dr", "Licence number": "A 12"})
    desk.page.get_by_role("checkbox", name="Doctor", exact=True).check()
    desk.page.get_by_role("checkbox", name="Massage of children").check()
    desk.press("Invite")
    desk.sees_heading(f"{name} is invited")
    is_fit_for_everybody(desk)
    return desk.page.get_by_label("The link, to hand over yourself").input_value()


def join(desk: Desk, link: str, email: str) -> None:
    """Opens the link, meets the rules of passwords, and signs in with the chosen one."""
    desk.open(link.removeprefix(desk.base))
    desk.sees_heading("Join Lindenhof")
    is_fit_for_everybody(desk)
    desk.fill({"Password*": "short", "The same once more*": "short"})
    desk.press("Open my account")
    desk.sees("This password is too short")
    is_fit_for_everybody(desk)
    desk.fill({"Password*": CHOSEN, "The same once more*": CHOSEN})
    desk.press("Open my account")
    desk.sees("Welcome to Lindenhof.")
    desk.page.get_by_role("textbox", name="Email").fill(email)
    desk.page.get_by_role("textbox", name="Password").fill(CHOSEN)
    desk.press("Sign in")
    desk.sees_heading("Inbox")


def test_a_doctor_is_invited_joins_and_is_disabled_at_once(desk: Desk, browser: Browser, live_server: LiveServer, boris: Actor) -> None:
    desk.is_signed_in(boris, "/staff/")
    link = invite(desk, "Frida Sand", "frida@lindenhof.test")
    desk.follow("Back to the staff")
    desk.sees("Invited, and not here yet")
    is_fit_for_everybody(desk)
    with a_desk(browser, live_server) as hers:
        join(hers, link, "frida@lindenhof.test")
        with hers.watch.expecting(404):
            hers.open(link.removeprefix(desk.base))
        hers.sees_heading("This link opens nothing")
        desk.open("/staff/")
        desk.sees_no("Invited, and not here yet")
        desk.follow("Dr Frida Sand")
        is_fit_for_everybody(desk)
        desk.fill({"Licence number": "B 34"})
        desk.press("Save the papers")
        desk.sees("were saved")
        frida = User.objects.get(email="frida@lindenhof.test")
        assert licence_of(frida, boris.clinic) == "B 34"
        desk.press("Disable the account")
        desk.sees("can no longer sign in")
        is_fit_for_everybody(desk)
        hers.open("/patients/")
        hers.sees_heading("Sign in")


def test_a_lost_link_is_replaced_and_a_wrong_one_revoked(desk: Desk, boris: Actor) -> None:
    an_invitation(clinic=boris.clinic, full_name="Gerd Fuchs", actor=boris)
    desk.is_signed_in(boris, "/staff/")
    desk.press("New link Gerd Fuchs")
    say_the_password_again(desk)
    desk.sees_heading("Gerd Fuchs is invited")
    desk.press("Copy")
    desk.sees("Copied.")
    desk.follow("Back to the staff")
    desk.press("Revoke Gerd Fuchs")
    desk.sees("The invitation of Gerd Fuchs is revoked.")
    desk.sees_no("Invited, and not here yet")


def test_somebody_of_another_clinic_signs_in_and_joins(desk: Desk, boris: Actor, stranger: Actor) -> None:
    _invitation, token = an_invitation(clinic=boris.clinic, email=stranger.user.email, actor=boris)
    desk.open(f"/invitation/{token}/")
    desk.sees("You have an account here already.")
    desk.page.get_by_role("main").get_by_role("link", name="Sign in").click()
    desk.page.get_by_role("textbox", name="Email").fill(stranger.user.email)
    desk.page.get_by_role("textbox", name="Password").fill(PASSWORD)
    desk.press("Sign in")
    is_fit_for_everybody(desk)
    desk.press("Join")
    desk.sees("Welcome to Lindenhof.")
    expect(desk.page.locator(".topbar-clinic")).to_have_text("Lindenhof")


def test_a_link_is_accepted_without_javascript(plain_desk: Desk, clinic: Clinic) -> None:
    _invitation, token = an_invitation(clinic=clinic, email="gerd@lindenhof.test")
    plain_desk.open(f"/invitation/{token}/")
    plain_desk.fill({"Password*": CHOSEN, "The same once more*": CHOSEN})
    plain_desk.press("Open my account")
    plain_desk.sees("Welcome to Lindenhof.")
    assert plain_desk.page.get_by_role("button", name="Sign in with a passkey").count() == 0


def test_everybody_sees_to_their_own_sign_in(desk: Desk, anna: Actor) -> None:
    desk.is_signed_in(anna)
    desk.page.locator(".menu-button").click()
    desk.follow("Your account")
    desk.sees("You sign in with your password alone.")
    is_fit_for_everybody(desk)
    desk.follow("Turn the app on")
    desk.sees_heading("Is it you?")
    is_fit_for_everybody(desk)
    say_the_password_again(desk)
    for path in ("totp/activate/", "webauthn/add/", "webauthn/"):
        desk.open(f"/accounts/2fa/{path}")
        is_fit_for_everybody(desk)
    desk.open("/account/")
    desk.follow("See where")
    desk.sees_heading("Where you are signed in")
    is_fit_for_everybody(desk)
    desk.press("Sign out everywhere")
    desk.sees("You are signed out everywhere.")
    desk.open("/account/")
    desk.sees_heading("Sign in")


def test_an_administrator_without_a_second_step_is_led_to_one(desk: Desk, boris: Actor, settings: Settings) -> None:
    settings.SECOND_STEP_REQUIRED = True
    desk.is_signed_in(boris, "/staff/")
    desk.sees_heading("Set up your second step")
    is_fit_for_everybody(desk)
    desk.follow("Use an authenticator app")
    say_the_password_again(desk)
    desk.sees_heading("Authenticator app")
    secret = desk.page.locator(".setup-key code").inner_text()
    desk.page.get_by_label("Authenticator code").fill(shown_by_the_app(secret))
    desk.press("Turn on")
    desk.sees("You see these codes now and never again")
    is_fit_for_everybody(desk)
    desk.follow("I have written them down")
    desk.sees("You sign in with your password and a code from your app.")


def shown_by_the_app(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))
