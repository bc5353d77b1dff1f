"""The checker accepts good plans made by hand and sees each kind of corruption (method.md 3, invariants 1-11, 17, 19)."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from protocols.method.checking import SENTENCES, check_plan
from protocols.method.checking.problems import SENTENCES_BY_HAND
from protocols.method.findings import (
    FamilyOut,
    ForcedCalm,
    Limits,
    MinutesCap,
    Obstacle,
    PlacesOut,
    PositionOut,
    PressureCap,
    Screening,
    SupplementOut,
    TechniqueOut,
)
from protocols.method.places import Place
from protocols.method.plans import Adaptation, Dose, Omission, PlannedSupplement, Row, SessionPlan
from protocols.method.setting import Setting
from protocols.method.vocabulary import Outcome
from tests.each import of_each
from tests.method.hand_made import (
    ATTACK,
    ATTACK_DOSE,
    ATTACK_PLAN,
    BRISK,
    BRISK_DOSE,
    BRISK_PLAN,
    ONE_SIDED,
    ONE_SIDED_DOSE,
    ONE_SIDED_PLAN,
    WHY,
    a_plan,
    a_row,
    a_setting,
    with_limits,
)
from tests.method.mirror import mirrored

GOOD = ((ATTACK, ATTACK_PLAN, ATTACK_DOSE), (ONE_SIDED, ONE_SIDED_PLAN, ONE_SIDED_DOSE), (BRISK, BRISK_PLAN, BRISK_DOSE))
UPPER_STRIP = frozenset({Place("paravertebral-thoracic-upper", "left"), Place("paravertebral-thoracic-upper", "right")})
TRAPEZIUS = frozenset({Place("trapezius-upper", "left"), Place("trapezius-upper", "right")})


def codes(plan: SessionPlan, setting: Setting, dose: Dose, **more: object) -> set[str]:
    return {problem.code for problem in check_plan(plan, setting, dose=dose, **more)}  # type: ignore[arg-type]


def corrupted(plan: SessionPlan, **more: object) -> SessionPlan:
    """The plan with fields changed behind the back of its own checks, as a stored or hand-made plan might be."""
    twin = object.__new__(SessionPlan)
    for name in SessionPlan.__dataclass_fields__:
        object.__setattr__(twin, name, more.get(name, getattr(plan, name)))
    return twin


def with_row(plan: SessionPlan, number: int, **more: object) -> SessionPlan:
    """The plan with one row changed, its total and positions told rightly."""
    twin = object.__new__(Row)
    for name in Row.__dataclass_fields__:
        object.__setattr__(twin, name, more.get(name, getattr(plan.rows[number], name)))
    return with_rows(plan, (*plan.rows[:number], twin, *plan.rows[number + 1 :]))


def with_rows(plan: SessionPlan, rows: tuple[Row, ...]) -> SessionPlan:
    positions = tuple(dict.fromkeys(row.position for row in rows))
    return corrupted(plan, rows=rows, total_seconds=sum(row.seconds for row in rows), positions=positions)


@pytest.mark.parametrize(("setting", "plan", "dose"), GOOD)
def test_a_good_plan_made_by_hand_has_no_problem(setting, plan, dose):
    assert check_plan(plan, setting, dose=dose) == ()


# Corrupted plans ------------------------------------------------------------------------------------------------------------
def brisk(number: int, **more: object) -> Callable[[], set[str]]:
    return lambda: codes(with_row(BRISK_PLAN, number, **more), BRISK, BRISK_DOSE)


def attack(number: int, **more: object) -> Callable[[], set[str]]:
    return lambda: codes(with_row(ATTACK_PLAN, number, **more), ATTACK, ATTACK_DOSE)


def attack_plan(**more: object) -> Callable[[], set[str]]:
    return lambda: codes(corrupted(ATTACK_PLAN, **more), ATTACK, ATTACK_DOSE)


def reordered(plan: SessionPlan, *order: int) -> SessionPlan:
    return with_rows(plan, tuple(plan.rows[number] for number in order))


CORRUPTIONS: tuple[tuple[str, Callable[[], set[str]]], ...] = (
    ("unknown-code", attack(1, zone="back-of-beyond")),
    ("unknown-code", attack(1, technique="stroking-magic")),
    ("unknown-code", attack(1, position="standing")),
    ("unknown-code", attack(1, family="cupping")),
    ("unknown-code", attack(1, avoid=(Place("tail", "both"),))),
    ("unknown-code", attack_plan(omissions=(Omission("zone", "tail", None, WHY),))),
    ("unknown-code", attack_plan(supplements=(PlannedSupplement("leeches", 60),))),
    ("total-differs", attack_plan(total_seconds=601)),
    ("over-dose", attack(1, seconds=145)),
    ("dose-mismatch", attack_plan(number=2)),
    ("dose-mismatch", attack_plan(of=5)),
    ("dose-mismatch", attack_plan(phase="taper")),
    ("position-not-listed", attack_plan(positions=())),
    ("row-too-short", attack(3, seconds=14)),
    ("step-too-short", attack(0, seconds=29)),
    ("step-stretched", lambda: codes(with_row(with_row(ATTACK_PLAN, 0, seconds=91), 1, seconds=110), ATTACK, ATTACK_DOSE)),
    ("row-unexplained", attack(1, because=())),
    ("nothing-worked", attack(1, avoid=(Place("paravertebral-thoracic-upper", "both"),))),
    ("side-wrong", lambda: codes(with_row(ONE_SIDED_PLAN, 13, side="left"), ONE_SIDED, ONE_SIDED_DOSE)),
    ("zone-not-planned", attack(4, zone="calf")),
    ("technique-of-other-family", attack(1, technique="vibration-labile")),
    ("technique-never", brisk(2, technique="kneading-felting")),
    ("stage-forbids", attack(2, family="kneading", technique="kneading-circular")),
    ("stage-forbids", attack(3, technique="vibration-shaking")),
    ("stage-forbids", attack(1, zone="gluteal")),
    (
        "family-not-planned",
        lambda: codes(with_row(ONE_SIDED_PLAN, 1, family="kneading", technique="kneading-circular"), ONE_SIDED, ONE_SIDED_DOSE),
    ),
    ("percussion-policy", brisk(4, zone="paravertebral-thoracic-lower")),
    ("percussion-policy", brisk(4, technique="percussion-hacking")),
    ("percussion-strong", brisk(4, pressure=3)),
    ("percussion-last", lambda: codes(with_rows(BRISK_PLAN, (*BRISK_PLAN.rows[:5], BRISK_PLAN.rows[6])), BRISK, BRISK_DOSE)),
    ("percussion-unprepared", lambda: codes(reordered(BRISK_PLAN, 0, 3, 4, 5, 6), BRISK, BRISK_DOSE)),
    ("danger-map", lambda: codes(with_row(BRISK_PLAN, 4, zone="lumbar"), BRISK, BRISK_DOSE)),
    ("breathing-place", brisk(3, zone="sacrum", family="breathing-assist", technique="breathing-assist-vibration")),
    ("points-off", attack(3, family="points", technique="points-slow-press")),
    ("pressure-too-strong", attack(2, pressure=3)),
    ("pressure-outside-technique", brisk(0, pressure=3)),
    ("pressure-outside-technique", brisk(2, pressure=1)),
    ("kneading-at-level-1", brisk(2, pressure=1)),
    ("tempo-unfit", brisk(4, tempo="calm")),
    ("tempo-not-planned", attack(1, tempo="tonic")),
    ("not-stroking-first", attack(0, family="rubbing", technique="rubbing-circular")),
    ("not-stroking-last", attack(7, family="rubbing", technique="rubbing-circular")),
    ("opens-without-stroking", lambda: codes(with_row(with_row(ONE_SIDED_PLAN, 0, seconds=60), 1, seconds=60), ONE_SIDED, ONE_SIDED_DOSE)),
    (
        "closes-without-stroking",
        lambda: codes(with_row(with_row(ONE_SIDED_PLAN, 24, seconds=60), 25, seconds=60), ONE_SIDED, ONE_SIDED_DOSE),
    ),
    ("rows-scattered", attack(2, position="side-lying-left")),
    ("rows-scattered", attack(2, tempo="neutral")),
    ("rows-scattered", lambda: codes(reordered(ATTACK_PLAN, 0, 1, 4, 5, 6, 2, 3, 7), ATTACK, ATTACK_DOSE)),
    ("part-order", lambda: codes(reordered(ATTACK_PLAN, 1, 2, 3, 0, 4, 5, 6, 7), ATTACK, ATTACK_DOSE)),
    ("family-order", lambda: codes(reordered(ATTACK_PLAN, 0, 1, 3, 2, 4, 5, 6, 7), ATTACK, ATTACK_DOSE)),
    ("family-order", lambda: codes(reordered(ATTACK_PLAN, 0, 2, 1, 3, 4, 5, 6, 7), ATTACK, ATTACK_DOSE)),
    ("family-twice", attack(3, family="rubbing", technique="rubbing-circular")),
    ("position-not-allowed", attack(0, position="sitting")),
    ("position-does-not-reach", lambda: codes(with_row(BRISK_PLAN, 0, position="supine"), BRISK, BRISK_DOSE)),
    ("zone-unexplained", lambda: codes(replace(BRISK_PLAN, omissions=BRISK_PLAN.omissions[:-1]), BRISK, BRISK_DOSE)),
    ("family-unexplained", attack_plan(omissions=())),
    ("refused-without-reason", attack_plan(rows=(), total_seconds=0, omissions=(), may_start=False)),
    ("may-not-start", attack_plan(rows=(), total_seconds=0)),
    ("may-not-start", attack_plan(outcome=Outcome.DEFER)),
    ("supplement-not-planned", attack_plan(supplements=(PlannedSupplement("vacuum", 180),))),
    (
        "supplement-dose",
        lambda: codes(corrupted(ATTACK_PLAN, supplements=(PlannedSupplement("connective-tissue", 60),)), ATTACK, ATTACK_DOSE),
    ),
    ("segmental-order", attack_plan(supplements=(PlannedSupplement("segmental", 60, levels=("T12", "L1")),))),
)


@of_each(("code", "found"), CORRUPTIONS, ids=[f"{number}-{code}" for number, (code, _) in enumerate(CORRUPTIONS)])
def test_the_checker_sees_each_kind_of_corruption(code, found):
    assert code in found()


# Under findings -------------------------------------------------------------------------------------------------------------
UNDER_LIMITS = (
    ("zone-excluded", Limits(places_out=(PlacesOut(frozenset({Place("trapezius-upper", "left")}), WHY),))),
    ("family-excluded", Limits(families_out=(FamilyOut("vibration", None, WHY),))),
    ("family-excluded", Limits(families_out=(FamilyOut("rubbing", UPPER_STRIP, WHY),))),
    ("technique-excluded", Limits(techniques_out=(TechniqueOut("rubbing-circular", None, WHY),))),
    ("technique-excluded", Limits(techniques_out=(TechniqueOut("rubbing-circular", UPPER_STRIP, WHY),))),
    ("pressure-too-strong", Limits(pressure_caps=(PressureCap(1, None, WHY),))),
    ("pressure-too-strong", Limits(pressure_caps=(PressureCap(1, UPPER_STRIP, WHY),))),
    ("dose-too-long", Limits(minutes_caps=(MinutesCap(9, WHY),))),
    ("dose-too-long", Limits(rungs_down=1)),
    ("position-excluded", Limits(positions_out=(PositionOut("prone", WHY),))),
    ("target-gone", Limits(places_out=(PlacesOut(UPPER_STRIP | TRAPEZIUS, WHY),))),
)


@pytest.mark.parametrize(("code", "limits"), UNDER_LIMITS)
def test_a_plan_made_before_a_finding_is_refused_after_it(code, limits):
    assert code in codes(ATTACK_PLAN, with_limits(ATTACK, limits), ATTACK_DOSE)


def test_a_plan_below_the_outcome_of_the_screening_is_refused():
    assert "outcome-too-mild" in codes(ATTACK_PLAN, with_limits(ATTACK, Limits()), ATTACK_DOSE)


@pytest.mark.parametrize("outcome", [Outcome.ABSOLUTE, Outcome.EMERGENCY])
def test_no_steps_under_absolute_or_emergency(outcome):
    setting = replace(ATTACK, screening=replace(ATTACK.screening, outcome=outcome))
    assert {"rows-under-refusal", "may-not-start", "outcome-too-mild"} <= codes(ATTACK_PLAN, setting, ATTACK_DOSE)


def test_no_steps_at_a_barred_stage():
    setting = a_setting("soft-tissue-injury", "acute", affected_side="left", region="knee")
    assert "rows-under-refusal" in codes(ATTACK_PLAN, setting, ATTACK_DOSE)


def test_a_plan_may_not_start_while_something_is_in_the_way():
    screening = replace(ATTACK.screening, obstacles=(Obstacle("fact", "today.consent", WHY),))
    assert codes(ATTACK_PLAN, replace(ATTACK, screening=screening), ATTACK_DOSE) == {"may-not-start"}


def test_a_forced_calm_bars_percussion_and_other_tempos_and_says_replanned():
    setting = with_limits(BRISK, Limits(calm=(ForcedCalm(None, WHY),)))
    found = codes(replace(BRISK_PLAN, outcome=Outcome.MODIFY), setting, BRISK_DOSE)
    assert {"tempo-not-calm", "tempo-unfit", "kneading-not-halved", "replanned-differs"} <= found


def test_a_fact_that_a_technique_avoids_bars_it():
    screening = replace(ATTACK.screening, facts={"history.fracture-zones": (Place("trapezius-upper", "left"),)})
    plan = with_row(ATTACK_PLAN, 6, technique="vibration-stable")
    assert codes(plan, replace(ATTACK, screening=screening), ATTACK_DOSE) == {"technique-avoided"}
    assert codes(plan, ATTACK, ATTACK_DOSE) == set()


def test_a_fact_that_is_true_bars_a_technique_everywhere():
    screening = replace(BRISK.screening, facts={"history.osteoporosis": True})
    plan = with_row(BRISK_PLAN, 2, technique="kneading-pressing")
    assert codes(plan, replace(BRISK, screening=screening), BRISK_DOSE) == {"technique-avoided"}


# Phase, age, session --------------------------------------------------------------------------------------------------------
def test_no_percussion_in_build_up_and_taper():
    dose = replace(BRISK_DOSE, number=2, phase="build-up", seconds=840)
    assert "percussion-closed" in codes(replace(BRISK_PLAN, number=2, phase="build-up", dose=dose), BRISK, dose)


def test_a_dose_without_percussion_has_none():
    dose = replace(BRISK_DOSE, percussion=False)
    assert codes(replace(BRISK_PLAN, dose=dose), BRISK, dose) == {"percussion-closed"}


@pytest.mark.parametrize(
    ("age", "code"), [(9, "percussion-age"), (80, "percussion-age"), (80, "dose-too-long"), (9, "pressure-too-strong")]
)
def test_age_caps_percussion_pressure_and_minutes(age, code):
    assert code in codes(BRISK_PLAN, replace(BRISK, age=age), BRISK_DOSE)


def test_a_light_age_admits_light_techniques_only():
    plan = with_row(BRISK_PLAN, 4, technique="percussion-quilting")
    assert "percussion-age" in codes(plan, replace(BRISK, age=70), BRISK_DOSE)


def test_pressure_falls_in_build_up():
    dose = replace(ATTACK_DOSE, number=1, phase="build-up", seconds=360)
    plan = replace(ATTACK_PLAN, number=1, phase="build-up", dose=None)
    assert "pressure-too-strong" in codes(plan, ATTACK, dose)


def test_low_comfort_lowers_pressure_of_the_session_and_of_a_marked_zone():
    assert "pressure-too-strong" in codes(ATTACK_PLAN, ATTACK, ATTACK_DOSE, adaptation=Adaptation(pressure_shift=-1))
    marked = Adaptation(zone_shifts=((Place("trapezius-upper", "left"), -1),))
    problems = check_plan(ATTACK_PLAN, ATTACK, dose=ATTACK_DOSE, adaptation=marked)
    assert {(problem.code, problem.row) for problem in problems} == {("pressure-too-strong", row) for row in (4, 5, 6)}


def test_fewer_minutes_and_left_out_techniques_of_an_adaptation_bind():
    assert "dose-too-long" in codes(ATTACK_PLAN, ATTACK, ATTACK_DOSE, adaptation=Adaptation(minutes_factor=0.7))
    assert "dose-too-long" in codes(ATTACK_PLAN, ATTACK, ATTACK_DOSE, adaptation=Adaptation(rungs_down=1))
    assert "technique-left-out" in codes(ATTACK_PLAN, ATTACK, ATTACK_DOSE, adaptation=Adaptation(leave_out=("rubbing-circular",)))


def test_a_repeated_load_binds_the_sessions_after_it():
    repeated = Adaptation(action="repeat", repeat_load_of=1)
    assert "dose-too-long" in codes(ATTACK_PLAN, ATTACK, ATTACK_DOSE, adaptation=repeated)
    for number in (0, ATTACK_DOSE.number):
        assert "dose-too-long" not in codes(ATTACK_PLAN, ATTACK, ATTACK_DOSE, adaptation=replace(repeated, repeat_load_of=number))


def test_a_family_waits_for_its_session():
    dose = replace(ONE_SIDED_DOSE, number=3, phase="build-up", seconds=960, pressure_shift=-1)
    found = check_plan(replace(ONE_SIDED_PLAN, number=3, phase="build-up", dose=None), ONE_SIDED, dose=dose)
    assert {problem.row for problem in found if problem.code == "family-too-early"} == {18, 22}


# Sides ----------------------------------------------------------------------------------------------------------------------
def test_the_affected_side_never_comes_before_the_healthy_side():
    plan = reordered(ONE_SIDED_PLAN, *range(6), *range(16, 20), *range(9, 16), *range(6, 9), *range(20, 26))
    assert "healthy-before-affected" in codes(plan, ONE_SIDED, ONE_SIDED_DOSE)


def test_a_swapped_side_is_seen():
    plan = with_rows(ONE_SIDED_PLAN, mirrored(ONE_SIDED_PLAN.rows))
    assert "healthy-before-affected" in codes(plan, ONE_SIDED, ONE_SIDED_DOSE)


def test_lying_on_a_side_that_side_is_not_reached():
    plan = with_rows(ATTACK_PLAN, tuple(replace(row, side="left", position="side-lying-left") for row in ATTACK_PLAN.rows))
    assert "position-does-not-reach" in codes(plan, ATTACK, ATTACK_DOSE)


def test_the_limb_is_worked_from_near_to_far():
    setting = a_setting("limb-fracture", "post-immobilisation", affected_side="left", region="forearm")
    dose = Dose(5, 10, "working", seconds=900, pressure_shift=0, pressure_max=2, percussion=True)

    def step(number: int, part: str, zone: str, seconds: int) -> Row:
        avoid = (Place("cubital-fossa", "left"),) if zone == "elbow" else ()
        return a_row(number, part, zone, "stroking-planar-superficial", seconds, side="left", position="supine", avoid=avoid)

    left_out = ("rubbing", "kneading", "vibration")
    near, site, far = step(1, "main", "upper-arm", 240), step(2, "main", "forearm", 360), step(3, "main", "hand", 180)
    first, last = step(0, "opening", "upper-arm", 60), step(4, "closing", "upper-arm", 60)
    assert codes(a_plan(dose, first, near, site, far, last, left_out=left_out), setting, dose) == set()
    assert "proximal-first" in codes(a_plan(dose, first, site, near, far, last, left_out=left_out), setting, dose)
    assert "proximal-first" in codes(a_plan(dose, first, near, far, site, last, left_out=left_out), setting, dose)


def test_a_zone_of_the_danger_map_is_never_worked():
    setting = a_setting("neck-collar", next(iter(a_setting("neck-collar", "calming").condition.stages)))
    plan = with_row(ATTACK_PLAN, 1, zone="neck-anterior")
    assert "zone-never-worked" in codes(plan, setting, ATTACK_DOSE)


# Supplements ----------------------------------------------------------------------------------------------------------------
CHOSEN = PlannedSupplement("points-inhibitory", 240, points=("bl60", "gb30"), because=(WHY,))


def test_a_supplement_of_the_stage_is_accepted_and_one_that_is_out_is_not():
    plan = replace(ATTACK_PLAN, supplements=(CHOSEN,), outcome=Outcome.MODIFY)
    assert codes(plan, ATTACK, ATTACK_DOSE) == set()
    whole = with_limits(ATTACK, Limits(supplements_out=(SupplementOut("points-inhibitory", None, None, WHY),)))
    point = with_limits(ATTACK, Limits(supplements_out=(SupplementOut("points-inhibitory", frozenset({"bl60"}), None, WHY),)))
    other = with_limits(ATTACK, Limits(supplements_out=(SupplementOut("points-inhibitory", frozenset({"li4"}), None, WHY),)))
    assert codes(plan, whole, ATTACK_DOSE) == codes(plan, point, ATTACK_DOSE) == {"supplement-excluded"}
    assert codes(plan, other, ATTACK_DOSE) == set()


def test_supplements_lie_under_the_cap_on_minutes():
    plan = replace(ATTACK_PLAN, supplements=(CHOSEN,), outcome=Outcome.MODIFY)
    assert codes(plan, with_limits(ATTACK, Limits(minutes_caps=(MinutesCap(14, WHY),))), ATTACK_DOSE) == set()
    assert codes(plan, with_limits(ATTACK, Limits(minutes_caps=(MinutesCap(13, WHY),))), ATTACK_DOSE) == {"supplements-over-cap"}


def test_a_fact_that_a_supplement_avoids_bars_it():
    setting = a_setting("bronchial-asthma", "between-attacks")
    facts = {"history.pregnant": True}
    screening = Screening(Outcome.CLEAR, (), (), (), Limits(), (), facts=facts)
    plan = corrupted(ATTACK_PLAN, supplements=(PlannedSupplement("imaz", 1800),))
    assert "supplement-avoided" in codes(plan, replace(setting, screening=screening), ATTACK_DOSE)
    assert "supplement-excluded" in codes(plan, replace(setting, age=70), ATTACK_DOSE)


# Edited by hand -------------------------------------------------------------------------------------------------------------
def test_soft_rules_warn_in_a_plan_edited_by_hand_and_hard_limits_still_bar_it():
    longer = with_row(with_row(ATTACK_PLAN, 0, seconds=91), 1, seconds=110)
    soft = check_plan(longer, ATTACK, dose=ATTACK_DOSE, edited=True)
    assert {(problem.code, problem.severity) for problem in soft} == {("step-stretched", "warning")}
    added = check_plan(with_row(ATTACK_PLAN, 4, zone="calf"), ATTACK, dose=ATTACK_DOSE, edited=True)
    assert ("zone-not-planned", "warning") in {(problem.code, problem.severity) for problem in added}
    barred = check_plan(with_row(ATTACK_PLAN, 4, zone="gluteal"), ATTACK, dose=ATTACK_DOSE, edited=True)
    assert ("stage-forbids", "error") in {(problem.code, problem.severity) for problem in barred}


def test_rules_of_order_keep_their_severity_in_a_plan_edited_by_hand():
    families = check_plan(reordered(ATTACK_PLAN, 0, 1, 3, 2, 4, 5, 6, 7), ATTACK, dose=ATTACK_DOSE, edited=True)
    assert {(problem.code, problem.severity) for problem in families} == {("family-order", "warning")}
    sides = reordered(ONE_SIDED_PLAN, *range(6), *range(16, 20), *range(9, 16), *range(6, 9), *range(20, 26))
    found = check_plan(sides, ONE_SIDED, dose=ONE_SIDED_DOSE, edited=True)
    assert ("healthy-before-affected", "error") in {(problem.code, problem.severity) for problem in found}


def test_every_problem_code_has_a_test_that_makes_it():
    made = {code for code, _ in CORRUPTIONS} | {code for code, _ in UNDER_LIMITS}
    elsewhere = {
        "outcome-too-mild", "rows-under-refusal", "may-not-start", "tempo-not-calm", "kneading-not-halved", "replanned-differs",
        "technique-avoided", "percussion-closed", "percussion-age", "technique-left-out", "family-too-early", "healthy-before-affected",
        "proximal-first", "zone-never-worked", "supplement-excluded", "supplements-over-cap", "supplement-avoided",
        "zone-barred", "technique-barred", "supplement-barred",
    }  # fmt: skip
    assert made | elsewhere == set(SENTENCES) - set(SENTENCES_BY_HAND)  # those are in test_checking_by_hand
