"""Rules of a course: no hole between ages or gaps, a ladder that rises, thresholds over known facts."""

from collections.abc import Sequence
from itertools import pairwise

from protocols.method.entries import Comparison, CourseRules
from protocols.method.inspection.desk import Desk
from protocols.method.inspection.trees import inspect_tree
from protocols.method.vocabulary import PARTS, PHASES


def inspect_course(desk: Desk) -> None:
    """Numbers that the dose of every session is made from."""
    course = desk.library.course
    _bands(desk, "gap", [(row.missed_days_min, row.missed_days_max) for row in course.gap])
    _bands(desk, "age_factor", [(row.age_min, row.age_max) for row in course.age_factor])
    _ladder(desk, course)
    _stops(desk, course)
    _shares(desk, course)
    for name in ("phases", "repeat", "capacity", "discomfort"):
        desk.known(getattr(course, name).sources, desk.library.sources, f"course-rules: {name} sources")
    for order_rule in desk.library.order_rules.values():
        desk.known(order_rule.sources, desk.library.sources, f"sequencing: rule {order_rule.code} sources")
    _parts(desk)


def _bands(desk: Desk, name: str, bands: Sequence[tuple[int, int]]) -> None:
    place = f"course-rules: {name}"
    desk.expect(bands and bands[0][0] == 0, place, "does not begin at 0")
    for low, high in bands:
        desk.expect(low <= high, place, f"{low} to {high} is no range")
    for (_low, high), (low, _high) in pairwise(bands):
        desk.expect(low == high + 1, place, f"hole or overlap at {low}")


def _ladder(desk: Desk, course: CourseRules) -> None:
    ladder = course.ladder
    desk.expect(tuple(phase.code for phase in course.phase) == PHASES, "course-rules: phase", "phases are build-up, working, taper")
    desk.expect(list(ladder) == sorted(set(ladder)) and ladder[-1:] == (1.0,), "course-rules: ladder", "does not rise to 1.0")
    desk.expect(all(0 < rung <= 1 for rung in ladder), "course-rules: ladder", "a rung is a share of the full dose")
    factors = course.phase[0].minutes_factor if course.phase else ()
    desk.expect(factors == ladder[:-1], "course-rules: phase build-up", "its factors are not the rungs below the top")
    desk.expect(course.phases.build_up.cap == len(factors), "course-rules: phases", "the cap of build-up is not its number of factors")
    for phase in course.phase:
        desk.expect(phase.pressure_shift <= 0, f"course-rules: phase {phase.code}", "a phase never adds pressure")
        sound = bool(phase.minutes_factor) and all(factor in ladder for factor in phase.minutes_factor)
        desk.expect(sound, f"course-rules: phase {phase.code}", "a factor is a rung of the ladder")
    for row in course.age_factor:
        sound = 0 < row.minutes_factor <= 1 and 1 <= row.pressure_max <= 4
        desk.expect(sound, f"course-rules: age_factor {row.age_min}", "an age never adds minutes, and pressure is 1 to 4")
    for gap in course.gap:
        desk.expect(0 <= gap.rungs <= course.phases.max_down, f"course-rules: gap {gap.action}", "too many rungs")


def _shares(desk: Desk, course: CourseRules) -> None:
    """Numbers of the phases, the review and what follows discomfort lie where they can only lower the load."""
    for name, phase in (("build_up", course.phases.build_up), ("taper", course.phases.taper)):
        desk.expect(0 < phase.share < 0.5 and phase.cap >= 1, f"course-rules: phases {name}", "share is under a half, cap at least 1")
    review = course.review
    desk.expect(0 < review.share <= 1 and review.session >= 1, "course-rules: review", "share is at most 1, session at least 1")
    low, marked, lasting = course.discomfort.low_comfort, course.discomfort.marked_zone, course.discomfort.pain_over_24h
    place = "course-rules: discomfort"
    desk.expect(0 < low.below <= 10 and low.in_a_row >= 1 and marked.in_a_row >= 1, place, "comfort is 0 to 10, in a row at least 1")
    shifts = (low.pressure_shift, marked.pressure_shift, lasting.pressure_shift)
    desk.expect(all(shift < 0 for shift in shifts), place, "discomfort lowers the pressure")
    desk.expect(0 < lasting.minutes_factor <= 1 and lasting.hours > 0, place, "lasting pain shortens the session")


def _stops(desk: Desk, course: CourseRules) -> None:
    sets = {row.code for row in course.stop_set}
    for threshold in course.stop_threshold:
        place = f"course-rules: stop_threshold {threshold.fact}"
        desk.known([threshold.set], sets, place)
        desk.known([threshold.unless], desk.library.facts, place)
        inspect_tree(desk, Comparison(threshold.fact, threshold.op, threshold.value), place)
    for row in course.suspend:
        place = f"course-rules: suspend {row.code}"
        inspect_tree(desk, Comparison(row.fact, row.op, row.value), place)
        desk.expect(row.in_a_row >= 1, place, "in_a_row is at least 1")
    inspect_tree(desk, course.phases.load_rises_if, "course-rules: phases load_rises_if")


def _parts(desk: Desk) -> None:
    shares = desk.library.part_shares
    desk.expect(tuple(shares) == PARTS, "sequencing: part", "parts are opening, main, closing")
    for code, row in shares.items():
        desk.expect(0 < row.share_min <= row.share_max <= 1, f"sequencing: part {code}", "a share lies between 0 and 1")
