"""Seconds of steps and rows; every stage keeps its time without findings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.method.findings import Limits, MinutesCap, PlacesOut
from protocols.method.reasons import because
from protocols.method.session.timing import share_seconds
from protocols.method.vocabulary import MAX_STRETCH, MIN_ROW_SECONDS, MIN_STEP_SECONDS
from tests.method.planned import OPEN_STAGES, codes_of, leaves, session_of, setting_of, stage_of

# What the protocol itself leaves out at a dose, without any finding.
PROGRESSION = {
    "waits-for-session",
    "step-too-short",
    "family-too-short",
    "family-waits",
    "family-unfit",
    "percussion-closed",
    "percussion-unprepared",
    "points-off",
    "moved-keeps-families",
    "opens-with-stroking",
    "stage-forbids",
}


@pytest.mark.parametrize(("condition", "stage"), OPEN_STAGES)
def test_every_stage_is_built_without_findings_and_keeps_its_time(condition, stage):
    treatment = stage_of(condition, stage).treatment
    assert treatment is not None
    count = treatment.sessions.usual
    for number in sorted({1, (count + 1) // 2, count}):
        plan = session_of(setting_of(condition, stage), number, count)
        assert plan.may_start
        assert codes_of(plan) <= PROGRESSION
        assert plan.dose is not None
        if "step-too-short" not in codes_of(plan):
            assert plan.total_seconds == plan.dose.seconds
        elif (condition, number) != ("post-stroke", 1):  # minutes.first is a third of the full minutes: most steps fall under 30 s
            assert plan.total_seconds >= 0.99 * plan.dose.seconds


@pytest.mark.parametrize(("condition", "stage"), OPEN_STAGES)
@pytest.mark.parametrize("age", [8, 15, 70, 80])
def test_no_row_is_under_fifteen_and_no_step_under_thirty_seconds(condition, stage, age):
    for number in (1, 6, 12):
        plan = session_of(setting_of(condition, stage, age=age), number)
        steps: dict[int, int] = {}
        for row in plan.rows:
            steps[row.step] = steps.get(row.step, 0) + row.seconds
            assert row.seconds >= MIN_ROW_SECONDS
        assert all(seconds >= MIN_STEP_SECONDS for seconds in steps.values())


def test_no_step_gets_more_than_half_as_much_again_and_the_rest_shortens_the_session():
    out = PlacesOut(leaves("gluteal", "latissimus", "paravertebral-lumbar"), because("rule-excludes-zone", rule="va-03"))
    usual, plan = (
        session_of(setting_of("osteochondrosis-lumbar", "remission")),
        session_of(setting_of("osteochondrosis-lumbar", "remission", limits=Limits(places_out=(out,)))),
    )
    assert plan.total_seconds == MAX_STRETCH * (120 + 120 + 60 + 120) < usual.total_seconds


def test_a_step_under_half_a_minute_at_this_dose_is_left_out():
    cap = Limits(minutes_caps=(MinutesCap(9, because("rule-caps-minutes", rule="ca-01", minutes=9)),))
    plan = session_of(setting_of("osteochondrosis-lumbar", "remission", limits=cap))
    assert ("zone", "thigh-posterior", "step-too-short") in {(row.kind, row.code, row.because.code) for row in plan.omissions}


def test_a_waiting_step_gives_its_time_to_the_others_and_a_waiting_closing_moves():
    setting = setting_of("chronic-gastritis", "hypersecretory")
    early, late = session_of(setting, 2), session_of(setting, 4)
    assert early.dose is not None
    assert early.total_seconds == early.dose.seconds
    assert early.rows[-1].zone == "neck-posterior"
    assert "closing-moved" in {reason.code for reason in early.rows[-1].because}
    assert late.rows[-1].zone == "periumbilical"


def test_an_opening_whose_zone_is_out_moves_to_the_first_zone_still_worked():
    out = PlacesOut(leaves("thigh-anterior"), because("rule-excludes-zone", rule="va-03"))
    plan = session_of(setting_of("post-stroke", "spastic", limits=Limits(places_out=(out,))))
    first = plan.rows[0]
    assert (first.part, first.family, first.zone) == ("opening", "stroking", "thigh-posterior")
    assert "opening-moved" in {reason.code for reason in first.because}


# Sharing ----------------------------------------------------------------------------------------------------------------------
WEIGHTS = st.lists(st.floats(0.5, 500), min_size=1, max_size=12)


@given(WEIGHTS, st.integers(0, 4000), st.floats(1.0, 3.0))
def test_seconds_are_shared_whole_never_above_a_ceiling_and_add_up(weights, total, stretch):
    ceilings = [int(stretch * weight) for weight in weights]
    found = share_seconds(total, weights, ceilings)
    assert sum(found) == min(total, sum(ceilings))
    assert all(0 <= seconds <= ceiling for seconds, ceiling in zip(found, ceilings, strict=True))


@given(WEIGHTS, st.integers(0, 4000))
def test_without_ceilings_no_share_is_off_by_a_second(weights, total):
    found = share_seconds(total, weights, [total] * len(weights))
    for seconds, weight in zip(found, weights, strict=True):
        assert abs(seconds - total * weight / sum(weights)) < 1 + 1e-6


def test_equal_remainders_go_to_the_earlier_one():
    assert share_seconds(10, [1, 1, 1], [10, 10, 10]) == [4, 3, 3]
