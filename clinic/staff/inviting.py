"""Joining a clinic by a link: inviting, renewing, revoking and accepting. One transaction and one audit line each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.staff import queries
from clinic.staff.actions import give_roles, manage_alone, new_user
from clinic.staff.models import Clinic, Invitation, Language, StaffProfile, User
from clinic.staff.permissions import ActionDenied, Actor
from clinic.staff.recording import record
from clinic.web.links import new_token, token_digest

DAYS_A_LINK_HOLDS: Final = 7


class NotOpen(ActionDenied):
    """The invitation was accepted or revoked meanwhile."""


class LinkOpensNothing(ActionDenied):
    """The link never was, or was used, revoked, renewed or has expired. Nobody is told which."""


@dataclass(frozen=True)
class Invitee:
    """Who is invited, and as what."""

    email: str
    full_name: str
    roles: Sequence[str]
    language: str = Language.ENGLISH
    title: str = ""
    licence: str = ""
    qualifications: Sequence[str] = field(default_factory=tuple)


@transaction.atomic
def invite_staff(*, clinic: Clinic, invitee: Invitee, actor: Actor) -> tuple[Invitation, str]:
    """A new invitation and the secret of its link, which is kept nowhere. Whether the person has an account already is not told.

    Raises ``ActionDenied`` when the actor does not administer this clinic, or the person works there or is invited already,
    ``ValidationError`` for a wrong e-mail, role or qualification.
    """
    manage_alone(actor, clinic)
    _check_is_new_here(clinic, invitee.email)
    token = new_token()
    invitation = Invitation(
        clinic=clinic,
        email=invitee.email.strip().lower(),
        full_name=invitee.full_name.strip(),
        language=invitee.language,
        roles=sorted(set(invitee.roles)),
        title=invitee.title.strip(),
        licence=invitee.licence.strip(),
        qualifications=sorted(set(invitee.qualifications)),
    )
    _begin(invitation, token, actor)
    record(actor=actor, verb="invited", subject=invitation, details={"roles": invitation.roles})
    return invitation, token


@transaction.atomic
def renew_invitation(*, invitation: Invitation, actor: Actor) -> tuple[Invitation, str]:
    """A new link in the place of the old one, which opens nothing any more; the days begin again.

    Raises ``ActionDenied`` when the actor does not administer the clinic, ``NotOpen`` when it was accepted or revoked meanwhile.
    """
    current = _taken(invitation, actor)
    token = new_token()
    _begin(current, token, actor)
    record(actor=actor, verb="renewed-invitation", subject=current, details={})
    return current, token


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, actor: Actor) -> None:
    """The link opens nothing any more. Raises ``ActionDenied`` as for renewing."""
    current = _taken(invitation, actor)
    current.revoked_at, current.revoked_by = timezone.now(), actor.user
    current.save(update_fields=["revoked_at", "revoked_by"])
    record(actor=actor, verb="revoked-invitation", subject=current, details={})


@transaction.atomic
def accept_invitation(*, token: str, password: str = "", user: User | None = None) -> User:
    """Gives the invited person the roles, once: a new account with this password, or the account that is signed in (``user``).

    Raises ``LinkOpensNothing``; ``ActionDenied`` when the account is not the invited one; ``ValidationError`` for a password
    that the rules refuse.
    """
    found = queries.invitation_behind(token)
    if found is None:
        raise LinkOpensNothing(_("This link opens nothing."))
    manage_alone(None, found.clinic)
    # Read again now that nobody else can use, renew or revoke it.
    invitation = queries.invitation_behind(token)
    if invitation is None:
        raise LinkOpensNothing(_("This link opens nothing."))
    person = _invited_account(invitation, user) or _opened_account(invitation, password)
    _join(person, invitation)
    return person


def _check_is_new_here(clinic: Clinic, email: str) -> None:
    known = queries.person_with(email)
    if known and queries.works_at(known, clinic):
        raise ActionDenied(_("This person already works at this clinic. Change the roles instead."))
    if queries.open_invitations(clinic).filter(email__iexact=email.strip()).exists():
        raise ActionDenied(_("This person is invited already. Make a new link on the staff page if the first one is lost."))


def _begin(invitation: Invitation, token: str, actor: Actor) -> None:
    invitation.token_digest = token_digest(token)
    invitation.invited_by, invitation.invited_at = actor.user, timezone.now()
    invitation.expires_at = invitation.invited_at + timedelta(days=DAYS_A_LINK_HOLDS)
    invitation.full_clean()
    invitation.save()


def _taken(invitation: Invitation, actor: Actor) -> Invitation:
    """The invitation as it is now, with nobody else at it."""
    manage_alone(actor, invitation.clinic)
    current = queries.open_invitations(actor.clinic).filter(pk=invitation.pk).first()
    if current is None:
        raise NotOpen(_("This invitation was accepted or revoked a moment ago."))
    return current


def _invited_account(invitation: Invitation, user: User | None) -> User | None:
    """The account that was invited when there is one and it is the one signed in; ``None`` when one must be opened."""
    known = queries.person_with(invitation.email)
    if known is None and user is None:
        return None
    if known is None or (user is not None and known != user):
        raise ActionDenied(_("This invitation is for somebody else. Sign out, then open the link again."))
    if user is None or not known.is_active:
        raise ActionDenied(_("You have an account already. Sign in, then open the link again."))
    return known


def _opened_account(invitation: Invitation, password: str) -> User:
    validate_password(password, User(email=invitation.email, full_name=invitation.full_name))
    return new_user(email=invitation.email, full_name=invitation.full_name, language=invitation.language, password=password)


def _join(person: User, invitation: Invitation) -> None:
    clinic, roles = invitation.clinic, frozenset(map(str, invitation.roles))
    held = frozenset(clinic.staff_roles.filter(user=person).values_list("role", flat=True))
    give_roles(person, clinic, roles - held)
    if not StaffProfile.objects.filter(user=person, clinic=clinic).exists():
        StaffProfile.objects.create(
            user=person, clinic=clinic, title=invitation.title, licence=invitation.licence, qualifications=invitation.qualifications
        )
    invitation.accepted_at, invitation.accepted_by = timezone.now(), person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    details = {"roles": sorted(roles), "invitation": invitation.pk}
    record(actor=Actor(person, clinic, held | roles), verb="accepted-invitation", subject=person, details=details)
