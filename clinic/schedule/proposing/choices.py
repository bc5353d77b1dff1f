"""The best other times for one session: few, good, and apart from each other, so that a receptionist has something to choose from."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from clinic.schedule.proposing.costs import CHANGE, therapist_cost
from clinic.schedule.proposing.days import Days
from clinic.schedule.proposing.ledger import Ledger
from clinic.schedule.proposing.masks import cells_of
from clinic.schedule.proposing.rows import Beside, beside, cost_to_next, gap_breaks, judge_one, place_cost
from clinic.schedule.proposing.values import ProposedDate, Shift, Slot, Wanted

APART: Final = 12  # cells between two times offered on one day: an hour
SAME_DAY_AGAIN: Final = 15  # each further time on a day already offered counts as this much worse
FEW: Final = 8  # times looked at for each therapist's day

Choice = tuple[int, date, int, int, Shift]  # cost, day, place of the therapist in the list, cell, shift


def best_choices(ledger: Ledger, wanted: Wanted, chosen: Sequence[Slot], number: int, limit: int) -> tuple[ProposedDate, ...]:
    """At most ``limit`` times for session ``number``, its neighbours staying where they are; the present one is not among them."""
    days, around = Days(ledger.calendar, wanted), beside(wanted, chosen, number)
    now = chosen[number - 1] if number <= len(chosen) else None
    allowed, found, picked = _allowed(days, wanted, around), list[Choice](), list[Choice]()
    floors = sorted({_floor(wanted, around, each) for each in wanted.therapists})
    for floor, dearer in zip(floors, [*floors[1:], None], strict=True):
        found += _choices(ledger, days, wanted, around, now, (allowed, floor))
        picked, dearest = _spread(sorted(found, key=lambda choice: choice[:4]), limit)
        if dearer is not None and len(picked) == limit and dearest < dearer:
            break  # whatever somebody else could offer would come after these
    return tuple(judge_one(ledger, days, wanted, around, ledger.slot(wanted, shift, cell)) for *_, cell, shift in picked)


def _floor(wanted: Wanted, around: Beside, therapist: int) -> int:
    """What any time of this therapist costs at least: not to be the wished one, and the changes from and to the neighbours."""
    changes = around.therapist_before not in (None, therapist), around.after is not None and around.therapist_after not in (None, therapist)
    return therapist_cost(wanted, therapist) + CHANGE * sum(changes)


def _allowed(days: Days, wanted: Wanted, around: Beside) -> list[date]:
    """The days that break no rule."""
    after, before = around.before or date.min, around.after or date.max
    between = (day for day in days.possible if after < day < before and day.weekday() in wanted.weekdays)
    return [day for day in between if not gap_breaks(days, wanted, around, day)]


def _choices(
    ledger: Ledger, days: Days, wanted: Wanted, around: Beside, now: Slot | None, looked_at: tuple[list[date], int]
) -> Iterator[Choice]:
    """The best times, an hour apart, of each day of those therapists who cost at least so much (days and floor are ``looked_at``)."""
    allowed, floor = looked_at
    people = [(place, each) for place, each in enumerate(wanted.therapists) if _floor(wanted, around, each) == floor]
    for day in allowed:
        patient = ledger.patient_starts(wanted, day)
        for place, therapist in people:
            if wanted.same_therapist and {around.therapist_before, around.therapist_after} - {None, therapist}:
                continue
            onwards = cost_to_next(days, wanted, around, day, therapist)
            for shift in ledger.shifts(therapist, day):
                for cell in _apart(ledger, wanted, shift, patient, now):
                    cost = place_cost(days, wanted, around, shift, (day, cell, therapist))
                    yield cost + onwards, day, place, cell, shift


def _apart(ledger: Ledger, wanted: Wanted, shift: Shift, patient: int, now: Slot | None) -> list[int]:
    """Cells of one shift, the wished time first, each an hour from those before it and from the present place."""
    mask = ledger.starts(wanted, shift, patient)
    is_now = now is not None and (now.day, now.therapist) == (shift.day, shift.therapist)
    taken = [now.cell] if is_now and now is not None else []
    picked: list[int] = []
    wish = wanted.preferred or 0
    for cell in sorted(cells_of(mask), key=lambda cell: (abs(cell - wish), cell)):
        if all(abs(cell - other) >= APART for other in picked) and cell not in taken:
            picked.append(cell)
        if len(picked) == FEW:
            break
    return picked


def _spread(found: list[Choice], limit: int) -> tuple[list[Choice], int]:
    """The cheapest, each one more on the same day counting as dearer, never two of one day within an hour; and what the dearest counts."""
    picked: list[Choice] = []
    left, dearest = found, 0
    while left and len(picked) < limit:
        used = Counter(choice[1] for choice in picked)
        best = min(left, key=lambda choice: (choice[0] + SAME_DAY_AGAIN * used[choice[1]], *choice[1:4]))
        dearest = max(dearest, best[0] + SAME_DAY_AGAIN * used[best[1]])
        picked.append(best)
        left = [choice for choice in left if choice[1] != best[1] or abs(choice[3] - best[3]) >= APART]
    return sorted(picked, key=lambda choice: choice[:4]), dearest
