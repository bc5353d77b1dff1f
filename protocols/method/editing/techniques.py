"""Another technique in place of one that a step has: of the same family, or of one that the step does not have."""

from dataclasses import replace

from protocols.method.editing.bench import Bench, NotThere, Refused
from protocols.method.editing.simple import places_meant, strike_ceiling, taken_off
from protocols.method.edits import Edit
from protocols.method.entries import Technique
from protocols.method.places import Place
from protocols.method.plans import Omission, Row
from protocols.method.reasons import because
from protocols.method.vocabulary import FAMILIES, MIN_ROW_SECONDS


def swap(bench: Bench, edit: Edit) -> Bench:
    """The technique ``code`` for what the step has of ``family``, where it may be used; the rows in the order of the families."""
    technique = bench.setting.library.techniques.get(edit.code)
    places = places_meant(bench, edit)
    if technique is None:
        raise Refused("unknown-code", what=edit.code)
    for place in places:
        bench = _swap_one(bench, place, edit.family, technique)
    return bench


def _swap_one(bench: Bench, place: int, family: str, technique: Technique) -> Bench:
    step = bench.steps[place]
    if family not in step.families:
        raise NotThere
    if technique.family != family and technique.family in step.families:
        raise Refused("family-twice", bench.row_number(place), family=technique.family, zone=step.first.zone)
    old = next(row for row in step.rows if row.family == family)
    why = because("hand-technique", zone=step.first.zone, technique=technique.code, instead=old.technique)
    rows = tuple(with_technique(bench, row, technique, row.pressure) if row.family == family else row for row in step.rows)
    new = next(row for row in rows if row.technique == technique.code)
    if new.pressure > old.pressure and taken_off(bench, old) < 0:
        # Where it hurt no hand presses harder, not even because another technique is not done so lightly.
        raise Refused("pressure-too-strong", bench.row_number(place), pressure=new.pressure, zone=old.zone, limit=old.pressure)
    told = tuple(replace(new, because=(*new.because, why)) if new is not row else new for new, row in zip(rows, step.rows, strict=True))
    if technique.family == family:
        return bench.with_step(place, step.with_rows(told)).saying(why)
    left_out = Omission("family", family, None, why)
    return bench.with_step(place, step.with_rows(in_family_order(told))).saying(why, omitted=(left_out,))


def with_technique(bench: Bench, row: Row, technique: Technique, pressure: int) -> Row:
    """The row with another technique, on what is open to it of the place, at a pressure within its range and the ceilings there."""
    place = Place(row.zone, row.side)
    mask = bench.grounds.open_to(technique, place, bench.plan.number)
    new = replace(row, technique=technique.code, family=technique.family, avoid=bench.grounds.avoided(place, mask))
    low, high = technique.pressure
    highest = min(high, strike_ceiling(bench, new), bench.dose.pressure_max, bench.grounds.ceiling(place, mask, bench.plan.number))
    # A technique that is only done harder than the ceiling stays at its lowest: the check bars it and says which ceiling.
    return replace(new, pressure=max(min(pressure, highest), low))


def in_family_order(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Rows in the clinical order, one of each family; stroking where it was, and behind percussion too, as the builder has it."""
    strokes = [row for row in rows if row.family == "stroking"]
    merged: dict[str, Row] = {}
    for row in rows:
        if row.family != "stroking":
            same = merged.get(row.family)
            merged[row.family] = replace(same, seconds=same.seconds + row.seconds) if same else row
    others = [merged[family] for family in FAMILIES if family in merged]
    opens = rows[0].family == "stroking"
    if "percussion" in merged and opens and len(strokes) == 1:
        strokes = _halves(strokes[0])
        opens = len(strokes) > 1
    first = 1 if opens else 0
    return (*strokes[:first], *others, *strokes[first:])


def _halves(stroking: Row) -> list[Row]:
    """Stroking before and after; all of it after where a half would be under 15 s."""
    after = stroking.seconds // 2
    if after < MIN_ROW_SECONDS:
        return [stroking]
    return [replace(stroking, seconds=stroking.seconds - after), replace(stroking, seconds=after)]
