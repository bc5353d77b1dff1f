"""A plan in an unsafe state cannot be made at all: not a row, not a session."""

from dataclasses import replace

import pytest

from protocols.method.plans import UnsafePlan
from protocols.method.vocabulary import MIN_ROW_SECONDS, MIN_STEP_SECONDS, Outcome
from tests.method.hand_made import ATTACK, ATTACK_PLAN, a_row, a_setting

ROW = ATTACK_PLAN.rows[1]


def test_the_shortest_row_is_fifteen_seconds_and_the_shortest_step_thirty():
    assert (MIN_ROW_SECONDS, MIN_STEP_SECONDS) == (15, 30)
    assert replace(ROW, seconds=15).seconds == 15


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"seconds": 14}, "row of 14 s"),
        ({"pressure": 0}, "pressure 0"),
        ({"pressure": 5}, "pressure 5"),
        ({"part": "interlude"}, "interlude/stroking"),
        ({"family": "cupping"}, "main/cupping"),
    ],
)
def test_a_row_out_of_bounds_cannot_be_made(fault, words):
    with pytest.raises(UnsafePlan, match=words):
        replace(ROW, **fault)


@pytest.mark.parametrize("pressure", [1, 4])
def test_the_lowest_and_the_highest_pressure_are_rows(pressure):
    assert replace(ROW, pressure=pressure).pressure == pressure


def without(*rows: int):
    kept = tuple(row for number, row in enumerate(ATTACK_PLAN.rows) if number not in rows)
    return {"rows": kept, "total_seconds": sum(row.seconds for row in kept)}


RUBBING = a_row(9, "closing", "back", "rubbing-circular", 60)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"total_seconds": 599}, "add up"),
        ({"rows": (RUBBING, *ATTACK_PLAN.rows), "total_seconds": 660}, "begins and ends"),
        ({"rows": (*ATTACK_PLAN.rows, RUBBING), "total_seconds": 660}, "begins and ends"),
        ({"outcome": Outcome.ABSOLUTE, "may_start": False}, "rows under absolute"),
        ({"outcome": Outcome.EMERGENCY, "may_start": False}, "rows under emergency"),
        ({"outcome": Outcome.DOCTOR}, "may not start"),
        ({"outcome": Outcome.DEFER}, "may not start"),
        ({"rows": (), "total_seconds": 0}, "may not start"),
        ({"rows": (*ATTACK_PLAN.rows, replace(ATTACK_PLAN.rows[0], seconds=15)), "total_seconds": 615}, "more time than the dose"),
    ],
)
def test_a_session_in_an_unsafe_state_cannot_be_made(fault, words):
    with pytest.raises(UnsafePlan, match=words):
        replace(ATTACK_PLAN, **fault)


@pytest.mark.parametrize("outcome", [Outcome.CAUTION, Outcome.MODIFY])
def test_a_session_under_a_milder_outcome_may_start(outcome):
    assert replace(ATTACK_PLAN, outcome=outcome).may_start


def test_a_draft_for_the_doctor_has_rows_and_may_not_start():
    draft = replace(ATTACK_PLAN, outcome=Outcome.DOCTOR, may_start=False)
    assert draft.rows
    assert not draft.may_start


def test_a_barred_stage_holds_no_treatment_and_says_so():
    with pytest.raises(ValueError, match="stage alarm is barred"):
        a_setting("constipation", "alarm").treatment  # noqa: B018
    assert ATTACK.treatment is ATTACK.stage.treatment


def test_the_outcomes_stand_in_one_order():
    order = ["clear", "caution", "modify", "doctor", "defer", "absolute", "emergency"]
    assert [outcome.code for outcome in sorted(Outcome)] == order
    assert [outcome.value for outcome in Outcome] == list(range(7))
    assert [outcome.allows_steps for outcome in sorted(Outcome)] == [*[True] * 5, False, False]
