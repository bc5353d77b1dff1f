"""How a file of the library is read, at its edges: what is taken, what is refused, and where a fault is said to lie."""

import pytest

from protocols.method.entries import AllInputs, AllOf, Always, AnyInput, AnyOf, Comparison, InputComparison, Not
from protocols.method.parsing import FaultList, layout, tables
from protocols.method.parsing.reader import Spot, reader_of
from protocols.method.parsing.trees import read_input_tree, read_tree
from protocols.method.vocabulary import Outcome
from tests.method.planned import LIBRARY

ASKS = {"fact": "history.pregnant", "op": "is", "value": True}
PREGNANT = Comparison("history.pregnant", "is", True)
SIDE = {"input": "affected_side", "op": "in", "value": ["left"]}
LEFT = InputComparison("affected_side", "in", ("left",))


def read_with(reader, data):
    """What was read, and the faults."""
    faults = FaultList()
    return reader(data, "here", faults), faults.faults


# Trees ----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("data", "tree"),
    [
        ({"always": True}, Always()),
        (ASKS, PREGNANT),
        ({"not": ASKS}, Not(PREGNANT)),
        ({"any": [ASKS, ASKS]}, AnyOf((PREGNANT, PREGNANT))),
        ({"all": [ASKS]}, AllOf((PREGNANT,))),
        ({"fact": "a", "op": "known"}, Comparison("a", "known")),
        ({"fact": "a", "op": "in", "value": ["x", "y"]}, Comparison("a", "in", ("x", "y"))),
    ],
)
def test_a_tree_over_facts_is_read_as_it_is_written(data, tree):
    assert read_with(read_tree, data) == (tree, [])


@pytest.mark.parametrize(
    ("data", "tree"),
    [
        (SIDE, LEFT),
        ({"stage": ["acute"]}, InputComparison(None, "in", ("acute",))),
        ({"any": [SIDE, SIDE]}, AnyInput((LEFT, LEFT))),
        ({"all": [SIDE]}, AllInputs((LEFT,))),
        ({"input": "a", "op": "ge", "value": 3}, InputComparison("a", "ge", 3)),
    ],
)
def test_a_tree_over_inputs_is_read_as_it_is_written(data, tree):
    assert read_with(read_input_tree, data) == (tree, [])


@pytest.mark.parametrize("reader", [read_tree, read_input_tree])
@pytest.mark.parametrize("data", [{}, [], "always", {"any": []}, {"all": {}}, {"any": "ab"}, {"all": 0}, {"stage": "acute"}])
def test_what_is_no_tree_is_refused_and_gives_nothing(reader, data):
    tree, faults = read_with(reader, data)
    assert tree is None
    assert faults


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"fact": 3, "op": "is", "value": True}, "unknown operator or fact"),
        ({"fact": "a", "op": "like", "value": True}, "unknown operator or fact"),
        ({"fact": "a", "op": "known", "value": 1}, "does not take"),
        ({"fact": "a", "op": "in", "value": []}, "does not take"),
        ({"fact": "a", "op": "in", "value": "x"}, "does not take"),
        ({"fact": "a", "op": "touches", "value": 3}, "does not take"),
        ({"fact": "a", "op": "is"}, "does not take"),
        ({"fact": "a", "op": "is", "value": ["x"]}, "does not take"),
        ({"fact": "a", "op": "is", "value": 1, "more": 1}, "not a condition"),
        ({"fact": "a"}, "not a condition"),
    ],
)
def test_a_question_that_its_operator_does_not_take_is_refused_with_one_fault(data, words):
    tree, faults = read_with(read_tree, data)
    assert tree is None
    assert len(faults) == 1
    assert words in faults[0]


def test_a_fault_in_a_branch_names_the_branch_and_an_empty_list_is_said_to_be_one():
    tree, faults = read_with(read_tree, {"any": [ASKS, {"fact": 1, "op": "is", "value": 1}]})
    assert tree is None
    assert [fault.split(":")[0] for fault in faults] == ["here any[2]"]
    tree, faults = read_with(read_tree, {"all": []})
    assert tree is None
    assert [fault.split(":")[0] for fault in faults] == ["here", "here all[1]"]
    assert "not empty" in faults[0]


# Values ---------------------------------------------------------------------------------------------------------------------
def read_as(annotation, data):
    faults = FaultList()
    return reader_of(annotation)(data, Spot("here", faults)), faults.faults


@pytest.mark.parametrize("data", ["severe", "", 3, None, ["doctor"], Outcome.DOCTOR])
def test_only_the_word_of_an_outcome_is_an_outcome(data):
    read, faults = read_as(Outcome, data)
    assert read is None
    assert len(faults) == 1
    assert read_as(Outcome, "doctor") == (Outcome.DOCTOR, [])


def test_a_fault_in_a_list_names_its_place_from_one():
    assert read_as(tuple[int, ...], [1, 2]) == ((1, 2), [])
    assert [fault.split(":")[0] for fault in read_as(tuple[int, ...], ["x", 2, "y"])[1]] == ["here [1]", "here [3]"]


@pytest.mark.parametrize("data", [(1, 2), "12", 3, [1], [1, 2, 3], []])
def test_a_pair_is_a_list_of_two(data):
    assert read_as(tuple[int, int], [1, 2]) == ((1, 2), [])
    read, faults = read_as(tuple[int, int], data)
    assert read is None
    assert len(faults) == 1


# Tables ---------------------------------------------------------------------------------------------------------------------
STAGE_ROW = {"code": "open", "local": "allowed"}


def test_rows_that_cannot_be_read_are_left_out_and_named_from_one():
    faults = FaultList()
    read = tables.read_list(type(LIBRARY.course.phases.load_rises_if), [3, {"fact": "a", "op": "known"}], "here", faults)
    assert read == (Comparison("a", "known"),)
    assert len(read) == 1
    assert [fault.split(":")[0] for fault in faults.faults] == ["here [1]"]


@pytest.mark.parametrize("readable", [(True, False), (False, True), (False, False)])
def test_a_stage_of_which_a_half_cannot_be_read_is_no_stage(monkeypatch, readable):
    stage = LIBRARY.conditions["scoliosis"].stages["degree-1"]
    halves = {"Stage": stage if readable[0] else None, "Treatment": stage.treatment if readable[1] else None}
    monkeypatch.setattr(tables, "read_entry", lambda kind, *_: halves[kind.__name__])
    assert tables._read_stage(STAGE_ROW, Spot("here", FaultList())) is None


def test_a_stage_of_which_both_halves_can_be_read_is_a_stage(monkeypatch):
    stage = LIBRARY.conditions["scoliosis"].stages["degree-1"]
    halves = {"Stage": stage, "Treatment": stage.treatment}
    monkeypatch.setattr(tables, "read_entry", lambda kind, *_: halves[kind.__name__])
    assert tables._read_stage(STAGE_ROW, Spot("here", FaultList())) == stage


@pytest.mark.parametrize("rows", ["text", 3, {"position": 1}, [3], [{"position": 1}], [{"position": 1, "zone": "a", "more": 1}]])
def test_a_list_in_order_that_is_none_is_refused_and_gives_no_code(rows):
    faults = FaultList()
    assert layout.order_list(rows, "zone", "here", faults) == ()
    assert len(faults.faults) == 1


def test_a_list_in_order_counts_from_one():
    faults = FaultList()
    rows = [{"position": 1, "zone": "a"}, {"position": 2, "zone": "b"}]
    assert layout.order_list(rows, "zone", "here", faults) == ("a", "b")
    assert faults.faults == []
    assert layout.order_list(rows[::-1], "zone", "here", faults) == ("b", "a")
    assert len(faults.faults) == 1
