"""Every change to clinics and staff: one transaction and one audit line each."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.staff import queries
from clinic.staff.models import Clinic, Language, Role, StaffRole, User
from clinic.staff.permissions import ActionDenied, Actor, check_can_manage_staff
from clinic.staff.recording import record


@transaction.atomic
def create_clinic(
    *, name: str, time_zone: str = "UTC", country: str = "", language: str = Language.ENGLISH, actor: Actor | None = None
) -> Clinic:
    """A new clinic without staff. Only the installation itself (``actor=None``) opens clinics, by command.

    Raises ``ValidationError`` for a used name or an unknown time zone or language.
    """
    if actor is not None:
        raise ActionDenied(_("A clinic is opened by whoever runs this installation."))
    clinic = Clinic(name=name.strip(), time_zone=time_zone, country=country.upper(), language=language)
    clinic.full_clean()
    clinic.save()
    record(actor=None, verb="clinic-opened", subject=clinic, details={"name": clinic.name}, clinic=clinic)
    return clinic


@transaction.atomic
def add_staff(*, clinic: Clinic, email: str, full_name: str, roles: Iterable[str], actor: Actor | None) -> User:
    """Gives a person these roles at the clinic; a person who is new here gets no password and sets one by the reset page.

    Somebody who already works at another clinic keeps name and password. Raises ``ActionDenied`` when the actor does not
    administer this clinic, ``ValidationError`` for a wrong e-mail or role.
    """
    _check_manages(actor, clinic)
    _one_at_a_time(clinic)
    user = User.objects.filter(email__iexact=email.strip()).first() or _new_user(email, full_name, clinic)
    held = queries.people_of(clinic).filter(pk=user.pk).exists()
    if held:
        raise ActionDenied(_("This person already works at this clinic. Change the roles instead."))
    _give(user, clinic, frozenset(roles))
    record(actor=actor, verb="staff-added", subject=user, details={"roles": sorted(roles)}, clinic=clinic)
    return user


@transaction.atomic
def set_roles(*, clinic: Clinic, user: User, roles: Iterable[str], actor: Actor | None) -> None:
    """Makes these the person's roles at this clinic; none at all takes the person off its staff. Works at the next request.

    Raises ``ActionDenied`` when the actor does not administer this clinic or nobody else would.
    """
    _check_manages(actor, clinic)
    _one_at_a_time(clinic)
    wanted = frozenset(roles)
    before = frozenset(clinic.staff_roles.select_for_update().filter(user=user).values_list("role", flat=True))
    if Role.ADMIN in before - wanted:
        _check_another_admin(clinic, user)
    clinic.staff_roles.filter(user=user, role__in=before - wanted).delete()
    _give(user, clinic, wanted - before)
    record(actor=actor, verb="roles-set", subject=user, details={"before": sorted(before), "after": sorted(wanted)}, clinic=clinic)


@transaction.atomic
def disable_staff(*, user: User, actor: Actor) -> None:
    """The person may no longer sign in, and an open session ends at its next request. History keeps the name.

    Raises ``ActionDenied`` for oneself, the last administrator, and people who also work elsewhere.
    """
    check_can_manage_staff(actor)
    _one_at_a_time(actor.clinic)
    if user == actor.user:
        raise ActionDenied(_("You cannot disable your own account."))
    if queries.other_clinics_of(user, actor.clinic):
        raise ActionDenied(_("This person also works at another clinic. Take the roles at this clinic away instead."))
    _check_another_admin(actor.clinic, user)
    _set_active(user, active=False, actor=actor)


@transaction.atomic
def enable_staff(*, user: User, actor: Actor) -> None:
    """The person may sign in again with the roles held before. Raises ``ActionDenied`` as for disabling."""
    check_can_manage_staff(actor)
    if queries.other_clinics_of(user, actor.clinic):
        raise ActionDenied(_("This person also works at another clinic, which must agree. Ask whoever runs this installation."))
    _set_active(user, active=True, actor=actor)


def _check_manages(actor: Actor | None, clinic: Clinic) -> None:
    if actor is None:
        return
    check_can_manage_staff(actor)
    if actor.clinic != clinic:
        raise ActionDenied(_("Only an administrator of this clinic may change its staff."))


def _one_at_a_time(clinic: Clinic) -> None:
    """Two administrators who take each other's role at one moment must not both find that there is another one.

    Nor may a double click add one person twice.
    """
    Clinic.objects.select_for_update().get(pk=clinic.pk)


def _check_another_admin(clinic: Clinic, user: User) -> None:
    if not queries.other_admins(clinic, user):
        raise ActionDenied(_("A clinic needs an administrator. Name another one first."))


def _new_user(email: str, full_name: str, clinic: Clinic) -> User:
    user = User(email=email.strip().lower(), full_name=full_name.strip(), language=clinic.language)
    user.set_unusable_password()
    user.full_clean()
    user.save()
    return user


def _give(user: User, clinic: Clinic, roles: frozenset[str]) -> None:
    for role in sorted(roles):
        held = StaffRole(user=user, clinic=clinic, role=role)
        held.full_clean()
        held.save()


def _set_active(user: User, *, active: bool, actor: Actor) -> None:
    user.is_active = active
    user.save(update_fields=["is_active"])
    record(actor=actor, verb="staff-enabled" if active else "staff-disabled", subject=user, details={})
