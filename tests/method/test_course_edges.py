"""Doses at their edges: what would raise them does not, what lowers them ends at its bound, and each dose says why."""

from dataclasses import replace

import pytest

from protocols.method.course import after_gap, plan_course, step_down
from protocols.method.findings import ForcedCalm, Limits, PressureCap
from protocols.method.places import Place
from protocols.method.plans import Adaptation
from protocols.method.reasons import because
from protocols.method.session.bars import age_row
from tests.method.planned import LIBRARY, setting_of

WHY = because("rule-caps-minutes", rule="ca-01", minutes=10)
SETTING = setting_of("osteochondrosis-lumbar", "remission")


def doses(count=12, setting=SETTING, **adaptation):
    return plan_course(setting, count=count, adaptation=Adaptation(**adaptation)).doses


@pytest.mark.parametrize(("factor", "wanted"), [(0.5, 0.6), (0.0, 0.6), (0.65, 0.6), (0.75, 0.7), (0.99, 0.8)])
def test_a_factor_between_two_rungs_stands_on_the_lower_one_and_below_the_ladder_on_the_first(factor, wanted):
    assert step_down(LIBRARY.course, factor, 0) == wanted
    assert step_down(LIBRARY.course, factor, -3) == wanted


def test_no_missed_days_is_the_least_there_can_be():
    assert after_gap(LIBRARY, -1) == after_gap(LIBRARY, 0)


def test_a_barred_stage_has_no_minutes_no_pressure_above_the_least_no_percussion_and_no_units():
    course = plan_course(setting_of("constipation", "alarm"), count=3)
    assert course.units == 0.0
    assert course.procedure_area == ""
    assert {(dose.seconds, dose.pressure_shift, dose.pressure_max, dose.percussion) for dose in course.doses} == {(0, 0, 1, False)}


def test_the_load_of_the_first_session_can_be_repeated_too():
    assert [dose.seconds for dose in doses(repeat_load_of=1)] == [720] * 12
    assert [dose.seconds for dose in doses(repeat_load_of=12)] == [dose.seconds for dose in doses()]
    assert [dose.seconds for dose in doses(repeat_load_of=0)] == [dose.seconds for dose in doses()]


def test_a_repeated_load_never_lengthens_a_later_session():
    assert [dose.seconds for dose in doses(repeat_load_of=6)][-2:] == [960, 960]


def test_no_adaptation_raises_pressure_or_minutes():
    assert [dose.pressure_shift for dose in doses(pressure_shift=1)] == [dose.pressure_shift for dose in doses()]
    assert [dose.seconds for dose in doses(minutes_factor=1.5)] == [dose.seconds for dose in doses()]
    assert [dose.seconds for dose in doses(rungs_down=-2)] == [dose.seconds for dose in doses()]


@pytest.mark.parametrize(("level", "wanted"), [(0, 1), (1, 1), (2, 2), (9, 4)])
def test_pressure_is_at_least_one_and_at_most_the_stages(level, wanted):
    limits = Limits(pressure_caps=(PressureCap(level, None, WHY),))
    assert doses(setting=setting_of("osteochondrosis-lumbar", "remission", limits=limits))[5].pressure_max == wanted


def test_a_calm_forced_everywhere_closes_percussion_and_one_forced_somewhere_does_not():
    everywhere = setting_of("osteochondrosis-lumbar", "remission", limits=Limits(calm=(ForcedCalm(None, WHY),)))
    somewhere = setting_of(
        "osteochondrosis-lumbar", "remission", limits=Limits(calm=(ForcedCalm(frozenset({Place("gluteal", "left")}), WHY),))
    )
    assert not any(dose.percussion for dose in doses(setting=everywhere))
    assert [dose.percussion for dose in doses(setting=somewhere)] == [dose.percussion for dose in doses()]


def test_the_calm_beginning_of_a_stage_has_no_percussion():
    treatment = replace(SETTING.treatment, calm_until_session=5)
    calm = replace(SETTING, stage=replace(SETTING.stage, treatment=treatment))
    assert [dose.percussion for dose in doses(setting=calm)] == [number in range(6, 11) for number in range(1, 13)]


@pytest.mark.parametrize(("age", "told"), [(40, False), (70, True), (14, True)])
def test_a_dose_says_when_age_has_shortened_it(age, told):
    reasons = {why.code for why in doses(setting=setting_of("scoliosis", "degree-1", age=age))[5].because}
    assert ("dose-age" in reasons) is told
    assert "dose-phase" in reasons


def test_a_dose_says_each_reason_once():
    lowered = setting_of("scoliosis", "degree-1", limits=Limits(rungs_down=1, rungs_because=(WHY, WHY)))
    assert doses(setting=lowered, because=(WHY,))[5].because.count(WHY) == 1


def test_an_age_outside_the_table_is_refused():
    with pytest.raises(ValueError, match="age 200 is outside"):
        age_row(setting_of("scoliosis", "degree-1", age=200))


@pytest.mark.parametrize(("age", "minutes"), [(1, 6), (3, 6), (4, 8), (6, 8), (7, 12), (11, 12), (12, 15), (17, 15)])
def test_minutes_by_age_hold_from_the_first_to_the_last_year_of_their_row(age, minutes):
    assert doses(10, setting_of("bronchial-asthma", "between-attacks-child", age=age))[4].seconds == minutes * 60
