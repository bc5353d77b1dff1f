"""Supplements: off unless chosen, within their dose and the cap on minutes."""

import pytest

from protocols.method.findings import Limits, MinutesCap, SupplementOut
from protocols.method.reasons import because
from protocols.method.session.supplements import levels_upwards
from tests.method.planned import codes_of, session_of, setting_of

WHY = because("rule-excludes-supplement", rule="pr-03")


def planned(plan) -> dict[str, tuple[int, tuple[str, ...]]]:
    return {row.supplement: (row.seconds, row.points) for row in plan.supplements}


def test_nothing_is_added_unless_chosen():
    assert session_of(setting_of("osteochondrosis-lumbar", "subacute")).supplements == ()


def test_the_low_figure_of_the_dose_comes_first():
    plan = session_of(setting_of("osteochondrosis-lumbar", "subacute"), supplements=("points-inhibitory",))
    assert planned(plan) == {"points-inhibitory": (360, ("bl22", "gv4", "bl28"))}


def test_a_barred_point_gives_way_to_the_next():
    limits = Limits(supplements_out=(SupplementOut("points-inhibitory", frozenset({"bl28"}), None, WHY),))
    plan = session_of(setting_of("osteochondrosis-lumbar", "subacute", limits=limits), supplements=("points-inhibitory",))
    assert planned(plan)["points-inhibitory"][1] == ("bl22", "gv4", "gb30")


def test_a_barred_supplement_is_left_out_with_its_reason():
    limits = Limits(supplements_out=(SupplementOut("segmental", None, None, WHY),))
    plan = session_of(setting_of("osteochondrosis-lumbar", "subacute", limits=limits), supplements=("segmental",))
    assert plan.supplements == ()
    assert ("supplement", "segmental", WHY) in {(row.kind, row.code, row.because) for row in plan.omissions}


@pytest.mark.parametrize(("code", "reason"), [("vacuum", "supplement-not-in-stage"), ("imaz", "supplement-not-in-stage")])
def test_what_the_stage_does_not_have_is_not_added(code, reason):
    plan = session_of(setting_of("osteochondrosis-lumbar", "subacute"), supplements=(code,))
    assert plan.supplements == ()
    assert reason in codes_of(plan)


def test_age_bars_a_supplement():
    plan = session_of(setting_of("bronchial-asthma", "between-attacks", age=70), supplements=("imaz",))
    assert "supplement-age" in codes_of(plan)


def test_segmental_work_goes_from_below_upwards():
    plan = session_of(setting_of("constipation", "atonic"), supplements=("segmental",))
    assert plan.supplements[0].levels == ("S4", "S3", "S2", "L2", "L1", "T12", "T11", "T10", "T9")


@pytest.mark.parametrize(
    ("texts", "wanted"),
    [
        (("S3-S1, L5-L4, T12-T11 (m-22)",), ("S3", "S2", "S1", "L5", "L4", "T12", "T11")),
        (("C3-C4", "C8", "T1-T2"), ("T2", "T1", "C8", "C4", "C3")),
        (("by nerve root - C7-T1 arm / L2-L3 leg",), ("L3", "L2", "T1", "C8", "C7")),
        (("no level at all",), ()),
    ],
)
def test_levels_are_read_from_words(texts, wanted):
    assert levels_upwards(texts) == wanted


def test_steps_and_supplements_together_keep_the_cap_on_minutes():
    cap = MinutesCap(22, because("rule-caps-minutes", rule="ca-01", minutes=22))
    setting = setting_of("osteochondrosis-lumbar", "subacute", limits=Limits(minutes_caps=(cap,)))
    plan = session_of(setting, supplements=("points-inhibitory",))
    assert plan.supplements == ()
    assert "supplement-no-room" in codes_of(plan)
