"""Every change to clinics and staff: one transaction and one audit line each. Joining by a link is in ``inviting``."""

from collections.abc import Iterable
from functools import partial
from typing import NotRequired, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.staff import queries
from clinic.staff.letters import send_second_step_reset
from clinic.staff.models import Clinic, Language, Role, StaffProfile, StaffRole, User
from clinic.staff.passkeys import forget_second_step
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
    """Gives a person these roles at the clinic without asking; who is new here gets no password and sets one by the reset page.

    For commands and the demo: people at a desk invite. Somebody who already works at another clinic keeps name and password.
    Raises ``ActionDenied`` when the actor does not administer this clinic, ``ValidationError`` for a wrong e-mail or role.
    """
    manage_alone(actor, clinic)
    user = queries.person_with(email) or new_user(email=email, full_name=full_name, language=clinic.language)
    if queries.works_at(user, clinic):
        raise ActionDenied(_("This person already works at this clinic. Change the roles instead."))
    give_roles(user, clinic, frozenset(roles))
    record(actor=actor, verb="staff-added", subject=user, details={"roles": sorted(roles)}, clinic=clinic)
    return user


@transaction.atomic
def set_roles(*, clinic: Clinic, user: User, roles: Iterable[str], actor: Actor | None) -> None:
    """Makes these the person's roles at this clinic; none at all takes the person off its staff. Works at the next request.

    Who no longer administers the clinic leaves no open invitation behind. Raises ``ActionDenied`` when the actor does not
    administer this clinic or nobody else would.
    """
    manage_alone(actor, clinic)
    wanted = frozenset(roles)
    before = frozenset(clinic.staff_roles.select_for_update().filter(user=user).values_list("role", flat=True))
    if Role.ADMIN in before - wanted:
        _check_another_admin(clinic, user)
    clinic.staff_roles.filter(user=user, role__in=before - wanted).delete()
    give_roles(user, clinic, wanted - before)
    if Role.ADMIN in before - wanted:
        _withdraw_invitations(user, clinic, actor)
    record(actor=actor, verb="roles-set", subject=user, details={"before": sorted(before), "after": sorted(wanted)}, clinic=clinic)


@transaction.atomic
def disable_staff(*, user: User, actor: Actor) -> None:
    """The person may no longer sign in, and every session ends at its next request, for good. History keeps the name.

    Their open invitations are revoked. Raises ``ActionDenied`` for oneself, the last administrator, and people who also work elsewhere.
    """
    manage_alone(actor, actor.clinic)
    if user == actor.user:
        raise ActionDenied(_("You cannot disable your own account."))
    _check_works_here(user, actor)
    if queries.other_clinics_of(user, actor.clinic):
        raise ActionDenied(_("This person also works at another clinic. Take the roles at this clinic away instead."))
    _check_another_admin(actor.clinic, user)
    _withdraw_invitations(user, actor.clinic, actor)
    _set_active(user, active=False, actor=actor)


@transaction.atomic
def enable_staff(*, user: User, actor: Actor) -> None:
    """The person may sign in again with the roles held before. Raises ``ActionDenied`` as for disabling."""
    manage_alone(actor, actor.clinic)
    _check_works_here(user, actor)
    if queries.other_clinics_of(user, actor.clinic):
        raise ActionDenied(_("This person also works at another clinic, which must agree. Ask whoever runs this installation."))
    _set_active(user, active=True, actor=actor)


class Papers(TypedDict):
    """What a clinic has seen of a person, or knows; ``sex`` stays as it is where it is not named."""

    title: str
    licence: str
    qualifications: Iterable[str]
    sex: NotRequired[str]


@transaction.atomic
def set_profile(*, clinic: Clinic, user: User, actor: Actor, **papers: Unpack[Papers]) -> None:
    """Writes what this clinic has seen of the person's title, licence number and qualifications, and the sex that patients may ask for.

    Raises ``ActionDenied`` when the actor does not administer this clinic or the person does not work there,
    ``ValidationError`` for an unknown qualification or sex.
    """
    manage_alone(actor, clinic)
    _check_works_here(user, actor)
    profile = queries.profile_of(user, clinic)
    before = _written(profile)
    profile.title, profile.licence = papers["title"].strip(), papers["licence"].strip()
    profile.qualifications, profile.sex = sorted(set(papers["qualifications"])), papers.get("sex", profile.sex)
    profile.full_clean()
    profile.save()
    record(actor=actor, verb="profile-set", subject=user, details={"before": before, "after": _written(profile)})


@transaction.atomic
def sign_out_staff(*, user: User, actor: Actor) -> None:
    """Ends every session of somebody who works here at its next request, in case a device was lost.

    Raises ``ActionDenied`` when the actor does not administer the clinic or the person does not work there.
    """
    manage_alone(actor, actor.clinic)
    _check_works_here(user, actor)
    _end_sessions(user, actor)


@transaction.atomic
def sign_out_everywhere(*, user: User, actor: Actor | None) -> None:
    """Ends every session of one's own; ``actor`` is ``None`` for somebody without a role. Raises ``ActionDenied`` for others."""
    if actor is not None and actor.user != user:
        raise ActionDenied(_("Only the person or an administrator may do this."))
    _end_sessions(user, actor)


@transaction.atomic
def reset_second_step(*, user: User, actor: Actor | None) -> None:
    """For a colleague who lost the device: app, passkeys and recovery codes open nothing any more, and every session ends.

    The person is told by a letter, so that nobody's second step goes silently. ``actor`` is ``None`` only for the installation itself
    (command). Raises ``ActionDenied`` for oneself, somebody without a second step, and people who work elsewhere too.
    """
    if actor is not None:
        manage_alone(actor, actor.clinic)
        _check_works_here(user, actor)
        _check_resets_of_another(user, actor)
    kinds = forget_second_step(user)
    if not kinds:
        raise ActionDenied(_("This person has no second step."))
    User.objects.filter(pk=user.pk).update(sign_outs=F("sign_outs") + 1)
    record(actor=actor, verb="second-step-reset", subject=user, details={"kinds": kinds}, clinic=None if actor else queries.home_of(user))
    transaction.on_commit(partial(send_second_step_reset, user, actor.clinic if actor else None))


def manage_alone(actor: Actor | None, clinic: Clinic) -> None:
    """Waits until nobody else changes this clinic's staff, then makes sure that the actor administers it now.

    Two administrators who take each other's role at one moment must not both find that there is another one, nor may a
    double click add one person twice. The installation itself (``actor=None``) may. Raises ``ActionDenied``.
    """
    if actor is not None:
        check_can_manage_staff(actor)
        if actor.clinic != clinic:
            raise ActionDenied(_("Only an administrator of this clinic may change its staff."))
    Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    if actor is not None and not queries.administers(actor.user, clinic):
        # True when the request began, and no longer: the colleague who waited less long took the role.
        raise ActionDenied(_("Only an administrator of this clinic may change its staff."))


def _check_works_here(user: User, actor: Actor) -> None:
    if not queries.works_at(user, actor.clinic):
        raise ActionDenied(_("This person does not work at this clinic."))


def _check_resets_of_another(user: User, actor: Actor) -> None:
    if user == actor.user:
        raise ActionDenied(_("You cannot reset your own second step. Ask another administrator."))
    if queries.other_clinics_of(user, actor.clinic):
        raise ActionDenied(_("This person also works at another clinic, which must agree. Ask whoever runs this installation."))


def _check_another_admin(clinic: Clinic, user: User) -> None:
    if not queries.other_admins(clinic, user):
        raise ActionDenied(_("A clinic needs an administrator. Name another one first."))


def new_user(*, email: str, full_name: str, language: str, password: str = "") -> User:
    """A person who did not exist; without a password, one is set by the reset page. Part of an action: leaves no line itself.

    Raises ``ValidationError`` for a wrong e-mail, ``ActionDenied`` when somebody else took the e-mail at this moment.
    """
    user = User(email=email.strip().lower(), full_name=full_name.strip(), language=language)
    user.set_password(password or None)
    user.full_clean()
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as wrong:
        raise ActionDenied(_("An account with this e-mail was opened a moment ago. Try again.")) from wrong
    return user


def give_roles(user: User, clinic: Clinic, roles: frozenset[str]) -> None:
    """Adds roles that the person does not hold yet. Part of an action: leaves no line itself. ``ValidationError`` for no role."""
    for role in sorted(roles):
        held = StaffRole(user=user, clinic=clinic, role=role)
        held.full_clean()
        held.save()


def _withdraw_invitations(user: User, clinic: Clinic, actor: Actor | None) -> None:
    """Whoever loses the right to invite must not come back through a link sent before."""
    by = actor.user if actor else user
    for invitation in queries.open_invitations(clinic).filter(invited_by=user).select_for_update():
        invitation.revoked_at, invitation.revoked_by = timezone.now(), by
        invitation.save(update_fields=["revoked_at", "revoked_by"])
        record(actor=actor, verb="revoked-invitation", subject=invitation, details={}, clinic=clinic)


def _end_sessions(user: User, actor: Actor | None) -> None:
    User.objects.filter(pk=user.pk).update(sign_outs=F("sign_outs") + 1)
    record(actor=actor, verb="signed-out-everywhere", subject=user, details={})


def _set_active(user: User, *, active: bool, actor: Actor) -> None:
    # A session that a disabled person left open must not come to life again when the account is opened.
    User.objects.filter(pk=user.pk).update(is_active=active, sign_outs=F("sign_outs") + (0 if active else 1))
    user.is_active = active
    record(actor=actor, verb="staff-enabled" if active else "staff-disabled", subject=user, details={})


def _written(profile: StaffProfile) -> dict[str, object]:
    return {"title": profile.title, "licence": profile.licence, "qualifications": profile.qualifications, "sex": profile.sex}
