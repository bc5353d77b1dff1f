"""The questions that pages ask: all dates of a course, other times for one of them, why not this time, what is amber."""

from collections.abc import Sequence

from clinic.schedule.proposing.choices import best_choices
from clinic.schedule.proposing.ledger import Ledger
from clinic.schedule.proposing.obstacles import obstacles_of
from clinic.schedule.proposing.path import cheapest_dates
from clinic.schedule.proposing.refusals import refusals
from clinic.schedule.proposing.rows import judge
from clinic.schedule.proposing.values import At, Calendar, Proposal, ProposedDate, Reason, Slot, Wanted


def propose(calendar: Calendar, wanted: Wanted) -> Proposal:
    """All dates of a course at the least cost of ``costs``, every hard rule kept; or none, and what stands in the way.

    Exact and deterministic: of several cheapest courses the one with the earliest days, then the therapists first in the list.
    """
    return propose_from(Ledger(calendar), wanted)


def propose_from(ledger: Ledger, wanted: Wanted) -> Proposal:
    """``propose`` out of a ledger from which places may have been taken."""
    if wanted.count < 1:
        return Proposal((), 0)
    slots = cheapest_dates(ledger, wanted)
    if slots is None:
        return Proposal((), 0, obstacles_of(ledger, wanted))
    dates = judge(ledger, wanted, slots)
    return Proposal(dates, sum(row.cost for row in dates))


def alternatives(calendar: Calendar, wanted: Wanted, chosen: Sequence[Slot], number: int, limit: int = 5) -> tuple[ProposedDate, ...]:
    """The best other times for session ``number`` of ``chosen`` (1 is the first), its neighbours staying where they are.

    Each is possible (``why_not`` is empty); times of one day lie an hour or more apart, and other days come before a third time of one.
    Cheapest first, by what the date and the gaps on both of its sides cost.
    """
    return best_choices(Ledger(calendar), wanted, chosen, number, limit)


def why_not(calendar: Calendar, wanted: Wanted, chosen: Sequence[Slot], number: int, at: At) -> tuple[Reason, ...]:
    """Why session ``number`` of ``chosen`` is not offered ``at`` a time; empty where it is possible."""
    return refusals(Ledger(calendar), wanted, chosen, number, at)


def judged(calendar: Calendar, wanted: Wanted, slots: Sequence[Slot]) -> tuple[ProposedDate, ...]:
    """Dates chosen by hand, in order: the cost of each and why it is amber, hard rules of the rhythm that it breaks first.

    Whether a place is free is not asked here; ``why_not`` tells that.
    """
    return judge(Ledger(calendar), wanted, slots)
