"""Who treats, signs or administers has a second step, and nobody loses it without knowing."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from clinic.audit.models import AuditLine
from clinic.staff.actions import reset_second_step
from clinic.staff.models import Role, StaffRole, User
from clinic.staff.passkeys import has_second_step
from clinic.staff.permissions import ActionDenied, Actor
from clinic.staff.second_step import OPEN_WITHOUT
from tests.clinic.staff.test_sign_in import code_of, sign_in
from tests.factories import PASSWORD, a_member
from tests.trust.hygiene import faults_of

pytestmark = [pytest.mark.django_db, pytest.mark.same_everywhere]
SignedIn = Callable[[Any], Client]
SET_UP = "/account/second-step/"


@pytest.fixture(autouse=True)
def _as_in_production(settings: Settings) -> None:
    settings.SECOND_STEP_REQUIRED = True


def with_an_app(user: User) -> User:
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    RecoveryCodes.activate(user)
    return user


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.ADMIN, Role.CLINICAL_LEAD])
def test_who_needs_a_second_step_reaches_only_the_page_that_sets_one_up(signed_in: SignedIn, member: Any, role: str) -> None:
    client = signed_in(member(role))
    for address in ("/", "/patients/", "/account/", "/clinic/", "/accounts/password/change/", "/accounts/2fa/webauthn/"):
        assert client.get(address)["Location"] == SET_UP, address
    sent = client.post("/patients/new/", {"family_name": "Weber"})
    assert (sent.status_code, sent["Location"]) == (303, SET_UP)
    page = client.get(SET_UP)
    assert faults_of(page, signed_in=True) == []
    assert "Nothing that you sent was saved" in page.content.decode()
    assert 'href="/patients/"' not in page.content.decode()
    assert client.get("/patients/", headers={"HX-Request": "true"})["HX-Redirect"] == SET_UP
    assert client.get("/patients/", headers={"Accept": "application/json"}).json() == {"second_step": SET_UP}
    assert client.post("/accounts/logout/").status_code == 302


@pytest.mark.parametrize("role", [Role.THERAPIST, Role.AUDITOR])
def test_others_may_do_without(signed_in: SignedIn, member: Any, role: str) -> None:
    client = signed_in(member(role))
    assert client.get("/account/").status_code == 200
    assert client.get(SET_UP)["Location"] == "/account/"


def test_a_role_that_is_given_during_a_session_counts_from_the_next_request(
    signed_in: SignedIn, therapist: Actor, other_clinic: Any
) -> None:
    client = signed_in(therapist)
    assert client.get("/patients/").status_code == 200
    StaffRole.objects.create(user=therapist.user, clinic=other_clinic, role=Role.DOCTOR)  # wherever that is: one may change the clinic
    assert client.get("/patients/")["Location"] == SET_UP


def test_the_whole_way_from_signing_in_to_the_codes_that_are_shown_once(doctor: Actor) -> None:
    client = Client()
    assert sign_in(doctor.user.email, client=client)["Location"] == "/"
    assert client.get("/", follow=True).redirect_chain[-1][0] == SET_UP
    activate = "/accounts/2fa/totp/activate/"
    assert client.get(activate)["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.get(activate)
    assert client.post(activate, {"code": code_of(client)})["Location"] == "/accounts/2fa/recovery-codes/"
    first, again = (client.get("/accounts/2fa/recovery-codes/").content.decode() for _time in range(2))
    code = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()[0]
    assert (code in first, "never again" in first, code in again) == (True, True, False)
    assert client.get("/accounts/2fa/recovery-codes/download/").status_code == 403
    assert client.get("/account/").status_code == 200
    # A code lets in once, and says how many are left.
    later = Client()
    sign_in(doctor.user.email, client=later)
    assert "9 are left" in later.post("/accounts/2fa/authenticate/", {"code": code}, follow=True).content.decode()


def test_whoever_turns_the_last_second_step_off_must_set_one_up_again(proved_in: SignedIn, doctor: Actor) -> None:
    client = proved_in(with_an_app(doctor.user))
    assert client.get("/account/").status_code == 200
    client.post("/accounts/2fa/totp/deactivate/")
    assert client.get("/account/")["Location"] == SET_UP


def test_what_is_open_without_one_is_what_setting_one_up_needs() -> None:
    assert {name for name in OPEN_WITHOUT if not name.startswith(("mfa_", "account_reauth"))} == {"second-step", "lock"}


# A lost device --------------------------------------------------------------------------------------------------------------


def test_an_administrator_resets_the_second_step_of_a_colleague_who_is_told(
    proved_in: SignedIn, clinic_admin: Actor, doctor: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    colleague, desk = proved_in(with_an_app(doctor.user)), proved_in(with_an_app(clinic_admin.user))
    assert "Reset the second step" in desk.get(f"/staff/{doctor.user.pk}/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(f"/staff/{doctor.user.pk}/second-step/reset/")
    assert not has_second_step(doctor.user)
    assert colleague.get("/account/").status_code == 302, "every session has ended"
    assert [letter.to for letter in mail.outbox] == [[doctor.user.email]]
    assert "an administrator of Lindenhof reset" in str(mail.outbox[0].body)
    line = AuditLine.objects.get(verb="second-step-reset")
    assert (line.user, line.subject_id, line.details) == (clinic_admin.user, str(doctor.user.pk), {"kinds": ["recovery_codes", "totp"]})


def test_nobody_resets_their_own_nor_one_that_another_clinic_relies_on(clinic_admin: Actor, doctor: Actor, other_clinic: Any) -> None:
    with_an_app(clinic_admin.user)
    with pytest.raises(ActionDenied, match="your own"):
        reset_second_step(user=clinic_admin.user, actor=clinic_admin)
    with pytest.raises(ActionDenied, match="no second step"):
        reset_second_step(user=doctor.user, actor=clinic_admin)
    a_member(clinic=other_clinic, user=with_an_app(doctor.user))
    with pytest.raises(ActionDenied, match="another clinic"):
        reset_second_step(user=doctor.user, actor=clinic_admin)
    with pytest.raises(ActionDenied, match="Only an administrator"):
        reset_second_step(user=clinic_admin.user, actor=doctor)
    assert has_second_step(doctor.user)
    assert has_second_step(clinic_admin.user)


def test_whoever_runs_the_installation_helps_by_a_command(clinic_admin: Actor, django_capture_on_commit_callbacks: Any) -> None:
    with_an_app(clinic_admin.user)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("reset_second_step", clinic_admin.user.email.upper())
    assert not has_second_step(clinic_admin.user)
    assert "whoever runs Tactus" in str(mail.outbox[0].body)
    assert AuditLine.objects.get(verb="second-step-reset").clinic == clinic_admin.clinic
    for email in (clinic_admin.user.email, "nobody@clinic.test"):
        with pytest.raises(CommandError):
            call_command("reset_second_step", email)
