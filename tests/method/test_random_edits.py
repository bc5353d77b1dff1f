"""Random changes by hand, a few of the thousands of ``manage.py verify edits``; the controls show that the judge sees what is broken."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.method.answers import Faults
from protocols.method.editing import EditedCourse
from protocols.method.edits import Edits
from protocols.method.planning import plan_whole_course
from protocols.proving_acts import random_edit
from protocols.proving_controls import CONTROLS, missed_controls
from protocols.proving_edits import prove_sequence, prove_sequences, report
from tests.method.strategies import LIBRARY, cases


@pytest.fixture(scope="module")
def tally():
    return [prove_sequence((number, 10, 2026)) for number in range(7)]


def test_whatever_hands_change_no_hard_limit_is_crossed_and_no_soft_rule_without_a_reason(tally):
    assert report([found for each in tally for found in each.violations]) == []


def test_changes_hold_some_are_set_aside_and_reasons_are_used(tally):
    """A plan in which nothing could ever be changed would break no rule either."""
    held, aside, soft = (sum(getattr(each, name) for each in tally) for name in ("held", "aside", "soft"))
    assert held > 20
    assert aside > 20
    assert soft > 0


def test_a_sequence_comes_out_the_same_again(tally):
    assert prove_sequence((1, 10, 2026)) == tally[1]


def test_every_result_that_was_spoilt_on_purpose_is_noticed():
    assert len(CONTROLS) >= 12
    assert missed_controls() == ()


def test_the_figures_are_written_with_the_controls_first():
    lines: list[str] = []
    assert prove_sequences(runs=1, acts=2, seed=1, write=lines.append)
    assert lines[0].startswith(f"Control: {len(CONTROLS)} of {len(CONTROLS)}")
    assert "Sequences: 1 of 2 acts" in lines[1]
    assert "Violations: 0" in lines[1]


@settings(max_examples=12, deadline=None)
@given(cases(milder=True), st.randoms(use_true_random=True))
def test_no_change_by_hand_makes_a_course_unsafe_whatever_is_found_and_recorded(case, chance):
    """A real screening, with its questions and documents: an edit is set aside, and the rest of the course is planned."""
    short = replace(case, of=min(case.of, 5), number=min(case.number, 5), records=case.records[:4])
    try:
        planned = plan_whole_course(short, LIBRARY)
    except Faults:
        return
    edits = Edits()
    for _ in range(6):
        edits = edits.with_edit(random_edit(chance, planned.setting, planned.edited or _as_built(planned), edits))
        planned = plan_whole_course(replace(short, edits=edits), LIBRARY)
    assert not planned.edited or all(rule.override for rule in planned.edited.soft)


def _as_built(planned):
    return EditedCourse(planned.sessions, planned.course, planned.sessions)
