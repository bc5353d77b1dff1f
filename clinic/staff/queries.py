"""What pages and the middleware need to know about people and clinics."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from clinic.staff.models import Clinic, Invitation, Role, StaffProfile, StaffRole, User
from clinic.web.links import token_digest
from clinic.web.prepared import Prepared


@dataclass(frozen=True)
class Membership:
    """The roles that one person holds at one clinic; ``since`` orders a person's clinics by when the first of them was given."""

    clinic: Clinic
    roles: frozenset[str]
    since: int


@dataclass(frozen=True)
class StaffMember:
    """One line of the staff page."""

    user: User
    roles: tuple[str, ...]
    profile: StaffProfile

    @property
    def role_names(self) -> tuple[str, ...]:
        return tuple(str(Role(role).label) for role in self.roles)


def memberships(user: User) -> tuple[Membership, ...]:
    """Every clinic where the person holds a role, by name of the clinic. One query; none the first time after ``person_with_roles``."""
    read: list[StaffRole] | None = getattr(user, _READ_WITH, None)
    if read is not None:
        delattr(user, _READ_WITH)
    found: dict[Clinic, list[StaffRole]] = {}
    for held in _HELD.objects(user=user.pk) if read is None else read:
        found.setdefault(held.clinic, []).append(held)
    return tuple(Membership(clinic, frozenset(each.role for each in held), min(each.pk for each in held)) for clinic, held in found.items())


def _held(_kind: str, *, user: int) -> QuerySet[Any, Any]:
    return StaffRole.objects.filter(user=user).select_related("clinic").order_by("clinic__name", "clinic_id")


_HELD: Final = Prepared(_held)
_READ_WITH: Final = "_roles_read_with_the_person"


def person_with_roles(number: int) -> User | None:
    """The person with this number, whose roles are read with them for the page that asks who it is; None for somebody without one.

    What was read answers ``memberships`` once: whoever asks again is told what holds then.
    """
    held: list[StaffRole] = _PERSON_AND_ROLES.objects(user=number)
    if not held:
        return None
    person = held[0].user
    setattr(person, _READ_WITH, held)
    return person


def _person_and_roles(_kind: str, *, user: int) -> QuerySet[Any, Any]:
    return _held(_kind, user=user).select_related("user")


_PERSON_AND_ROLES: Final = Prepared(_person_and_roles)


def present_membership(held: Iterable[Membership], clinic_id: object) -> Membership | None:
    """The membership that was chosen, else the oldest one; ``None`` for a person without any.

    Not the first by name: another clinic that adds a person must not become the place where that person's next patient is written.
    """
    oldest_first = sorted(held, key=lambda each: each.since)
    chosen = (each for each in oldest_first if each.clinic.pk == clinic_id)
    return next(chosen, oldest_first[0] if oldest_first else None)


def home_of(user: User) -> Clinic | None:
    """The clinic where the person began; ``None`` for somebody without a role."""
    present = present_membership(memberships(user), None)
    return present.clinic if present else None


def staff_of(clinic: Clinic) -> list[StaffMember]:
    """Everybody with a role at this clinic, by name. Two queries."""
    found: dict[User, list[str]] = {}
    for held in clinic.staff_roles.select_related("user").order_by("user__full_name", "user_id", "role"):
        found.setdefault(held.user, []).append(held.role)
    profiles = {profile.user_id: profile for profile in clinic.profiles.all()}
    unknown = StaffProfile(clinic=clinic)
    return [StaffMember(user, tuple(roles), profiles.get(user.pk, unknown)) for user, roles in found.items()]


def staff_member_or_404(clinic: Clinic, pk: int) -> StaffMember:
    """The member of this clinic's staff with this number. Raises ``Http404`` for anybody else, wherever they work."""
    found = [member for member in staff_of(clinic) if member.user.pk == pk]
    if not found:
        raise Http404
    return found[0]


def people_of(clinic: Clinic) -> QuerySet[User]:
    """Everybody with a role at this clinic."""
    return User.objects.filter(staff_roles__clinic=clinic).distinct()


def works_at(user: User, clinic: Clinic) -> bool:
    """Whether the person holds any role at this clinic."""
    return clinic.staff_roles.filter(user=user).exists()


def administers(user: User, clinic: Clinic) -> bool:
    """Whether the person administers this clinic now and may sign in: asked of the database, not of the request."""
    return clinic.staff_roles.filter(user=user, role=Role.ADMIN, user__is_active=True).exists()


def person_with(email: str) -> User | None:
    """The person with this e-mail, whatever its case; ``None`` when there is none."""
    return User.objects.filter(email__iexact=email.strip()).first()


def other_clinics_of(user: User, clinic: Clinic) -> bool:
    """Whether the person also works somewhere else."""
    return StaffRole.objects.filter(user=user).exclude(clinic=clinic).exists()


def other_admins(clinic: Clinic, user: User) -> bool:
    """Whether somebody else who may sign in administers this clinic."""
    return clinic.staff_roles.filter(role=Role.ADMIN, user__is_active=True).exclude(user=user).exists()


def profile_of(user: User, clinic: Clinic) -> StaffProfile:
    """The person's credentials at this clinic; an empty, unsaved profile where nobody wrote any."""
    return StaffProfile.objects.filter(user=user, clinic=clinic).first() or StaffProfile(user=user, clinic=clinic)


def licence_of(user: User, clinic: Clinic) -> str:
    """The licence number that stands under the person's signature at this clinic; empty when none is known."""
    return profile_of(user, clinic).licence


def printed_name_of(user: User, clinic: Clinic) -> str:
    """The name as it stands on paper at this clinic: the title, where there is one, and the full name."""
    return f"{profile_of(user, clinic).title} {user.full_name}".strip()


def qualifications_of(user: User, clinic: Clinic) -> frozenset[str]:
    """Codes of ``Qualification`` that this clinic has seen of the person; none when nobody wrote any."""
    return frozenset(profile_of(user, clinic).qualifications)


def open_invitations(clinic: Clinic) -> QuerySet[Invitation]:
    """Invitations of this clinic that nobody accepted or revoked, expired ones too: they can be renewed."""
    return clinic.invitations.filter(accepted_at__isnull=True, revoked_at__isnull=True)


def invitation_or_404(clinic: Clinic, pk: int) -> Invitation:
    """The invitation of this clinic with this number, open or not. Raises ``Http404`` for any other."""
    found = clinic.invitations.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def invitation_behind(token: str) -> Invitation | None:
    """The invitation that this link opens now; ``None`` alike for a link that never was, was used, revoked or has expired."""
    return (
        Invitation.objects.filter(token_digest=token_digest(token), accepted_at__isnull=True, revoked_at__isnull=True)
        .filter(expires_at__gt=timezone.now())
        .select_related("clinic")
        .first()
    )
