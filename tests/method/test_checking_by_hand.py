"""What the independent check sees in a plan edited by hand: limits that no hand crosses, and rules that a reason may set aside."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest

from protocols.method.checking import check_plan
from protocols.method.checking.asked import unanswered
from protocols.method.checking.body import body_of
from protocols.method.checking.problems import SENTENCES_BY_HAND
from protocols.method.course import plan_course
from protocols.method.entries import AllOf, Always, AnyOf, Comparison, Not
from protocols.method.findings import FamilyOut, ForcedCalm, Limits, PressureCap
from protocols.method.places import Place
from protocols.method.plans import NO_ADAPTATION, Adaptation, Dose, Row, SessionPlan
from protocols.method.reasons import because
from protocols.method.setting import Setting
from protocols.proving import narrowed, plans_of, settings, signatures
from tests.each import of_each
from tests.method.hand_made import ATTACK, ATTACK_DOSE, ATTACK_PLAN, ONE_SIDED, ONE_SIDED_DOSE, ONE_SIDED_PLAN, WHY, a_row, with_limits
from tests.method.planned import LIBRARY, leaves, session_of, setting_of
from tests.method.test_checking import corrupted, with_row, with_rows

Found = set[tuple[str, str]]
HARD, SOFT = "error", "warning"
FULL = 600  # seconds of the stage in the attack
TOUCHES = Comparison("plan.zones", "touches", ("abdomen",))


def found(plan: SessionPlan, setting: Setting, dose: Dose, adaptation: Adaptation = NO_ADAPTATION) -> Found:
    """Codes and severities that an edited plan brings."""
    problems = check_plan(replace_dose(plan, dose), setting, dose=dose, adaptation=adaptation, edited=True)
    return {(problem.code, problem.severity) for problem in problems}


def replace_dose(plan: SessionPlan, dose: Dose) -> SessionPlan:
    return corrupted(plan, dose=dose, number=dose.number, of=dose.of, phase=dose.phase)


def dosed(seconds: int, *, number: int = 3, of: int = 4, adaptation: Adaptation = NO_ADAPTATION, limits: Limits | None = None) -> Found:
    """The plan of the attack cut to a dose that somebody set by hand."""
    setting = with_limits(ATTACK, limits) if limits else ATTACK
    dose = replace(plan_course(setting, count=of, adaptation=adaptation).doses[number - 1], seconds=seconds)
    share = seconds / FULL
    rows = tuple(replace(row, seconds=max(30, int(row.seconds * share))) for row in ATTACK_PLAN.rows)
    return found(with_rows(corrupted(ATTACK_PLAN, outcome=setting.screening.outcome), rows), setting, dose, adaptation)


def attack(*rows: Row, keep: tuple[int, ...] = tuple(range(8)), **more: object) -> Found:
    """The plan of the attack with these rows of it, and more rows before the closing."""
    kept = [ATTACK_PLAN.rows[number] for number in keep]
    plan = with_rows(ATTACK_PLAN, (*(row for row in kept if row.part != "closing"), *rows, *(row for row in kept if row.part == "closing")))
    return found(corrupted(plan, **more), ATTACK, ATTACK_DOSE)


def only(code: str, all_of: Found) -> Found:
    return {pair for pair in all_of if pair[0] == code}


def relaxed_late() -> Found:
    """Stiff joint: the weak muscles are toned before the short ones are relaxed."""
    stiff = setting_of("joint-stiffness", "standard")
    plan = session_of(stiff)
    assert plan.dose is not None
    toned = [row for row in plan.rows if row.zone == "thigh-anterior"]
    rows = (
        *(row for row in plan.rows if row.part == "opening"),
        *toned,
        *(row for row in plan.rows if row.part == "main" and row not in toned),
    )
    return found(with_rows(plan, (*rows, *(row for row in plan.rows if row.part == "closing"))), stiff, plan.dose)


def turning() -> Found:
    rows = tuple(replace(row, position=("prone", "sitting")[row.step % 2]) for row in ONE_SIDED_PLAN.rows)
    return found(with_rows(ONE_SIDED_PLAN, rows), ONE_SIDED, ONE_SIDED_DOSE)


def pressed(level: int, **more: object) -> Found:
    """Session 1 of the attack's stage for a strong back, its second row pressed at a level."""
    return found(with_row(ONE_SIDED_PLAN, 4, pressure=level), ONE_SIDED, ONE_SIDED_DOSE, **more)  # type: ignore[arg-type]


STROKED = "stroking-planar-superficial"
BREATH = a_row(9, "main", "chest-lateral", "breathing-assist-vibration", 60)


def asked(zone: str, position: str, **facts: object) -> Found:
    """A zone added for a woman whose stage works only the face: what hangs on the zone was never asked."""
    palsy = setting_of("facial-palsy", "acute")
    known = {"patient.age": 40, "patient.sex": "female", **facts}
    face = replace(palsy, screening=replace(palsy.screening, facts=known))
    plan = session_of(palsy)
    assert plan.dose is not None
    return found(with_rows(plan, (*plan.rows[:-1], a_row(9, "main", zone, STROKED, 60, position=position), plan.rows[-1])), face, plan.dose)


def one_sided(*rows: Row, setting: Setting = ONE_SIDED, keep: Callable[[Row], bool] = lambda row: True) -> Found:
    kept = [row for row in ONE_SIDED_PLAN.rows if keep(row)]
    plan = with_rows(ONE_SIDED_PLAN, (*kept[:-2], *rows, *kept[-2:]))
    return found(plan, setting, replace(ONE_SIDED_DOSE, seconds=1200))


def other_dose() -> Found:
    """A plan whose own dose is not the one that it is checked with."""
    problems = check_plan(ATTACK_PLAN, ATTACK, dose=replace(ATTACK_DOSE, seconds=590), edited=True)
    return {(problem.code, problem.severity) for problem in problems}


def twice_opened() -> Found:
    return found(with_rows(ATTACK_PLAN, (replace(ATTACK_PLAN.rows[0], step=8), *ATTACK_PLAN.rows)), ATTACK, ATTACK_DOSE)


def calf_first() -> Found:
    rows = (*ONE_SIDED_PLAN.rows[:2], a_row(9, "main", "calf", STROKED, 30), *ONE_SIDED_PLAN.rows[2:])
    return found(with_rows(ONE_SIDED_PLAN, rows), ONE_SIDED, ONE_SIDED_DOSE)


def calmed() -> Found:
    return found(ONE_SIDED_PLAN, with_limits(ONE_SIDED, Limits(calm=(ForcedCalm(None, WHY),))), ONE_SIDED_DOSE)


MADE: tuple[tuple[str, str, Callable[[], Found]], ...] = (
    ("dose-too-short", HARD, lambda: dosed(290)),
    ("dose-too-strong", HARD, lambda: found(ATTACK_PLAN, ATTACK, replace(ATTACK_DOSE, pressure_max=3))),
    ("dose-too-long", HARD, lambda: dosed(601)),
    ("dose-mismatch", HARD, other_dose),
    ("dose-above-protocol", SOFT, lambda: dosed(500, number=1)),
    ("zone-local-barred", HARD, lambda: attack(a_row(9, "main", "paravertebral-thoracic-lower", STROKED, 30))),
    ("zone-unasked", HARD, lambda: asked("abdomen", "supine")),
    ("may-not-start", HARD, lambda: asked("calf", "prone")),
    ("breathing-not-here", HARD, lambda: one_sided(BREATH)),
    ("purpose-gone", HARD, lambda: attack(a_row(9, "main", "calf", STROKED, 300), keep=(0, 7))),
    ("purpose-halved", SOFT, lambda: one_sided(keep=lambda row: row.step in (0, 1, 2, 7))),
    ("session-shortened", SOFT, lambda: attack(keep=(0, 2, 7))),
    ("pressure-above-protocol", SOFT, lambda: found(ATTACK_PLAN, ATTACK, replace(ATTACK_DOSE, number=1, phase="build-up", seconds=600))),
    ("family-stretched", SOFT, lambda: found(with_row(with_row(ATTACK_PLAN, 1, seconds=96), 3, seconds=72), ATTACK, ATTACK_DOSE)),
    ("place-overworked", SOFT, lambda: attack(*(a_row(9, "main", "trapezius-upper", STROKED, 120),), keep=(0, 1, 2, 3, 4, 5, 6, 7))),
    ("part-missing", SOFT, lambda: attack(keep=tuple(range(1, 8)))),
    ("part-stretched", SOFT, twice_opened),
    ("position-changes", SOFT, turning),
    ("regions-many", SOFT, lambda: one_sided(a_row(9, "main", "calf", STROKED, 30), a_row(10, "main", "forearm", STROKED, 30))),
    ("limbs-before-back", SOFT, calf_first),
    ("tone-before-relax", SOFT, relaxed_late),
    ("kneading-not-halved", HARD, calmed),
    ("zone-unexplained", HARD, lambda: attack(keep=(0, 1, 2, 3, 7))),
    ("family-unexplained", HARD, lambda: attack(keep=(0, 1, 2, 4, 5, 6, 7))),
)  # fmt: skip


@of_each(("code", "severity", "make"), MADE, ids=[f"{code}-{place}" for place, (code, _, _) in enumerate(MADE)])
def test_a_hand_that_breaks_a_rule_is_seen_with_its_severity(code, severity, make):
    assert only(code, make()) == {(code, severity)}


def test_every_code_that_only_a_hand_makes_is_made_here():
    assert {code for code, _, _ in MADE} >= set(SENTENCES_BY_HAND) - {"curve-jump"}  # that one belongs to the whole course


# A plan that nobody changed ---------------------------------------------------------------------------------------------------
def test_a_built_plan_read_as_edited_breaks_nothing():
    """So nobody is ever asked for a reason for what the protocol itself does."""
    found = signatures(LIBRARY)
    turned = next(each for each in found if {row.position for row in each.limits.positions_out} >= {"prone", "supine"})
    for place, setting in enumerate(settings(LIBRARY)[::9]):
        for narrow in (setting, narrowed(setting, turned), narrowed(setting, found[7 * place % len(found)])):
            for plan, _ in plans_of(narrow):
                assert plan.dose is not None
                assert check_plan(plan, narrow, dose=plan.dose, edited=True) == (), (setting.condition.code, setting.stage.code)


def test_a_plan_is_read_as_edited_when_it_says_so_and_strictly_when_it_does_not():
    longer = with_row(with_row(ATTACK_PLAN, 0, seconds=91), 1, seconds=110)
    silent = check_plan(longer, ATTACK, dose=ATTACK_DOSE)
    said = check_plan(corrupted(longer, by_hand=(because("hand-minutes"),)), ATTACK, dose=ATTACK_DOSE)
    assert {each.severity for each in silent} == {HARD}
    assert {(each.code, each.severity) for each in said} == {("step-stretched", SOFT)}


# Pressure -------------------------------------------------------------------------------------------------------------------
def test_a_hand_never_presses_a_place_that_hurt_as_hard_as_before():
    assert ("pressure-too-strong", HARD) not in pressed(3)
    assert ("pressure-too-strong", HARD) in pressed(
        3, adaptation=Adaptation(zone_shifts=((Place("paravertebral-thoracic-lower", "left"), -1),))
    )


def test_a_cap_of_a_finding_is_hard_for_a_hand():
    capped = with_limits(ONE_SIDED, Limits(pressure_caps=(PressureCap(2, None, WHY),)))
    plan = with_row(ONE_SIDED_PLAN, 4, pressure=3)
    assert ("pressure-too-strong", HARD) in found(plan, capped, replace(ONE_SIDED_DOSE, pressure_max=2))


# Questions ------------------------------------------------------------------------------------------------------------------
def test_a_question_that_is_answered_opens_the_zone():
    answers = {"history.pregnant": False, "today.menstruation": False}
    assert ("zone-unasked", HARD) in asked("abdomen", "supine", **dict(list(answers.items())[:1]))
    assert ("zone-unasked", HARD) not in asked("abdomen", "supine", **answers)
    assert ("may-not-start", HARD) not in asked("calf", "prone", **{"today.cauda-equina-signs": False})


# Near the sore place --------------------------------------------------------------------------------------------------------
def local(setting: Setting, plan: SessionPlan, zone: str, position: str = "prone") -> Found:
    assert plan.dose is not None
    added = with_rows(plan, (*plan.rows[:-1], a_row(9, "main", zone, STROKED, 30, position=position), plan.rows[-1]))
    return only("zone-local-barred", found(added, setting, plan.dose))


def test_only_the_region_of_the_sore_place_is_closed_and_only_where_the_stage_keeps_off_it():
    assert local(ATTACK, ATTACK_PLAN, "sacrum")
    assert not local(ATTACK, ATTACK_PLAN, "calf")
    assert not local(ATTACK, ATTACK_PLAN, "paravertebral-thoracic-upper")  # the stage itself works it
    assert not local(ATTACK, ATTACK_PLAN, "neck-posterior")  # beside what is worked, far from what is sore
    assert not local(ONE_SIDED, ONE_SIDED_PLAN, "paravertebral-thoracic-upper")


def test_in_a_stage_that_is_a_doctors_the_region_of_its_own_steps_is_closed_too():
    palsy = setting_of("facial-palsy", "acute")
    plan = session_of(palsy)
    assert local(palsy, plan, "head-scalp", "supine")
    assert not local(palsy, plan, "calf")


# Questions that hang on a zone ------------------------------------------------------------------------------------------------
def test_an_added_zone_that_no_question_closes_stays_open_beside_one_that_is_closed():
    assert ("zone-unasked", HARD) not in asked("calf", "prone")
    assert ("may-not-start", HARD) not in asked("abdomen", "supine", **{"history.pregnant": False})


def test_a_session_that_does_not_start_anyway_waits_for_its_answers():
    palsy = setting_of("facial-palsy", "acute")
    plan = session_of(palsy)
    assert plan.dose is not None
    rows = (*plan.rows[:-1], a_row(9, "main", "calf", STROKED, 60), plan.rows[-1])
    assert ("may-not-start", HARD) not in found(corrupted(with_rows(plan, rows), may_start=False), palsy, plan.dose)


@pytest.mark.parametrize(
    ("tree", "facts", "is_asked"),
    [
        (TOUCHES, {}, True),
        (AllOf((TOUCHES, Always())), {}, True),
        (AllOf((TOUCHES, Not(Always()))), {}, False),
        (AnyOf((Not(TOUCHES), Comparison("patient.age", "lt", 12))), {"patient.age": 40}, False),
        (AllOf((TOUCHES, Comparison("patient.age", "ge", 40))), {"patient.age": 40}, True),
        (AllOf((TOUCHES, Comparison("patient.age", "gt", 40))), {"patient.age": 40}, False),
        (AllOf((TOUCHES, Comparison("patient.age", "le", 40))), {"patient.age": 40}, True),
        (AllOf((TOUCHES, Comparison("patient.age", "lt", 40))), {"patient.age": 40}, False),
        (AllOf((TOUCHES, Comparison("patient.age", "ge", 40))), {}, True),  # of unknown age: asked
        (AllOf((TOUCHES, Comparison("history.cancer", "is", True))), {}, False),  # what nobody told is no
        (AllOf((TOUCHES, Comparison("history.cancer", "known"))), {"history.cancer": False}, True),
        (AllOf((TOUCHES, Comparison("patient.sex", "is", "female"))), {"patient.sex": "male"}, False),
        (AllOf((TOUCHES, Comparison("patient.sex", "ge", 3))), {"patient.sex": "male"}, False),
        (AllOf((TOUCHES, Comparison("patient.age", "in", 3))), {"patient.age": 3}, False),
        (Comparison("patient.age", "ge", 1), {"patient.age": 40}, False),  # no zone, no question of a zone
        (AnyOf((TOUCHES, Comparison("patient.age", "ge", 1))), {"patient.age": 40}, False),  # asked for the stage's own zones already
    ],
)
def test_a_question_belongs_to_an_added_zone_by_its_own_condition(tree, facts, is_asked):
    question = replace(LIBRARY.facts["today.menstruation"], required_when=tree)
    body = SimpleNamespace(library=SimpleNamespace(facts={question.code: question}), of_zones=body_of(LIBRARY).of_zones)
    there = unanswered(leaves("abdomen"), leaves("face"), facts, body)  # type: ignore[arg-type]
    assert list(there) == ([question] if is_asked else [])


# Bounds to the second -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("seconds", "is_short"), [(299, False), (298, True)])
def test_a_session_may_fall_to_half_of_its_dose(seconds, is_short):
    """Half of 600 s, and a second for rounding."""
    kept = (ATTACK_PLAN.rows[0], replace(ATTACK_PLAN.rows[2], seconds=seconds - 90), replace(ATTACK_PLAN.rows[7], seconds=30))
    said = found(with_rows(ATTACK_PLAN, kept), ATTACK, ATTACK_DOSE)
    assert (("session-shortened", SOFT) in said) == is_short
    assert not only("purpose-halved", said)  # what is left is the stage's own


@pytest.mark.parametrize(("seconds", "is_much"), [(90, False), (91, True)])
def test_two_steps_on_one_place_take_half_as_much_again_and_no_more(seconds, is_much):
    """180 s belong to the trapezius in this session: 270 are the most."""
    twice = attack(a_row(9, "main", "trapezius-upper", STROKED, seconds))
    assert (("place-overworked", SOFT) in twice) == is_much


@pytest.mark.parametrize(("seconds", "is_much"), [(40, False), (41, True)])
def test_a_family_takes_half_as_much_again_of_its_step_and_no_more(seconds, is_much):
    """Vibration has a tenth of the step: of 256 s that is 26, half as much again 39, and a second is rounding."""
    longer = with_rows(
        ATTACK_PLAN, tuple(replace(row, seconds=seconds) if place == 3 else row for place, row in enumerate(ATTACK_PLAN.rows))
    )
    assert (("family-stretched", SOFT) in found(longer, ATTACK, ATTACK_DOSE)) == is_much


def test_a_region_more_is_free_in_a_long_visit():
    rows = (a_row(9, "main", "calf", STROKED, 30), a_row(10, "main", "forearm", STROKED, 30))
    long = with_rows(
        ONE_SIDED_PLAN, (*(replace(row, seconds=2 * row.seconds) for row in ONE_SIDED_PLAN.rows[:-2]), *rows, *ONE_SIDED_PLAN.rows[-2:])
    )
    assert ("regions-many", SOFT) not in found(long, ONE_SIDED, ONE_SIDED_DOSE)
    assert ("regions-many", SOFT) not in one_sided(a_row(9, "main", "calf", STROKED, 30))


# What is not a breach, and where a breach stands --------------------------------------------------------------------------------
def test_less_than_half_of_the_stage_gone_needs_no_reason():
    without_four_of_ten_minutes = attack(keep=(0, 4, 5, 6, 7))
    assert not only("purpose-halved", without_four_of_ten_minutes)
    assert not only("breathing-not-here", one_sided(a_row(9, "main", "sacrum", "percussion-tapping", 30)))


def test_a_zone_of_no_time_of_its_own_is_no_place_that_is_worked_too_long():
    assert not only("place-overworked", one_sided(a_row(9, "main", "calf", STROKED, 60), a_row(10, "main", "calf", STROKED, 60)))


def test_a_breach_is_told_at_the_first_row_of_the_step_that_brings_it():
    def row_of(code: str, plan: SessionPlan) -> int | None:
        problems = check_plan(plan, ATTACK, dose=ATTACK_DOSE, edited=True)
        return next(problem.row for problem in problems if problem.code == code)

    more = (*ATTACK_PLAN.rows[:7], a_row(9, "main", "trapezius-upper", STROKED, 120), ATTACK_PLAN.rows[7])
    assert row_of("place-overworked", with_rows(ATTACK_PLAN, more)) == 7
    near = (*ATTACK_PLAN.rows[:7], a_row(9, "main", "sacrum", STROKED, 30), ATTACK_PLAN.rows[7])
    assert row_of("zone-local-barred", with_rows(ATTACK_PLAN, near)) == 7
    assert row_of("family-stretched", with_row(with_row(ATTACK_PLAN, 1, seconds=96), 3, seconds=72)) == 3
    assert row_of("part-stretched", with_rows(ATTACK_PLAN, (replace(ATTACK_PLAN.rows[0], step=8), *ATTACK_PLAN.rows))) == 1


def test_two_openings_within_the_time_of_one_are_free():
    halves = tuple(replace(ATTACK_PLAN.rows[0], step=step, seconds=45) for step in (8, 0))
    assert not only("part-stretched", found(with_rows(ATTACK_PLAN, (*halves, *ATTACK_PLAN.rows[1:])), ATTACK, ATTACK_DOSE))


def test_three_changes_of_position_are_free():
    turned = tuple(replace(row, position=("prone", "sitting")[min(row.step, 3) % 2]) for row in ONE_SIDED_PLAN.rows)
    assert not only("position-changes", found(with_rows(ONE_SIDED_PLAN, turned), ONE_SIDED, ONE_SIDED_DOSE))


def test_vibration_that_stands_for_barred_percussion_has_its_share_too():
    brisk = setting_of("scoliosis", "postural", limits=Limits(families_out=(FamilyOut("percussion", None, WHY),)))
    plan = session_of(brisk)
    assert plan.dose is not None
    assert any(row.family == "vibration" for row in plan.rows)
    assert found(plan, brisk, plan.dose) == set()


def test_the_pressure_of_a_whole_session_is_bound_by_what_holds_everywhere():
    def strong(setting: Setting, adaptation: Adaptation = NO_ADAPTATION) -> Found:
        return only("dose-too-strong", found(ONE_SIDED_PLAN, setting, ONE_SIDED_DOSE, adaptation))

    there = Limits(pressure_caps=(PressureCap(2, leaves("calf"), WHY),))
    assert not strong(ONE_SIDED)
    assert not strong(with_limits(ONE_SIDED, there))
    assert strong(with_limits(ONE_SIDED, Limits(pressure_caps=(PressureCap(2, None, WHY),))))
    assert strong(ONE_SIDED, Adaptation(pressure_shift=-1))
    assert strong(replace(ONE_SIDED, age=80))
