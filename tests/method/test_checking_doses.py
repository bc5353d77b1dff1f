"""The checker reckons phases, doses and levels by itself (method.md 2), never with the builder's arithmetic."""

from dataclasses import replace

import pytest

from protocols.method.checking.doses import longest_seconds, phase_of, stage_level
from protocols.method.findings import Limits
from protocols.method.plans import Adaptation
from tests.method.hand_made import BRISK, a_setting, with_limits


@pytest.mark.parametrize(
    ("of", "build_up", "taper"),
    [(1, 1, 0), (2, 1, 0), (4, 1, 0), (5, 1, 1), (6, 2, 1), (9, 2, 1), (10, 2, 2), (11, 3, 2), (15, 3, 3), (16, 3, 3), (30, 3, 3)],
)
def test_the_checker_reckons_the_phases_of_a_course_by_itself(of, build_up, taper):
    phases = [phase_of(BRISK.library.course, number, of) for number in range(1, of + 1)]
    assert phases == ["build-up"] * build_up + ["working"] * (of - build_up - taper) + ["taper"] * taper


@pytest.mark.parametrize(
    ("number", "rungs", "age", "seconds"),
    [
        (1, 0, 40, 720), (2, 0, 40, 840), (3, 0, 40, 960), (4, 0, 40, 1200), (14, 0, 40, 960),
        (4, 1, 40, 960), (4, 2, 40, 840), (4, 3, 40, 840), (2, 1, 40, 720), (1, 2, 40, 720), (14, 1, 40, 840),
        (4, 0, 80, 900), (1, 0, 80, 540), (4, 0, 70, 1020), (4, 0, 17, 1080), (4, 0, 9, 900), (4, 0, 5, 720), (4, 0, 2, 600),
    ],
)  # fmt: skip
def test_the_checker_reckons_the_longest_dose_by_itself(number, rungs, age, seconds):
    setting = replace(with_limits(BRISK, Limits(rungs_down=rungs)), age=age)
    assert longest_seconds(setting, setting.treatment, number, 15, Adaptation()) == seconds


def test_the_longest_dose_of_an_age_row_and_of_the_first_minutes_of_a_stage():
    child = a_setting("bronchial-asthma", "between-attacks-child", age=9)
    row = next(row for row in child.treatment.minutes_by_age if row.age_min <= 9 <= row.age_max)
    assert longest_seconds(child, child.treatment, 5, 10, Adaptation()) == 60 * row.minutes
    assert longest_seconds(child, child.treatment, 1, 10, Adaptation()) <= 60 * child.treatment.minutes.first * 0.75 + 1


def test_the_checker_reckons_the_level_of_a_stage_with_and_without_its_own_table():
    own, plain, course = a_setting("hypertension", "stage-1").treatment, BRISK.treatment, BRISK.library.course
    assert own.pressure is not None
    assert stage_level(own, "build-up", course) == (own.pressure.build_up, 0)
    assert stage_level(own, "taper", course) == (own.pressure.working, 0)
    assert [stage_level(plain, phase, course) for phase in ("build-up", "working", "taper")] == [(4, -1), (4, 0), (4, -1)]
