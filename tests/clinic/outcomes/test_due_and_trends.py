"""When a measure is due and what became of it, by the words of the library. Nothing here asks a database."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.courses.outcomes.asked import SIDED, measures_asked
from clinic.courses.outcomes.charts import FLOOR, ROOM, TOP, Marks, Series, chart_of
from clinic.courses.outcomes.due import OF_THE_RECORD, CourseDays, due_of, months_after
from clinic.courses.outcomes.trends import trend, worse_running
from clinic.courses.outcomes.values import Valued
from protocols.method.entries import Measure
from protocols.shelf import shipped_library

MEASURES = shipped_library().measures
DAY = date(2026, 3, 2)


def later(days: int) -> date:
    return DAY + timedelta(days=days)


def valued(code: str, *numbers: float) -> list[Valued]:
    return [Valued(code, later(place), float(number)) for place, number in enumerate(numbers)]


def days(*given: int, count: int = 10, ended: int | None = None) -> CourseDays:
    return CourseDays(DAY, tuple(map(later, given)), count, 6, None if ended is None else later(ended))


def due(code: str, course: CourseDays, on: int, *taken: int) -> tuple[str, date] | None:
    values = [Valued(code, later(each), 1.0) for each in taken]
    found = due_of([MEASURES[code]], values, course, later(on))
    return (found[0].moment, found[0].since) if found else None


# When ---------------------------------------------------------------------------------------------------------------------------
def test_a_start_value_is_due_before_the_first_session_and_until_it_is_there() -> None:
    assert due("neck-disability-index", days(), 0) == ("start", DAY)
    assert due("neck-disability-index", days(0, 2), 3) == ("start", DAY)
    assert due("neck-disability-index", days(0, 2), 3, 0) is None


def test_the_middle_is_at_hand_for_the_review_and_the_end_at_the_last_session() -> None:
    four, five = days(0, 1, 2, 3), days(0, 1, 2, 3, 4)
    assert due("neck-disability-index", four, 4, 0) is None
    assert due("neck-disability-index", five, 4, 0) == ("middle", later(4))
    nine = days(*range(9))
    assert due("neck-disability-index", nine, 9, 0, 4) == ("end", later(9))
    assert due("neck-disability-index", nine, 9, 0, 4, 9) is None


def test_the_follow_up_comes_three_months_after_the_end_and_nobody_is_reminded_for_ever() -> None:
    over = days(*range(10), ended=9)
    ends = months_after(later(9), 3)
    assert due("neck-disability-index", over, (ends - DAY).days, 0, 4, 9) == ("follow-up", ends)
    assert due("neck-disability-index", over, (ends - DAY).days - 1, 0, 4, 9) is None
    assert due("neck-disability-index", over, 400, 0, 4, 9) is None
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)


def test_every_third_session_and_every_week_count_from_the_last_value() -> None:
    assert due("limb-girth", days(0, 1, 2), 2, 0) == ("every-3-sessions", later(2))
    assert due("limb-girth", days(0, 1, 2, 3), 3, 2) is None
    assert due("sleep-quality", days(0), 6, 0) is None
    assert due("sleep-quality", days(0), 7, 0) == ("weekly", later(7))
    assert due("headache-days", days(0), 22, 0, 8) == ("diary", later(14))  # since the first day of the week that was not read off


def test_what_the_record_asks_is_never_asked_twice_and_a_doctors_report_is_never_due() -> None:
    for code in OF_THE_RECORD:
        assert due(code, days(0, 1), 2) is None
    assert due("cobb-angle", days(0, 1), 2) is None


@given(
    st.sampled_from(sorted(MEASURES)),
    st.lists(st.integers(0, 60), unique=True, max_size=12).map(sorted),
    st.integers(0, 200),
    st.booleans(),
)
def test_a_measure_taken_today_is_due_no_more_and_nothing_is_due_before_its_day(code: str, given: list[int], on: int, over: bool) -> None:
    given = [day for day in given if day <= on]
    course = days(*given, count=12, ended=given[-1] if over and given else None)
    found = due_of([MEASURES[code]], [], course, later(on))
    assert all(each.since <= later(on) for each in found)
    assert due_of([MEASURES[code]], [Valued(code, later(on), 1.0)], course, later(on)) == ()


def test_every_measure_of_every_stage_is_known_and_every_sided_one_is_a_measure() -> None:
    library = shipped_library()
    assert all(measures_asked(library, entry.code, stage) for entry in library.conditions.values() for stage in entry.stages)
    assert set(MEASURES) >= SIDED | OF_THE_RECORD


# What became of it --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "numbers", "verdict"),
    [
        ("pain-nrs", (6, 4.2), "good"),  # 30 % comes before 2 points
        ("pain-nrs", (6, 5), "partial"),
        ("pain-nrs", (6, 6), "none"),
        ("pain-nrs", (6, 7), "worse"),
        ("pain-nrs", (0, 1), "worse"),
        ("joint-range", (90, 100), "good"),
        ("joint-range", (90, 85), "worse"),
        ("stool-form", (1, 3), "good"),
        ("stool-form", (1, 2), "partial"),
        ("stool-form", (4, 6), "worse"),
        ("asthma-control-test", (19, 20), "good"),  # inside the target
        ("pain-nrs", (6,), None),
        ("blood-pressure", (150, 138), None),  # the library names no direction
        ("session-comfort", (8, 3), None),  # and here no number
    ],
)
def test_the_verdict_is_read_from_the_start_by_the_numbers_of_the_library(
    code: str, numbers: tuple[float, ...], verdict: str | None
) -> None:
    assert trend(MEASURES[code], valued(code, *numbers)) == verdict


def test_twice_worse_running_counts_from_the_start_and_not_over_a_better_day() -> None:
    assert worse_running(MEASURES["pain-nrs"], valued("pain-nrs", 4, 6, 7)) == 2
    assert worse_running(MEASURES["pain-nrs"], valued("pain-nrs", 4, 6, 4, 7)) == 1
    assert worse_running(MEASURES["pain-nrs"], valued("pain-nrs", 4, 2)) == 0


VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=12)
NUMERIC = [measure for measure in MEASURES.values() if measure.better != "compare"]


@given(st.sampled_from(NUMERIC), VALUES, st.integers(0, 12))
def test_a_drawing_never_leaves_its_frame_and_its_words_never_meet(measure: Measure, shares: list[float], sessions: int) -> None:
    values = valued(measure.code, *(measure.min + (measure.max - measure.min) * share for share in shares))
    marks = Marks(tuple(later(each) for each in range(sessions)), "start", "good at", "target")
    chart = chart_of(measure, [Series("now", "", tuple(values))], marks)
    assert chart is not None
    heights = [point.y for line in chart.lines for point in line.points] + [band.y + band.height for band in chart.bands]
    assert all(TOP - 0.1 <= height <= FLOOR + 0.1 for height in heights)
    assert all(chart.left <= point.x <= chart.right for line in chart.lines for point in line.points)
    words = sorted(rule.at for rule in chart.rules)
    assert all(upper + ROOM <= lower + 0.15 for upper, lower in pairwise(words))
    assert 2 <= len(chart.scale) <= 12
