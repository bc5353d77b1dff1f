"""Who may change the library of a clinic, and who may publish the change. Everybody with a role may read it."""

from django.utils.translation import gettext as _

from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, Actor, has_role


def can_change_library(actor: Actor | None) -> bool:
    """Whether the actor may begin, change, discard and submit variants."""
    return has_role(actor, Role.CLINICAL_LEAD)


def check_can_change_library(actor: Actor | None) -> None:
    """Raises ``ActionDenied`` for everybody but the clinical lead."""
    if not can_change_library(actor):
        raise ActionDenied(_("Only the clinical lead may change the library of the clinic."))


def can_publish(actor: Actor | None) -> bool:
    """Whether the actor may sign a variant, so that it becomes an edition of the clinic, or send it back."""
    return has_role(actor, Role.DOCTOR)


def check_can_publish(actor: Actor | None) -> None:
    """Raises ``ActionDenied`` for everybody but a doctor."""
    if not can_publish(actor):
        raise ActionDenied(_("Only a doctor may publish a change of the library or send it back."))
