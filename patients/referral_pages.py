"""What the pages of one referral show."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from clinic.signing.content import Section
from clinic.signing.queries import sections_of, signatures_of, stamp_of
from clinic.staff.permissions import Actor, has_role
from patients.models import Referral, ReferralMove
from patients.outcome_chart import OutcomeChart, outcome_chart
from patients.queries.referrals import moves_of
from patients.referral_content import content_of, subject_of
from patients.referral_lines import referral_line
from patients.referral_permissions import SIGN, can_edit_referral, can_move_referral, can_write_referral
from patients.referrals import doubts_about, outcomes_of, words_of
from patients.states import ReferralState
from protocols.editions.queries import library_in_force
from protocols.method.names import Names


@dataclass(frozen=True, slots=True)
class MoveLine:
    """One step of its history in words. ``who`` is empty for the calendar and the count."""

    state_word: str
    at: datetime
    who: str
    note: str


def referral_page(referral: Referral, names: Names, *, on: date, actor: Actor) -> dict[str, Any]:
    """One referral: its words, state, balance, history, its signatures checked now, and what the actor may do with it."""
    line = referral_line(referral, names, on=on)
    waits = referral.state == ReferralState.SUBMITTED
    return {
        "referral": referral,
        "printed_at": timezone.now(),
        "line": line,
        "sections": _words(referral, names),
        "doubts": tuple(doubts_about(words_of(referral), library_in_force(referral.patient.clinic))) if line.state in _STILL_OPEN else (),
        "stamps": tuple(stamp_of(each) for each in signatures_of(subject_of(referral)).select_related("clinic")),
        "moves": tuple(_move_line(move) for move in moves_of(referral)),
        "files": tuple(referral.document.attachments.all()) if referral.document else (),
        "chart": _chart(referral),
        "can": {
            "edit": can_edit_referral(referral, actor),
            "send": can_move_referral(referral, ReferralState.SUBMITTED, actor),
            "sign": waits and can_move_referral(referral, ReferralState.SIGNED, actor),
            "withdraw": can_move_referral(referral, ReferralState.WITHDRAWN, actor),
            "revoke": can_move_referral(referral, ReferralState.REVOKED, actor) and has_role(actor, *SIGN) and not line.is_weak,
            "take_back": can_move_referral(referral, ReferralState.REVOKED, actor) and line.is_weak,
            "extend": can_write_referral(actor) and line.balance is not None,
        },
    }


def _move_line(move: ReferralMove) -> MoveLine:
    return MoveLine(str(ReferralState(move.after).label), move.at, move.by.full_name if move.by else "", move.note)


_STILL_OPEN = (ReferralState.DRAFT, ReferralState.SUBMITTED, ReferralState.RETURNED)


def signing_page(referral: Referral, names: Names, *, on: date) -> dict[str, Any]:
    """What stands beside the document while a doctor decides."""
    return {
        "referral": referral,
        "line": referral_line(referral, names, on=on),
        "doubts": tuple(doubts_about(words_of(referral), library_in_force(referral.patient.clinic))),
        "chart": _chart(referral) if referral.state == ReferralState.SUBMITTED else None,
    }


def _words(referral: Referral, names: Names) -> tuple[Section, ...]:
    """What was signed, as it was shown; before that, what would be signed now."""
    if referral.signature is not None:
        return sections_of(referral.signature)
    try:
        return content_of(referral, library_in_force(referral.patient.clinic), names).sections
    except KeyError:  # the library no longer holds the condition or stage: it is written anew
        return (Section(referral.diagnosis, (f"{referral.condition}/{referral.stage}",)),)


def _chart(referral: Referral) -> OutcomeChart | None:
    return outcome_chart(outcomes_of(referral.patient, referral.condition))
