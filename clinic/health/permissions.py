"""Who sees how the installation is. It names no patient and no person."""

from typing import Final

from django.utils.translation import gettext as _

from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, Actor, has_role

READ_HEALTH: Final = (Role.ADMIN, Role.CLINICAL_LEAD)


def can_read_health(actor: Actor | None) -> bool:
    """Whether the actor may see how the installation is."""
    return has_role(actor, *READ_HEALTH)


def check_can_read_health(actor: Actor | None) -> None:
    """Raises ``ActionDenied`` for whoever may not see how the installation is."""
    if not can_read_health(actor):
        raise ActionDenied(_("Only an administrator or the clinical lead may see how the installation is."))
