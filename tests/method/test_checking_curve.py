"""The curve of a course whose doses a hand has changed: hard bounds, the ladder, what findings and earlier sessions lowered."""

from dataclasses import replace

import pytest

from protocols.method.checking import Problem, check_curve
from protocols.method.course import plan_course
from protocols.method.findings import Limits, MinutesCap
from protocols.method.plans import NO_ADAPTATION, Adaptation
from protocols.method.setting import Setting
from tests.method.hand_made import ONE_SIDED, ONE_SIDED_DOSE, WHY, with_limits
from tests.method.planned import LIBRARY


def curve(*percent: int, adaptation: Adaptation = NO_ADAPTATION, setting: Setting = ONE_SIDED) -> tuple[Problem, ...]:
    """The course of as many sessions whose doses are these percents of the full 20 minutes."""
    doses = plan_course(setting, count=len(percent), adaptation=adaptation).doses
    return check_curve([replace(dose, seconds=12 * share) for dose, share in zip(doses, percent, strict=True)], setting, adaptation)


def codes_of(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.code for problem in problems]


@pytest.mark.parametrize("percent", [(60, 70, 100, 100, 100, 80), (50, 60, 80, 100, 80, 80), (60, 80, 100, 100, 100, 100)])
def test_a_curve_within_its_bounds_is_good(percent):
    assert curve(*percent) == ()


@pytest.mark.parametrize(
    ("percent", "code"),
    [
        ((60, 70, 101, 100, 100, 80), "dose-too-long"),
        ((61, 70, 100, 100, 100, 80), "dose-too-long"),  # the first session is shorter
        ((60, 81, 100, 100, 100, 80), "curve-jump"),
        ((60, 50, 80, 100, 100, 80), "curve-jump"),  # 70 is what the stage itself would give after a session that was not cut
        ((60, 70, 100, 49, 60, 80), "dose-too-short"),
    ],
)
def test_a_curve_beyond_a_bound_is_seen(percent, code):
    assert code in codes_of(curve(*percent))


@pytest.mark.parametrize("adaptation", [Adaptation(rungs_down=1), Adaptation(minutes_factor=0.7), Adaptation(repeat_load_of=2)])
def test_what_earlier_sessions_lowered_no_hand_raises(adaptation):
    doses = plan_course(ONE_SIDED, count=6, adaptation=adaptation).doses
    assert check_curve(doses, ONE_SIDED, adaptation) == ()
    more = [replace(dose, seconds=dose.seconds + 2) if dose.number == 4 else dose for dose in doses]
    assert codes_of(check_curve(more, ONE_SIDED, adaptation)) == ["dose-too-long"]


def test_findings_lower_what_a_hand_may_give():
    rung = with_limits(ONE_SIDED, Limits(rungs_down=1))
    capped = with_limits(ONE_SIDED, Limits(minutes_caps=(MinutesCap(10, WHY),)))
    assert "dose-too-long" in codes_of(curve(60, 60, 70, 81, 70, 70, setting=rung))
    assert codes_of(curve(50, 50, 50, 51, 50, 50, setting=capped)) == ["dose-too-long"]


def test_a_curve_of_a_barred_stage_has_no_seconds():
    attack = replace(ONE_SIDED, stage=LIBRARY.conditions["bronchial-asthma"].stages["attack"])
    assert codes_of(check_curve([ONE_SIDED_DOSE], attack)) == ["dose-too-long"]
    assert check_curve([replace(ONE_SIDED_DOSE, seconds=0)], attack) == ()
