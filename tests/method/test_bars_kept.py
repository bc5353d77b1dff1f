"""What referral or patient bar is never worked, always explained, and takes nothing else's place; the checker reads the bars by itself."""

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from protocols.method.case import Case
from protocols.method.checking import check_plan
from protocols.method.checking.body import body_of
from protocols.method.checking.steps import covered_by
from protocols.method.course import plan_course
from protocols.method.findings import Bar
from protocols.method.library import Library
from protocols.method.places import Place
from protocols.method.plans import NO_ADAPTATION, Dose, PlannedSupplement, SessionPlan
from protocols.method.reasons import because
from protocols.method.session import build_session
from protocols.method.setting import Setting
from protocols.method.vocabulary import Outcome
from protocols.oracle import forecast
from protocols.proving import barred, doses_of, judged, narrowed, plans_of, prove, together, zone_bars
from protocols.proving import settings as settings_of
from tests.each import of_each
from tests.method.hand_made import ATTACK, ATTACK_DOSE, ATTACK_PLAN
from tests.method.mirror import mirrored, mirrored_case, mirrored_library, shape
from tests.method.planned import LIBRARY, OPEN_STAGES, inputs_for, leaves, session_of, setting_of
from tests.method.strategies import cases, setting_or_none
from tests.method.test_barring import CONSENT, REFERRAL, bars
from tests.method.test_session_monotony import work_at

MIRROR = mirrored_library(LIBRARY)
BODY = body_of(LIBRARY)
usual = settings(deadline=None, max_examples=60)


@cache
def first_settings() -> tuple[Setting, ...]:
    """One setting of each stage."""
    chosen: dict[tuple[str, str], Setting] = {}
    for setting in settings_of(LIBRARY):
        chosen.setdefault((setting.condition.code, setting.stage.code), setting)
    return tuple(chosen.values())


FIRST = [pytest.param(setting, id=f"{setting.condition.code}/{setting.stage.code}") for setting in first_settings()]


def worked(plan: SessionPlan) -> frozenset[Place]:
    return frozenset(place for row in plan.rows for place in covered_by(row, BODY))


def under(setting: Setting, *found: Bar) -> Setting:
    return narrowed(setting, barred(LIBRARY, *found))


def approved(setting: Setting) -> tuple[SessionPlan, ...]:
    """One session of each phase, each of which the checker and the oracle have looked at."""
    plans = tuple(plan for plan, _ in plans_of(setting))
    breaches = [(plan.number, *judged(plan, setting)) for plan in plans if any(judged(plan, setting))]
    assert plans
    assert not breaches, breaches[:2]
    return plans


# Every zone, every technique --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("setting", FIRST)
def test_a_barred_zone_is_never_worked_in_any_stage_and_is_explained(setting):
    usually = [worked(plan) for plan, _ in plans_of(setting)]
    for signature in zone_bars(setting):
        zone = signature.bars[0].places[0].zone
        out = leaves(zone)
        for plan, before in zip(approved(narrowed(setting, signature)), usually, strict=True):
            assert not worked(plan) & out
            told = {omission.code for omission in plan.omissions if omission.because == REFERRAL and omission.kind == "zone"}
            if before & out:
                assert any(zone in LIBRARY.tree.leaves(code) for code in told), (zone, plan.number)


@pytest.mark.parametrize("setting", FIRST)
def test_a_barred_technique_is_never_used_in_any_stage_and_is_explained(setting):
    usually = [{row.technique for row in plan.rows} for plan, _ in plans_of(setting)]
    for code in sorted(set().union(*usually)):
        signature = barred(LIBRARY, Bar("consent", techniques=frozenset({code})))
        for plan, before in zip(approved(narrowed(setting, signature)), usually, strict=True):
            assert code not in {row.technique for row in plan.rows}
            if code in before:
                assert CONSENT in {reason for row in plan.rows for reason in row.because} | {row.because for row in plan.omissions}


@pytest.mark.parametrize("setting", FIRST)
def test_a_barred_family_and_a_lower_pressure_are_kept_in_every_stage(setting):
    for bar in (
        *(Bar("referral", families=frozenset({code})) for code in LIBRARY.families),
        *(Bar("consent", pressure_max=at) for at in (1, 2)),
    ):
        for plan in approved(under(setting, bar)):
            assert not bar.families & {row.family for row in plan.rows}
            assert all(row.pressure <= (bar.pressure_max or 5) for row in plan.rows)


@pytest.mark.parametrize("setting", FIRST)
def test_when_everything_is_barred_the_session_is_deferred_with_its_reason_and_is_no_error(setting):
    everywhere = tuple(Place(zone.code, "both") for zone in LIBRARY.zones.values() if zone.parent is None)
    for bar in (Bar("referral", everywhere), Bar("referral", families=frozenset({"stroking"}))):
        narrow = under(setting, bar)
        for plan, _ in plans_of(narrow):
            assert (plan.rows, plan.may_start, plan.outcome) == ((), False, Outcome.DEFER)
            assert plan.omissions
            assert not tuple(judged(plan, narrow))
        for dose in doses_of(narrow):
            assert forecast(narrow, dose, NO_ADAPTATION).steps is False


# Properties -------------------------------------------------------------------------------------------------------------------
def planned(case: Case, library: Library = LIBRARY) -> tuple[Setting, SessionPlan]:
    setting = setting_or_none(case, library)
    assume(setting is not None)
    assert setting is not None
    return setting, build_session(setting, dose=dose_of(setting, case), supplements=case.supplements)


def dose_of(setting: Setting, case: Case) -> Dose:
    return plan_course(setting, count=case.of).doses[case.number - 1]


@usual
@given(cases(milder=True), st.lists(bars(), max_size=2).map(tuple), bars())
def test_a_further_bar_never_adds_a_zone_a_family_pressure_or_time_and_never_lets_a_session_start(case, found, more):
    _, before = planned(replace(case, bars=found))
    setting, after = planned(replace(case, bars=(*found, more)))
    usually, left = work_at(before), work_at(after)
    assert left.keys() <= usually.keys()
    assert all(left[leaf][0] <= usually[leaf][0] and left[leaf][1] <= usually[leaf][1] for leaf in left)
    assert after.total_seconds <= before.total_seconds
    assert after.outcome >= before.outcome
    assert before.may_start or not after.may_start
    assert check_plan(after, setting, dose=dose_of(setting, case)) == ()


@usual
@given(cases(milder=True), st.lists(bars(), min_size=1, max_size=3).map(tuple), st.randoms(use_true_random=False))
def test_the_order_of_bars_leaves_the_plan_as_it_is(case, found, chance):
    setting, plan = planned(replace(case, bars=found))
    shuffled = list(found)
    chance.shuffle(shuffled)
    again, same = planned(replace(case, bars=tuple(shuffled)))
    assert same == plan
    assert again.screening == setting.screening


@usual
@given(cases(milder=True), st.lists(bars(), min_size=1, max_size=2).map(tuple))
def test_in_the_mirror_a_bar_changes_its_side_and_nothing_else(case, found):
    case = replace(case, bars=found)
    _, plan = planned(case)
    _, again = planned(replace(mirrored_case(case, MIRROR), bars=mirrored(found)), MIRROR)
    assert shape(again) == shape(mirrored(plan))


@usual
@given(cases(), st.lists(bars(), min_size=1, max_size=3).map(tuple))
def test_nothing_that_is_barred_is_ever_in_a_plan(case, found):
    setting, plan = planned(replace(case, bars=found))
    out = {place for bar in found for zone in bar.places for place in LIBRARY.tree.leaf_places(zone)}
    assert not worked(plan) & out
    for bar in found:
        assert not bar.families & {row.family for row in plan.rows}
        assert not bar.techniques & {row.technique for row in plan.rows}
        assert all(row.pressure <= (bar.pressure_max or 5) for row in plan.rows)
    assert check_plan(plan, setting, dose=dose_of(setting, case)) == ()


@usual
@given(st.sampled_from(first_settings()), st.lists(bars(), min_size=1, max_size=2).map(tuple))
def test_the_limits_of_a_bar_are_the_bar_and_no_more(setting, found):
    """The oracle reads limits too: one that is too wide would be believed by it, so the width is held here against the bars alone."""
    narrow = under(setting, *found)
    limits = narrow.screening.limits
    assert {place for out in limits.places_out for place in out.places} == set(
        BODY.of_places(place for bar in found for place in bar.places)
    )
    assert {out.family for out in limits.families_out} == set().union(*(bar.families for bar in found))
    assert {out.technique for out in limits.techniques_out} == set().union(*(bar.techniques for bar in found))
    assert (limits.minutes_caps, limits.calm, limits.positions_out, limits.rungs_down) == ((), (), (), 0)
    assert limits.variants_open == setting.screening.limits.variants_open


# Supplements ------------------------------------------------------------------------------------------------------------------
SUPPLEMENTED = [
    (condition, stage, row.supplement)
    for condition, stage in OPEN_STAGES
    for row in (LIBRARY.conditions[condition].stages[stage].treatment or pytest.fail("no treatment")).supplements
]


@pytest.mark.parametrize(("condition", "stage", "code"), sorted(set(SUPPLEMENTED)))
def test_a_barred_supplement_is_left_out_and_one_without_a_known_place_wherever_a_zone_is_barred(condition, stage, code):
    setting = replace(setting_of(condition, stage), age=40)
    named = session_of(under(setting, Bar("consent", supplements=frozenset({code}))), supplements=(code,))
    assert named.supplements == ()
    assert CONSENT in {row.because for row in named.omissions} or not session_of(setting, supplements=(code,)).supplements
    somewhere = session_of(under(setting, Bar("referral", (Place("calf", "left"),))), supplements=(code,))
    assert all(LIBRARY.supplements[row.supplement].supplement_class == "segmental" for row in somewhere.supplements)
    if not somewhere.supplements and session_of(setting, supplements=(code,)).supplements:
        assert because("barred-zone-supplement", supplement=code) in {row.because for row in somewhere.omissions}


SEGMENTAL = sorted({(condition, stage) for condition, stage, code in SUPPLEMENTED if code == "segmental"})
SPINE = ("sacrum", "paravertebral-lumbar", "paravertebral-thoracic-lower", "paravertebral-thoracic-upper", "nape", "occiput")


@pytest.mark.parametrize(("condition", "stage"), SEGMENTAL)
def test_segmental_work_keeps_off_barred_zones_beside_the_spine(condition, stage):
    setting = setting_of(condition, stage)
    before = session_of(setting, supplements=("segmental",)).supplements
    for zone in SPINE:
        narrow = under(setting, Bar("referral", (Place(zone, "both"),)))
        after = session_of(narrow, supplements=("segmental",))
        kept = {level for row in after.supplements for level in row.levels}
        assert kept <= {level for row in before for level in row.levels}
        told = {row.because for row in after.omissions if row.kind == "supplement"}
        assert kept == {level for row in before for level in row.levels} or told


# The checker reads the bars themselves -----------------------------------------------------------------------------------------
def with_bars(setting: Setting, *found: Bar) -> Setting:
    """The bars without the limits that they set: a screening that forgot them."""
    return replace(setting, screening=replace(setting.screening, bars=found))


def codes(plan: SessionPlan, *found: Bar) -> set[str]:
    return {problem.code for problem in check_plan(plan, with_bars(ATTACK, *found), dose=ATTACK_DOSE) if problem.severity == "error"}


def test_a_plan_that_works_a_barred_place_is_an_error():
    assert codes(ATTACK_PLAN) == set()
    assert codes(ATTACK_PLAN, Bar("referral")) == set()
    assert codes(ATTACK_PLAN, Bar("consent", (Place("calf", "both"),))) == set()
    assert "zone-barred" in codes(ATTACK_PLAN, Bar("consent", (Place("trapezius-upper", "left"),)))
    assert "zone-barred" in codes(ATTACK_PLAN, Bar("referral"), Bar("referral", (Place("back", "both"),)))
    assert "zone-excluded" not in codes(ATTACK_PLAN, Bar("referral", (Place("back", "both"),)))


def test_a_plan_without_its_target_because_of_bars_must_be_deferred():
    everywhere = tuple(Place(zone.code, "both") for zone in LIBRARY.zones.values() if zone.parent is None)
    assert "target-gone" in codes(ATTACK_PLAN, Bar("referral", everywhere))


def test_a_barred_technique_or_family_is_an_error():
    assert codes(ATTACK_PLAN, Bar("referral", techniques=frozenset({"rubbing-circular"}))) == {"technique-barred"}
    assert codes(ATTACK_PLAN, Bar("consent", families=frozenset({"vibration"}))) == {"technique-barred"}
    assert codes(ATTACK_PLAN, Bar("consent", families=frozenset({"kneading"}), techniques=frozenset({"rubbing-planar"}))) == set()


def test_more_pressure_than_a_bar_allows_is_an_error():
    assert codes(ATTACK_PLAN, Bar("referral", pressure_max=1)) == {"pressure-too-strong"}
    assert codes(ATTACK_PLAN, Bar("referral", pressure_max=2)) == codes(ATTACK_PLAN, Bar("referral", pressure_max=5)) == set()


def test_the_checker_bars_a_plan_edited_by_hand_too():
    hand = check_plan(ATTACK_PLAN, with_bars(ATTACK, Bar("consent", (Place("trapezius-upper", "left"),))), dose=ATTACK_DOSE, edited=True)
    assert ("zone-barred", "error") in {(problem.code, problem.severity) for problem in hand}


def beside(*supplements: PlannedSupplement) -> SessionPlan:
    return replace(ATTACK_PLAN, supplements=supplements)


def told_of(planned: PlannedSupplement, *found: Bar) -> bool:
    return "supplement-barred" in codes(beside(planned), *found)


def test_a_barred_supplement_is_an_error_and_so_is_one_without_a_place_where_a_zone_is_barred():
    cups = PlannedSupplement("vacuum", 180)
    assert not told_of(cups, Bar("referral", supplements=frozenset({"heat"})))
    assert told_of(cups, Bar("referral", supplements=frozenset({"vacuum"})))
    assert told_of(cups, Bar("referral", (Place("calf", "left"),)))
    assert not told_of(cups, Bar("referral", families=frozenset({"percussion"})))


@of_each(
    ("level", "zone", "meets"),
    [
        ("S2", "sacrum", True),
        ("S2", "paravertebral-lumbar", False),
        ("L5", "paravertebral-lumbar", True),
        ("L1", "paravertebral-lumbar", True),
        ("T11", "paravertebral-lumbar", True),
        ("T11", "paravertebral-thoracic-lower", True),
        ("T10", "paravertebral-lumbar", False),
        ("T7", "paravertebral-thoracic-lower", True),
        ("T6", "paravertebral-thoracic-lower", False),
        ("T6", "paravertebral-thoracic-upper", True),
        ("T1", "nape", False),
        ("C8", "nape", True),
        ("C7", "nape", True),
        ("C3", "nape", True),
        ("C3", "occiput", True),
        ("C2", "nape", False),
        ("C1", "occiput", True),
        ("L5-L4", "paravertebral-lumbar", True),
        ("S3-S1, L5-L4", "paravertebral-lumbar", True),
        ("X9", "calf", True),
        ("T4", "calf", False),
    ],
)
def test_the_checker_finds_for_itself_where_a_level_is_worked(level, zone, meets):
    planned = PlannedSupplement("segmental", 300, levels=(level,))
    assert told_of(planned, Bar("referral", (Place(zone, "both"),))) is meets


def test_a_level_is_worked_on_its_own_side_only_and_every_level_counts():
    left = PlannedSupplement("segmental", 300, side="left", levels=("T2", "L3"))
    assert told_of(left, Bar("referral", (Place("paravertebral-lumbar", "left"),)))
    assert not told_of(left, Bar("referral", (Place("paravertebral-lumbar", "right"),)))
    assert told_of(replace(left, side="both"), Bar("referral", (Place("paravertebral-lumbar", "right"),)))
    assert told_of(left, Bar("referral", (Place("paravertebral-thoracic-upper", "left"),)))


# The proof --------------------------------------------------------------------------------------------------------------------
def test_two_bars_bind_together_in_the_proof():
    setting = first_settings()[0]
    one, other = list(zone_bars(setting))[:2]
    both = together(one, other, LIBRARY.course.phases.max_down)
    assert both.bars == one.bars + other.bars
    assert both.limits.supplements_out == one.limits.supplements_out + other.limits.supplements_out
    assert prove(setting, both)[1] == ()
    assert narrowed(setting, both).screening.bars == both.bars


def test_each_planned_zone_is_barred_once_in_the_proof():
    setting = setting_of("osteochondrosis-lumbar", "subacute", **inputs_for(LIBRARY.conditions["osteochondrosis-lumbar"]))
    names = [signature.name for signature in zone_bars(setting)]
    assert names == sorted(set(names))
    assert "barred by referral sacrum" in names
