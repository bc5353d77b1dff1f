"""What a date costs, in whole points: the one place where wishes are weighed against each other.

A point is five minutes off the wished time of day. So a day of waiting for the start is worth an hour and forty minutes of the clock at
one session, and a change of therapist five hours - or three days of waiting. What must not be is no cost but a rule: such a date
is never proposed.
"""

from typing import Final

from clinic.schedule.proposing.values import Reason, Shift, Wanted

WAIT: Final = 20  # each open day from the first possible one to the first session
GAP: Final = 10  # each open day that a gap is off the ideal one
DRIFT: Final = 1  # each cell between the wished time of day and the session
CHANGE: Final = 60  # each change of therapist from one session to the next
NOT_WISHED: Final = 10  # each session with somebody else than the wished therapist
LOAD_NEAR: Final = 8  # a session after which nothing like it fits into the therapist's load of the day
BESIDE_HEAVY: Final = 15  # a heavy session within REST of another one

REST: Final = 6  # cells between two heavy sessions (half an hour)
CLOCK_MATTERS: Final = 6  # cells off the wished time from which a date is amber
LATE_AFTER: Final = 3  # open days to the start from which the first date is amber


def gap_cost(wanted: Wanted, number: int, gap: int) -> int | None:
    """What ``gap`` open days before session ``number`` cost; None where the rhythm forbids it. 1 is the first one wanted."""
    rhythm = wanted.rhythm
    if not max(rhythm.min, 1) <= gap <= rhythm.max:
        return None
    return GAP * abs(gap - ideal_gap(wanted, number))


def ideal_gap(wanted: Wanted, number: int) -> int:
    """The gap aimed at before session ``number`` of those wanted, counted from the beginning of the course."""
    return wanted.rhythm.ideal_before(max(number + wanted.done, 2))


def is_load_near(wanted: Wanted, shift: Shift) -> bool:
    """Whether the therapist's load of the day has no room for another one like it."""
    return shift.units_left < 2 * wanted.units or shift.minutes_left < 2 * wanted.minutes


def therapist_cost(wanted: Wanted, therapist: int) -> int:
    """What it costs that ``therapist`` gives one session."""
    return NOT_WISHED if wanted.has_wished_therapist and wanted.therapists[:1] != (therapist,) else 0


def clock_cost(wanted: Wanted, cell: int) -> int:
    """What it costs to begin at ``cell``."""
    return 0 if wanted.preferred is None else DRIFT * abs(cell - wanted.preferred)


def gap_reasons(wanted: Wanted, number: int, gap: int) -> tuple[Reason, ...]:
    """Amber where ``gap`` misses the ideal one."""
    ideal = ideal_gap(wanted, number)
    if gap == ideal:
        return ()
    return (Reason("gap-short" if gap < ideal else "gap-long", {"gap": gap, "ideal": ideal}),)


def clock_reasons(wanted: Wanted, cell: int) -> tuple[Reason, ...]:
    """Amber where the session is half an hour or more off the wished time of day."""
    if wanted.preferred is None or abs(cell - wanted.preferred) < CLOCK_MATTERS:
        return ()
    return (Reason("other-time", {"cell": cell, "preferred": wanted.preferred}),)


def therapist_reasons(wanted: Wanted, therapist: int, before: int | None) -> tuple[Reason, ...]:
    """Amber where it is not the wished therapist, or, where none was wished, not the one of the session ``before``."""
    wished = wanted.therapists[0] if wanted.has_wished_therapist and wanted.therapists else before
    if wished is None or therapist == wished:
        return ()
    return (Reason("other-therapist", {"therapist": therapist, "wished": wished}),)
