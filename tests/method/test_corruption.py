"""Plans that were built and then spoiled, one class of corruption at a time: the checker must see every one."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import pytest

from protocols.method.checking import check_plan, problems_of
from protocols.method.checking.body import body_of
from protocols.method.checking.steps import covered_by
from protocols.method.findings import FamilyOut, Limits, PlacesOut, PositionOut, PressureCap, TechniqueOut
from protocols.method.places import Place
from protocols.method.plans import Row, SessionPlan
from protocols.method.setting import Setting
from protocols.method.vocabulary import Outcome
from protocols.proving import narrowed, plans_of, settings, signatures
from tests.method.hand_made import WHY, with_limits
from tests.method.mirror import OTHER, mirrored
from tests.method.strategies import LIBRARY
from tests.method.test_checking import corrupted, with_row, with_rows


@cache
def sample() -> list[tuple[SessionPlan, Setting]]:
    """Plans of every condition, each under another effect."""
    everything, effects = settings(LIBRARY), signatures(LIBRARY)
    seen: dict[str, Setting] = {}
    for setting in everything:
        seen.setdefault(f"{setting.condition.code}/{setting.stage.code}", setting)
    picked = (narrowed(setting, effects[5 * number % len(effects)]) for number, setting in enumerate(seen.values()))
    made = [(plan, setting) for chosen in picked for plan, setting in plans_of(chosen) if plan.rows]
    return made[::2]


Spoiled = Iterator[tuple[SessionPlan, Setting]]


def rows_of(plan: SessionPlan) -> Iterator[tuple[int, Row]]:
    yield from enumerate(plan.rows)


def swapped_side(plan: SessionPlan, setting: Setting) -> Spoiled:
    """All rows of a one-sided step on the other side, where the stage asks for one side only."""
    asked = {(row.zone, row.side) for row in plan.rows}
    for _, row in rows_of(plan):
        if row.side in OTHER and (row.zone, OTHER[row.side]) not in asked and (row.zone, "both") not in asked:
            turned = tuple(replace(mirrored(other), because=other.because) if other.step == row.step else other for other in plan.rows)
            if not _asked_on_both(setting, row):
                yield with_rows(plan, turned), setting
            return


def _asked_on_both(setting: Setting, row: Row) -> bool:
    body = body_of(LIBRARY)
    return any(
        not body.line(row.zone).isdisjoint({step.zone}) and step.side in ("both", "healthy", "concave", "convex")
        for step in setting.treatment.steps
    ) or row.zone not in {step.zone for step in setting.treatment.steps}


def longer_row(plan: SessionPlan, setting: Setting) -> Spoiled:
    assert plan.dose is not None
    number, row = next(rows_of(plan))
    yield with_row(plan, number, seconds=row.seconds + plan.dose.seconds - plan.total_seconds + 1), setting


def untold_second(plan: SessionPlan, setting: Setting) -> Spoiled:
    yield corrupted(plan, total_seconds=plan.total_seconds - 1), setting


def short_row(plan: SessionPlan, setting: Setting) -> Spoiled:
    for number, _ in rows_of(plan):
        yield with_row(plan, number, seconds=14), setting


def excluded_zone(plan: SessionPlan, setting: Setting) -> Spoiled:
    """One worked leaf place is excluded after all."""
    for number in (0, len(plan.rows) // 2, len(plan.rows) - 1):
        place = min(covered_by(plan.rows[number], body_of(LIBRARY)))
        yield plan, with_limits(setting, replace(setting.screening.limits, places_out=(PlacesOut(frozenset({place}), WHY),)))


def forgotten_avoid(plan: SessionPlan, setting: Setting) -> Spoiled:
    """A row that no longer avoids what is out or never worked."""
    out = {place for row in setting.screening.limits.places_out for place in row.places} | body_of(LIBRARY).never_worked
    for number, row in rows_of(plan):
        if body_of(LIBRARY).of_places(row.avoid) & out:
            yield with_row(plan, number, avoid=()), setting


def danger_zone(plan: SessionPlan, setting: Setting) -> Spoiled:
    yield with_row(plan, len(plan.rows) // 2, zone="groin", side="left", avoid=()), setting


def foreign_zone(plan: SessionPlan, setting: Setting) -> Spoiled:
    planned = {place.zone for row in plan.rows for place in covered_by(row, body_of(LIBRARY))}
    foreign = next(zone for zone in ("calf", "forearm", "head-scalp") if zone not in planned and not _in_stage(zone, setting))
    yield with_row(plan, len(plan.rows) // 2, zone=foreign, side="both", avoid=()), setting


def _in_stage(zone: str, setting: Setting) -> bool:
    roles = any(step.zone in LIBRARY.role_zones for step in setting.treatment.steps)
    line = body_of(LIBRARY).line(zone)
    return (roles and zone != "head-scalp") or any(step.zone in line for step in setting.treatment.steps)


def excluded_family(plan: SessionPlan, setting: Setting) -> Spoiled:
    for family in {row.family for row in plan.rows}:
        yield plan, with_limits(setting, replace(setting.screening.limits, families_out=(FamilyOut(family, None, WHY),)))


def excluded_technique(plan: SessionPlan, setting: Setting) -> Spoiled:
    for technique in {row.technique for row in plan.rows}:
        yield plan, with_limits(setting, replace(setting.screening.limits, techniques_out=(TechniqueOut(technique, None, WHY),)))


def other_family(plan: SessionPlan, setting: Setting) -> Spoiled:
    for number, row in rows_of(plan):
        yield (
            with_row(plan, number, technique=next(code for code, entry in LIBRARY.techniques.items() if entry.family != row.family)),
            setting,
        )


def percussion_slipped_in(plan: SessionPlan, setting: Setting) -> Spoiled:
    """A blow in a step that has none, in a session that has none."""
    if plan.dose is not None and not plan.dose.percussion:
        number = len(plan.rows) // 2
        yield with_row(plan, number, family="percussion", technique="percussion-tapping", tempo="neutral", pressure=2), setting


def raised_pressure(plan: SessionPlan, setting: Setting) -> Spoiled:
    for number, row in rows_of(plan):
        yield with_row(plan, number, pressure=row.pressure + 3), setting


def lowered_ceiling(plan: SessionPlan, setting: Setting) -> Spoiled:
    strongest = max(row.pressure for row in plan.rows)
    if strongest > 1:
        yield plan, with_limits(setting, replace(setting.screening.limits, pressure_caps=(PressureCap(strongest - 1, None, WHY),)))


def brisk_opening(plan: SessionPlan, setting: Setting) -> Spoiled:
    tempo = "tonic" if plan.rows[0].tempo != "tonic" else "calm"
    yield with_row(plan, 0, tempo=tempo), setting


def first_row_last(plan: SessionPlan, setting: Setting) -> Spoiled:
    if plan.rows[0].step != plan.rows[-1].step:
        yield with_rows(plan, (*plan.rows[1:], plan.rows[0])), setting


def families_turned_round(plan: SessionPlan, setting: Setting) -> Spoiled:
    """The rows of a step backwards; a step of stroking at both ends reads the same either way."""
    for step in {row.step for row in plan.rows}:
        rows = [row for row in plan.rows if row.step == step]
        others = [row for row in rows if row.family != "stroking"]
        if len(others) > 1:
            backwards = iter(reversed(rows))
            yield with_rows(plan, tuple(next(backwards) if row.step == step else row for row in plan.rows)), setting


def strange_position(plan: SessionPlan, setting: Setting) -> Spoiled:
    listed = (*setting.treatment.positions, *setting.treatment.positions_on_order)
    closed = next(code for code in LIBRARY.positions if code not in listed)
    for number, _ in rows_of(plan):
        yield with_row(plan, number, position=closed), setting


def excluded_position(plan: SessionPlan, setting: Setting) -> Spoiled:
    out = (PositionOut(plan.rows[0].position, WHY),)
    yield plan, with_limits(setting, replace(setting.screening.limits, positions_out=out))


def unreached(plan: SessionPlan, setting: Setting) -> Spoiled:
    """A one-sided row lying on that very side."""
    for number, row in rows_of(plan):
        if row.position.startswith("side-lying-") and row.side in OTHER:
            yield with_row(plan, number, position=f"side-lying-{row.side}"), setting


def dropped_omission(plan: SessionPlan, setting: Setting) -> Spoiled:
    """Without any omission, some place or family that is missing has no reason any more."""
    if any(row.kind == "zone" for row in plan.omissions):
        yield corrupted(plan, omissions=()), setting


def dropped_step(plan: SessionPlan, setting: Setting) -> Spoiled:
    """A main step taken out without a word, where no other step works its place."""
    body = body_of(LIBRARY)
    for step in {row.step for row in plan.rows if row.part == "main"}:
        kept = tuple(row for row in plan.rows if row.step != step)
        covered = frozenset(place for row in kept for place in covered_by(row, body))
        gone = frozenset(place for row in plan.rows if row.step == step for place in covered_by(row, body)) - covered
        told = body.of_places(Place(row.code, row.side or "both") for row in plan.omissions if row.kind == "zone")
        avoided = body.of_places(place for row in kept for place in row.avoid)
        if kept and gone - told - avoided:
            yield with_rows(plan, kept), setting
            return


def unexplained_row(plan: SessionPlan, setting: Setting) -> Spoiled:
    for number, _ in rows_of(plan):
        yield with_row(plan, number, because=()), setting


def unknown_codes(plan: SessionPlan, setting: Setting) -> Spoiled:
    for field in ("zone", "technique", "family", "position"):
        yield with_row(plan, 0, **{field: "no-such-code"}), setting


def refused_after_all(plan: SessionPlan, setting: Setting) -> Spoiled:
    for outcome in (Outcome.ABSOLUTE, Outcome.EMERGENCY):
        yield plan, replace(setting, screening=replace(setting.screening, outcome=outcome))


def started_after_all(plan: SessionPlan, setting: Setting) -> Spoiled:
    yield corrupted(plan, outcome=Outcome.DOCTOR, may_start=True), setting
    yield corrupted(plan, outcome=Outcome.CLEAR), with_limits(setting, replace(setting.screening.limits))


def older_patient(plan: SessionPlan, setting: Setting) -> Spoiled:
    if setting.age == 40 and not setting.treatment.minutes_by_age and not setting.screening.limits.minutes_caps:
        yield plan, replace(setting, age=80)


CLASSES: tuple[Callable[[SessionPlan, Setting], Spoiled], ...] = (
    swapped_side, longer_row, untold_second, short_row, excluded_zone, forgotten_avoid, danger_zone, foreign_zone, excluded_family,
    excluded_technique, other_family, percussion_slipped_in, raised_pressure, lowered_ceiling, brisk_opening, first_row_last,
    families_turned_round, strange_position, excluded_position, unreached, dropped_omission, dropped_step, unexplained_row, unknown_codes,
    refused_after_all, started_after_all, older_patient,
)  # fmt: skip


@pytest.mark.parametrize("spoil", CLASSES, ids=lambda spoil: spoil.__name__)
def test_every_corruption_of_a_built_plan_is_seen(spoil):
    tried, missed = 0, []
    for plan, setting in sample():
        assert plan.dose is not None
        for spoiled, seen_by in spoil(plan, setting):
            tried += 1
            if next(problems_of(spoiled, seen_by, dose=plan.dose), None) is None:
                missed.append((setting.condition.code, setting.stage.code, plan.number))
    assert tried >= 5, "nothing was spoiled"
    assert not missed, (len(missed), tried, missed[:5])


def test_the_sample_itself_is_sound():
    assert len(sample()) > 100
    assert Limits() == Limits()
    for plan, setting in sample():
        assert plan.dose is not None
        assert check_plan(plan, setting, dose=plan.dose) == ()
