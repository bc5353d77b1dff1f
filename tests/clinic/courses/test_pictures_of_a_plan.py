"""The pictures of a plan are to scale, and every row and omission can say why, link by link."""

from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest

from clinic.courses.presentation import Presenter, SessionView, timeline
from clinic.courses.presentation.chains import CODES, KINDS, Context, kind_of, kind_word
from clinic.courses.presentation.curve import FLOOR, TOP, curve_of
from clinic.courses.presentation.lines import ChainLink
from clinic.courses.presentation.sessions import shares_of_hundred
from clinic.courses.sentences import SENTENCES
from protocols.cases import WorkedCase, worked_cases
from protocols.method.case import parse_case
from protocols.method.planning import PlannedCourse, plan_whole_course
from protocols.method.reasons import because
from protocols.shelf import shipped_library, shipped_names
from tests.each import of_each

pytestmark = pytest.mark.same_everywhere

LIBRARY = shipped_library()
ENGLISH = Presenter(LIBRARY, shipped_names("en"))
RUSSIAN = Presenter(LIBRARY, shipped_names("ru"))
CASES = of_each("case", worked_cases(), ids=lambda case: case.code)


BY_CODE = {case.code: case for case in worked_cases()}


def planned(case: WorkedCase) -> PlannedCourse:
    """The course of a case, made once: a plan is frozen, and nothing here spoils it."""
    return _planned(case.code)


@cache
def _planned(code: str) -> PlannedCourse:
    return plan_whole_course(parse_case(BY_CODE[code].stated, LIBRARY), LIBRARY)


def views(case: WorkedCase) -> list[SessionView]:
    """The first, the middle and the last session of a case, one of each phase; drawn once like its course."""
    return list(_views(case.code))


@cache
def _views(code: str) -> tuple[SessionView, ...]:
    course = _planned(code)
    stage = f"{course.setting.condition.code}/{course.setting.stage.code}"
    count = len(course.sessions)
    return tuple(ENGLISH.session(course.sessions[number], stage=stage) for number in sorted({0, count // 2, count - 1}))


def texts(chain: tuple[ChainLink, ...]) -> set[str]:
    return {each.text for link in chain for each in link.said}


# Chains ---------------------------------------------------------------------------------------------------------------------------
@CASES
def test_the_chain_of_every_row_names_protocol_stage_and_dose_in_this_order_and_loses_no_reason(case: WorkedCase) -> None:
    course = planned(case)
    for session in (course.sessions[0], course.sessions[-1]):
        view = ENGLISH.session(session)
        lines = [row for step in view.steps for row in step.rows]
        assert [line.number for line in lines] == list(range(1, len(session.rows) + 1))
        for row, line in zip(session.rows, lines, strict=True):
            kinds = [link.kind for link in line.chain]
            assert kinds[:3] == ["protocol", "stage", "dose"]
            assert kinds == sorted(kinds, key=KINDS.index)
            assert texts(line.chain) >= {ENGLISH.speaker.say(reason) for reason in row.because}


@CASES
def test_every_omission_has_a_chain_that_ends_in_what_decided(case: WorkedCase) -> None:
    course = planned(case)
    stage = f"{case.stated['condition']}/{course.setting.stage.code}"
    for session in (course.sessions[0], course.sessions[-1]):
        view = ENGLISH.session(session, stage=stage)
        decided = {each.text for line in view.left_out for link in line.chain for each in link.said if each.decides}
        assert decided >= {ENGLISH.speaker.say(item.because) for item in session.omissions}
        assert all(any(each.decides for link in line.chain for each in link.said) for line in view.left_out)
        assert len({(line.kind, line.name, line.side) for line in view.left_out}) == len(view.left_out)


@CASES
def test_a_family_that_a_session_has_not_is_always_on_the_list(case: WorkedCase) -> None:
    for view in views(case):
        if view.steps:
            there = {row.family for step in view.steps for row in step.rows}
            listed = {line.family for line in view.left_out if line.kind == "family" and line.nowhere}
            assert there.isdisjoint(listed)
            assert there | listed == set(LIBRARY.families)


def test_percussion_that_the_build_up_closes_names_the_rule_of_the_phase() -> None:
    closed = [
        (line, view)
        for case in worked_cases()
        for view in views(case)[:1]
        for line in view.left_out
        if line.family == "percussion" and any("in this phase" in sentence for sentence in line.because)
    ]
    assert closed, "no worked case has percussion that waits for its phase"
    for line, _view in closed:
        dose = next(link for link in line.chain if link.kind == "dose")
        assert any("no percussion" in detail for each in dose.said for detail in each.details)


def test_every_reason_has_its_link_and_an_unknown_one_stands_last() -> None:
    assert {code for codes in CODES.values() for code in codes.split()} <= set(SENTENCES)
    assert {code for code in SENTENCES if kind_of(code) == "other"} == set()
    assert kind_of("a-code-of-tomorrow") == KINDS[-1] == "other"
    assert len({kind_word(kind) for kind in KINDS}) == len(KINDS)


def test_a_reason_of_an_unknown_kind_is_never_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clinic.courses.presentation.chains.KIND_OF", {})
    chain = ENGLISH.chains.of_row(
        [because("protocol-row", stage="scoliosis/degree-2", row=1, profile="opening", plan="derived", minutes="derived")], Context()
    )
    assert [link.kind for link in chain] == ["other"]


def test_what_an_earlier_row_has_said_is_marked_for_paper() -> None:
    course = planned(worked_cases()[0])
    step = next(step for step in ENGLISH.session(course.sessions[0]).steps if len(step.rows) > 1)
    first, second = step.rows[0], step.rows[1]
    fresh = {each.text for link in first.chain for each in link.said}
    again = {each.text for link in second.chain for each in link.said if each.repeats}
    assert again
    assert again <= fresh


# Timeline -------------------------------------------------------------------------------------------------------------------------
@CASES
def test_the_segments_fill_the_session_and_are_as_long_as_their_seconds(case: WorkedCase) -> None:
    for view in views(case):
        for drawn in (timeline.lying(view), timeline.standing(view)):
            segments = [segment for span in drawn.steps for segment in span.segments]
            assert sum(segment.length for segment in segments) == pytest.approx(drawn.length if segments else 0)
            for segment in segments:
                assert segment.length == pytest.approx(drawn.length * segment.row.seconds / view.total_seconds)
                assert segment.deep / segment.row.pressure == pytest.approx(segments[0].deep / segments[0].row.pressure)
            assert all(one.at + one.length == pytest.approx(two.at) for one, two in pairwise(segments))
            assert sum(span.length for span in drawn.steps) == pytest.approx(sum(span.length for span in drawn.positions))


def test_a_brisk_row_has_closer_beats_than_a_calm_one() -> None:
    segments = [s for case in worked_cases() for v in views(case) for span in timeline.lying(v).steps for s in span.segments]
    apart = {segment.row.tempo: segment.beats[1] - segment.beats[0] for segment in segments if len(segment.beats) > 1}
    assert apart["tonic"] < apart["neutral"] < apart["calm"]


@pytest.mark.parametrize(
    ("words", "letters", "expected"),
    [
        ("sacrum", 10, ("sacrum",)),
        ("back of the thigh", 6, ("back", "of the", "thigh")),
        ("lumbar paravertebral strip", 9, ("lumbar", "paravert…", "strip")),
        ("one two three four five", 5, ("one", "two", "thre…")),
        ("sacrum", 3, ()),
    ],
)
def test_a_zone_is_written_as_far_as_there_is_room(words: str, letters: int, expected: tuple[str, ...]) -> None:
    assert timeline.wrapped(words, letters) == expected


# Totals and curve -----------------------------------------------------------------------------------------------------------------
@CASES
def test_families_add_up_to_the_session(case: WorkedCase) -> None:
    for view in views(case):
        assert sum(family.seconds for family in view.families) == view.total_seconds
        assert sum(family.percent for family in view.families) == (100 if view.steps else 0)


def test_percents_lose_nothing_to_rounding() -> None:
    assert shares_of_hundred([1, 1, 1]) == (34, 33, 33)
    assert shares_of_hundred([0, 0]) == (0, 0)
    assert shares_of_hundred([]) == ()


@CASES
def test_the_columns_of_the_curve_are_as_high_as_the_minutes(case: WorkedCase) -> None:
    course = planned(case)
    doses = ENGLISH.doses(course.course, course.sessions)
    curve = curve_of(doses, current=2)
    longest = max(dose.seconds for dose in doses)
    assert [column.dose.number for column in curve.columns] == list(range(1, len(doses) + 1))
    for column in curve.columns:
        assert column.height == pytest.approx((FLOOR - TOP) * column.dose.seconds / longest if longest else 0)
        assert sum(each.height for each in column.slices) == pytest.approx(column.height)
    assert sum(band.width for band in curve.bands) == pytest.approx(sum(column.width for column in curve.columns))
    reviewed = [column for column in curve.columns if column.dose.is_review]
    assert [column.x + column.width for column in reviewed] == [pytest.approx(curve.review_x)]
    assert [column.dose.number for column in curve.columns if column.is_current] == ([2] if len(doses) > 1 else [])


def test_a_session_of_the_curve_says_number_phase_minutes_and_pressure() -> None:
    course = planned(next(case for case in worked_cases() if planned(case).sessions[0].rows))
    dose = replace(ENGLISH.doses(course.course, course.sessions)[0])
    session = course.sessions[0]
    assert dose.label.startswith(f"Session 1 of {len(course.sessions)}, build-up, ")
    assert f"pressure {max(row.pressure for row in session.rows)} at most" in dose.label


def test_a_long_course_scrolls_and_an_empty_one_is_drawn() -> None:
    course = planned(next(case for case in worked_cases() if planned(case).sessions[0].rows))
    dose = ENGLISH.doses(course.course, course.sessions)[0]
    assert curve_of([replace(dose, number=number) for number in range(1, 61)], 1).is_long
    assert curve_of([], 1).columns == ()
    assert curve_of([replace(dose, seconds=0, families=())], 1).columns[0].height == 0


def test_the_pictures_speak_russian() -> None:
    course = planned(next(case for case in worked_cases() if planned(case).sessions[0].rows))
    view = RUSSIAN.session(course.sessions[0])
    assert view.families[0].name == shipped_names("ru").of("families", view.families[0].code)
    assert {link.kind for step in view.steps for row in step.rows for link in row.chain} >= {"protocol", "stage", "dose"}
