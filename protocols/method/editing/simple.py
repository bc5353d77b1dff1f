"""The changes that only order, leave out, or set one value: move, remove, pressure, tempo."""

from dataclasses import replace

from protocols.method.editing.bench import Bench, BenchStep, NotThere, Refused
from protocols.method.editing.keys import meant_by
from protocols.method.edits import Edit
from protocols.method.places import Place
from protocols.method.plans import Omission, Row
from protocols.method.reasons import because
from protocols.method.session.bars import percussion_pressure
from protocols.method.session.body import body_of
from protocols.method.vocabulary import MAX_PRESSURE, TEMPOS

HIGHEST = 4  # what a row of a plan may have


def places_meant(bench: Bench, edit: Edit) -> tuple[int, ...]:
    """Where the steps stand that an edit is about. Raises ``NotThere`` when none does."""
    found = tuple(bench.at(key) for key in meant_by(edit.step, bench.keys, bench.setting.library))
    if not found:
        raise NotThere
    return found


# Order ----------------------------------------------------------------------------------------------------------------------
def move(bench: Bench, edit: Edit) -> Bench:
    """The step right behind another, or at the very beginning. Its position stays its own."""
    places = places_meant(bench, edit)
    moved = tuple(bench.steps[place] for place in places)
    rest = tuple(step for step in bench.steps if step not in moved)
    at = behind(bench.with_steps(rest), edit)
    why = because("hand-moved", zone=moved[0].first.zone)
    told = tuple(step.saying(why) for step in moved)
    return bench.with_steps((*rest[:at], *told, *rest[at:])).saying(why)


def behind(bench: Bench, edit: Edit) -> int:
    """The place right behind the step ``after``. Raises ``NotThere`` without it."""
    if not edit.after:
        return 0
    return 1 + max(places_meant(bench, replace(edit, step=edit.after)))


def remove(bench: Bench, edit: Edit) -> Bench:
    """The step left out, and said so. The last step of the main part cannot go: nothing that the stage is for would be left."""
    places = places_meant(bench, edit)
    kept = tuple(step for place, step in enumerate(bench.steps) if place not in places)
    if not any(step.first.part == "main" for step in kept):
        raise Refused("target-gone", bench.row_number(places[0]))
    gone = tuple(bench.steps[place].first for place in places)
    whys = tuple(because("hand-removed", zone=row.zone, side=row.side) for row in gone)
    omitted = tuple(Omission("zone", row.zone, row.side, why) for row, why in zip(gone, whys, strict=True))
    return bench.with_steps(kept).saying(*whys, omitted=omitted)


# Pressure and tempo ---------------------------------------------------------------------------------------------------------
def press(bench: Bench, edit: Edit) -> Bench:
    """The step, or one family of it, at another level, each row within what its technique is done at.

    What earlier sessions take off here comes on top: where it hurt a hand never presses harder than the plan, and a level that was
    lowered by hand goes down with it.
    """
    for place in places_meant(bench, edit):
        bench = _press_one(bench, place, edit)
    return bench


def _press_one(bench: Bench, place: int, edit: Edit) -> Bench:
    step = bench.steps[place]
    picked = tuple(row for row in step.rows if row.family == edit.family or not edit.family)
    if not picked:
        raise NotThere
    if not any(low <= edit.value <= min(high, HIGHEST) for low, high in (_range(bench, row) for row in picked)):
        number = bench.row_number(place)
        raise Refused("pressure-outside-technique", number, technique=picked[0].technique, pressure=edit.value)
    built = _built_level(step, edit)
    why = because("hand-pressure", zone=step.first.zone, level=edit.value, built=built)
    if edit.family:
        why = because("hand-pressure-family", zone=step.first.zone, level=edit.value, family=edit.family, built=built)
    rows = tuple(
        replace(row, pressure=_level(bench, step, row, edit.value), because=(*row.because, why)) if row in picked else row
        for row in step.rows
    )
    return bench.with_step(place, step.with_rows(rows)).saying(why)


def _built_level(step: BenchStep, edit: Edit) -> int:
    """The strongest level that the plan itself gives there; a step that was added has none but its own."""
    return max((row.pressure for row in step.built or step.rows if row.family == edit.family or not edit.family), default=edit.value)


def _range(bench: Bench, row: Row) -> tuple[int, int]:
    low, high = bench.setting.library.techniques[row.technique].pressure
    return low, high


def _level(bench: Bench, step: BenchStep, row: Row, asked: int) -> int:
    """The level that a row takes when ``asked`` is wanted: its technique's range, the strokes' ceiling, what earlier sessions take off."""
    low, high = _range(bench, row)
    taken = taken_off(bench, row)
    highest = min(high, strike_ceiling(bench, row), HIGHEST)
    if taken < 0:
        highest = min(highest, max((old.pressure for old in step.built if old.family == row.family), default=highest))
    return max(1, min(max(asked + taken, low), highest))


def strike_ceiling(bench: Bench, row: Row) -> int:
    """The ceiling of strokes where the row works; no ceiling for other families."""
    if row.family != "percussion":
        return MAX_PRESSURE
    body = body_of(bench.setting.library)
    mask = body.mask_at(Place(row.zone, row.side)) & ~body.of_any(row.avoid)
    return percussion_pressure(bench.setting, body, mask)


def taken_off(bench: Bench, row: Row) -> int:
    """How many levels earlier sessions take off where the row works (0 or less)."""
    body, adaptation = body_of(bench.setting.library), bench.adaptation
    here = body.mask_at(Place(row.zone, row.side))
    marked = min((shift for place, shift in adaptation.zone_shifts if body.mask_at(place) & here), default=0)
    return min(0, marked) + min(0, adaptation.pressure_shift)


def quicken(bench: Bench, edit: Edit) -> Bench:
    """The step at another tempo, all its rows alike."""
    tempo = next((tempo for tempo in TEMPOS if tempo == edit.code), None)
    places = places_meant(bench, edit)
    if tempo is None:
        raise Refused("unknown-code", what=edit.code)
    for place in places:
        step = bench.steps[place]
        why = because("hand-tempo", zone=step.first.zone, tempo=tempo, built=(step.built or step.rows)[0].tempo)
        rows = tuple(replace(row, tempo=tempo, because=(*row.because, why)) for row in step.rows)
        bench = bench.with_step(place, step.with_rows(rows)).saying(why)
    return bench
