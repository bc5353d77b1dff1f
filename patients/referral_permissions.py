"""Who may move a referral to which state: first the role, then the table of states, each with its sentence."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _

from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, Actor, has_role
from patients.models import Referral
from patients.permissions import TREAT
from patients.states import REFERRAL_TRANSITIONS, ReferralState

SIGN: Final = (Role.DOCTOR,)
WRITE: Final = TREAT
EDITABLE: Final = frozenset({ReferralState.DRAFT, ReferralState.RETURNED})
# What people do. The other states are reached by the calendar, by the count, or by a newer referral, never by a hand.
ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    ReferralState.SUBMITTED: WRITE,
    ReferralState.WITHDRAWN: WRITE,
    ReferralState.SIGNED: SIGN,
    ReferralState.RETURNED: SIGN,
    ReferralState.REFUSED: SIGN,
    ReferralState.REVOKED: SIGN,
}
BY_A_HAND: Final = tuple(ROLES)


def roles_for(referral: Referral, state: str) -> tuple[str, ...]:
    """The roles that may move it there. A paper is recorded, and taken back as recorded wrongly, by whoever treats."""
    if referral.origin == Referral.Origin.PAPER and state in (ReferralState.SIGNED, ReferralState.REVOKED):
        return WRITE
    return ROLES.get(state, ())


def can_write_referral(actor: Actor | None) -> bool:
    """Whether the actor may write, change, send and withdraw referrals, and record one that came on paper."""
    return has_role(actor, *WRITE)


def check_can_write_referral(actor: Actor | None) -> None:
    """Raises ``ActionDenied`` for whoever may not write referrals."""
    if not can_write_referral(actor):
        raise ActionDenied(_("Only a therapist, a doctor or the clinical lead may write a referral."))


def can_edit_referral(referral: Referral, actor: Actor | None) -> bool:
    """Whether the actor may change the words now: nobody signed them, and no doctor is reading them."""
    return can_write_referral(actor) and referral.state in EDITABLE and referral.origin == Referral.Origin.HERE


def check_can_edit_referral(referral: Referral, actor: Actor | None) -> None:
    """Raises ``ActionDenied`` with the reason."""
    check_can_write_referral(actor)
    if not can_edit_referral(referral, actor):
        raise ActionDenied(_("Only a draft, or a referral that came back with a question, can be changed."))


def can_move_referral(referral: Referral, state: str, actor: Actor | None) -> bool:
    """Whether the actor may move it to this state now."""
    return has_role(actor, *roles_for(referral, state)) and state in REFERRAL_TRANSITIONS[referral.state]


def check_can_move_referral(referral: Referral, state: str, actor: Actor | None) -> None:
    """Raises ``ActionDenied`` with a sentence about the role, else about the state in which it is."""
    roles = roles_for(referral, state)
    if not has_role(actor, *roles):
        raise ActionDenied(
            _("Only a doctor may answer a referral.")
            if roles == SIGN
            else _("Only a therapist, a doctor or the clinical lead may write a referral.")
        )
    if state not in REFERRAL_TRANSITIONS[referral.state]:
        about = {"now": referral.get_state_display(), "then": ReferralState(state).label}
        raise ActionDenied(_("This referral is “%(now)s” and cannot become “%(then)s”. Open it again.") % about)
