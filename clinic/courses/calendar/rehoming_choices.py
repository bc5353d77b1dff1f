"""What could be done about the affected sessions of one course: values in, values out. ``rehoming`` chooses, for all at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Final

from clinic.courses.calendar.rehoming import (
    MOST_OF_A_MOVE,
    MOVE_COST,
    Affected,
    Case,
    Choice,
    Step,
    Way,
    a_case,
    assign,
    load_left,
    stand_ins,
)
from clinic.schedule.proposing import alternatives, propose
from clinic.schedule.proposing.values import CELLS, Calendar, Reason, Slot, Wanted

TIMES_OFFERED: Final = 8
WHOLE_DAY: Final = (1 << CELLS) - 1
# A colleague at the same time costs less than any move; who is farther down the list of those wished costs a little more.
STAND_IN_COST: Final = 10
# Where the same therapist was asked for, another time with that one is nearer to the wish than a colleague at the same time.
AGAINST_A_WISH: Final = 2 * MOVE_COST


@dataclass(frozen=True, slots=True)
class KnownCourse:
    """A course as far as its dates go. ``wanted`` says what one session needs; ``others`` are its dates that could stay, in order.

    ``given_on`` is the day of the last session given. ``busy`` are the cells in which the patient is somewhere else than here.
    """

    wanted: Wanted
    others: tuple[Affected, ...]
    given: int
    given_on: date | None
    busy: Mapping[date, int] = field(default_factory=dict)


def cases_of(calendar: Calendar, course: KnownCourse, affected: Sequence[Affected]) -> tuple[Case, ...]:
    """One case for each run of affected sessions with none between them that stays. ``calendar`` leaves the affected bookings out."""
    return tuple(_Run(calendar, course, run, tuple(affected)).case() for run in _runs(course.others, affected))


def settled(calendar: Calendar, makers: Sequence[Callable[[Calendar], Sequence[Case]]]) -> tuple[Case, ...]:
    """The cases of all courses. Each of ``makers`` finds those of one course in a calendar.

    What each could have is found as if it were alone. Who gets nothing of that beside the others is looked after once more, in what
    the others have left; so nobody is called only because all wanted the same few places.
    """
    cases, makes = list[Case](), list[Callable[[Calendar], Sequence[Case]]]()
    for make in makers:
        for case in make(calendar):
            cases.append(case)
            makes.append(make)
    chosen = assign(cases, load_left(calendar))
    left = taken(calendar, [step for choice in chosen for step in choice.moves])
    for place, choice in enumerate(chosen):
        if choice.way == Way.CALL:
            more = [each for case in makes[place](left) if case.sessions == cases[place].sessions for each in case.choices[:-1]]
            cases[place] = a_case(cases[place].sessions, [*cases[place].choices[:-1], *more])
            left = taken(left, more[0].moves) if more else left
    return tuple(cases)


def case_without_course(calendar: Calendar, session: Affected, therapists: Sequence[int]) -> Case:
    """A booking that belongs to no course: a colleague at its time, or a call."""
    return a_case([session], _as_choices(session, stand_ins(calendar, session, therapists), STAND_IN_COST))


def _as_choices(session: Affected, slots: Sequence[Slot], cost: int) -> list[Choice]:
    return [Choice(Way.COLLEAGUE, (Step(session, slot),), cost + place) for place, slot in enumerate(slots)]


def _runs(others: Sequence[Affected], affected: Sequence[Affected]) -> list[list[Affected]]:
    hit, runs, is_new = {each.booking for each in affected}, list[list[Affected]](), True
    for each in sorted((*others, *affected), key=_in_time):
        if each.booking not in hit:
            is_new = True
        elif is_new:
            runs.append([each])
            is_new = False
        else:
            runs[-1].append(each)
    return runs


def _in_time(session: Affected) -> tuple[date, int]:
    return _in_time_of(session.slot)


def _in_time_of(slot: Slot) -> tuple[date, int]:
    return slot.day, slot.cell


class _Run:
    """A run of affected sessions between two that stay."""

    def __init__(self, calendar: Calendar, course: KnownCourse, run: Sequence[Affected], affected: Sequence[Affected]) -> None:
        self.calendar, self.course, self.run = calendar, course, tuple(run)
        stay = sorted(course.others, key=_in_time)
        self.before = [each for each in stay if _in_time(each) < _in_time(run[0])]
        self.later = [each for each in stay if _in_time(each) > _in_time(run[-1])]
        # The next affected session is another case: what moves on with this one stays before it.
        self.next_affected = min((each.slot.day for each in affected if _in_time(each) > _in_time(run[-1])), default=None)

    def case(self) -> Case:
        """Every way out: the same times with colleagues, other times between the neighbours, other days for the rest of the course."""
        same, rest = self._same_times(), self._rest_of_the_course()
        # Who can be treated at the same time has no need of a way that moves the later sessions for it.
        needed = [each for each in rest if not same or not self._keeps_its_times(each)]
        return a_case(self.run, [*same, *self._other_times(), *needed])

    def _keeps_its_times(self, choice: Choice) -> bool:
        return all(_in_time_of(step.slot) == _in_time(step.session) for step in choice.steps[: len(self.run)])

    # The same times ----------------------------------------------------------------------------------------------------------
    def _same_times(self) -> list[Choice]:
        wanted = self.course.wanted
        free = [stand_ins(self.calendar, each, wanted.therapists) for each in self.run]
        cost = STAND_IN_COST * len(self.run) + (AGAINST_A_WISH if wanted.same_therapist else 0)
        if len(self.run) == 1:
            return _as_choices(self.run[0], free[0], cost)
        if not all(free):
            return []
        return [
            self._led_by(leader, free, cost + place) for place, leader in enumerate(dict.fromkeys(s.therapist for f in free for s in f))
        ]

    def _led_by(self, leader: int, free: Sequence[Sequence[Slot]], cost: int) -> Choice:
        """One colleague as often as possible, so that the patient meets few new people."""
        slots = [next((slot for slot in each if slot.therapist == leader), each[0]) for each in free]
        changes = sum(a.therapist != b.therapist for a, b in pairwise(slots))
        return Choice(Way.COLLEAGUE, tuple(map(Step, self.run, slots)), cost + 10 * changes)

    # Other times -------------------------------------------------------------------------------------------------------------
    def _other_times(self) -> list[Choice]:
        wanted = self._wanted(self.run, self.later)
        if len(self.run) > 1:
            # With others than the first of them too: two courses may not want one place.
            others = replace(wanted, therapists=wanted.therapists[1:])
            return [*self._proposed(self.calendar, self.run, wanted), *self._proposed(self.calendar, self.run, others)]
        session = self.run[0]
        found = alternatives(self.calendar, wanted, (session.slot,), 1, limit=TIMES_OFFERED)
        apart = (each for each in found if _in_time_of(each.slot) != _in_time(session))  # its own time is there with each colleague
        return [self._moved((Step(session, each.slot),), each.cost, each.reasons) for each in apart]

    def _rest_of_the_course(self) -> list[Choice]:
        """The run and as few of the sessions after it as make the gaps hold again."""
        near = [each for each in self.later if self.next_affected is None or each.slot.day < self.next_affected]
        for count in range(1, len(near) + 1):
            moving, staying = (*self.run, *self.later[:count]), self.later[count:]
            found = self._proposed(freed(self.calendar, self.later[:count]), moving, self._wanted(moving, staying))
            if found:
                return found
        return []

    def _proposed(self, calendar: Calendar, moving: Sequence[Affected], wanted: Wanted) -> list[Choice]:
        dates = propose(calendar, wanted).dates
        if len(dates) != len(moving):
            return []
        steps = tuple(Step(session, each.slot) for session, each in zip(moving, dates, strict=True))
        reasons = {reason.code: reason for each in dates for reason in each.reasons}
        return [self._moved(steps, sum(each.cost for each in dates), tuple(reasons.values()))]

    def _moved(self, steps: tuple[Step, ...], cost: int, reasons: tuple[Reason, ...]) -> Choice:
        if all(_in_time_of(step.slot) == _in_time(step.session) for step in steps):
            return Choice(Way.COLLEAGUE, steps, STAND_IN_COST + len(steps), reasons)
        return Choice(Way.MOVED, steps, MOVE_COST * len(steps) + min(cost, MOST_OF_A_MOVE), reasons)

    def _wanted(self, moving: Sequence[Affected], staying: Sequence[Affected]) -> Wanted:
        """What these sessions need between their neighbours, as near to their own time of the day as may be."""
        base, first = self.course.wanted, moving[0]
        before = max((each.slot.day for each in self.before), default=self.course.given_on)
        then = min([*(each.slot.day for each in staying), *([self.next_affected] if self.next_affected else [])], default=None)
        gone = {each.booking for each in moving}
        kept = [each.slot.day for each in self.course.others if each.booking not in gone]
        start = max(base.first_on, first.slot.day if before is None else base.first_on)
        wanted = replace(
            base,
            count=len(moving),
            cells=max(each.cells for each in moving),
            turnover=max(each.turnover for each in moving),
            units=max(each.units for each in moving),
            minutes=max(each.minutes for each in moving),
            preferred=first.slot.cell,
            first_on=start,
            after=before,
            then=then,
            done=self.course.given + len(self.before),
            kept=tuple(sorted({*kept, *([self.course.given_on] if self.course.given_on else [])})),
            busy=self.course.busy,
        )
        return self._as_loose_as_now(wanted, first.slot.day, moving[-1].slot.day)

    def _as_loose_as_now(self, wanted: Wanted, first: date, last: date) -> Wanted:
        """A gap that is longer than the rhythm allows already, after a pause say, must not forbid every other day."""
        if wanted.after and self._gap(wanted.after, first) > wanted.rhythm.max:
            wanted = replace(wanted, first_gap_free=True)
        if wanted.then and self._gap(last, wanted.then) > wanted.rhythm.max:
            wanted = replace(wanted, then=None, last_on=min(wanted.last_on, _day_before(wanted.then)))
        return wanted

    def _gap(self, earlier: date, later: date) -> int:
        return sum(earlier < day <= later for day in self.calendar.open_days)


def _day_before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


# Places given up and taken ----------------------------------------------------------------------------------------------------
def freed(calendar: Calendar, sessions: Sequence[Affected]) -> Calendar:
    """The calendar as it is once these sessions have left their places: they may follow one another into them."""
    for each in sessions:
        calendar = _with(calendar, each, each.slot, is_taken=False)
    return calendar


def taken(calendar: Calendar, steps: Sequence[Step]) -> Calendar:
    """The calendar as it is once these steps are made."""
    calendar = freed(calendar, [step.session for step in steps if step.session.stands])
    for step in steps:
        calendar = _with(calendar, step.session, step.slot, is_taken=True)
    return calendar


def _with(calendar: Calendar, session: Affected, slot: Slot, *, is_taken: bool) -> Calendar:
    cells, sign = ((1 << session.cells + session.turnover) - 1) << slot.cell, -1 if is_taken else 1

    def changed(free: int, most: int) -> int:
        return free & ~cells if is_taken else free | cells & most

    shifts = tuple(
        replace(
            each,
            free=changed(each.free, each.works if each.site == slot.site else 0),
            units_left=each.units_left + sign * session.units,
            minutes_left=each.minutes_left + sign * session.minutes,
        )
        for each in calendar.shifts.get((slot.therapist, slot.day), ())
    )
    rooms = calendar.places.get((slot.site, slot.day), ())
    places = tuple(replace(each, free=changed(each.free, WHOLE_DAY)) if each.room == slot.room else each for each in rooms)
    devices = dict(calendar.devices)
    if slot.device is not None and (slot.device, slot.day) in devices:
        devices[slot.device, slot.day] = changed(devices[slot.device, slot.day], WHOLE_DAY)
    return replace(
        calendar,
        shifts={**calendar.shifts, (slot.therapist, slot.day): shifts},
        places={**calendar.places, (slot.site, slot.day): places},
        devices=devices,
    )
