"""Who may plan, and who may read plans."""

from django.utils.translation import gettext as _

from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, Actor, has_role

PLAN = (Role.THERAPIST, Role.DOCTOR, Role.CLINICAL_LEAD)


def can_plan(actor: Actor | None) -> bool:
    """Whether the actor may plan and read courses."""
    return has_role(actor, *PLAN)


def check_can_plan(actor: Actor | None) -> None:
    """Raises ``ActionDenied`` for whoever may not plan."""
    if not can_plan(actor):
        raise ActionDenied(_("Only a therapist, a doctor or the clinical lead may plan courses."))
