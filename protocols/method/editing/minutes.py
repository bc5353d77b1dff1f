"""Time by hand: a step or one family of it longer or shorter, in thousandths of what the plan itself gives, and where the time comes from.

When a whole step is shortened so far that a family would fall under 15 s, the family's time goes to stroking, as the builder does in a
small dose. When that very family is shortened, or its time is wanted by another step, it is refused: nothing vanishes unasked. Whoever
asks for no time at all leaves the family out.
"""

from collections.abc import Sequence
from dataclasses import replace

from protocols.method.course import round_half_up
from protocols.method.editing.bench import Bench, BenchStep, NotThere, Refused, timed
from protocols.method.editing.simple import places_meant, remove
from protocols.method.edits import Edit
from protocols.method.plans import Omission, Row
from protocols.method.reasons import Reason, because
from protocols.method.session.timing import share_seconds
from protocols.method.vocabulary import MIN_ROW_SECONDS, MIN_STEP_SECONDS

LONGEST_SECONDS = 4 * 3600


def lengthen(bench: Bench, edit: Edit) -> Bench:
    """The step, or one family of it, for ``value`` thousandths of its built time; a family for none is left out."""
    before = sum(step.seconds for step in bench.steps)
    places = places_meant(bench, edit)
    for place in places:
        bench = _family_time(bench, place, edit) if edit.family else _step_time(bench, place, edit)
    if edit.from_others:
        keys = tuple(bench.steps[place].key for place in places)
        bench = balanced(bench, keys, sum(step.seconds for step in bench.steps) - before)
    return bench


def leave_out(bench: Bench, edit: Edit) -> Bench:
    """The step left out; with ``from_others`` its time goes to the other main steps."""
    left = remove(bench, edit)
    more = sum(step.seconds for step in left.steps) - sum(step.seconds for step in bench.steps)
    return balanced(left, (), more) if edit.from_others else left


def wanted_seconds(built: int, thousandths: int) -> int:
    """Whole seconds of so many thousandths of a time; a half goes up."""
    return min(max(round_half_up(built * thousandths / 1000), 0), LONGEST_SECONDS)


def _step_time(bench: Bench, place: int, edit: Edit) -> Bench:
    step = bench.steps[place]
    wanted = wanted_seconds(step.built_seconds(), edit.value)
    if wanted < MIN_STEP_SECONDS:
        raise Refused("step-too-short", bench.row_number(place), seconds=wanted)
    rows, lost = scaled(bench, place, wanted)
    why = because("hand-minutes", zone=step.first.zone, seconds=wanted, built=step.built_seconds())
    gone = tuple(because("hand-family-too-short", family=family, zone=step.first.zone) for family in lost)
    omitted = tuple(Omission("family", family, None, told) for family, told in zip(lost, gone, strict=True))
    return bench.with_step(place, step.with_rows(rows).saying(why, *gone)).saying(why, *gone, omitted=omitted)


def _family_time(bench: Bench, place: int, edit: Edit) -> Bench:
    """One family of the step longer or shorter, the others as they are."""
    step = bench.steps[place]
    picked = tuple(row for row in step.rows if row.family == edit.family)
    if not picked:
        raise NotThere
    if not edit.value:
        return _without(bench, place, edit.family)
    # A family that a hand swapped in has no built time of its own: its rows' time is that of the one before.
    built = step.built_seconds(edit.family) or sum(row.seconds for row in picked)
    wanted = wanted_seconds(built, edit.value)
    if wanted < MIN_ROW_SECONDS * len(picked):
        raise Refused("row-too-short", bench.row_number(place), seconds=wanted)
    seconds = iter(_whole(wanted, picked))
    why = because("hand-minutes-family", zone=step.first.zone, family=edit.family, seconds=wanted, built=built)
    rows = tuple(timed(row, next(seconds), (why,)) if row.family == edit.family else row for row in step.rows)
    return bench.with_step(place, step.with_rows(rows)).saying(why)


def _without(bench: Bench, place: int, family: str) -> Bench:
    """The step without one family, which is said. Raises ``Refused`` where too little is left."""
    step = bench.steps[place]
    left = tuple(row for row in step.rows if row.family != family)
    if not left:
        raise Refused("nothing-worked", zone=step.first.zone)
    rows = _stroking_first(left) if family == "percussion" else left
    if sum(row.seconds for row in rows) < MIN_STEP_SECONDS:
        raise Refused("step-too-short", bench.row_number(place), seconds=sum(row.seconds for row in rows))
    why = because("hand-family-left-out", family=family, zone=step.first.zone)
    return bench.with_step(place, step.with_rows(rows).saying(why)).saying(why, omitted=(Omission("family", family, None, why),))


def _stroking_first(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows with all their stroking at the beginning: only behind percussion does it stand last too."""
    strokes = tuple(row for row in rows if row.family == "stroking")
    first = tuple(replace(row, seconds=sum(each.seconds for each in strokes)) for row in strokes[:1])
    return (*first, *(row for row in rows if row.family != "stroking"))


# Rows of a step -------------------------------------------------------------------------------------------------------------
def scaled(bench: Bench, place: int, seconds: int) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """The rows of a step for other seconds, in proportion, and the families whose time went to stroking. Raises ``Refused``."""
    rows, lost = bench.steps[place].rows, []
    while shortest := _under(rows, seconds):
        heir = next((row for row in rows if row.family == "stroking"), None)
        if heir is None:
            raise Refused("row-too-short", bench.row_number(place), seconds=round_half_up(_share(shortest, rows, seconds)))
        longer = replace(heir, seconds=heir.seconds + shortest.seconds)
        rows = tuple(longer if row is heir else row for row in rows if row is not shortest)
        lost.append(shortest.family)
    return for_seconds(rows, seconds), tuple(lost)


def for_seconds(rows: tuple[Row, ...], seconds: int, *told: Reason) -> tuple[Row, ...]:
    """The rows in proportion for so many seconds, which are at least 15 for each of them; every one says ``told`` too."""
    return tuple(timed(row, new, told) for row, new in zip(rows, _whole(seconds, rows), strict=True))


def _under(rows: tuple[Row, ...], seconds: int) -> Row | None:
    """The shortest row, not of stroking, where it would be under 15 s, or where there is no time for 15 s of each."""
    found = min((row for row in rows if row.family != "stroking"), key=lambda row: row.seconds, default=None)
    if found is None or (_share(found, rows, seconds) >= MIN_ROW_SECONDS - 0.5 and seconds >= MIN_ROW_SECONDS * len(rows)):
        return None
    return found


def _share(row: Row, rows: tuple[Row, ...], seconds: int) -> float:
    return seconds * row.seconds / sum(other.seconds for other in rows)


def _whole(total: int, rows: Sequence[Row]) -> list[int]:
    """Whole seconds of each row by its time until now, none below 15; largest remainder, the earlier of equals."""
    return _floored(total, [row.seconds for row in rows], [MIN_ROW_SECONDS] * len(rows))


def _floored(total: int, weights: Sequence[int], floors: Sequence[int]) -> list[int]:
    """Whole numbers by weight, none below its floor, together ``total`` (at least the sum of the floors)."""
    fixed: dict[int, int] = {}
    while True:
        free = [place for place in range(len(weights)) if place not in fixed]
        left = total - sum(fixed.values())
        shares = dict(zip(free, share_seconds(left, [weights[place] for place in free], [max(left, 0)] * len(free)), strict=True))
        low = [place for place in free if shares[place] < floors[place]]
        if not low:
            return [fixed[place] if place in fixed else shares[place] for place in range(len(weights))]
        fixed |= {place: floors[place] for place in low}


# From and to the others -----------------------------------------------------------------------------------------------------
def balanced(bench: Bench, keys: tuple[str, ...], more: int) -> Bench:
    """The other main steps give what these took, or take what they gave, in proportion. What nobody can spare stays over the dose."""
    others = [place for place, step in enumerate(bench.steps) if step.first.part == "main" and step.key not in keys]
    now = [bench.steps[place].seconds for place in others]
    if not more or not others:
        return bench
    floors = [min(step.seconds, _least(step)) for step in (bench.steps[place] for place in others)]
    total = max(sum(now) - more, sum(floors))
    for place, seconds in zip(others, _floored(total, now, floors), strict=True):
        step = bench.steps[place]
        if seconds != step.seconds:
            why = because("hand-gives-time" if seconds < step.seconds else "hand-takes-time", zone=step.first.zone, seconds=seconds)
            bench = bench.with_step(place, step.with_rows(for_seconds(step.rows, seconds, why)))
    return bench


def _least(step: BenchStep) -> int:
    """The fewest seconds that a step can give its time down to without losing a family."""
    return max(MIN_STEP_SECONDS, MIN_ROW_SECONDS * len(step.rows))
