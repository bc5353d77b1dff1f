"""Referrals in words: for the patient's page, and for the page of one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from patients.models import Referral
from patients.queries.referrals import is_signed_as_it_stands
from patients.referrals import Balance, balance_in_words, balance_of, counts_of, state_on
from patients.states import ReferralState
from protocols.method.names import Names

TONES = {
    ReferralState.SIGNED: ("clear", "stamp"),
    ReferralState.SUBMITTED: ("modify", "send"),
    ReferralState.RETURNED: ("doctor", "message-circle-question-mark"),
    ReferralState.REFUSED: ("absolute", "octagon-x"),
    ReferralState.REVOKED: ("absolute", "ban"),
    ReferralState.EXPIRED: ("doctor", "calendar-x"),
    ReferralState.EXHAUSTED: ("doctor", "circle-slash"),
}
COUNTED = (ReferralState.SIGNED, ReferralState.EXHAUSTED, ReferralState.EXPIRED)


@dataclass(frozen=True, slots=True)
class ReferralLine:
    """One referral as it stands on a day. ``state`` is what calendar and count made of it; ``is_broken``: its signature does not hold."""

    referral: Referral
    condition: str
    stage: str
    state: str
    state_word: str
    tone: str
    icon: str
    balance: Balance | None
    balance_word: str
    is_weak: bool
    is_broken: bool

    @property
    def stands(self) -> bool:
        """Whether sessions may be given under it now."""
        return self.state == ReferralState.SIGNED and not self.is_broken


def referral_lines(referrals: Iterable[Referral], names: Names, *, on: date) -> tuple[ReferralLine, ...]:
    """These referrals of a patient, those that stand or wait for somebody first."""
    lines = [referral_line(each, names, on=on) for each in referrals]
    return tuple(sorted(lines, key=lambda line: line.state not in _OPEN))


_OPEN = (ReferralState.SIGNED, ReferralState.SUBMITTED, ReferralState.RETURNED, ReferralState.DRAFT)


def referral_line(referral: Referral, names: Names, *, on: date) -> ReferralLine:
    """One referral in words, its balance counted at this moment."""
    counts = counts_of(referral)
    state = state_on(referral, on=on, counts=counts)
    balance = balance_of(referral, counts=counts) if state in COUNTED else None
    tone, icon = TONES.get(ReferralState(state), ("", "file-text"))
    return ReferralLine(
        referral=referral,
        condition=names.of("conditions", referral.condition) or referral.condition,
        stage=names.of("stages", f"{referral.condition}/{referral.stage}") or referral.stage,
        state=state,
        state_word=str(ReferralState(state).label),
        tone=tone,
        icon=icon,
        balance=balance,
        balance_word=balance_in_words(balance) if balance else "",
        is_weak=referral.origin == Referral.Origin.PAPER,
        is_broken=state == ReferralState.SIGNED and not is_signed_as_it_stands(referral),
    )
