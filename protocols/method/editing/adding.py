"""A step that the protocol does not have. It is worked like any other: under the same bars, ceilings and positions, with its reasons."""

from itertools import pairwise

from protocols.method.editing.bench import Bench, BenchStep, Refused
from protocols.method.editing.grounds import Grounds
from protocols.method.editing.keys import ADDED
from protocols.method.editing.minutes import balanced, for_seconds, wanted_seconds
from protocols.method.editing.simple import HIGHEST, behind, taken_off
from protocols.method.editing.techniques import in_family_order, with_technique
from protocols.method.edits import Edit, NewStep
from protocols.method.entries import Technique
from protocols.method.places import Place
from protocols.method.plans import Omission, Row
from protocols.method.reasons import Reason, because
from protocols.method.roles import on_side
from protocols.method.vocabulary import FAMILIES, MIN_ROW_SECONDS, MIN_STEP_SECONDS

# Every family of a new step gets the same time; stroking before and behind percussion half of it each.
EVEN_SECONDS = 60


def add(bench: Bench, edit: Edit) -> Bench:
    """The new step behind ``after``, for ``value`` thousandths of the dose; with ``from_others`` the other main steps give its time."""
    new = edit.new
    if new is None or new.zone not in bench.setting.library.zones:
        raise Refused("unknown-code", what=new.zone if new else "-")
    if not edit.step.startswith(ADDED) or edit.step in bench.keys:
        raise Refused("unknown-code", what=edit.step)
    at = behind(bench, edit)
    place = on_side(bench.setting.library, new.zone, new.side)
    mask = bench.grounds.workable(place, bench.plan.number) or bench.grounds.body.mask_at(place)
    rows = _rows(bench, edit, new, _position(bench, place, mask, bench.steps[at - 1].rows[-1].position if at else ""))
    step = BenchStep(edit.step, rows, rows)
    why = because("hand-added", step=edit.step, zone=place.zone, side=place.side)
    left_out = _left_out(bench, step, mask)
    longer = bench.with_steps((*bench.steps[:at], step, *bench.steps[at:])).saying(why, omitted=left_out)
    return balanced(longer, (edit.step,), step.seconds) if edit.from_others else longer


def _left_out(bench: Bench, step: BenchStep, mask: int) -> tuple[Omission, ...]:
    """The families that the protocol has there and the new step has not: it may be read as a step of the protocol, so it says so."""
    grounds, part = bench.grounds, step.first.part
    steps = [one for one in grounds.at(bench.plan.number).steps if one.part == part]
    there = (one for one in steps if part != "main" or grounds.body.mask_at(one.place) & mask)
    mixes = {family for one in there for family in bench.setting.library.profiles[one.profile].shares}
    missing = [family for family in FAMILIES if family in mixes and family not in step.families]
    zone = step.first.zone
    return tuple(Omission("family", family, None, because("hand-family-left-out", family=family, zone=zone)) for family in missing)


def _rows(bench: Bench, edit: Edit, new: NewStep, position: str) -> tuple[Row, ...]:
    techniques = _techniques(bench, new)
    place = on_side(bench.setting.library, new.zone, new.side)
    told = (because("hand-added", step=edit.step, zone=place.zone, side=place.side), *_keep_off(bench, place))
    blank = {"step": 0, "part": new.part, "zone": place.zone, "side": place.side, "tempo": new.tempo, "position": position}
    plain = tuple(
        Row(**blank, family=one.family, technique=one.code, seconds=EVEN_SECONDS, pressure=1, because=told)  # type: ignore[arg-type]
        for one in techniques
    )
    # What earlier sessions take off there comes on top of what a hand asked for, as in every other step.
    pressure = max(1, min(new.pressure, HIGHEST) + taken_off(bench, plain[0]))
    rows = in_family_order(tuple(with_technique(bench, row, one, pressure) for row, one in zip(plain, techniques, strict=True)))
    return _timed(rows, wanted_seconds(bench.dose.seconds, edit.value))


def _techniques(bench: Bench, new: NewStep) -> tuple[Technique, ...]:
    """The techniques of the new step in the order of the families. Raises ``Refused`` for none, an unknown one, or two of a family."""
    found: list[Technique] = []
    for code in new.techniques:
        if code not in bench.setting.library.techniques:
            raise Refused("unknown-code", what=code)
        found.append(bench.setting.library.techniques[code])
    found.sort(key=lambda one: FAMILIES.index(one.family))
    for one, other in pairwise(found):
        if one.family == other.family:
            raise Refused("family-twice", family=one.family, zone=new.zone)
    if not found:
        raise Refused("nothing-worked", zone=new.zone)
    return tuple(found)


def _timed(rows: tuple[Row, ...], seconds: int) -> tuple[Row, ...]:
    """The rows with equal shares of so many seconds, stroking before and behind percussion taken together."""
    if seconds < MIN_STEP_SECONDS:
        raise Refused("step-too-short", seconds=seconds)
    if seconds < MIN_ROW_SECONDS * len(rows):
        raise Refused("row-too-short", seconds=seconds // len(rows))
    return for_seconds(rows, seconds)


def _position(bench: Bench, place: Place, mask: int, held: str) -> str:
    """The position of the step before if it reaches, else the first open one that does. Raises ``Refused`` when none does."""
    positions = bench.setting.library.positions
    codes = open_codes(bench.grounds)
    for code in (held, *codes):
        if code and bench.grounds.body.reaches(positions[code], place, mask):
            return code
    raise Refused("position-does-not-reach", zone=place.zone, side=place.side, position=held or next(iter(codes), "-"))


def open_codes(grounds: Grounds) -> tuple[str, ...]:
    """The positions of the stage in its order, with those on a doctor's order, without what stage and findings forbid."""
    treatment, limits = grounds.setting.treatment, grounds.setting.screening.limits
    barred = {out.position for out in limits.positions_out} | set(treatment.forbid_positions)
    ordered = treatment.positions_on_order if limits.positions_ordered else ()
    return tuple(code for code in (*treatment.positions, *ordered) if code not in barred)


def _keep_off(bench: Bench, place: Place) -> tuple[Reason, ...]:
    """The spots of the danger map and of findings under the hand, which every step there names."""
    body, here = bench.grounds.body, bench.grounds.body.mask_at(place)
    danger = tuple(because("danger-spot", danger=row.code, sources=row.sources) for mask, row in body.spots if mask & here)
    return (*danger, *(spot.because for spot in bench.setting.screening.limits.spots if body.of_any(spot.places) & here))
