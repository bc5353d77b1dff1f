"""What stands in the way of a course that has no dates, and which single wish would have to give."""

from collections.abc import Iterator
from dataclasses import replace

from clinic.schedule.proposing.days import Days
from clinic.schedule.proposing.ledger import Ledger, fits_load
from clinic.schedule.proposing.path import has_dates
from clinic.schedule.proposing.values import CELLS, Reason, Wanted


def obstacles_of(ledger: Ledger, wanted: Wanted) -> tuple[Reason, ...]:
    """The reason why there are no dates, then each wish that alone would make room when it is given up."""
    return (_main(ledger, wanted), *(Reason("would-fit-without", {"wish": wish}) for wish in _wishes_in_the_way(ledger, wanted)))


def _main(ledger: Ledger, wanted: Wanted) -> Reason:
    days = Days(ledger.calendar, wanted)
    shifts = [shift for therapist in wanted.therapists for day in days.possible for shift in ledger.shifts(therapist, day)]
    if not shifts:
        return Reason("no-therapist", {"asked": len(wanted.therapists)})
    if not any(fits_load(wanted, shift) for shift in shifts):
        return Reason("load-full", {})
    about = {"fit": how_many_fit(ledger, wanted), "wanted": wanted.count, "last_on": wanted.last_on, "open_days": len(days.possible)}
    return Reason("too-few-days", about)


def how_many_fit(ledger: Ledger, wanted: Wanted) -> int:
    """The most sessions that fit when everything else stays. A course that fits also fits without its last session."""
    low, high = 0, wanted.count
    while high - low > 1:
        middle = (low + high) // 2
        if has_dates(ledger, replace(wanted, count=middle, then=None)):
            low = middle
        else:
            high = middle
    return low


def _wishes_in_the_way(ledger: Ledger, wanted: Wanted) -> Iterator[str]:
    """The wishes that alone make the course possible when they are dropped, the smallest first."""
    for wish, without in _without_one(ledger, wanted):
        if without != wanted and has_dates(ledger, without):
            yield wish


def _without_one(ledger: Ledger, wanted: Wanted) -> Iterator[tuple[str, Wanted]]:
    yield "hours", replace(wanted, earliest=0, latest=CELLS)
    yield "weekdays", replace(wanted, weekdays=frozenset(range(7)))
    yield "same-therapist", replace(wanted, same_therapist=False)
    yield "therapist", replace(wanted, therapists=wanted.therapists + wanted.others)
    rhythm = wanted.rhythm
    yield "rhythm", replace(wanted, rhythm=replace(rhythm, max=max(rhythm.max, 2 * rhythm.max + 1)))
    if ledger.calendar.open_days:
        yield "last-on", replace(wanted, last_on=max(wanted.last_on, ledger.calendar.open_days[-1]))
