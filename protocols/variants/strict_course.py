"""The rules of a course: no session longer or stronger, no gap, age or reaction taken more lightly than in the release. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from protocols.method.checking.doses import phase_of
from protocols.method.course import review_after
from protocols.method.entries import AgeFactor, Comparison, CourseRules, Gap, StopThreshold, Suspend
from protocols.method.library import Library
from protocols.variants.strict_trees import implies
from protocols.variants.strict_values import (
    Limit,
    Loosening,
    all_kept,
    at_least,
    at_most,
    compared,
    dropped_or_same,
    each_at_least,
    each_at_most,
    plain,
    ranked,
    same,
)

ADDRESS: Final = "library/course-rules"
OLDEST, MOST_SESSIONS = 130, 60
GAP_ACTIONS: Final = ("reassess", "step-back", "repeat-load", "go-on")  # from the most careful
WIDER_SCOPE: Final = ranked("session", "zone")

OF_PHASE: Final[Mapping[str, Limit]] = {
    "minutes_factor": Limit("phase-minutes", each_at_most),
    "pressure_shift": Limit("phase-pressure", at_most),
    "percussion": Limit("phase-percussion", at_most),
    "new_technique": Limit("phase-new-technique", at_most),
}
OF_AGE: Final[Mapping[str, Limit]] = {
    "minutes_factor": Limit("age-minutes", at_most),
    "pressure_max": Limit("age-pressure", at_most),
    "percussion": Limit("age-percussion", ranked("never", "light", "profile")),
}
OF_GAP: Final[Mapping[str, Limit]] = {
    "action": Limit("gap-action", ranked(*GAP_ACTIONS)),
    "rungs": Limit("gap-rungs", at_least),
}
OF_STOP_SET: Final[Mapping[str, Limit]] = {"stop": Limit("stop-signs", all_kept), "then": Limit("stop-then", same)}
OF_PHASES: Final[Mapping[str, Limit]] = {
    "one_change_per_session": Limit("one-change", at_least),
    "load_rises_if": Limit("load-rises", lambda before, after: implies(after, before)),
    "max_down": Limit("max-down", at_least),
}
OF_REVIEW: Final[Mapping[str, Limit]] = {"take": Limit("review-take", same)}
OF_REPEAT: Final[Mapping[str, Limit]] = {
    "same_zone_min_days": Limit("repeat-days", at_least),
    "usual_days": Limit("repeat-usual-days", each_at_least),
}
OF_CAPACITY: Final[Mapping[str, Limit]] = {
    "units_per_shift": Limit("capacity-units", at_most),
    "shift_hours": Limit("capacity-hours", at_most),
    "minutes_per_unit": Limit("capacity-minutes", same),
}
OF_PACE: Final[Mapping[str, Limit]] = {
    "max_position_changes": Limit("pace-positions", at_most),
    "max_position_changes_severity": Limit("pace-severity", ranked("error", "warning")),
    "rest_after_minutes": Limit("pace-rest", each_at_least),
    "room_temperature_c": Limit("pace-room", lambda before, after: before[0] <= after[0] and after[1] <= before[1]),
    "ask_again_after_hours": Limit("pace-ask-again", at_most),
}
OF_LOW_COMFORT: Final[Mapping[str, Limit]] = {
    "below": Limit("comfort-below", at_least),
    "in_a_row": Limit("comfort-in-a-row", at_most),
    "scope": Limit("comfort-scope", WIDER_SCOPE),
    "pressure_shift": Limit("comfort-pressure", at_most),
}
OF_MARKED_ZONE: Final[Mapping[str, Limit]] = {
    "in_a_row": Limit("marked-in-a-row", at_most),
    "scope": Limit("marked-scope", WIDER_SCOPE),
    "pressure_shift": Limit("marked-pressure", at_most),
}
OF_LASTING_PAIN: Final[Mapping[str, Limit]] = {
    "hours": Limit("pain-hours", at_most),
    "scope": Limit("pain-scope", same),
    "minutes_factor": Limit("pain-minutes", at_most),
    "pressure_shift": Limit("pain-pressure", at_most),
}
OF_DISCOMFORT: Final[Mapping[str, Limit]] = {"bad_reaction_after_hours": Limit("bad-reaction-hours", at_most)}


def course_loosened(shipped: Library, own: Library) -> Iterator[Loosening]:
    """What the course rules of ``own`` allow more of."""
    if shipped.course == own.course:
        return
    for compare in BY_FUNCTION.values():
        yield from compare(shipped.course, own.course)


def _at(key: str) -> str:
    return f"{ADDRESS}:{key}"


def _ladder(before: CourseRules, after: CourseRules) -> Iterator[Loosening]:
    """No rung higher, and none further from the next: a hand may raise the load by the widest gap from session to session."""
    if not each_at_most(before.ladder, after.ladder):
        yield Loosening(_at("ladder"), "ladder", plain(before.ladder), plain(after.ladder))
    old, new = _widest(before.ladder), _widest(after.ladder)
    if new > old:
        yield Loosening(_at("ladder"), "ladder-gap", float(old), float(new))


def _widest(ladder: Sequence[float]) -> Fraction:
    rungs = [Fraction(str(rung)) for rung in ladder]
    return max((upper - lower for lower, upper in pairwise(rungs)), default=Fraction(0))


def _phase(before: CourseRules, after: CourseRules) -> Iterator[Loosening]:
    for old, new in zip(before.phase, after.phase, strict=True):  # both are build-up, working, taper: the library's check
        yield from compared(_at("phase"), OF_PHASE, old, new)


def _gap(before: CourseRules, after: CourseRules) -> Iterator[Loosening]:
    ends = {row.missed_days_min for course in (before, after) for row in course.gap}  # between two of them nothing changes
    days = sorted(ends | {row.missed_days_max + step for course in (before, after) for row in course.gap for step in (0, 1)})
    yield from _by_number("gap", OF_GAP, _gap_of, (before, after), days)


def _gap_of(course: CourseRules, days: int) -> Gap | None:
    return next((row for row in course.gap if row.missed_days_min <= days <= row.missed_days_max), None)


def _age_factor(before: CourseRules, after: CourseRules) -> Iterator[Loosening]:
    yield from _by_number("age_factor", OF_AGE, _age_of, (before, after), range(OLDEST + 1))


def _age_of(course: CourseRules, age: int) -> AgeFactor | None:
    return next((row for row in course.age_factor if row.age_min <= age <= row.age_max), None)


def _by_number(
    key: str,
    limits: Mapping[str, Limit],
    row_of: Callable[[CourseRules, int], Any],
    courses: tuple[CourseRules, CourseRules],
    numbers: Iterable[int],
) -> Iterator[Loosening]:
    """Rows that hold for a range of numbers, compared number by number; each kind of loosening is told at the first one."""
    found: dict[str, Loosening] = {}
    for number in numbers:
        before, after = row_of(courses[0], number), row_of(courses[1], number)
        if before is None:
            continue
        if after is None:
            found.setdefault(f"{key}-gone", Loosening(_at(key), f"{key.replace('_', '-')}-gone", number, None))
            continue
        for each in compared(_at(key), limits, before, after):
            told = Loosening(each.address, each.code, {"at": number, "value": each.before}, {"at": number, "value": each.after})
            found.setdefault(each.code, told)
    yield from found.values()


def _stop_set(before: CourseRules, after: CourseRules) -> Iterator[Loosening]:
    there = {row.code: row for row in after.stop_set}
    for row in before.stop_set:
        if row.code not in there:
            yield Loosening(_at("stop_set"), "stop-set-gone", row.name, None)
        else:
            yield from compared(_at("stop_set"), OF_STOP_SET, row, there[row.code])


def _stop_threshold(before: CourseRules, after: CourseRules) -> Iterator[Loosening]:
    for row in before.stop_threshold:
        if not any(_stops_as_soon(row, new) for new in after.stop_threshold):
            yield Loosening(_at("stop_threshold"), "stop-threshold", plain(row), None)


def _stops_as_soon(old: StopThreshold, new: StopThreshold) -> bool:
    return new.set == old.set and dropped_or_same(old.unless, new.unless) and implies(_asks(old), _asks(new))


def _asks(row: StopThreshold | Suspend) -> Comparison:
    return Comparison(row.fact, row.op, row.value)


def _suspend(before: CourseRules, after: CourseRules) -> Iterator[Loosening]:
    for row in before.suspend:
        if not any(_suspends_as_soon(row, new) for new in after.suspend):
            yield Loosening(_at("suspend"), "suspend", plain(row), None)


def _suspends_as_soon(old: Suspend, new: Suspend) -> bool:
    action = new.action == old.action or (old.action, new.action) == ("pause", "doctor")
    return new.code == old.code and action and new.in_a_row <= old.in_a_row and implies(_asks(old), _asks(new))


def _phases(before: CourseRules, after: CourseRules) -> Iterator[Loosening]:
    """Beside the switches: how long every session of a course of any length is, and whether it may have blows."""
    yield from compared(_at("phases"), OF_PHASES, before.phases, after.phases)
    for of in range(1, MOST_SESSIONS + 1):
        for number in range(1, of + 1):
            if not _no_more(_dose(before, number, of), _dose(after, number, of)):
                where = {"session": number, "of": of}
                old, new = phase_of(before, number, of), phase_of(after, number, of)
                yield Loosening(_at("phases"), "phases", where | {"value": old}, where | {"value": new})
                return


def _dose(course: CourseRules, number: int, of: int) -> tuple[float, int, bool, bool]:
    """The share of the full time that a session takes, with what its phase changes. A share between two rungs counts as the lower."""
    row = next(row for row in course.phase if row.code == phase_of(course, number, of))
    factor = row.minutes_factor[min(number, len(row.minutes_factor)) - 1] if row.code == "build-up" else row.minutes_factor[0]
    rung = max((rung for rung in course.ladder if rung <= factor), default=course.ladder[0])
    return rung, row.pressure_shift, row.percussion, row.new_technique


def _no_more(before: tuple[float, int, bool, bool], after: tuple[float, int, bool, bool]) -> bool:
    return all(new <= old for old, new in zip(before, after, strict=True))


def _review(before: CourseRules, after: CourseRules) -> Iterator[Loosening]:
    yield from compared(_at("review"), OF_REVIEW, before.review, after.review)
    for of in range(1, MOST_SESSIONS + 1):
        old, new = review_after(before, of), review_after(after, of)
        if new > old:
            yield Loosening(_at("review"), "review", {"of": of, "value": old}, {"of": of, "value": new})
            return


def _discomfort(before: CourseRules, after: CourseRules) -> Iterator[Loosening]:
    address, old, new = _at("discomfort"), before.discomfort, after.discomfort
    yield from compared(address, OF_DISCOMFORT, old, new)
    yield from compared(address, OF_LOW_COMFORT, old.low_comfort, new.low_comfort)
    yield from compared(address, OF_MARKED_ZONE, old.marked_zone, new.marked_zone)
    yield from compared(address, OF_LASTING_PAIN, old.pain_over_24h, new.pain_over_24h)


def _fields_of(key: str, limits: Mapping[str, Limit]) -> Callable[[CourseRules, CourseRules], Iterator[Loosening]]:
    return lambda before, after: compared(_at(key), limits, getattr(before, key), getattr(after, key))


BY_FUNCTION: Final[Mapping[str, Callable[[CourseRules, CourseRules], Iterator[Loosening]]]] = {
    "ladder": _ladder,
    "phase": _phase,
    "gap": _gap,
    "age_factor": _age_factor,
    "stop_set": _stop_set,
    "stop_threshold": _stop_threshold,
    "suspend": _suspend,
    "phases": _phases,
    "review": _review,
    "repeat": _fields_of("repeat", OF_REPEAT),
    "capacity": _fields_of("capacity", OF_CAPACITY),
    "pace": _fields_of("pace", OF_PACE),
    "discomfort": _discomfort,
}
