"""Who may plan, and who may read plans."""

from django.utils.translation import gettext as _

from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, Actor, has_role

PLAN = (Role.THERAPIST, Role.DOCTOR, Role.CLINICAL_LEAD)
SIGN_OFF = (Role.DOCTOR,)


def can_plan(actor: Actor | None) -> bool:
    """Whether the actor may plan and read courses."""
    return has_role(actor, *PLAN)


def check_can_plan(actor: Actor | None) -> None:
    """Raises ``ActionDenied`` for whoever may not plan."""
    if not can_plan(actor):
        raise ActionDenied(_("Only a therapist, a doctor or the clinical lead may plan courses."))


def can_sign_off(actor: Actor | None) -> bool:
    """Whether the actor may sign, return and refuse plans and decide reviews. The action that signs asks the database once more."""
    return has_role(actor, *SIGN_OFF)


def check_can_sign_off(actor: Actor | None) -> None:
    """Raises ``ActionDenied`` for whoever is no doctor here."""
    if not can_sign_off(actor):
        raise ActionDenied(_("Only a doctor may sign plans off and decide about courses."))
