"""Whatever the builder would leave out under a finding, an age or a fact, the checker does not let pass in a plan made before."""

from dataclasses import replace

import pytest

from protocols.method.checking import check_plan
from protocols.method.checking.extras import _height
from protocols.method.course import plan_course
from protocols.method.findings import SupplementOut
from protocols.method.places import Place
from protocols.method.plans import PlannedSupplement, SessionPlan
from protocols.method.session import build_session
from protocols.method.session.supplements import UPWARDS
from protocols.method.setting import Setting
from tests.method.hand_made import ATTACK, ATTACK_DOSE, ATTACK_PLAN, WHY, a_setting
from tests.method.planned import LIBRARY, OPEN_STAGES, setting_of
from tests.method.test_checking import corrupted

WITH_SUPPLEMENTS = [
    (condition, stage)
    for condition, stage in OPEN_STAGES
    if LIBRARY.conditions[condition].stages[stage].treatment.supplements  # type: ignore[union-attr]
]
named = pytest.mark.parametrize(("condition", "stage"), WITH_SUPPLEMENTS)


def built(setting: Setting) -> SessionPlan:
    chosen = tuple(dict.fromkeys(row.supplement for row in setting.treatment.supplements))
    return build_session(setting, dose=plan_course(setting, count=12).doses[5], supplements=chosen)


def refused(plan: SessionPlan, setting: Setting) -> bool:
    """Whether the checker has something against the supplements of this plan."""
    assert plan.dose is not None
    found = {problem.code for problem in check_plan(plan, setting, dose=plan.dose)}
    return bool(found & {"supplement-excluded", "supplement-avoided", "supplement-not-planned", "supplement-dose"})


def told(plan: SessionPlan):
    return [(row.supplement, row.side, row.points, row.levels) for row in plan.supplements]


def agree(before: SessionPlan, setting: Setting) -> None:
    """The checker refuses the earlier plan exactly when a plan made now has not all that it had."""
    now = told(built(setting))
    gone = [row for row in told(before) if row not in now]
    assert refused(before, setting) == bool(gone), gone


def narrowed(setting: Setting, *outs: SupplementOut) -> Setting:
    limits = replace(setting.screening.limits, supplements_out=outs)
    return replace(setting, screening=replace(setting.screening, limits=limits))


@named
def test_a_supplement_that_is_out_as_a_whole_is_refused(condition, stage):
    setting = setting_of(condition, stage)
    before = built(setting)
    assert not refused(before, setting)
    for code in LIBRARY.supplements:
        agree(before, narrowed(setting, SupplementOut(code, None, None, WHY)))


@named
def test_a_point_that_is_out_is_refused(condition, stage):
    setting = setting_of(condition, stage)
    before = built(setting)
    for planned in before.supplements:
        for point in planned.points:
            agree(before, narrowed(setting, SupplementOut(planned.supplement, frozenset({point}), None, WHY)))
        others = frozenset(LIBRARY.points) - {point for row in before.supplements for point in row.points}
        assert not refused(before, narrowed(setting, SupplementOut(planned.supplement, others, None, WHY)))


@named
@pytest.mark.parametrize("zone", ["sacrum", "paravertebral-lumbar", "calf"])
def test_segmental_work_on_a_place_that_is_out_is_refused(condition, stage, zone):
    setting = setting_of(condition, stage)
    before = built(setting)
    for planned in before.supplements:
        # The checker looks at the levels of loin and sacrum; what of them reaches up to the ribs is the builder's.
        if any(level[0] in "LS" for level in planned.levels) or (planned.levels and zone == "calf"):
            agree(before, narrowed(setting, SupplementOut(planned.supplement, None, LIBRARY.tree.leaf_places(Place(zone, "both")), WHY)))
            other = "imaz" if planned.supplement != "imaz" else "segmental"
            elsewhere = SupplementOut(other, None, LIBRARY.tree.leaf_places(Place(zone, "both")), WHY)
            assert not refused(before, narrowed(setting, elsewhere))


@pytest.mark.parametrize(("age", "open_at"), [(17, False), (18, True), (60, True), (61, False)])
def test_a_supplement_is_open_from_its_first_to_its_last_year(age, open_at):
    setting = setting_of("bronchial-asthma", "between-attacks", age=40)
    before = corrupted(built(setting), supplements=(PlannedSupplement("imaz", 1800),))
    assert refused(before, replace(setting, age=age)) is not open_at
    assert ("imaz" in {row.supplement for row in built(replace(setting, age=age)).supplements}) is open_at


@pytest.mark.parametrize("word", ["imaz", "points-strong", "points", "vacuum"])
def test_what_the_stage_forbids_by_name_or_class_is_refused(word):
    setting = setting_of("bronchial-asthma", "between-attacks")
    treatment = replace(setting.treatment, forbid_supplements=(word,))
    forbidding = replace(setting, stage=replace(setting.stage, treatment=treatment))
    points = corrupted(built(setting), supplements=tuple(row for row in built(setting).supplements if row.points))
    intensive = corrupted(points, supplements=(PlannedSupplement("imaz", 1800),))
    assert refused(points, forbidding) is (word in ("points", "points-strong"))
    assert refused(intensive, forbidding) is (word == "imaz")
    agree(points, forbidding)


@named
def test_a_fact_that_a_supplement_avoids_is_heeded(condition, stage):
    setting = setting_of(condition, stage)
    before = built(setting)
    for planned in before.supplements:
        for fact in LIBRARY.supplements[planned.supplement].avoid_when:
            for value in (True, False, 0, 3):
                knowing = replace(setting.screening, facts={**setting.screening.facts, fact: value})
                agree(before, replace(setting, screening=knowing))


@pytest.mark.parametrize(("minutes", "wanted"), [(9, True), (10, False), (20, False), (21, True)])
def test_a_supplement_keeps_to_the_minutes_of_its_dose(minutes, wanted):
    setting = replace(ATTACK, stage=replace(ATTACK.stage, treatment=replace(ATTACK.treatment, supplements=())))
    plan = corrupted(ATTACK_PLAN, supplements=(PlannedSupplement("connective-tissue", 60 * minutes),))
    codes = {problem.code for problem in check_plan(plan, setting, dose=ATTACK_DOSE)}
    assert ("supplement-dose" in codes) is wanted
    assert "supplement-not-planned" in codes


def test_a_point_over_a_spot_that_is_never_worked_is_refused():
    point = next(code for code, row in LIBRARY.points.items() if row.caution == "popliteal")
    setting = a_setting("osteochondrosis-lumbar", "acute")
    plan = corrupted(ATTACK_PLAN, supplements=(PlannedSupplement("points-inhibitory", 240, points=(point,)),))
    assert "supplement-excluded" in {problem.code for problem in check_plan(plan, setting, dose=ATTACK_DOSE)}


def test_segments_lie_higher_from_the_sacrum_to_the_neck():
    heights = [_height(level) for level in UPWARDS]
    assert heights == sorted(heights)
    assert len(set(heights)) == len(heights)
    assert _height("L5-L4") == _height("L5")
    assert _height("by hand") < _height("L1")


@pytest.mark.parametrize(
    ("levels", "wanted"),
    [(("S2", "L5", "T12", "C8"), False), (("L4", "L5"), True), (("T12", "L1"), True), (("C8", "T1"), True), (("L5-L4", "L3"), False)],
)
def test_segmental_work_goes_upwards(levels, wanted):
    plan = corrupted(ATTACK_PLAN, supplements=(PlannedSupplement("segmental", 0, levels=levels),))
    codes = {problem.code for problem in check_plan(plan, ATTACK, dose=ATTACK_DOSE)}
    assert ("segmental-order" in codes) is wanted
