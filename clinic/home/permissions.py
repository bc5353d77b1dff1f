"""Whose day begins with the list of what waits, and who is led through the first steps of a clinic."""

from typing import Final

from django.utils.translation import gettext as _

from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, Actor, has_role

# Whoever treats begins with the own day, a doctor with the inbox.
WORK: Final = (Role.ADMIN, Role.CLINICAL_LEAD, Role.AUDITOR)
GUIDE: Final = (Role.ADMIN,)


def can_guide(actor: Actor | None) -> bool:
    """Whether the actor is led through the first steps of the clinic."""
    return has_role(actor, *GUIDE)


def check_can_guide(actor: Actor | None) -> None:
    """Raises ``ActionDenied`` for everybody but an administrator."""
    if not can_guide(actor):
        raise ActionDenied(_("Only an administrator sets a clinic up."))
