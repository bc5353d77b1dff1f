"""Who may judge the library. Everybody with a role may read it."""

from django.utils.translation import gettext as _

from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, Actor, has_role

REVIEW = (Role.DOCTOR, Role.CLINICAL_LEAD)


def can_review(actor: Actor | None) -> bool:
    """Whether the actor may change the state of a review."""
    return has_role(actor, *REVIEW)


def check_can_review(actor: Actor | None) -> None:
    """Raises ``ActionDenied`` for everybody but a doctor and the clinical lead."""
    if not can_review(actor):
        raise ActionDenied(_("Only a doctor or the clinical lead may review the library."))
