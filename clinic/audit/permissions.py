"""Who may read the audit, and how much of it."""

from clinic.staff.models import Role
from clinic.staff.permissions import Actor, has_role

READERS = (Role.AUDITOR, Role.ADMIN, Role.CLINICAL_LEAD)


def can_see_details(actor: Actor | None) -> bool:
    """Details may tell something about a patient's health, which is not for an administrator."""
    return has_role(actor, Role.AUDITOR, Role.CLINICAL_LEAD)
