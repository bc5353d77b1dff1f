"""A session has an end, a key that changes when something is proved, and a place where its person can end it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.test import Client

from clinic.audit.models import AuditLine
from clinic.staff.actions import disable_staff, set_roles, sign_out_staff
from clinic.staff.devices import name_of
from clinic.staff.models import BrowserSession, Role, User
from clinic.staff.permissions import Actor
from tests.clinic.staff.test_sign_in import from_address, sign_in
from tests.factories import PASSWORD, a_member
from tests.trust.hygiene import faults_of

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]
EIGHT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile Safari/604.1"
EDGE = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0"
NEW = "another horse battery staple"


def key_of(client: Client) -> str:
    return client.cookies["sessionid"].value


def holder_of(key: str) -> Client:
    """Somebody who has got hold of a key."""
    client = Client()
    client.cookies["sessionid"] = key
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def signed_in_by_page(user: User, agent: str = FIREFOX) -> Client:
    client = Client(headers={"User-Agent": agent})
    assert sign_in(user.email, client=client).status_code == 302
    return client


# The end -------------------------------------------------------------------------------------------------------------------


@pytest.mark.first_everywhere
@pytest.mark.parametrize(("seconds", "is_alive"), [(-1, True), (0, False), (1, False)])
def test_twelve_hours_after_signing_in_the_session_is_over_however_it_was_used(therapist: Actor, seconds: int, is_alive: bool) -> None:
    with time_machine.travel(EIGHT, tick=False) as clock:
        client = signed_in_by_page(therapist.user)
        for _hour in range(11):
            clock.shift(timedelta(hours=1))
            client.session.save()  # use moves the end of the row, and not that of the session
            assert is_in(client)
        clock.move_to(EIGHT + timedelta(hours=12, seconds=seconds))
        assert is_in(client) is is_alive


def test_whoever_is_signed_out_by_the_hour_is_told_why_and_comes_back(therapist: Actor) -> None:
    with time_machine.travel(EIGHT, tick=False) as clock:
        client = signed_in_by_page(therapist.user)
        session = client.session
        clock.shift(timedelta(hours=11))
        session.save()
        clock.shift(timedelta(hours=2))
        kept = client.post("/patients/new/", {"family_name": "Weber"}, headers={"Sec-Fetch-Site": "same-origin"})
        assert (kept.status_code, "Weber" in kept.content.decode()) == (401, True), "what was typed stays on the page"
        assert not is_in(client)
        client = signed_in_by_page(therapist.user)
        session = client.session
        session["signed_in_at"] -= settings.SESSION_COOKIE_AGE
        session.save()
        answer = client.get("/patients/?q=web")
        assert answer["Location"] == "/accounts/login/?next=/patients/%3Fq%3Dweb"
        assert "Twelve hours after signing in one signs in again." in client.get(answer["Location"]).content.decode()


@pytest.mark.same_everywhere
def test_a_session_that_does_not_say_when_it_began_is_over(signed_in: SignedIn, therapist: Actor) -> None:
    client = signed_in(therapist)
    session = client.session
    del session["signed_in_at"]
    session.save()
    for headers, status in (({"Accept": "application/json"}, 401), ({}, 302)):
        assert client.get("/account/", headers=headers).status_code == status


# The key -------------------------------------------------------------------------------------------------------------------


def test_saying_the_password_again_changes_the_key_and_the_old_one_opens_nothing(therapist: Actor) -> None:
    client = signed_in_by_page(therapist.user)
    old = key_of(client)
    client.post("/accounts/reauthenticate/", {"password": "wrong"})
    assert key_of(client) == old
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert key_of(client) != old
    assert (is_in(client), is_in(holder_of(old))) == (True, False)


def test_a_new_password_changes_the_key_here_too(therapist: Actor) -> None:
    client = signed_in_by_page(therapist.user)
    old = key_of(client)
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert (is_in(client), is_in(holder_of(old))) == (True, False)


def test_disabling_signing_out_and_a_role_that_is_taken_work_at_the_next_request(clinic_admin: Actor, signed_in: SignedIn) -> None:
    people = [a_member(clinic=clinic_admin.clinic, roles=(Role.AUDITOR,)) for _person in range(3)]
    clients = [signed_in(user) for user in people]
    assert [client.get("/audit/").status_code for client in clients] == [200, 200, 200]
    disable_staff(user=people[0], actor=clinic_admin)
    sign_out_staff(user=people[1], actor=clinic_admin)
    set_roles(clinic=clinic_admin.clinic, user=people[2], roles=[Role.THERAPIST], actor=clinic_admin)
    assert [client.get("/audit/").status_code for client in clients] == [302, 302, 403]


# The page ------------------------------------------------------------------------------------------------------------------


def test_the_page_names_every_browser_and_ends_one_or_all_others(therapist: Actor, doctor: Actor) -> None:
    here, phone, edge = (signed_in_by_page(therapist.user, agent) for agent in (FIREFOX, PHONE, EDGE))
    other = signed_in_by_page(doctor.user)
    page = here.get("/account/sessions/")
    assert faults_of(page, signed_in=True) == []
    assert page.context["sessions"][0].device == "Firefox, Windows"
    assert {each.device for each in page.context["sessions"]} == {"Firefox, Windows", "Safari, iPhone", "Edge, Mac"}
    assert not [client for client in (here, phone, edge) if key_of(client) in page.content.decode()]
    mark = next(each.mark for each in page.context["sessions"] if each.device == "Safari, iPhone")
    assert other.post(f"/account/sessions/{mark}/end/").status_code == 403, "nobody ends a session of somebody else"
    assert here.post(f"/account/sessions/{mark}/end/")["Location"] == "/account/sessions/"
    assert [is_in(client) for client in (here, phone, edge)] == [True, False, True]
    assert here.post(f"/account/sessions/{mark}/end/").status_code == 403
    assert here.post("/account/sessions/end-others/")["Location"].startswith("/accounts/reauthenticate/")
    here.post("/accounts/reauthenticate/?next=/account/sessions/end-others/", {"password": PASSWORD})
    assert [is_in(client) for client in (here, phone, edge, other)] == [True, False, False, True]
    assert AuditLine.objects.filter(verb="ended-sessions").count() == 2
    this = here.get("/account/sessions/").context["sessions"]
    assert here.post(f"/account/sessions/{this[0].mark}/end/")["Location"] == "/accounts/login/"
    assert not is_in(here)


def test_sessions_that_open_nothing_any_more_are_not_shown(therapist: Actor, clinic_admin: Actor) -> None:
    with time_machine.travel(EIGHT, tick=False) as clock:
        signed_in_by_page(therapist.user)
        clock.shift(timedelta(hours=11, minutes=50))
        signed_in_by_page(therapist.user, PHONE)
        clock.shift(timedelta(minutes=20))
        assert len(signed_in_by_page(therapist.user, EDGE).get("/account/sessions/").context["sessions"]) == 2
        sign_out_staff(user=therapist.user, actor=clinic_admin)
        assert len(signed_in_by_page(therapist.user, EDGE).get("/account/sessions/").context["sessions"]) == 1
    assert set(BrowserSession.objects.values_list("user", flat=True)) == {therapist.user.pk}


# Devices -------------------------------------------------------------------------------------------------------------------


def test_a_new_device_is_told_by_a_letter_and_a_known_one_is_not(therapist: Actor) -> None:
    client = signed_in_by_page(therapist.user)
    assert [letter.to for letter in mail.outbox] == [[therapist.user.email]]
    assert "It calls itself Firefox, Windows." in str(mail.outbox[0].body)
    client.post("/accounts/logout/")
    sign_in(therapist.user.email, client=client)
    assert len(mail.outbox) == 1
    signed_in_by_page(therapist.user, "")
    assert len(mail.outbox) == 2
    assert "calls itself" not in str(mail.outbox[1].body)


def test_a_desk_that_two_people_share_is_new_for_each_of_them_once(therapist: Actor, doctor: Actor) -> None:
    client = Client()
    for actor in (therapist, doctor, therapist, doctor):
        sign_in(actor.user.email, client=client)
        client.post("/accounts/logout/")
    assert [letter.to for letter in mail.outbox] == [[therapist.user.email], [doctor.user.email]]
    assert not [actor for actor in (therapist, doctor) if actor.user.email in client.cookies["device"].value]


@pytest.mark.same_everywhere
def test_a_device_that_somebody_made_up_is_not_known(therapist: Actor) -> None:
    client = signed_in_by_page(therapist.user)
    client.cookies["device"] = client.cookies["device"].value[:-1] + "x"
    client.post("/accounts/logout/")
    sign_in(therapist.user.email, client=client)
    assert len(mail.outbox) == 2


@pytest.mark.same_everywhere
@pytest.mark.parametrize(("agent", "name"), [(FIREFOX, "Firefox, Windows"), (PHONE, "Safari, iPhone"), ("curl/8.0", ""), ("", "")])
def test_a_browser_is_called_as_people_call_it(agent: str, name: str, rf: Any) -> None:
    assert name_of(rf.get("/", headers={"User-Agent": agent})) == name


# Guesses that were made elsewhere ------------------------------------------------------------------------------------------


def test_a_browser_that_is_known_is_never_stopped_by_guesses_from_elsewhere(therapist: Actor) -> None:
    own = Client(REMOTE_ADDR="192.0.2.1")
    sign_in(therapist.user.email, client=own)
    own.post("/accounts/logout/")
    for number in range(30):  # at its own address and at many others, until the account is stopped everywhere
        from_address(therapist.user.email, "wrong", f"192.0.2.{1 + number % 10}")
    assert from_address(therapist.user.email, PASSWORD, "198.51.100.9") == "refused"
    assert sign_in(therapist.user.email, client=own).status_code == 302


def test_a_known_browser_does_not_guess_for_long_either(therapist: Actor) -> None:
    client = signed_in_by_page(therapist.user)
    client.post("/accounts/logout/")
    said = [sign_in(therapist.user.email, "wrong", client=client).content.decode() for _guess in range(7)]
    assert ["Too many failed" in words for words in said] == [False] * 5 + [True] * 2
