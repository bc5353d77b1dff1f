"""The dose curve by hand: within the bounds of stage, age, findings and earlier sessions; more than the protocol gives needs a reason."""

import pytest

from protocols.method.checking import check_curve
from protocols.method.editing import asking_for, supplements_at, worth_today
from protocols.method.edits import Edit, Edits
from protocols.method.findings import Limits, MinutesCap
from protocols.method.plans import Adaptation
from protocols.method.reasons import because
from tests.method.edited import AT, COUNT, SCOLIOSIS, codes_aside, edit, edited, hand_codes, one, override
from tests.method.hand_made import a_setting
from tests.method.planned import LIBRARY, OPEN_STAGES, setting_of

WHY = because("rule-caps-minutes", rule="nobody", minutes=10)
ABOVE = override("dose-above-protocol")
PROTOCOL = [60, 70, 80, 100, 100, 100, 100, 100, 100, 100, 80, 80]


def dose(first: int, last: int, value: int) -> Edit:
    return Edit("dose", first, last, value=value)


def curve(*edits: Edit, **more):
    """Percents of the sessions as they are now."""
    return [bounds.now for bounds in edited(*edits, **more).curve]


def test_the_protocols_own_curve_is_told_with_the_bounds_of_a_hand():
    course = edited()
    assert [bounds.protocol for bounds in course.curve] == curve() == PROTOCOL
    assert [bounds.most for bounds in course.curve] == [60, 80, 90, *[100] * 9]
    assert {bounds.least for bounds in course.curve} == {50}
    assert [bounds.seconds for bounds in course.curve] == [dose.seconds for dose in course.course.doses]


def test_a_lower_dose_is_built_anew_and_says_so():
    plan = one(dose(AT, AT, 80))
    assert plan.dose is not None
    assert (plan.total_seconds, plan.dose.seconds) == (960, 960)
    assert plan.dose.because[-1] == because("hand-dose", percent=80, asked=80, protocol=100)
    assert hand_codes(plan) == ["hand-dose"]


def test_the_dose_of_the_protocol_asked_for_by_hand_is_no_change():
    assert edited(dose(AT, AT, 100)).sessions == edited().built


def test_less_than_half_and_more_than_the_ceiling_are_clipped_and_told():
    course = edited(dose(AT, AT, 10), dose(11, 11, 300), overrides=(ABOVE,))
    assert (course.curve[AT - 1].now, course.curve[10].now) == (50, 100)
    assert {hand_codes(course.sessions[place])[0] for place in (AT - 1, 10)} == {"hand-dose-clipped"}
    assert not course.aside


def test_more_than_the_protocol_gives_needs_a_reason():
    waits, draft, held = edited(dose(11, 12, 100)), edited(dose(11, 12, 100), is_draft=True), edited(dose(11, 12, 100), overrides=(ABOVE,))
    assert [bounds.now for bounds in waits.curve] == PROTOCOL
    assert codes_aside(waits, 11) == {"dose-above-protocol"}
    assert hand_codes(waits.sessions[10]) == ["hand-aside"]
    assert [bounds.now for bounds in draft.curve][10:] == [bounds.now for bounds in held.curve][10:] == [100, 100]
    assert [(rule.session, rule.problem.code, rule.override) for rule in draft.soft] == [
        (number, "dose-above-protocol", None) for number in (11, 12)
    ]
    assert {rule.override for rule in held.soft} == {ABOVE}


def test_a_reason_for_a_step_opens_no_dose():
    assert codes_aside(edited(dose(11, 11, 100), overrides=(override("dose-above-protocol", "2:knee:left"),)), 11) == {
        "dose-above-protocol"
    }


def test_no_session_rises_more_than_one_step_above_the_session_before():
    assert curve(dose(4, 5, 50)) == [60, 70, 80, 50, 50, 70, 90, 100, 100, 100, 80, 80]
    steep = edited(dose(2, 2, 100), dose(3, 3, 100), overrides=(ABOVE,))
    assert [bounds.now for bounds in steep.curve][:4] == [60, 80, 100, 100]
    assert hand_codes(edited(dose(4, 5, 50)).sessions[AT - 1]) == ["hand-load-rises"]


def test_the_protocols_own_dose_asked_for_after_a_lowered_session_rises_step_by_step_too():
    assert curve(dose(4, 4, 50), dose(5, 5, 100))[3:6] == [50, 70, 90]


def test_the_last_edit_of_a_session_counts():
    assert curve(dose(4, 9, 90), dose(AT, AT, 80))[3:9] == [90, 90, 80, 90, 90, 90]


def test_caps_and_rungs_of_findings_bound_a_hand_too():
    capped = setting_of(*SCOLIOSIS, limits=Limits(minutes_caps=(MinutesCap(10, WHY),), rungs_down=1))
    course = edited(dose(1, COUNT, 100), setting=capped, overrides=(ABOVE,))
    assert {bounds.now for bounds in course.curve} == {50}
    lower = setting_of(*SCOLIOSIS, limits=Limits(rungs_down=1))
    assert max(bounds.now for bounds in edited(dose(1, COUNT, 100), setting=lower, overrides=(ABOVE,)).curve) == 80


@pytest.mark.parametrize(
    ("adaptation", "by_protocol", "by_hand"),
    [
        (Adaptation(minutes_factor=0.8), 80, 56),  # of the 70 that a hand gave
        (Adaptation(rungs_down=1), 80, 60),
        (Adaptation(rungs_down=2, minutes_factor=0.9), 63, 54),
        (Adaptation(repeat_load_of=3), 80, 70),
    ],
)
def test_what_earlier_sessions_lower_is_lower_by_hand_too_and_nobody_raises_it(adaptation, by_protocol, by_hand):
    assert curve(adaptation=adaptation)[AT - 1] == by_protocol
    assert curve(dose(AT, AT, 70), adaptation=adaptation)[AT - 1] == by_hand
    assert curve(dose(AT, AT, by_protocol), adaptation=adaptation)[AT - 1] <= by_protocol * 0.9 or not adaptation.minutes_factor < 1
    raised = edited(dose(1, COUNT, 100), adaptation=adaptation, overrides=(ABOVE,))
    assert [bounds.now for bounds in raised.curve] == curve(adaptation=adaptation)
    assert all(bounds.most == bounds.protocol for bounds in raised.curve)


@pytest.mark.parametrize(
    "adaptation", [Adaptation(), Adaptation(minutes_factor=0.8), Adaptation(rungs_down=1), Adaptation(repeat_load_of=3)]
)
def test_what_is_drawn_today_is_what_today_gets_or_the_nearest_below_that_the_records_leave(adaptation):
    setting, most = setting_of(*SCOLIOSIS), edited(adaptation=adaptation).curve[AT - 1].most
    for drawn in range(60, most + 1, 5):
        asked = asking_for(setting, adaptation, drawn)
        assert drawn - 10 < worth_today(setting, adaptation, asked) <= drawn
        assert curve(dose(AT, AT, asked), adaptation=adaptation, overrides=(ABOVE,))[AT - 1] <= drawn
    assert curve(dose(AT, AT, asking_for(setting, adaptation, most)), adaptation=adaptation, overrides=(ABOVE,))[AT - 1] == most


def test_the_load_that_is_repeated_is_the_one_that_was_given():
    repeated = Adaptation(repeat_load_of=4)
    assert curve(adaptation=repeated)[3:7] == [100, 100, 100, 100]
    course = edited(dose(4, 4, 70), adaptation=repeated)
    assert [bounds.now for bounds in course.curve][3:7] == [70, 70, 70, 70]
    assert hand_codes(course.sessions[5]) == ["hand-load-repeated"]


def test_a_lighter_session_is_lighter_in_every_step_and_no_level_is_raised_above_it():
    built, lighter = one(), one(edit("depth", value=1))
    assert max(row.pressure for row in lighter.rows) == max(row.pressure for row in built.rows) - 1
    assert lighter.dose is not None
    assert built.dose is not None
    assert (lighter.dose.pressure_max, lighter.dose.pressure_shift) == (built.dose.pressure_max - 1, built.dose.pressure_shift - 1)
    harder = edit("pressure", "3:paravertebral-thoracic:right", family="kneading", value=4)
    assert codes_aside(edited(edit("depth", value=1), harder, is_draft=True)) == {"pressure-too-strong"}
    assert hand_codes(lighter) == ["hand-depth"]


@pytest.mark.parametrize(("value", "less"), [(-4, 0), (0, 0), (2, 2), (7, 2)])
def test_pressure_is_only_ever_lowered_and_by_two_levels_at_most(value, less):
    plan = one(edit("depth", value=value))
    assert plan.dose is not None
    assert plan.dose.pressure_shift == -less


def test_supplements_are_switched_session_by_session():
    on, off = Edit("supplement", 3, 5, code="points-tonic", value=1), Edit("supplement", 4, 4, code="points-tonic")
    wanted = [supplements_at(Edits((on, off)), ("segmental",), number) for number in (2, 3, 4)]
    assert wanted == [("segmental",), ("segmental", "points-tonic"), ("segmental",)]
    course = edited(on, off)
    planned = [[supplement.supplement for supplement in plan.supplements] for plan in course.sessions[1:6]]
    assert planned == [[], ["points-tonic"], [], ["points-tonic"], []]
    assert hand_codes(course.sessions[2]) == ["hand-supplement-on"]
    assert hand_codes(course.sessions[3]) == ["hand-supplement-off"]
    assert not course.aside


@pytest.mark.parametrize(
    ("code", "why"), [("nobody-knows", "unknown-code"), ("imaz", "supplement-not-planned"), ("segmental", "supplement-excluded")]
)
def test_a_supplement_that_cannot_be_is_set_aside_and_told(code, why):
    course = edited(edit("supplement", code=code, value=1))
    assert codes_aside(course) == {why}
    assert hand_codes(course.sessions[AT - 1]) == ["hand-aside"]
    assert course.sessions[AT - 1].rows == course.built[AT - 1].rows


def test_a_barred_stage_has_no_curve():
    barred = next(
        (condition.code, stage.code)
        for condition in LIBRARY.conditions.values()
        for stage in condition.stages.values()
        if not stage.treatment
    )
    course = edited(dose(1, COUNT, 80), setting=a_setting(*barred))
    assert (course.curve, course.sessions) == ((), course.built)


@pytest.mark.parametrize(("condition", "stage"), OPEN_STAGES[::7])
def test_every_curve_that_a_hand_bends_passes_the_independent_check(condition, stage):
    setting = setting_of(condition, stage)
    for edits in ((dose(1, COUNT, 100),), (dose(2, 5, 50), dose(6, 7, 85)), (dose(1, 1, 0), dose(12, 12, 999))):
        course = edited(*edits, setting=setting, overrides=(ABOVE,))
        assert not check_curve(course.course.doses, setting)
        assert all(bounds.least <= bounds.now <= bounds.most for bounds in course.curve)
