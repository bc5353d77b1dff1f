"""Who may change whose roles, and what stays behind."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from clinic.audit.models import AuditLine
from clinic.staff import recording
from clinic.staff.actions import add_staff, create_clinic, disable_staff, enable_staff, set_roles
from clinic.staff.models import Clinic, Role, StaffRole, User
from clinic.staff.permissions import ActionDenied, Actor
from tests.factories import a_member, a_user, an_actor


def roles_of(user: User, clinic: Clinic) -> set[str]:
    return set(clinic.staff_roles.filter(user=user).values_list("role", flat=True))


def test_an_administrator_adds_a_person_who_has_no_password_yet(clinic_admin: Actor) -> None:
    user = add_staff(clinic=clinic_admin.clinic, email="New@Clinic.Test", full_name="New One", roles=["doctor"], actor=clinic_admin)
    assert (user.email, user.has_usable_password(), roles_of(user, clinic_admin.clinic)) == ("new@clinic.test", False, {"doctor"})
    line = AuditLine.objects.get()
    assert (line.verb, line.user, line.details) == ("staff-added", clinic_admin.user, {"roles": ["doctor"]})


@pytest.mark.same_everywhere
@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.ADMIN])
def test_nobody_else_changes_the_staff(clinic: Clinic, role: str) -> None:
    actor = an_actor(clinic=clinic, roles=(role,))
    colleague = a_member(clinic=clinic)
    with pytest.raises(ActionDenied):
        add_staff(clinic=clinic, email="x@y.test", full_name="X", roles=["doctor"], actor=actor)
    with pytest.raises(ActionDenied):
        set_roles(clinic=clinic, user=colleague, roles=["doctor"], actor=actor)
    with pytest.raises(ActionDenied):
        disable_staff(user=colleague, actor=actor)
    with pytest.raises(ActionDenied):
        enable_staff(user=colleague, actor=actor)
    assert not AuditLine.objects.exists()


def test_an_administrator_reaches_no_other_clinic(clinic_admin: Actor, stranger: Actor) -> None:
    with pytest.raises(ActionDenied):
        set_roles(clinic=stranger.clinic, user=stranger.user, roles=[], actor=clinic_admin)
    with pytest.raises(ActionDenied):
        disable_staff(user=stranger.user, actor=clinic_admin)


def test_a_person_of_another_clinic_joins_with_the_same_account(clinic_admin: Actor, stranger: Actor) -> None:
    user = add_staff(clinic=clinic_admin.clinic, email=stranger.user.email, full_name="Other Name", roles=["doctor"], actor=clinic_admin)
    assert user == stranger.user
    assert user.full_name == stranger.user.full_name
    assert roles_of(user, stranger.clinic) == {"therapist"}


def test_a_person_is_added_once(clinic_admin: Actor, therapist: Actor) -> None:
    with pytest.raises(ActionDenied, match="already works"):
        add_staff(clinic=clinic_admin.clinic, email=therapist.user.email, full_name="X", roles=["doctor"], actor=clinic_admin)


def test_roles_become_exactly_what_was_chosen(clinic_admin: Actor, therapist: Actor) -> None:
    set_roles(clinic=clinic_admin.clinic, user=therapist.user, roles=["doctor", "clinical-lead"], actor=clinic_admin)
    assert roles_of(therapist.user, clinic_admin.clinic) == {"doctor", "clinical-lead"}
    assert AuditLine.objects.get().details == {"before": ["therapist"], "after": ["clinical-lead", "doctor"]}


def test_a_wrong_role_changes_nothing(clinic_admin: Actor, therapist: Actor) -> None:
    with pytest.raises(ValidationError):
        set_roles(clinic=clinic_admin.clinic, user=therapist.user, roles=["gardener"], actor=clinic_admin)
    assert roles_of(therapist.user, clinic_admin.clinic) == {"therapist"}


def test_a_clinic_keeps_an_administrator(clinic_admin: Actor, clinic: Clinic) -> None:
    with pytest.raises(ActionDenied, match="needs an administrator"):
        set_roles(clinic=clinic, user=clinic_admin.user, roles=["doctor"], actor=clinic_admin)
    with pytest.raises(ActionDenied, match="your own account"):
        disable_staff(user=clinic_admin.user, actor=clinic_admin)


def test_a_disabled_administrator_does_not_count(clinic_admin: Actor, clinic: Clinic) -> None:
    a_member(clinic=clinic, roles=(Role.ADMIN,), user=a_user(is_active=False))
    with pytest.raises(ActionDenied, match="needs an administrator"):
        set_roles(clinic=clinic, user=clinic_admin.user, roles=[], actor=clinic_admin)


def test_disabling_keeps_the_person_and_the_roles(clinic_admin: Actor, therapist: Actor) -> None:
    disable_staff(user=therapist.user, actor=clinic_admin)
    therapist.user.refresh_from_db()
    assert not therapist.user.is_active
    enable_staff(user=therapist.user, actor=clinic_admin)
    therapist.user.refresh_from_db()
    assert therapist.user.is_active
    assert roles_of(therapist.user, clinic_admin.clinic) == {"therapist"}


def test_somebody_who_also_works_elsewhere_is_not_disabled_from_here(clinic_admin: Actor, stranger: Actor) -> None:
    a_member(clinic=clinic_admin.clinic, user=stranger.user)
    with pytest.raises(ActionDenied, match="another clinic"):
        disable_staff(user=stranger.user, actor=clinic_admin)


def test_an_action_that_nobody_records_does_not_happen(clinic_admin: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "_recorders", [])
    with pytest.raises(LookupError), transaction.atomic():
        add_staff(clinic=clinic_admin.clinic, email="x@y.test", full_name="X", roles=["doctor"], actor=clinic_admin)
    assert not User.objects.filter(email="x@y.test").exists()


def test_a_clinic_is_opened_by_command_only(clinic_admin: Actor) -> None:
    with pytest.raises(ActionDenied):
        create_clinic(name="X", actor=clinic_admin)
    call_command("add_clinic", "Birkenhof", "--time-zone=Europe/Riga", "--admin-email=a@b.test", "--admin-name=A B")
    clinic = Clinic.objects.get(name="Birkenhof")
    assert roles_of(User.objects.get(email="a@b.test"), clinic) == {"admin"}


@pytest.mark.parametrize("wrong", ["--time-zone=Mars/North", "--admin-email=nobody"])
def test_a_clinic_is_not_opened_by_halves(db: None, wrong: str) -> None:
    arguments = {"--time-zone": "Europe/Riga", "--admin-email": "a@b.test"} | dict([wrong.split("=")])
    with pytest.raises(CommandError):
        call_command("add_clinic", "Birkenhof", "--admin-name=A B", *(f"{name}={value}" for name, value in arguments.items()))
    assert not Clinic.objects.exists()


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (User, {"email": "ANNA@clinic.test", "full_name": "Another"}),
        (User, {"email": "b@c.test", "full_name": "B", "language": "xx"}),
        (User, {"email": "", "full_name": "B"}),
        (Clinic, {"name": "Lindenhof"}),
        (Clinic, {"name": ""}),
    ],
)
def test_the_database_refuses_impossible_people_and_clinics(clinic: Clinic, model: type[User | Clinic], fields: dict[str, str]) -> None:
    a_user(email="anna@clinic.test")
    with pytest.raises(IntegrityError), transaction.atomic():
        model(**fields).save()


def test_the_database_knows_five_roles_each_given_once(therapist: Actor) -> None:
    for role in ("gardener", "therapist"):
        with pytest.raises(IntegrityError), transaction.atomic():
            StaffRole.objects.create(user=therapist.user, clinic=therapist.clinic, role=role)
