"""Who sets for how long records are kept, who asks to erase one, and who decides."""

from typing import Final

from django.utils.translation import gettext as _

from clinic.keeping.models import Erasure
from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, Actor, has_role

SET: Final = (Role.ADMIN,)
READ: Final = (Role.ADMIN, Role.CLINICAL_LEAD, Role.AUDITOR)
ASK: Final = (Role.ADMIN, Role.CLINICAL_LEAD, Role.DOCTOR)
DECIDE: Final = (Role.ADMIN, Role.CLINICAL_LEAD)


def can_set_retention(actor: Actor | None) -> bool:
    """Whether the actor may say for how long the clinic keeps records."""
    return has_role(actor, *SET)


def check_can_set_retention(actor: Actor | None) -> None:
    """Raises ``ActionDenied`` for whoever may not."""
    if not can_set_retention(actor):
        raise ActionDenied(_("Only an administrator may set for how long records are kept."))


def can_ask_for_erasure(actor: Actor | None) -> bool:
    """Whether the actor may ask to erase a record."""
    return has_role(actor, *ASK)


def check_can_ask_for_erasure(actor: Actor | None) -> None:
    """Raises ``ActionDenied`` for whoever may not."""
    if not can_ask_for_erasure(actor):
        raise ActionDenied(_("Only an administrator, the clinical lead or a doctor may ask to erase a record."))


def can_decide(actor: Actor | None, erasure: Erasure) -> bool:
    """Whether the actor may erase what somebody else asked for."""
    return actor is not None and has_role(actor, *DECIDE) and erasure.asked_by_id != actor.user.pk


def check_can_decide(actor: Actor | None, erasure: Erasure) -> None:
    """Raises ``ActionDenied`` for whoever may not, and for whoever asked: an erasure takes two."""
    if not has_role(actor, *DECIDE):
        raise ActionDenied(_("Only the clinical lead or an administrator may decide about an erasure."))
    if not can_decide(actor, erasure):
        raise ActionDenied(_("Who asked for an erasure does not decide about it. Somebody else has to."))


def can_withdraw(actor: Actor | None, erasure: Erasure) -> bool:
    """Whether the actor may take it back: who asked may, everybody else refuses it with a reason or leaves it."""
    return actor is not None and can_ask_for_erasure(actor) and erasure.asked_by_id == actor.user.pk


def check_can_withdraw(actor: Actor | None, erasure: Erasure) -> None:
    """Raises ``ActionDenied`` for whoever may not."""
    if not can_withdraw(actor, erasure):
        raise ActionDenied(_("Only who asked for an erasure takes it back. Whoever decides may refuse it, and says why."))
