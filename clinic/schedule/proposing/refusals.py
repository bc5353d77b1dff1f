"""Why a time is not offered: the rule, the wish or the booking that stands in its way."""

from collections.abc import Iterator, Sequence
from datetime import date

from clinic.schedule.proposing.days import Days
from clinic.schedule.proposing.ledger import Ledger, fits_load
from clinic.schedule.proposing.masks import span
from clinic.schedule.proposing.rows import Beside, beside, gap_breaks
from clinic.schedule.proposing.values import CELLS, At, Calendar, Reason, Shift, Slot, Wanted


def refusals(ledger: Ledger, wanted: Wanted, chosen: Sequence[Slot], number: int, at: At) -> tuple[Reason, ...]:
    """Why session ``number`` cannot be ``at`` a time; empty where it can.

    What holds for everybody comes first and alone; otherwise each therapist's own first reason is named.
    """
    around = beside(wanted, chosen, number)
    common = tuple(_of_time(ledger, wanted, around, at))
    if common:
        return common
    if at.therapist is not None:
        return tuple(_of_therapist(ledger, wanted, around, at, at.therapist))
    found: list[Reason] = []
    for person in wanted.therapists:
        reasons = tuple(_of_therapist(ledger, wanted, around, at, person))
        if not reasons:
            return ()
        found.append(reasons[0])
    return tuple(found) or (Reason("no-therapist", {}),)


def _of_time(ledger: Ledger, wanted: Wanted, around: Beside, at: At) -> Iterator[Reason]:
    """What stands in the way whoever treats."""
    day, cell = at.day, at.cell
    calendar = ledger.calendar
    reason = _of_day(calendar, wanted, at)
    if reason is not None:
        yield reason
        return
    yield from gap_breaks(Days(calendar, wanted), wanted, around, day)
    if day.weekday() not in wanted.weekdays:
        yield Reason("weekday", {"weekday": day.weekday()})
    if cell < wanted.earliest or cell + wanted.cells > min(wanted.latest, CELLS):
        yield Reason("outside-wishes", {"earliest": wanted.earliest, "latest": wanted.latest})
    if cell % max(wanted.step, 1):
        yield Reason("off-grid", {"step": wanted.step})
    busy = calendar.patient_busy.get(day, 0) | wanted.busy.get(day, 0)
    if busy & span(cell, cell + wanted.cells):
        yield Reason("patient-busy", {})


def _of_day(calendar: Calendar, wanted: Wanted, at: At) -> Reason | None:
    day, cell = at.day, at.cell
    if calendar.today is not None and (day, cell) < (calendar.today, calendar.now):
        return Reason("past", {})
    if day in calendar.closed:
        return Reason("closed", {"why": calendar.closed[day]})
    if not wanted.first_on <= day <= wanted.last_on or not calendar.open_days or not _is_inside(calendar, day):
        return Reason("outside-horizon", {"first_on": wanted.first_on, "last_on": wanted.last_on})
    return None if day in calendar.open_days else Reason("closed", {"why": ""})


def _is_inside(calendar: Calendar, day: date) -> bool:
    return calendar.open_days[0] <= day <= calendar.open_days[-1]


def _of_therapist(ledger: Ledger, wanted: Wanted, around: Beside, at: At, therapist: int) -> Iterator[Reason]:
    """What stands in the way of one therapist at a time that is possible otherwise."""
    day, cell = at.day, at.cell
    about = {"therapist": therapist}
    if therapist not in wanted.therapists:
        yield Reason("not-qualified", about)
        return
    others = {around.therapist_before, around.therapist_after} - {None, therapist}
    if wanted.same_therapist and others:
        yield Reason("other-therapist", about | {"wished": min(filter(None, others))})
    shifts = ledger.shifts(therapist, day)
    if not shifts:
        yield _not_there(ledger.calendar, day, therapist)
        return
    reasons = [tuple(_of_shift(ledger, wanted, shift, cell)) for shift in shifts]
    if all(reasons):
        yield from (Reason(reason.code, about | dict(reason.about)) for reason in min(reasons, key=len))


def _not_there(calendar: Calendar, day: date, therapist: int) -> Reason:
    absence = calendar.absent.get((therapist, day))
    return Reason("absent", {"therapist": therapist, "why": absence}) if absence else Reason("not-working", {"therapist": therapist})


def _of_shift(ledger: Ledger, wanted: Wanted, shift: Shift, cell: int) -> Iterator[Reason]:
    """What stands in the way within one shift."""
    length = wanted.cells + wanted.turnover
    asked = span(cell, cell + length)
    if shift.works & asked != asked:
        yield _outside_work(ledger.calendar, shift, asked)
    elif shift.free & asked != asked:
        absence = ledger.calendar.absent.get((shift.therapist, shift.day))
        yield Reason("absent", {"why": absence}) if absence else Reason("therapist-busy", {})
    if not fits_load(wanted, shift):
        yield Reason("load-full", {"units_left": shift.units_left, "minutes_left": shift.minutes_left})
    here = 1 << cell
    if not ledger.place_starts(shift.site, shift.day, length, with_device=False, among=here) & here:
        yield Reason("no-room", {})
    elif wanted.needs_device and not ledger.place_starts(shift.site, shift.day, length, with_device=True, among=here) & here:
        yield Reason("no-device", {})


def _outside_work(calendar: Calendar, shift: Shift, asked: int) -> Reason:
    """Absent, at lunch (work before it and after it) or not at work."""
    if (shift.therapist, shift.day) in calendar.absent:
        return Reason("absent", {"why": calendar.absent[shift.therapist, shift.day]})
    missing = asked & ~shift.works
    before, after = shift.works & ((missing & -missing) - 1), shift.works >> missing.bit_length()
    return Reason("break" if before and after else "not-working", {})
