"""The same as last time, with progression: what of the last hand changes goes into the next course, by how the last one ended."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest

from clinic.courses.again.progression import Ending, carried, carry_lines, ending_of, lowers
from clinic.courses.again.repeating import first_day, repeat_rules
from protocols.method.case import parse_case
from protocols.method.editing.keys import step_keys
from protocols.method.edits import LAST_SESSION, Edit, Edits, NewStep, Override, Palpated
from protocols.method.places import Place
from protocols.method.planning import PlannedCourse, plan_whole_course
from protocols.method.plans import Hurt, SessionRecord
from protocols.shelf import shipped_library
from tests.method.cases import a_case_of

LIBRARY = shipped_library()
CONDITION = LIBRARY.conditions["neck-collar"]
STAGE = CONDITION.stages["calming"]
WELL = SessionRecord(9, comfort=8, pain_before=2, pain_after=1, pain_next_day=2)
GOOD, UNSURE = Ending(), Ending(("comfort-unknown",))


@cache
def made() -> PlannedCourse:
    """A plan of ten sessions without anything changed by hand."""
    return plan_whole_course(parse_case(a_case_of(LIBRARY, CONDITION, STAGE, number=1, of=10), LIBRARY), LIBRARY)


def a_step() -> tuple[str, int]:
    """The key of a step of the fifth session, and the pressure that the protocol gives it."""
    session = made().sessions[4]
    return step_keys(session)[1], max(row.pressure for row in session.rows if row.step == 1)


@pytest.mark.parametrize(
    ("changed", "against"),
    [
        ({}, ()),
        ({"pain_next_day": 3}, ()),  # up by one: the load may rise
        ({"pain_next_day": 4}, ("next-day-pain",)),
        ({"pain_next_day": None}, ("next-day-unknown",)),
        ({"comfort": 5}, ("low-comfort",)),
        ({"comfort": 6}, ()),
        ({"comfort": None}, ("comfort-unknown",)),
        ({"bad_reaction": True}, ("bad-reaction",)),
        ({"hurts": (Hurt(Place("trapezius-upper", "left")),)}, ("hurt-marked",)),
        ({"skin_or_swelling": True}, ("course-suspended",)),
    ],
)
@pytest.mark.parametrize("turn", [0, 1])
def test_a_course_ended_well_when_its_last_two_sessions_kept_every_threshold(
    changed: dict[str, object], against: tuple[str, ...], turn: int
) -> None:
    records = [WELL, replace(WELL, number=10)]
    records[turn] = replace(records[turn], **changed)  # type: ignore[arg-type]
    found = ending_of([replace(WELL, number=8, comfort=1), *records], LIBRARY, STAGE, is_finished=True)  # what was before does not count
    assert set(found.against) == set(against)
    assert found.is_well == (not against)


def test_a_course_that_was_ended_early_or_hardly_given_did_not_end_well() -> None:
    assert ending_of([WELL, replace(WELL, number=10)], LIBRARY, STAGE, is_finished=False).against == ("ended-early",)
    assert ending_of([WELL], LIBRARY, STAGE, is_finished=True).against == ("few-sessions",)
    assert not ending_of([], LIBRARY, STAGE, is_finished=True).is_well


def test_what_lowered_the_load_is_given_back_only_after_a_good_end() -> None:
    step, level = a_step()
    new = NewStep("calf", "left", ("stroking-longitudinal",), 2, "calm")
    table = [  # edit, lowers, carried after a good end, carried otherwise
        (Edit("depth", 3, 10, value=1), True, False, True),
        (Edit("minutes", 3, 10, step=step, value=700), True, False, True),
        (Edit("minutes", 3, 10, step=step, value=1300), False, True, True),
        (Edit("remove", 3, 10, step=step), True, False, True),
        (Edit("pressure", 5, 5, step=step, value=level - 1), True, False, True),
        (Edit("pressure", 5, 5, step=step, value=level), False, True, True),
        (Edit("dose", 5, 7, value=60), True, False, True),
        (Edit("dose", 5, 7, value=100), False, True, True),
        (Edit("supplement", 1, 10, code="heat", value=1), False, True, True),
        (Edit("supplement", 1, 10, code="heat", value=0), True, False, True),
        (Edit("tempo", 3, 10, step=step, code="calm"), False, True, True),
        (Edit("move", 3, 10, step=step), False, True, True),
        (Edit("technique", 3, 10, step=step, family="stroking", code="x"), False, True, True),
        (Edit("add", 3, 10, step="+1", value=100, new=new), False, True, True),
        (Edit("dose", 1, 1, value=100), False, False, False),  # a new course begins with the build-up
        (Edit("remove", 12, 12, step=step), True, False, False),  # this course has no such session
    ]
    edits = Edits(tuple(edit for edit, *_said in table))
    well, unsure = (carry_lines(edits, ending, made()) for ending in (GOOD, UNSURE))
    said = [(lowers(line.edit, made()), line.is_carried, other.is_carried) for line, other in zip(well, unsure, strict=True)]
    assert said == [tuple(expected) for _edit, *expected in table]


def test_what_was_lowered_on_a_doctors_advice_is_no_discomfort_and_stays() -> None:
    step, _level = a_step()
    advised = Edits((Edit("remove", 1, 10, step=step),), (Override("part-order", step, "advice", "The surgeon asks"),))
    assert carry_lines(advised, GOOD, made())[0].is_carried
    for_comfort = replace(advised, overrides=(Override("part-order", step, "comfort", "It hurt"),))
    assert not carry_lines(for_comfort, GOOD, made())[0].is_carried


def test_what_is_carried_is_cut_to_the_course_with_its_reasons_and_without_what_the_hand_felt_then() -> None:
    step, _level = a_step()
    new = NewStep("calf", "left", ("stroking-longitudinal",), 2, "calm")
    kept, other = Override("tempo-not-planned", step, "comfort", "Likes it"), Override("zone-not-planned", "+1", "response", "Calf too")
    then = Edits(
        (
            Edit("tempo", 3, 12, step=step, code="calm"),
            Edit("add", 4, LAST_SESSION, step="+1", value=100, new=new),
            Edit("tempo", 4, 12, step="+1", code="calm"),
            Edit("depth", 9, 9, value=1),
        ),
        (kept, other),
        (Palpated(Place("back", "left"), "tense"),),
    )
    found = carried(then, frozenset({0, 2, 3}), 8)
    assert found == Edits((Edit("tempo", 3, 8, step=step, code="calm"),), (kept,))  # without its step a change of it goes too
    assert carried(then, frozenset({0, 1, 2}), 8).edits[1].last == LAST_SESSION
    assert carried(then, frozenset(), 8) == Edits()


def test_a_zone_waits_for_its_days_unless_a_doctor_has_written_since() -> None:
    ended, days = date(2026, 5, 4), LIBRARY.course.repeat.same_zone_min_days
    rules = repeat_rules(LIBRARY, STAGE, ended, None)
    assert [rule.code for rule in rules] == ["zone", "stage" if STAGE.treatment and STAGE.treatment.repeat_after_days else "reassess"]
    assert first_day(rules, earliest=ended) == ended + timedelta(days=days)
    assert rules[0].is_early(ended + timedelta(days=days - 1))
    assert not rules[0].is_early(ended + timedelta(days=days))
    lifted = repeat_rules(LIBRARY, STAGE, ended, ended + timedelta(days=1))
    assert first_day(lifted, earliest=ended) == ended
    assert not any(rule.is_early(ended) for rule in lifted)
    assert first_day(repeat_rules(LIBRARY, STAGE, ended, ended - timedelta(days=1)), earliest=ended) > ended
    assert repeat_rules(LIBRARY, STAGE, None, None) == ()
