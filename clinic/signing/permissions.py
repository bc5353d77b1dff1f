"""Who may sign, and who may record what was signed on paper."""

from django.utils.translation import gettext as _

from clinic.staff.models import Role, StaffRole
from clinic.staff.permissions import ActionDenied, Actor, has_role

SIGNERS = (Role.DOCTOR,)
RECORDERS = (Role.THERAPIST, Role.DOCTOR, Role.CLINICAL_LEAD)
ORDERERS = (Role.CLINICAL_LEAD, Role.ADMIN)  # of an erasure
READERS = (Role.THERAPIST, Role.DOCTOR, Role.CLINICAL_LEAD)


def can_sign(actor: Actor | None) -> bool:
    """Whether a page offers the actor to sign; the action asks again."""
    return has_role(actor, *SIGNERS)


def check_holds_now(actor: Actor, *roles: str) -> str:
    """The first of these roles that the database says the actor holds at this moment, locked until the transaction ends.

    What the request began with may have been taken away since. Raises ``ActionDenied`` when none is held or the account is closed.
    """
    locked = StaffRole.objects.select_for_update(no_key=True).select_related("user")
    found = {row.role for row in locked.filter(user=actor.user, user__is_active=True, clinic=actor.clinic, role__in=roles)}
    for role in roles:
        if role in found:
            return str(role)
    raise ActionDenied(_("Your role at this clinic does not allow this."))
