"""Joining a clinic by a link: once, by the invited person, and by nobody who guesses."""

import re
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.audit.models import AuditLine
from clinic.staff.actions import disable_staff, set_roles
from clinic.staff.inviting import Invitee, LinkOpensNothing, accept_invitation, invite_staff, renew_invitation, revoke_invitation
from clinic.staff.models import Clinic, Invitation, Role, User
from clinic.staff.permissions import ActionDenied, Actor
from clinic.staff.queries import invitation_behind, licence_of, qualifications_of
from tests.factories import PASSWORD, a_member, a_user, an_actor, an_invitation

SignedIn = Callable[[Any], Client]
GUEST = Invitee("New@Clinic.Test", " Frida Sand ", ["doctor"], title="Dr", licence="A 12", qualifications=["children"])
FORM = {"email": "new@clinic.test", "full_name": "Frida Sand", "roles": ["doctor"], "language": "en"}
CHOSEN = {"password": PASSWORD, "again": PASSWORD}


def address(token: str) -> str:
    return reverse("invitation", args=(token,))


def roles_of(user: User, clinic: Clinic) -> set[str]:
    return set(clinic.staff_roles.filter(user=user).values_list("role", flat=True))


def verbs() -> list[str]:
    return list(AuditLine.objects.order_by("sequence").values_list("verb", flat=True))


def test_who_accepts_gets_the_roles_and_papers_of_the_invitation(clinic_admin: Actor) -> None:
    clinic = clinic_admin.clinic
    invitation, token = invite_staff(clinic=clinic, invitee=GUEST, actor=clinic_admin)
    user = accept_invitation(token=token, password=PASSWORD)
    assert (user.email, user.full_name, user.check_password(PASSWORD)) == ("new@clinic.test", "Frida Sand", True)
    assert roles_of(user, clinic) == {"doctor"}
    assert (licence_of(user, clinic), qualifications_of(user, clinic)) == ("A 12", frozenset({"children"}))
    joined = AuditLine.objects.latest("sequence")
    assert (joined.user, joined.details) == (user, {"roles": ["doctor"], "invitation": invitation.pk})
    assert verbs() == ["invited", "accepted-invitation"]


def test_only_the_digest_of_a_link_is_kept(clinic_admin: Actor) -> None:
    invitation, token = invite_staff(clinic=clinic_admin.clinic, invitee=GUEST, actor=clinic_admin)
    kept = {str(value) for row in (Invitation, AuditLine) for each in row.objects.values() for value in each.values()}
    assert not any(token in value for value in kept)
    assert re.fullmatch("[0-9a-f]{64}", invitation.token_digest)


def test_a_link_works_once(clinic: Clinic) -> None:
    _invitation, token = an_invitation(clinic=clinic)
    accept_invitation(token=token, password=PASSWORD)
    with pytest.raises(LinkOpensNothing):
        accept_invitation(token=token, password=PASSWORD)


@pytest.mark.same_everywhere
def test_every_character_of_a_link_counts(clinic: Clinic) -> None:
    _invitation, token = an_invitation(clinic=clinic)
    assert invitation_behind(token)
    for place, letter in enumerate(token):
        altered = token[:place] + ("A" if letter != "A" else "B") + token[place + 1 :]
        assert invitation_behind(altered) is None
    assert invitation_behind(token[:-1]) is None
    assert invitation_behind(token + "A") is None


def test_a_link_holds_for_seven_days_to_the_second(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    invitation, token = an_invitation(clinic=clinic)
    assert invitation.expires_at - invitation.invited_at == timedelta(days=7)
    for seconds, opens in ((-1, True), (0, False), (1, False)):
        moment = invitation.expires_at + timedelta(seconds=seconds)
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        assert (invitation_behind(token) is not None) is opens
        assert invitation.is_expired(moment) is not opens


def test_a_renewed_link_takes_the_place_of_the_old_one(clinic_admin: Actor) -> None:
    invitation, old = invite_staff(clinic=clinic_admin.clinic, invitee=GUEST, actor=clinic_admin)
    Invitation.objects.update(invited_at=timezone.now() - timedelta(days=9), expires_at=timezone.now() - timedelta(days=2))
    assert invitation_behind(old) is None
    _same, new = renew_invitation(invitation=invitation, actor=clinic_admin)
    assert invitation_behind(old) is None
    assert invitation_behind(new) == invitation
    assert verbs() == ["invited", "renewed-invitation"]


def test_a_revoked_link_opens_nothing_and_is_not_renewed(clinic_admin: Actor) -> None:
    invitation, token = invite_staff(clinic=clinic_admin.clinic, invitee=GUEST, actor=clinic_admin)
    revoke_invitation(invitation=invitation, actor=clinic_admin)
    assert invitation_behind(token) is None
    for deed in (renew_invitation, revoke_invitation):
        with pytest.raises(ActionDenied, match="a moment ago"):
            deed(invitation=invitation, actor=clinic_admin)
    assert verbs() == ["invited", "revoked-invitation"]


@pytest.mark.first_everywhere
@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.ADMIN])
def test_nobody_but_an_administrator_invites(clinic: Clinic, role: str) -> None:
    invitation, _token = an_invitation(clinic=clinic)
    actor = an_actor(clinic=clinic, roles=(role,))
    with pytest.raises(ActionDenied):
        invite_staff(clinic=clinic, invitee=GUEST, actor=actor)
    with pytest.raises(ActionDenied):
        renew_invitation(invitation=invitation, actor=actor)
    with pytest.raises(ActionDenied):
        revoke_invitation(invitation=invitation, actor=actor)


@pytest.mark.same_everywhere
def test_an_administrator_reaches_no_invitation_of_another_clinic(clinic: Clinic, other_clinic: Clinic) -> None:
    invitation, token = an_invitation(clinic=clinic)
    elsewhere = an_actor(clinic=other_clinic, roles=(Role.ADMIN,))
    with pytest.raises(ActionDenied):
        invite_staff(clinic=clinic, invitee=GUEST, actor=elsewhere)
    with pytest.raises(ActionDenied):
        renew_invitation(invitation=invitation, actor=elsewhere)
    with pytest.raises(ActionDenied):
        revoke_invitation(invitation=invitation, actor=elsewhere)
    assert invitation_behind(token)


def test_a_person_is_invited_once_at_a_time_and_not_when_already_here(clinic_admin: Actor, therapist: Actor) -> None:
    invite_staff(clinic=clinic_admin.clinic, invitee=GUEST, actor=clinic_admin)
    for invitee, words in ((GUEST, "invited already"), (Invitee(therapist.user.email.upper(), "X", ["doctor"]), "already works")):
        with pytest.raises(ActionDenied, match=words):
            invite_staff(clinic=clinic_admin.clinic, invitee=invitee, actor=clinic_admin)


@pytest.mark.same_everywhere  # refused before anything is kept; what is taken is kept in each database by the tests around
@pytest.mark.parametrize(
    "wrong", [{"roles": []}, {"roles": ["gardener"]}, {"email": "nobody"}, {"qualifications": ["magic"]}, {"full_name": " "}]
)
def test_a_wrong_invitation_is_not_sent(clinic_admin: Actor, wrong: dict[str, Any]) -> None:
    right: dict[str, Any] = {"email": "a@b.test", "full_name": "A B", "roles": ["doctor"]}
    with pytest.raises(ValidationError):
        invite_staff(clinic=clinic_admin.clinic, invitee=Invitee(**(right | wrong)), actor=clinic_admin)
    assert not Invitation.objects.exists()


def test_an_administrator_who_is_only_invited_does_not_count(clinic_admin: Actor) -> None:
    an_invitation(clinic=clinic_admin.clinic, roles=[Role.ADMIN], actor=clinic_admin)
    with pytest.raises(ActionDenied, match="needs an administrator"):
        set_roles(clinic=clinic_admin.clinic, user=clinic_admin.user, roles=["doctor"], actor=clinic_admin)


@pytest.mark.parametrize("how", ["disabled", "role taken"])
def test_who_may_no_longer_invite_leaves_no_way_back_in(clinic_admin: Actor, how: str) -> None:
    clinic = clinic_admin.clinic
    leaving = an_actor(clinic=clinic, roles=(Role.ADMIN,))
    _invitation, theirs = an_invitation(clinic=clinic, actor=leaving)
    _invitation, colleague_s = an_invitation(clinic=clinic, actor=clinic_admin)
    if how == "disabled":
        disable_staff(user=leaving.user, actor=clinic_admin)
    else:
        set_roles(clinic=clinic, user=leaving.user, roles=["doctor"], actor=clinic_admin)
    assert invitation_behind(theirs) is None
    assert invitation_behind(colleague_s)


@pytest.mark.same_everywhere
def test_a_password_that_the_rules_refuse_opens_no_account(clinic: Clinic) -> None:
    _invitation, token = an_invitation(clinic=clinic, email="guest@clinic.test")
    for password in ("", "short", "123456789012345", "guest@clinic.test"):
        with pytest.raises(ValidationError):
            accept_invitation(token=token, password=password)
    assert not User.objects.filter(email="guest@clinic.test").exists()
    assert invitation_behind(token)


def test_somebody_with_an_account_keeps_it_and_joins_signed_in(clinic: Clinic, stranger: Actor) -> None:
    _invitation, token = an_invitation(clinic=clinic, email=stranger.user.email.upper(), full_name="Another Name", roles=["doctor"])
    with pytest.raises(ActionDenied, match="have an account already"):
        accept_invitation(token=token, password="a password of a thief")
    with pytest.raises(ActionDenied, match="for somebody else"):
        accept_invitation(token=token, user=a_user())
    assert accept_invitation(token=token, user=stranger.user) == stranger.user
    assert (roles_of(stranger.user, clinic), roles_of(stranger.user, stranger.clinic)) == ({"doctor"}, {"therapist"})
    assert User.objects.get(pk=stranger.user.pk).full_name == stranger.user.full_name
    assert stranger.user.check_password(PASSWORD)


def test_an_account_that_is_disabled_does_not_join(clinic: Clinic) -> None:
    closed = a_user(is_active=False)
    _invitation, token = an_invitation(clinic=clinic, email=closed.email)
    with pytest.raises(ActionDenied):
        accept_invitation(token=token, user=closed)
    with pytest.raises(ActionDenied):
        accept_invitation(token=token, password=PASSWORD)


@pytest.mark.same_everywhere
def test_nobody_signed_in_takes_an_invitation_meant_for_a_new_person(clinic: Clinic, therapist: Actor) -> None:
    _invitation, token = an_invitation(clinic=clinic)
    with pytest.raises(ActionDenied, match="for somebody else"):
        accept_invitation(token=token, password=PASSWORD, user=therapist.user)


def test_roles_held_already_stay(clinic: Clinic) -> None:
    _invitation, token = an_invitation(clinic=clinic, email="two@clinic.test", roles=["doctor", "therapist"])
    user = a_member(clinic=clinic, roles=("therapist", "auditor"), user=a_user(email="two@clinic.test"))
    accept_invitation(token=token, user=user)
    assert roles_of(user, clinic) == {"doctor", "therapist", "auditor"}


@pytest.mark.django_db(transaction=True)
def test_of_many_who_use_a_link_at_one_moment_exactly_one_joins(clinic: Clinic) -> None:
    _invitation, token = an_invitation(clinic=clinic, email="racer@clinic.test")
    start, ends = threading.Barrier(6), list[str]()

    def accept() -> None:
        start.wait()
        try:
            accept_invitation(token=token, password=PASSWORD)
            ends.append("joined")
        except LinkOpensNothing:
            ends.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=accept) for _person in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["joined"] + ["refused"] * 5
    assert verbs().count("accepted-invitation") == 1
    assert User.objects.filter(email="racer@clinic.test").count() == 1


# The pages ----------------------------------------------------------------------------------------------------------------


def test_the_letter_and_the_page_show_the_same_link_once(proved_in: SignedIn, clinic_admin: Actor) -> None:
    client = proved_in(clinic_admin)
    shown = re.search(r'value="(http://testserver/invitation/[^"]+)"', client.post("/staff/new/", FORM).content.decode())
    assert shown
    letter = mail.outbox[0]
    assert (letter.to, letter.subject) == (["new@clinic.test"], "An account at Lindenhof")
    assert shown[1] in letter.body
    assert "invitation/" not in client.get("/staff/").content.decode().replace("/staff/invitations/", "")


@pytest.mark.same_everywhere
def test_the_letter_is_in_the_language_of_the_invited(proved_in: SignedIn, clinic_admin: Actor) -> None:
    proved_in(clinic_admin).post("/staff/new/", FORM | {"language": "ru"})
    # The names and the link have no Cyrillic letters; the day that the link ends has.
    assert re.search("[а-я]", str(mail.outbox[0].body))


@pytest.mark.same_everywhere
def test_a_letter_tells_nothing_of_the_clinic_but_its_name(proved_in: SignedIn, clinic_admin: Actor) -> None:
    proved_in(clinic_admin).post("/staff/new/", FORM | {"roles": ["clinical-lead"], "licence": "secret-7"})
    words = f"{mail.outbox[0].subject} {mail.outbox[0].body}".lower()
    assert not [word for word in ("lead", "secret-7", clinic_admin.user.full_name.lower(), clinic_admin.user.email) if word in words]


@pytest.mark.parametrize("again", ["invited", "works here"])
def test_a_second_invitation_is_explained_at_the_field(proved_in: SignedIn, clinic_admin: Actor, therapist: Actor, again: str) -> None:
    client = proved_in(clinic_admin)
    client.post("/staff/new/", FORM)
    response = client.post("/staff/new/", FORM | ({} if again == "invited" else {"email": therapist.user.email}))
    assert response.status_code == 422
    assert "email" in response.context["form"].errors


@pytest.mark.same_everywhere
def test_an_invitation_that_a_colleague_has_ended_is_told_where_it_stood(proved_in: SignedIn, clinic_admin: Actor) -> None:
    invitation, _token = an_invitation(clinic=clinic_admin.clinic, actor=clinic_admin)
    revoke_invitation(invitation=invitation, actor=clinic_admin)
    for step in ("revoke", "renew"):  # from a page that is older
        late = proved_in(clinic_admin).post(f"/staff/invitations/{invitation.pk}/{step}/", follow=True)
        assert late.redirect_chain == [("/staff/", 303)]
        assert "accepted or revoked a moment ago" in late.content.decode()


def test_opening_a_link_changes_nothing(clinic: Clinic) -> None:
    _invitation, token = an_invitation(clinic=clinic)
    before = (list(Invitation.objects.values()), AuditLine.objects.count(), User.objects.count())
    for _scanner in range(3):
        assert Client().get(address(token)).status_code == 200
        assert Client().head(address(token)).status_code == 200
    assert (list(Invitation.objects.values()), AuditLine.objects.count(), User.objects.count()) == before


def test_a_new_person_chooses_a_password_and_then_signs_in(clinic: Clinic) -> None:
    _invitation, token = an_invitation(clinic=clinic, email="guest@clinic.test")
    client = Client()
    response = client.post(address(token), CHOSEN)
    assert (response.status_code, response["Location"]) == (303, "/accounts/login/")
    # Not signed in by the link: whoever has a second step must pass it.
    assert client.get("/staff/").status_code == 302
    assert client.post("/accounts/login/", {"login": "guest@clinic.test", "password": PASSWORD}).status_code == 302


@pytest.mark.first_everywhere
@pytest.mark.parametrize("wrong", [{"again": "something else entirely"}, {"password": "short", "again": "short"}, {"password": ""}])
def test_a_wrong_password_is_explained_and_the_link_stays_good(clinic: Clinic, wrong: Mapping[str, str]) -> None:
    _invitation, token = an_invitation(clinic=clinic)
    refused = Client().post(address(token), {**CHOSEN, **wrong})
    assert refused.status_code == 422
    assert "missing or wrong." in refused.content.decode()
    assert "still here" not in refused.content.decode()  # a password is never written back into its field
    assert invitation_behind(token)


def test_extra_fields_of_a_request_have_no_effect(clinic: Clinic) -> None:
    _invitation, token = an_invitation(clinic=clinic, email="guest@clinic.test")
    more = {"roles": "admin", "email": "thief@x.test", "clinic": "99", "user": "1", "full_name": "Thief", "is_active": "0"}
    assert Client().post(address(token), CHOSEN | more).status_code == 303
    user = User.objects.get(email="guest@clinic.test")
    assert (roles_of(user, clinic), user.full_name.startswith("Guest")) == ({"therapist"}, True)


@pytest.mark.same_everywhere
def test_every_link_that_opens_nothing_gets_the_same_answer(clinic_admin: Actor) -> None:
    clinic = clinic_admin.clinic
    used, expired, revoked = (an_invitation(clinic=clinic, actor=clinic_admin) for _link in range(3))
    accept_invitation(token=used[1], password=PASSWORD)
    revoke_invitation(invitation=revoked[0], actor=clinic_admin)
    past = timezone.now() - timedelta(days=8)
    Invitation.objects.filter(pk=expired[0].pk).update(invited_at=past, expires_at=past + timedelta(days=7))
    answers = []
    for token in (used[1], expired[1], revoked[1], "A" * 43):
        for response in (Client().get(address(token)), Client().post(address(token), CHOSEN)):
            body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|"X-CSRFToken":"[^"]+"', "", response.content.decode())
            answers.append((response.status_code, body.replace(token, "TOKEN")))
    assert {status for status, _body in answers} == {404}
    assert len({body for _status, body in answers}) == 1
    assert "ask the administrator" in answers[0][1]


@pytest.mark.same_everywhere
def test_a_page_behind_a_link_is_kept_nowhere(clinic: Clinic) -> None:
    _invitation, token = an_invitation(clinic=clinic)
    assert "no-store" in Client().get(address(token))["Cache-Control"]


def test_the_page_leads_everybody_to_what_they_can_do(signed_in: SignedIn, clinic: Clinic, stranger: Actor, therapist: Actor) -> None:
    _invitation, token = an_invitation(clinic=clinic, email=stranger.user.email)
    anonymous = Client().get(address(token)).content.decode()
    assert f"/accounts/login/?next={address(token)}" in anonymous
    assert Client().post(address(token), CHOSEN).status_code == 422
    other = signed_in(therapist)
    assert "for somebody else" in other.get(address(token)).content.decode()
    assert other.post(address(token)).status_code == 422
    right = signed_in(stranger)
    assert right.post(address(token))["Location"] == "/"
    assert right.session["clinic"] == clinic.pk


@pytest.mark.same_everywhere
def test_a_link_is_in_the_language_of_the_letter_until_somebody_chooses(clinic: Clinic) -> None:
    _invitation, token = an_invitation(clinic=clinic, language="ru")
    assert '<html lang="ru"' in Client().get(address(token)).content.decode()
    client = Client()
    client.post("/appearance/", {"language": "en"})
    assert '<html lang="en"' in client.get(address(token)).content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"expires_at": timezone.now() - timedelta(days=400)},
        {"accepted_at": timezone.now()},
        {"revoked_at": timezone.now()},
        {"email": ""},
        {"full_name": ""},
        {"language": "xx"},
    ],
)
def test_the_database_refuses_impossible_invitations(clinic: Clinic, fields: dict[str, Any]) -> None:
    invitation, _token = an_invitation(clinic=clinic)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=invitation.pk).update(**fields)
