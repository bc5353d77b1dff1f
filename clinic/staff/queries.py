"""What pages and the middleware need to know about people and clinics."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404

from clinic.staff.models import Clinic, Role, StaffProfile, StaffRole, User


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

    @property
    def role_names(self) -> tuple[str, ...]:
        return tuple(str(Role(role).label) for role in self.roles)


def memberships(user: User) -> tuple[Membership, ...]:
    """Every clinic where the person holds a role, by name of the clinic. One query."""
    found: dict[Clinic, list[StaffRole]] = {}
    for held in StaffRole.objects.filter(user=user).select_related("clinic").order_by("clinic__name", "clinic_id"):
        found.setdefault(held.clinic, []).append(held)
    return tuple(Membership(clinic, frozenset(each.role for each in held), min(each.pk for each in held)) for clinic, held in found.items())


def present_membership(held: Iterable[Membership], clinic_id: object) -> Membership | None:
    """The membership that was chosen, else the oldest one; ``None`` for a person without any.

    Not the first by name: another clinic that adds a person must not become the place where that person's next patient is written.
    """
    oldest_first = sorted(held, key=lambda each: each.since)
    chosen = (each for each in oldest_first if each.clinic.pk == clinic_id)
    return next(chosen, oldest_first[0] if oldest_first else None)


def staff_of(clinic: Clinic) -> list[StaffMember]:
    """Everybody with a role at this clinic, by name. One query."""
    found: dict[User, list[str]] = {}
    for held in clinic.staff_roles.select_related("user").order_by("user__full_name", "user_id", "role"):
        found.setdefault(held.user, []).append(held.role)
    return [StaffMember(user, tuple(roles)) for user, roles in found.items()]


def staff_member_or_404(clinic: Clinic, pk: int) -> StaffMember:
    """The member of this clinic's staff with this number. Raises ``Http404`` for anybody else, wherever they work."""
    found = [member for member in staff_of(clinic) if member.user.pk == pk]
    if not found:
        raise Http404
    return found[0]


def people_of(clinic: Clinic) -> QuerySet[User]:
    """Everybody with a role at this clinic."""
    return User.objects.filter(staff_roles__clinic=clinic).distinct()


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
