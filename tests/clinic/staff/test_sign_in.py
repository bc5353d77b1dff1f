"""Who gets in, and for how long."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from clinic.audit.models import AuditLine
from clinic.staff.limits import Try
from clinic.staff.models import Clinic, Role, User
from clinic.staff.permissions import Actor
from tests.factories import PASSWORD, a_clinic, a_member, a_user
from tests.trust.hygiene import faults_of

LOGIN = "/accounts/login/"
SignedIn = Callable[[Any], Client]


def sign_in(email: str, password: str = PASSWORD, client: Client | None = None) -> Any:
    return (client or Client()).post(LOGIN, {"login": email, "password": password})


def test_somebody_signs_in_by_email_whatever_its_case(therapist: Actor) -> None:
    response = sign_in(therapist.user.email.upper())
    assert response.status_code == 302
    assert response.headers["Location"] == "/"


@pytest.mark.same_everywhere
def test_a_wrong_password_does_not_tell_whether_the_person_exists(therapist: Actor) -> None:
    wrong = sign_in(therapist.user.email, "wrong").content.decode()
    unknown = sign_in("nobody@clinic.test", "wrong").content.decode()
    sentence = "The email address and/or password you specified are not correct."
    assert sentence in wrong
    assert sentence in unknown


def test_guessing_is_stopped_for_the_account_and_not_for_the_clinic(therapist: Actor, doctor: Actor) -> None:
    for _attempt in range(5):
        sign_in(therapist.user.email, "wrong")
    told = sign_in(therapist.user.email).content.decode()
    assert "Too many failed login attempts" in told
    assert "opens the account at once" in told, "what to do next"
    assert sign_in(doctor.user.email).status_code == 302


def from_address(email: str, password: str, address: str) -> str:
    response = Client(REMOTE_ADDR=address).post(LOGIN, {"login": email, "password": password})
    return "in" if response.status_code == 302 else "refused" if "Too many failed" in response.content.decode() else "wrong"


def test_a_stranger_who_guesses_does_not_lock_anybody_out(therapist: Actor) -> None:
    guesses = [from_address(therapist.user.email, "wrong", "192.0.2.7") for _guess in range(20)]
    assert guesses == ["wrong"] * 5 + ["refused"] * 15
    assert from_address(therapist.user.email, PASSWORD, "192.0.2.7") == "refused"
    assert from_address(therapist.user.email, PASSWORD, "198.51.100.1") == "in"


def test_guessing_from_many_addresses_is_stopped_too(therapist: Actor, doctor: Actor) -> None:
    guesses = [from_address(therapist.user.email.swapcase(), "wrong", f"192.0.2.{number}") for number in range(100)]
    assert guesses.count("wrong") == 20
    assert from_address(doctor.user.email, PASSWORD, "192.0.2.1") == "in"


def test_signing_in_rightly_never_counts_as_a_guess(therapist: Actor) -> None:
    assert {from_address(therapist.user.email, PASSWORD, f"192.0.2.{number}") for number in range(25)} == {"in"}


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each time a password is hashed to be compared, or to take as long as that, the name of what did it."""
    done: list[str] = []

    def noting(name: str, work: Callable[[User, str], Any]) -> Callable[[User, str], Any]:
        def worked(user: User, said: str) -> Any:
            done.append(name)
            return work(user, said)

        return worked

    monkeypatch.setattr(User, "check_password", noting("check", User.check_password))
    monkeypatch.setattr(User, "set_password", noting("make", User.set_password))
    return done


def tries(emails: Iterable[str], addresses: Sequence[str], rf: Any, *, every: float) -> list[bool]:
    """Which of many tries, one every so many seconds, may look at a password; ``verify web`` sends them to a server as requests."""
    with time_machine.travel(datetime(2026, 11, 23, 8, 0, tzinfo=UTC), tick=False) as clock:
        found = []
        for number, email in enumerate(emails):
            request = rf.post(LOGIN, REMOTE_ADDR=addresses[number % len(addresses)])
            found.append(Try(request, email).is_allowed)
            clock.shift(timedelta(seconds=every))
        return found


@pytest.mark.parametrize("addresses", [1, 7, 1000])
def test_a_thousand_guesses_in_ten_minutes_look_at_the_password_at_most_25_times(rf: Any, addresses: int) -> None:
    places = [f"192.0.{number // 250}.{number % 250}" for number in range(addresses)]
    assert 0 < sum(tries(["kim@clinic.test"] * 1000, places, rf, every=0.6)) <= 25


def test_a_clinic_behind_one_address_cannot_be_locked_out_by_guesses_at_one_account(rf: Any) -> None:
    assert tries([*["kim@clinic.test"] * 200, "lou@clinic.test"], ["192.0.2.7"], rf, every=0.1)[-1]


def test_one_address_does_not_try_one_password_at_everybody(rf: Any) -> None:
    people = [f"person-{number}@clinic.test" for number in range(70)]
    assert tries(people, ["192.0.2.7"], rf, every=0.1) == [True] * 60 + [False] * 10
    assert tries(people[:10], ["192.0.2.8"], rf, every=0.1) == [True] * 10


def test_a_passkey_is_asked_for_while_the_password_is_delayed(therapist: Actor) -> None:
    for _attempt in range(6):
        from_address(therapist.user.email, "wrong", "192.0.2.7")
    client = Client(REMOTE_ADDR="192.0.2.7", headers={"accept": "application/json"})
    asked = [client.get("/accounts/2fa/webauthn/login/") for _colleague in range(15)]  # the whole clinic at eight o'clock
    assert {answer.status_code for answer in asked} == {200}
    assert "challenge" in asked[-1].json()["request_options"]["publicKey"]


@pytest.mark.same_everywhere
def test_as_much_work_is_done_for_somebody_who_does_not_exist(therapist: Actor, checks: list[str]) -> None:
    for email in (therapist.user.email, "nobody@clinic.test"):
        sign_in(email, "wrong")
    assert checks == ["check", "make"], "each hashes once"


def test_whoever_runs_the_installation_lets_somebody_try_again(therapist: Actor, doctor: Actor) -> None:
    for number in range(30):
        from_address(therapist.user.email, "wrong", f"192.0.2.{number}")
    for _guess in range(5):
        from_address(doctor.user.email, "wrong", "192.0.2.7")
    call_command("unlock_sign_in", therapist.user.email.upper())
    assert from_address(therapist.user.email, PASSWORD, "192.0.2.1") == "in"
    assert from_address(doctor.user.email, PASSWORD, "192.0.2.7") == "refused"
    assert AuditLine.objects.get(verb="sign-in-unlocked").subject_id == str(therapist.user.pk)
    with pytest.raises(CommandError, match="Nobody signs in"):
        call_command("unlock_sign_in", "nobody@clinic.test")


def test_a_password_that_was_set_anew_by_a_letter_may_be_used_at_once(therapist: Actor) -> None:
    for _guess in range(5):
        sign_in(therapist.user.email, "wrong")
    client, new = Client(), "another horse battery staple"
    client.post("/accounts/password/reset/", {"email": therapist.user.email})
    link = next(word for word in str(mail.outbox[0].body).split() if "/password/reset/key/" in word)
    form = client.get("/" + link.split("/", 3)[3], follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert sign_in(therapist.user.email, new).status_code == 302


@pytest.mark.same_everywhere
def test_too_many_resets_are_refused_by_a_page_of_ours(db: None) -> None:
    answers = [Client().post("/accounts/password/reset/", {"email": "nobody@clinic.test"}) for _time in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "Too many attempts" in answers[-1].content.decode()
    assert faults_of(answers[-1], signed_in=False) == []


def test_a_disabled_person_does_not_get_in(clinic: Clinic) -> None:
    user = a_member(clinic=clinic, user=a_user(is_active=False))
    client = Client()
    sign_in(user.email, client=client)
    assert client.get(reverse("home")).status_code == 302


def test_a_disabled_person_is_out_at_the_next_request(signed_in: SignedIn, auditor: Actor) -> None:
    client = signed_in(auditor)
    assert client.get(reverse("audit-list")).status_code == 200
    User.objects.filter(pk=auditor.user.pk).update(is_active=False)
    assert client.get(reverse("audit-list")).status_code == 302


def test_a_role_taken_away_is_gone_at_the_next_request(signed_in: SignedIn, auditor: Actor) -> None:
    client = signed_in(auditor)
    auditor.user.staff_roles.all().delete()
    response = client.get(reverse("audit-list"))
    assert response.status_code == 403
    assert "You have no role at a clinic yet" in response.content.decode()


def test_nobody_signs_up(db: None) -> None:
    assert Client().get("/accounts/signup/").status_code == 404
    assert Client().post("/accounts/signup/", {"email": "a@b.test", "password1": PASSWORD}).status_code == 404
    assert not User.objects.exists()


def test_the_session_is_new_at_sign_in_and_dead_after_sign_out(therapist: Actor) -> None:
    client = Client()
    client.get(LOGIN)
    client.cookies["sessionid"] = "planted-by-somebody"
    sign_in(therapist.user.email, client=client)
    first = client.cookies["sessionid"].value
    assert first != "planted-by-somebody"
    client.post("/accounts/logout/")
    stolen = Client()
    stolen.cookies["sessionid"] = first
    assert stolen.get(reverse("home")).status_code == 302
    assert stolen.get(reverse("home")).headers["Location"].startswith(LOGIN)


def test_a_new_password_ends_the_other_sessions(signed_in: SignedIn, auditor: Actor) -> None:
    here, elsewhere = signed_in(auditor), signed_in(auditor)
    new = "another horse battery staple"
    changed = here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert changed["Location"] == "/account/"
    assert here.get(reverse("audit-list")).status_code == 200
    assert elsewhere.get(reverse("audit-list")).status_code == 302


@pytest.mark.same_everywhere
def test_the_session_cookie_is_closed_to_scripts_and_other_sites(therapist: Actor) -> None:
    cookie = sign_in(therapist.user.email).cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_passwords_are_kept_by_argon2(monkeypatch: pytest.MonkeyPatch) -> None:
    from clinic import settings as product

    assert product.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
    assert settings.SESSION_COOKIE_AGE <= 12 * 60 * 60


def test_a_forgotten_password_is_set_by_a_link_that_works_once(therapist: Actor) -> None:
    client = Client()
    client.post("/accounts/password/reset/", {"email": therapist.user.email})
    link = next(word for word in str(mail.outbox[0].body).split() if "/password/reset/key/" in word)
    path = "/" + link.split("/", 3)[3]
    form = client.get(path, follow=True)
    new = "another horse battery staple"
    client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert sign_in(therapist.user.email, new).status_code == 302
    again = Client().get(path, follow=True).content.decode()
    assert "password1" not in again


def code_of(client: Client) -> str:
    """What the app on the telephone would show."""
    return str(format_hotp_value(hotp_value(client.session["mfa.totp.secret"], next(iter(yield_hotp_counters_from_time())))))


def test_a_second_step_by_an_app_can_be_switched_on_and_is_then_asked_for(therapist: Actor) -> None:
    client = Client()
    sign_in(therapist.user.email, client=client)
    activate = "/accounts/2fa/totp/activate/"
    assert client.get(activate).status_code == 302, "switching it on asks for the password again"
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get(activate)
    assert page.status_code == 200
    assert faults_of(page, signed_in=True) == []
    client.post(activate, {"code": code_of(client)})
    codes = client.get("/accounts/2fa/recovery-codes/")
    assert faults_of(codes, signed_in=True) == []
    recovery_code = codes.context["unused_codes"][0]

    later = Client()
    assert sign_in(therapist.user.email, client=later).headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert later.get(reverse("present-clinic")).status_code == 302, "the password alone does not open a page"
    assert faults_of(later.get("/accounts/2fa/authenticate/"), signed_in=False) == []
    later.post("/accounts/2fa/authenticate/", {"code": recovery_code})
    assert later.get(reverse("present-clinic")).status_code == 200


def test_signing_in_out_and_failing_to_leave_lines(therapist: Actor) -> None:
    client = Client()
    sign_in(therapist.user.email, "wrong", client=client)
    sign_in(therapist.user.email, client=client)
    client.post("/accounts/logout/")
    assert list(AuditLine.objects.order_by("sequence").values_list("verb", flat=True)) == ["sign-in-failed", "signed-in", "signed-out"]
    assert set(AuditLine.objects.values_list("subject_id", flat=True)) == {str(therapist.user.pk)}


@pytest.mark.same_everywhere
def test_pages_speak_the_person_s_language(signed_in: SignedIn, clinic: Clinic) -> None:
    user = a_member(clinic=clinic, roles=(Role.AUDITOR,), user=a_user(language="ru"))
    response = signed_in(user).get(reverse("audit-list"), headers={"Accept-Language": "en"})
    assert '<html lang="ru"' in response.content.decode()


def test_somebody_with_two_clinics_chooses_one_and_sees_only_that(signed_in: SignedIn, clinic: Clinic, other_clinic: Clinic) -> None:
    user = a_member(clinic=clinic, roles=(Role.ADMIN,))
    a_member(clinic=other_clinic, roles=(Role.AUDITOR,), user=user)
    client = signed_in(user)
    assert client.get(reverse("staff-list")).status_code == 200
    assert client.post(reverse("present-clinic"), {"clinic": other_clinic.pk}).status_code == 302
    assert client.get(reverse("staff-list")).status_code == 403
    assert client.get(reverse("audit-list")).status_code == 200


def test_a_clinic_that_adds_somebody_does_not_become_their_first_page(signed_in: SignedIn, clinic: Clinic) -> None:
    user = a_member(clinic=clinic, roles=(Role.THERAPIST,))
    a_member(clinic=a_clinic(name="AAA, first by name"), roles=(Role.THERAPIST,), user=user)
    page = signed_in(user).get(reverse("patients:list")).content.decode()
    assert f'<span class="topbar-clinic">{clinic.name}</span>' in page


@pytest.mark.same_everywhere
def test_a_clinic_where_one_has_no_role_cannot_be_chosen(signed_in: SignedIn, clinic_admin: Actor, other_clinic: Clinic) -> None:
    client = signed_in(clinic_admin)
    assert client.post(reverse("present-clinic"), {"clinic": other_clinic.pk}).status_code == 422
    assert client.get(reverse("staff-list")).status_code == 200
