"""Papers of the staff, the page of one person, and the door that closes at once."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client

from clinic.audit.models import AuditLine
from clinic.staff.actions import disable_staff, enable_staff, set_profile, set_roles, sign_out_everywhere, sign_out_staff
from clinic.staff.models import Clinic, Qualification, Role, StaffProfile, StaffRole
from clinic.staff.permissions import ActionDenied, Actor
from clinic.staff.queries import licence_of, printed_name_of, qualifications_of
from tests.factories import a_member, an_actor

# Forms and pages; staff are written there by test_actions and test_invitations.
pytestmark = pytest.mark.same_everywhere

SignedIn = Callable[[Any], Client]


def test_somebody_of_whom_nothing_is_written_has_a_name_and_no_licence(doctor: Actor) -> None:
    assert licence_of(doctor.user, doctor.clinic) == ""
    assert printed_name_of(doctor.user, doctor.clinic) == doctor.user.full_name
    assert qualifications_of(doctor.user, doctor.clinic) == frozenset()


def test_an_administrator_writes_what_the_clinic_has_seen(clinic_admin: Actor, doctor: Actor) -> None:
    learned = ["segmental", "children"]
    for licence in ("A 12", "B 34"):
        set_profile(clinic=doctor.clinic, user=doctor.user, title=" Dr ", licence=licence, qualifications=learned, actor=clinic_admin)
    assert licence_of(doctor.user, doctor.clinic) == "B 34"
    assert printed_name_of(doctor.user, doctor.clinic) == f"Dr {doctor.user.full_name}"
    assert qualifications_of(doctor.user, doctor.clinic) == {Qualification.CHILDREN, Qualification.SEGMENTAL}
    line = AuditLine.objects.latest("sequence")
    assert (line.verb, line.details["before"]["licence"], line.details["after"]["licence"]) == ("profile-set", "A 12", "B 34")


def test_another_clinic_has_seen_nothing(clinic_admin: Actor, doctor: Actor, other_clinic: Clinic) -> None:
    set_profile(clinic=doctor.clinic, user=doctor.user, title="Dr", licence="A 12", qualifications=[], actor=clinic_admin)
    a_member(clinic=other_clinic, user=doctor.user)
    assert licence_of(doctor.user, other_clinic) == ""


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.ADMIN])
def test_nobody_writes_their_own_papers_or_ends_others_sessions(clinic: Clinic, role: str) -> None:
    actor = an_actor(clinic=clinic, roles=(role,))
    colleague = a_member(clinic=clinic)
    with pytest.raises(ActionDenied):
        set_profile(clinic=clinic, user=actor.user, title="Dr", licence="", qualifications=[], actor=actor)
    with pytest.raises(ActionDenied):
        sign_out_staff(user=colleague, actor=actor)
    with pytest.raises(ActionDenied):
        sign_out_everywhere(user=colleague, actor=actor)


def test_an_administrator_reaches_nobody_of_another_clinic(clinic_admin: Actor, stranger: Actor) -> None:
    with pytest.raises(ActionDenied, match="does not work"):
        set_profile(clinic=clinic_admin.clinic, user=stranger.user, title="", licence="", qualifications=[], actor=clinic_admin)
    with pytest.raises(ActionDenied):
        set_profile(clinic=stranger.clinic, user=stranger.user, title="", licence="", qualifications=[], actor=clinic_admin)
    for deed in (sign_out_staff, disable_staff, enable_staff):
        with pytest.raises(ActionDenied):
            deed(user=stranger.user, actor=clinic_admin)


def test_the_list_of_qualifications_is_closed(clinic_admin: Actor, doctor: Actor) -> None:
    with pytest.raises(ValidationError):
        set_profile(clinic=doctor.clinic, user=doctor.user, title="", licence="", qualifications=["magic"], actor=clinic_admin)
    assert not StaffProfile.objects.exists()


def test_a_person_has_one_profile_at_a_clinic(doctor: Actor) -> None:
    StaffProfile.objects.create(user=doctor.user, clinic=doctor.clinic)
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffProfile.objects.create(user=doctor.user, clinic=doctor.clinic)


# The door -------------------------------------------------------------------------------------------------------------------


def test_disabling_works_at_the_next_request_and_for_good(signed_in: SignedIn, clinic_admin: Actor, therapist: Actor) -> None:
    client = signed_in(therapist)
    assert client.get("/patients/").status_code == 200
    disable_staff(user=therapist.user, actor=clinic_admin)
    assert client.get("/patients/").status_code == 302
    enable_staff(user=therapist.user, actor=clinic_admin)
    # The session that was open before does not come to life again.
    assert client.get("/patients/").status_code == 302


def test_a_session_that_was_not_used_while_the_account_was_disabled_is_dead_too(
    signed_in: SignedIn, clinic_admin: Actor, therapist: Actor
) -> None:
    client = signed_in(therapist)
    disable_staff(user=therapist.user, actor=clinic_admin)
    enable_staff(user=therapist.user, actor=clinic_admin)
    assert client.get("/patients/").status_code == 302


def test_signing_somebody_out_ends_every_session_and_nothing_else(
    signed_in: SignedIn, proved_in: SignedIn, clinic_admin: Actor, therapist: Actor
) -> None:
    clients = [signed_in(therapist) for _device in range(3)]
    colleague = proved_in(clinic_admin)
    assert colleague.post(f"/staff/{therapist.user.pk}/sign-out/").status_code == 302
    assert [client.get("/patients/").status_code for client in clients] == [302] * 3
    assert colleague.get("/patients/").status_code == 200
    therapist.user.refresh_from_db()
    assert signed_in(therapist).get("/patients/").status_code == 200


def test_people_sign_themselves_out_everywhere(signed_in: SignedIn, proved_in: SignedIn, therapist: Actor) -> None:
    here, elsewhere = proved_in(therapist), signed_in(therapist)
    assert here.post("/account/sign-out-everywhere/")["Location"] == "/accounts/login/"
    assert [client.get("/account/").status_code for client in (here, elsewhere)] == [302, 302]
    line = AuditLine.objects.get(verb="signed-out-everywhere")
    assert (line.user, line.subject_id) == (therapist.user, str(therapist.user.pk))


def test_a_new_password_ends_the_other_sessions(signed_in: SignedIn, therapist: Actor) -> None:
    client = signed_in(therapist)
    therapist.user.set_password("a wholly different password")
    therapist.user.save()
    assert client.get("/patients/").status_code == 302


def test_an_administrator_whose_role_was_just_taken_changes_nothing(clinic_admin: Actor, therapist: Actor) -> None:
    """The request began while the role was held; what counts is the moment of the change."""
    an_actor(clinic=clinic_admin.clinic, roles=(Role.ADMIN,))
    StaffRole.objects.filter(user=clinic_admin.user).delete()
    with pytest.raises(ActionDenied):
        set_roles(clinic=clinic_admin.clinic, user=therapist.user, roles=["admin"], actor=clinic_admin)
    with pytest.raises(ActionDenied):
        disable_staff(user=therapist.user, actor=clinic_admin)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["roles and disabling", "three in a ring"])
def test_administrators_who_act_on_each_other_at_one_moment_leave_one(clinic: Clinic, how: str) -> None:
    admins = [an_actor(clinic=clinic, roles=(Role.ADMIN,)) for _admin in range(3 if how == "three in a ring" else 2)]
    start = threading.Barrier(len(admins))

    def act(place: int) -> None:
        start.wait()
        victim = admins[(place + 1) % len(admins)]
        try:
            if place % 2:
                disable_staff(user=victim.user, actor=admins[place])
            else:
                set_roles(clinic=clinic, user=victim.user, roles=["doctor"], actor=admins[place])
        except ActionDenied:
            return
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(place,)) for place in range(len(admins))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clinic.staff_roles.filter(role=Role.ADMIN, user__is_active=True).exists()


# The pages ------------------------------------------------------------------------------------------------------------------


def test_the_list_shows_roles_qualifications_and_state(proved_in: SignedIn, clinic_admin: Actor, doctor: Actor, therapist: Actor) -> None:
    set_profile(clinic=doctor.clinic, user=doctor.user, title="Dr", licence="A 1", qualifications=["apparatus"], actor=clinic_admin)
    disable_staff(user=therapist.user, actor=clinic_admin)
    body = proved_in(clinic_admin).get("/staff/").content.decode()
    for words in (f"Dr {doctor.user.full_name}", "Massage by apparatus", "disabled", therapist.user.email):
        assert words in body


def test_the_page_of_a_person_saves_papers(proved_in: SignedIn, clinic_admin: Actor, doctor: Actor) -> None:
    client, url = proved_in(clinic_admin), f"/staff/{doctor.user.pk}/"
    sent = {"title": "Dr", "licence": "A 12", "qualifications": ["children"], "clinic": "99", "user": "1"}
    assert client.post(f"{url}profile/", sent)["Location"] == url
    assert 'value="A 12"' in client.get(url).content.decode()
    assert qualifications_of(doctor.user, doctor.clinic) == {"children"}


@pytest.mark.parametrize("wrong", [{"title": "D\u202er"}, {"qualifications": ["magic"]}, {"licence": "x" * 61}])
def test_wrong_papers_are_shown_as_they_came(proved_in: SignedIn, clinic_admin: Actor, doctor: Actor, wrong: dict[str, Any]) -> None:
    response = proved_in(clinic_admin).post(f"/staff/{doctor.user.pk}/profile/", {"title": "Prof", "licence": "A 12"} | wrong)
    assert response.status_code == 422
    assert "Everything you typed is still here" in response.content.decode()
    assert licence_of(doctor.user, doctor.clinic) == ""


def test_a_wrong_role_is_explained_on_the_same_page(proved_in: SignedIn, clinic_admin: Actor, doctor: Actor) -> None:
    response = proved_in(clinic_admin).post(f"/staff/{doctor.user.pk}/roles/", {"roles": ["gardener"]})
    assert response.status_code == 422
    assert "is still here" in response.content.decode()


@pytest.mark.same_everywhere
def test_whoever_loses_the_last_role_leaves_and_the_way_back_is_said(proved_in: SignedIn, clinic_admin: Actor, doctor: Actor) -> None:
    told = proved_in(clinic_admin).post(f"/staff/{doctor.user.pk}/roles/", {}, follow=True).content.decode()
    assert f"{doctor.user.full_name} has left the staff" in told
    assert "with the same e-mail" in told


def test_the_page_offers_only_what_can_be_done(proved_in: SignedIn, clinic_admin: Actor, stranger: Actor, therapist: Actor) -> None:
    a_member(clinic=clinic_admin.clinic, user=stranger.user)
    client = proved_in(clinic_admin)
    shown = {user: client.get(f"/staff/{user.pk}/").content.decode() for user in (clinic_admin.user, stranger.user, therapist.user)}
    assert "Only another administrator can disable" in shown[clinic_admin.user]
    assert "also works at another clinic" in shown[stranger.user]
    assert [f"/staff/{user.pk}/disable/" in body for user, body in shown.items()] == [False, False, True]
