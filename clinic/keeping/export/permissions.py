"""Who hands out a copy of a record."""

from typing import Final

from django.utils.translation import gettext as _

from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, Actor, has_role

HAND_OUT: Final = (Role.DOCTOR, Role.CLINICAL_LEAD)


def can_hand_out(actor: Actor | None) -> bool:
    """Whether the actor may hand a patient a copy of the record."""
    return has_role(actor, *HAND_OUT)


def check_can_hand_out(actor: Actor | None) -> None:
    """Raises ``ActionDenied`` for whoever may not: somebody must look through what leaves the clinic, and may read it."""
    if not can_hand_out(actor):
        raise ActionDenied(_("Only a doctor or the clinical lead may hand out a copy of a record."))
