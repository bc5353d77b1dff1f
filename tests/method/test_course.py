"""Doses of a course: phases, ladder, minutes, pressure, review, units."""

from math import ceil, floor

import pytest

from protocols.method.course import after_gap, phase_of, plan_course, review_after, round_half_up, step_down
from protocols.method.findings import Limits, MinutesCap, PressureCap
from protocols.method.places import Place
from protocols.method.plans import Adaptation
from protocols.method.reasons import because
from tests.method.planned import LIBRARY, setting_of

COURSE = LIBRARY.course
WHY = because("rule-caps-minutes", rule="ca-01", minutes=10)


def phases(count: int) -> str:
    return "".join(phase_of(COURSE, number, count)[0] for number in range(1, count + 1))


@pytest.mark.parametrize(
    ("count", "wanted"),
    [(1, "b"), (2, "bw"), (4, "bwww"), (5, "bwwwt"), (6, "bbwwwt"), (10, "bbwwwwwwtt"), (12, "bbbwwwwwwwtt"), (15, "bbbwwwwwwwwwttt")],
)
def test_phases_of_a_course(count, wanted):
    assert phases(count) == wanted


def test_phases_are_the_stated_formula_for_every_length():
    for count in range(1, 61):
        assert phases(count).count("b") == min(3, ceil(count / 5))
        assert phases(count).count("t") == min(3, floor(count / 5))


@pytest.mark.parametrize(("count", "wanted"), [(1, 1), (5, 3), (8, 5), (10, 6), (12, 6), (20, 6)])
def test_the_review_falls_at_the_earlier_of_session_six_and_six_tenths(count, wanted):
    assert review_after(COURSE, count) == wanted


def test_build_up_climbs_the_ladder_and_taper_stands_on_its_third_rung():
    doses = plan_course(setting_of("osteochondrosis-lumbar", "remission"), count=12).doses
    assert [dose.seconds for dose in doses] == [720, 840, 960, *[1200] * 7, 960, 960]
    assert [dose.percussion for dose in doses] == [*[False] * 3, *[True] * 7, *[False] * 2]
    assert {dose.pressure_shift for dose in doses[:3]} == {-1}
    assert {dose.pressure_shift for dose in doses[3:10]} == {0}


def test_the_first_session_keeps_to_the_stages_first_minutes():
    doses = plan_course(setting_of("post-stroke", "flaccid"), count=16).doses
    assert doses[0].seconds == 5 * 60
    assert doses[1].seconds == round(0.7 * 15 * 60)


def test_a_stage_with_its_own_pressure_takes_no_shift():
    doses = plan_course(setting_of("constipation", "spastic"), count=12).doses
    assert {dose.pressure_shift for dose in doses} == {0}


@pytest.mark.parametrize(("age", "factor", "pressure"), [(10, 0.75, 2), (14, 0.9, 3), (40, 1.0, 4), (70, 0.85, 3), (80, 0.75, 2)])
def test_age_lowers_minutes_and_pressure(age, factor, pressure):
    dose = plan_course(setting_of("scoliosis", "degree-1", age=age), count=12).doses[5]
    assert dose.seconds == round_half_up(20 * 60 * factor)
    assert dose.pressure_max == pressure


@pytest.mark.parametrize(("age", "minutes"), [(5, 8), (9, 12), (13, 15)])
def test_minutes_by_age_stand_instead_of_full_minutes_and_age_factor(age, minutes):
    doses = plan_course(setting_of("bronchial-asthma", "between-attacks-child", age=age), count=10).doses
    assert doses[4].seconds == minutes * 60


def test_a_cap_on_minutes_comes_after_everything_else():
    limits = Limits(minutes_caps=(MinutesCap(10, WHY), MinutesCap(15, WHY)))
    doses = plan_course(setting_of("osteochondrosis-lumbar", "remission", limits=limits), count=12).doses
    assert {dose.seconds for dose in doses} == {600}


@pytest.mark.parametrize(
    ("factor", "rungs", "wanted"), [(1.0, 1, 0.8), (1.0, 2, 0.7), (1.0, 5, 0.7), (0.8, 1, 0.7), (0.7, 2, 0.6), (0.6, 2, 0.6)]
)
def test_the_ladder_goes_down_two_rungs_at_most_and_never_below_the_first(factor, rungs, wanted):
    assert step_down(COURSE, factor, rungs) == wanted


def test_rungs_of_findings_and_records_add_up_to_two():
    setting = setting_of("osteochondrosis-lumbar", "remission", limits=Limits(rungs_down=1))
    assert plan_course(setting, count=12).doses[5].seconds == 960
    for more in (1, 2, 7):
        assert plan_course(setting, count=12, adaptation=Adaptation(rungs_down=more)).doses[5].seconds == 840


def test_a_pressure_cap_everywhere_lowers_the_dose_and_a_local_one_does_not():
    everywhere = Limits(pressure_caps=(PressureCap(2, None, WHY),))
    local = Limits(pressure_caps=(PressureCap(1, frozenset({Place("gluteal", "left")}), WHY),))
    assert plan_course(setting_of("osteochondrosis-lumbar", "remission", limits=everywhere), count=12).doses[5].pressure_max == 2
    assert plan_course(setting_of("osteochondrosis-lumbar", "remission", limits=local), count=12).doses[5].pressure_max == 4


def test_a_repeated_load_holds_until_a_record_lets_it_rise():
    setting = setting_of("osteochondrosis-lumbar", "remission")
    doses = plan_course(setting, count=12, adaptation=Adaptation(action="repeat", repeat_load_of=2)).doses
    assert [dose.seconds for dose in doses] == [720, *[840] * 11]


def test_records_take_minutes_and_pressure_off_every_dose():
    setting = setting_of("osteochondrosis-lumbar", "remission")
    dose = plan_course(setting, count=12, adaptation=Adaptation(pressure_shift=-1, minutes_factor=0.7)).doses[5]
    assert (dose.seconds, dose.pressure_shift) == (840, -1)


@pytest.mark.parametrize(
    ("missed", "action", "rungs"),
    [(0, "go-on", 0), (3, "go-on", 0), (4, "repeat-load", 0), (8, "step-back", 1), (15, "reassess", 2), (400, "reassess", 2)],
)
def test_missed_days_step_back(missed, action, rungs):
    gap = after_gap(LIBRARY, missed)
    assert (gap.action, gap.rungs) == (action, rungs)


def test_the_procedure_area_may_follow_the_region_and_the_units_stay_the_stages_own():
    course = plan_course(setting_of("limb-fracture", "restorative", region="wrist"), count=12)
    assert (course.procedure_area, course.units) == ("upper-limb-shoulder-girdle", 2.0)
    assert plan_course(setting_of("osteochondrosis-lumbar", "remission"), count=12).procedure_area == "back-lumbar"


def test_a_barred_stage_has_doses_of_no_seconds():
    course = plan_course(setting_of("constipation", "alarm"), count=3)
    assert [dose.seconds for dose in course.doses] == [0, 0, 0]


def test_a_course_has_at_least_one_session():
    with pytest.raises(ValueError, match="at least one"):
        plan_course(setting_of("osteochondrosis-lumbar", "remission"), count=0)


@pytest.mark.parametrize(("value", "wanted"), [(0.5, 1), (1.5, 2), (2.5, 3), (2.4999, 2), (0.7 * 90, 63)])
def test_halves_are_rounded_up(value, wanted):
    assert round_half_up(value) == wanted
