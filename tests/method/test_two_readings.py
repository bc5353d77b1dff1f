"""Builder and checker read the library apart from each other, and read the same: the body, the bars, the steps and the doses.

Where both are wrong in the same way no plan shows it; where one of them is wrong, one of these tests does.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from itertools import product

import pytest

from protocols.method.checking import bars as checker_bars
from protocols.method.checking import body as checker_body
from protocols.method.checking import check_plan
from protocols.method.checking import doses as checker_doses
from protocols.method.checking.protocol import Protocol
from protocols.method.course import phase_of, plan_course
from protocols.method.findings import Limits, MinutesCap
from protocols.method.places import Place
from protocols.method.plans import NO_ADAPTATION, Adaptation
from protocols.method.reasons import because
from protocols.method.roles import stage_forbids_all
from protocols.method.session import body as builder_body
from protocols.method.session import builder
from protocols.method.session.bars import is_set
from protocols.method.setting import Setting
from protocols.method.vocabulary import Outcome, Side
from protocols.proving import narrowed, plans_of, settings, signatures
from tests.each import of_each
from tests.method.planned import LIBRARY
from tests.method.test_checking import corrupted

MASKS = builder_body.body_of(LIBRARY)
SETS = checker_body.body_of(LIBRARY)
SETTINGS = settings(LIBRARY)
SIDES: tuple[Side, ...] = ("left", "right", "both")
AGES = (0, 2, 3, 6, 7, 11, 12, 15, 16, 17, 18, 40, 59, 60, 64, 65, 74, 75, 90, 120)
WHY = because("rule-caps-minutes", rule="ca-01", minutes=10)


@cache
def first_settings() -> tuple[Setting, ...]:
    """One setting of each stage, a two-sided curve where there is one."""
    chosen: dict[tuple[str, str], Setting] = {}
    for setting in SETTINGS:
        key = (setting.condition.code, setting.stage.code)
        if key not in chosen or setting.inputs.get("curve_shape") == "s":
            chosen[key] = setting
    return tuple(chosen.values())


STAGES = first_settings()
named = pytest.mark.parametrize("setting", STAGES, ids=[f"{setting.condition.code}-{setting.stage.code}" for setting in STAGES])


def places(mask):
    return frozenset(MASKS.leaf_places(mask))


# Body -----------------------------------------------------------------------------------------------------------------------
@of_each("zone", LIBRARY.zones)
def test_a_zone_has_the_same_leaf_places_and_the_same_ancestors(zone):
    for side in SIDES:
        assert SETS.places(zone, side) == LIBRARY.tree.leaf_places(Place(zone, side)) == places(MASKS.of_zones((zone,), side))
    assert SETS.line(zone) == LIBRARY.tree.ancestors(zone)
    assert set(SETS.leaves(zone)) == set(LIBRARY.tree.leaves(zone))


def test_the_whole_body_and_what_is_never_worked_are_the_same():
    assert SETS.everywhere == LIBRARY.tree.all_places() == places(MASKS.everywhere)
    assert SETS.never_worked == LIBRARY.tree.always_out == places(MASKS.always_out)
    assert SETS.never_worked
    assert all(LIBRARY.zones[root].parent is None for root in SETS.roots)


@pytest.mark.parametrize("position", LIBRARY.positions.values(), ids=lambda position: position.code)
def test_a_position_reaches_the_same_zones(position):
    for code, zone in LIBRARY.zones.items():
        for side in SIDES if zone.paired else ("both",):
            place = Place(code, side)
            mask = MASKS.mask_at(place) & ~MASKS.always_out
            both = MASKS.mask_at(Place(code, "both")) & ~MASKS.always_out
            # The checker asks for half of the zone on both sides: on one side it is the same half.
            assert SETS.reaches(position, code, side) == (MASKS.reaches(position, place, mask) if mask else False), (code, side)
            assert bool(both) or not SETS.reaches(position, code, side)


@of_each("technique", LIBRARY.techniques.values(), ids=lambda technique: technique.code)
def test_a_technique_is_barred_for_everybody_on_the_same_places(technique):
    barred = frozenset[Place]().union(*(found for _, found in SETS.barred_for_all(technique)))
    assert barred | SETS.never_worked == SETS.everywhere - places(MASKS.allowed[technique.code])


def test_the_danger_map_caps_the_same_places_at_the_same_pressure():
    ceilings: dict[Place, int] = {}
    for level, mask, _ in MASKS.danger_caps:
        for place in places(mask):
            ceilings[place] = min(ceilings.get(place, 9), level)
    assert ceilings == SETS.pressure_ceilings
    assert set(ceilings.values()) <= {1, 2, 3, 4}
    stated = {row.pressure_max for row in LIBRARY.dangers.values() if row.extent == "zone" and row.pressure_max is not None}
    assert set(ceilings.values()) == stated


# Bars -----------------------------------------------------------------------------------------------------------------------
def both_readings(setting: Setting):
    """What each reading bars for each technique beyond what is barred for everybody."""
    checked = checker_bars.Bars(Protocol(setting, setting.treatment, 9), NO_ADAPTATION)
    ground = builder.lay_ground(setting, 9, NO_ADAPTATION)
    return checked, ground


@named
def test_a_stage_bars_the_same_techniques_on_the_same_places_at_every_age(setting):
    for age in (5, 14, 40, 70, 85):
        aged = replace(setting, age=age, screening=replace(setting.screening, facts={"patient.age": age}))
        for airway in (False, True):
            limits = replace(aged.screening.limits, airway_clearance=airway)
            narrow = replace(aged, screening=replace(aged.screening, limits=limits))
            checked, ground = both_readings(narrow)
            for technique in LIBRARY.techniques.values():
                of_checker = frozenset[Place]().union(*(found for _, found in checked.of(technique)))
                of_builder = places(
                    ground.protocol.against(technique) | ground.protocol.out | (MASKS.everywhere & ~MASKS.allowed[technique.code])
                )
                assert of_checker | SETS.never_worked == of_builder | SETS.never_worked, (age, airway, technique.code)


@named
def test_a_stage_caps_the_same_places_at_the_same_pressure(setting):
    checked, ground = both_readings(setting)
    for place in SETS.everywhere:
        bit = MASKS.mask((place,))
        level = min(cap.level for cap in ground.protocol.caps if cap.mask & bit)
        # A role zone of a cap is known to the builder by the step it belongs to.
        assert checked.ceiling(frozenset({place})) <= level
        if not any(row.zone in LIBRARY.role_zones for row in setting.treatment.pressure_max_at):
            assert checked.ceiling(frozenset({place})) == level, place


@named
def test_a_stage_forbids_the_same_places_wholly(setting):
    forbidden = Protocol(setting, setting.treatment, 9).forbidden
    whole = frozenset[Place]().union(*(found for row, found in forbidden if row.family == "all" and row.scope is None))
    assert whole == stage_forbids_all(LIBRARY, setting.condition, setting.stage, setting.inputs)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [(True, True), (False, False), (0, False), (1, True), (-1, False), (0.5, True), ((), False), (("a",), True), (None, False)],
)
def test_a_fact_bars_when_it_is_true_not_empty_or_above_nought(value, wanted):
    assert is_set(value) is checker_bars.is_set(value) is wanted


# Steps ----------------------------------------------------------------------------------------------------------------------
def summed(steps: Iterable[tuple[int, str, frozenset[Place], float, set[str]]]):
    """By row and zone: places, minutes and profiles together. Sides that one reading keeps apart come together."""
    found: dict[tuple[int, str], tuple[frozenset[Place], float, set[str]]] = {}
    for row, zone, worked, minutes, profiles in steps:
        before = found.get((row, zone), (frozenset[Place](), 0.0, set[str]()))
        found[row, zone] = (before[0] | worked, before[1] + minutes, before[2] | profiles)
    return found


@of_each("at", range(0, len(SETTINGS), 3))
def test_the_steps_of_a_stage_are_the_same_zones_sides_minutes_and_profiles(at):
    agree_on_steps(SETTINGS[at])


def agree_on_steps(setting: Setting) -> None:
    begun = {step.from_session for step in setting.treatment.steps} | {row.from_session for row in setting.treatment.variants}
    for number in sorted({1, 6, 30} | begun | {start - 1 for start in begun if start > 1}):
        ground = builder.lay_ground(setting, number, NO_ADAPTATION)
        open_now = (step for step in ground.steps if step.from_session <= number)
        built = summed((step.row, step.place.zone, LIBRARY.tree.leaf_places(step.place), step.minutes, {step.profile}) for step in open_now)
        rows = {id(row): number for number, row in enumerate(setting.treatment.steps)}
        told = (step for step in Protocol(setting, setting.treatment, number).asked if step.row.from_session <= number)
        asked = summed((rows[id(step.row)], step.zone, step.places, step.minutes, set(step.profiles)) for step in told)
        assert built.keys() == asked.keys()
        for key, (worked, minutes, profiles) in built.items():
            assert worked == asked[key][0], key
            assert minutes == pytest.approx(asked[key][1]), key
            # Palpation may name a part of a zone: then the checker knows of two mixes, and the builder takes the gentler.
            assert profiles <= asked[key][2], key
            assert profiles == asked[key][2] or profiles in ({"relaxing"}, {"neutral"}), key


@pytest.mark.parametrize("felt", ["paravertebral-thoracic", "paravertebral-thoracic-upper", "back", "scapula", "paravertebral-lumbar"])
@pytest.mark.parametrize("named", ["tense_convex_segments", "flaccid_concave_segments"])
def test_what_the_hand_finds_on_a_side_of_a_curve_gives_the_same_mix(named, felt):
    curved = (setting for setting in SETTINGS if setting.inputs.get("curve_shape") == "s" and setting.condition.code == "scoliosis")
    for setting in curved:
        agree_on_steps(replace(setting, inputs={**setting.inputs, named: (Place(felt, "both"),)}))


def test_where_palpation_names_a_part_the_checker_knows_both_mixes_and_where_it_names_all_only_the_gentler():
    setting = next(one for one in SETTINGS if one.inputs.get("curve_shape") == "s" and one.stage.code == "degree-2")

    def mixes(tense: str) -> set[tuple[str, ...]]:
        told = replace(setting, inputs={**setting.inputs, "tense_convex_segments": (Place(tense, "both"),)})
        asked = Protocol(told, told.treatment, 9).asked
        return {step.profiles for step in asked if step.role == "paravertebral-thoracic" and step.role_side == "convex"}

    (usual,) = mixes("calf")
    assert mixes("paravertebral-thoracic") == {("relaxing",)}
    assert mixes("paravertebral-thoracic-upper") == {("relaxing", *usual)}


def test_each_curve_has_its_own_side_also_in_a_zone_that_spans_both():
    curved = [one for one in SETTINGS if one.inputs.get("curve_shape") == "s"]
    setting = next(one for one in curved if one.inputs["convex_side"] != one.inputs["lumbar_convex_side"])
    thoracic, lumbar = setting.inputs["convex_side"], setting.inputs["lumbar_convex_side"]
    convex = Protocol(setting, setting.treatment, 9).places("back", "convex")
    assert Place("paravertebral-thoracic-upper", thoracic) in convex  # type: ignore[arg-type]
    assert Place("paravertebral-lumbar", lumbar) in convex  # type: ignore[arg-type]
    assert Place("paravertebral-lumbar", thoracic) not in convex  # type: ignore[arg-type]


def test_without_a_rule_for_curves_the_checker_takes_the_one_convex_side():
    setting = next(one for one in SETTINGS if one.inputs.get("convex_side") == "left" and one.inputs.get("curve_shape") == "c")
    plain = replace(setting, condition=replace(setting.condition, curve_sides=None))
    assert {place.side for place in Protocol(plain, plain.treatment, 9).places("gluteal", "convex")} == {"left"}
    assert {place.side for place in Protocol(plain, plain.treatment, 9).places("gluteal", "concave")} == {"right"}


# Target ---------------------------------------------------------------------------------------------------------------------
@named
def test_a_session_is_deferred_for_its_lost_zones_exactly_when_the_checker_would_refuse_it_otherwise(setting):
    zones = [signature for signature in signatures(LIBRARY) if signature.limits.places_out]
    for signature in zones:
        narrow = narrowed(setting, signature)
        for plan, _ in plans_of(narrow):
            told = {omission.because.code for omission in plan.omissions}
            assert plan.dose is not None
            milder = corrupted(plan, outcome=Outcome.MODIFY, may_start=False)
            found = {problem.code for problem in check_plan(milder, narrow, dose=plan.dose)}
            if "target-gone" in found:
                assert told & {"target-gone", "half-gone"}, signature.name
            # The builder sees more: positions, ends, and what this dose makes too short.
            if "target-gone" in told and not told & {"step-too-short", "no-position", "both-sides-affected"}:
                assert "target-gone" in found, signature.name


# Doses ----------------------------------------------------------------------------------------------------------------------
@of_each("of", range(1, 41))
def test_every_session_of_every_length_has_the_same_phase(of):
    for number in range(1, of + 1):
        assert phase_of(LIBRARY.course, number, of) == checker_doses.phase_of(LIBRARY.course, number, of)


ADAPTATIONS = (
    NO_ADAPTATION,
    Adaptation(minutes_factor=0.7),
    Adaptation(rungs_down=1),
    Adaptation(rungs_down=2),
    Adaptation(rungs_down=3),
    Adaptation(minutes_factor=0.85, rungs_down=1),
)


def longest(setting, number, of, adaptation=NO_ADAPTATION):
    return checker_doses.longest_seconds(setting, setting.treatment, number, of, adaptation)


@named
def test_the_longest_dose_is_the_dose_at_every_age(setting):
    for age, of in product(AGES, (1, 5, 12)):
        aged = replace(setting, age=age)
        doses = [dose.seconds for dose in plan_course(aged, count=of).doses]
        assert doses == [longest(aged, number, of) for number in range(1, of + 1)], (age, of)


@named
def test_the_longest_dose_is_the_dose_after_findings_and_records(setting):
    for limits in (Limits(rungs_down=1), Limits(rungs_down=2), Limits(minutes_caps=(MinutesCap(7, WHY), MinutesCap(9, WHY)))):
        narrow = replace(setting, screening=replace(setting.screening, limits=limits))
        for adaptation in ADAPTATIONS:
            doses = plan_course(narrow, count=12, adaptation=adaptation).doses
            assert [dose.seconds for dose in doses] == [longest(narrow, dose.number, 12, adaptation) for dose in doses], adaptation


@named
def test_the_percussion_of_a_dose_is_what_phase_calm_beginning_and_age_leave(setting):
    named_for = (setting.treatment.percussion, *(row.percussion for row in setting.treatment.variants))
    on_order = any(row is not None and row.requires == "history.airway-clearance-prescribed" for row in named_for)
    for age, never in ((5, True), (9, True), (40, False), (85, None)):
        for airway in (False, True):
            limits = replace(setting.screening.limits, airway_clearance=airway)
            aged = replace(setting, age=age, screening=replace(setting.screening, limits=limits))
            row = checker_bars.age_row(LIBRARY.course.age_factor, age)
            if never is not None:
                assert (row.percussion == "never") is never
            barred = row.percussion == "never" and not (airway and on_order)
            for dose in plan_course(aged, count=12).doses:
                calm = dose.number <= setting.treatment.calm_until_session
                assert dose.percussion == (dose.phase == "working" and not calm and not barred), (age, airway, dose.number)
