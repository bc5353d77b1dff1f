"""Where data contradict the chosen stage the person is warned, at the very number of the definition, and never on a guess."""

import copy
from typing import Any

import pytest

from protocols.method.answers import Answers
from protocols.method.building import LibraryFaults, build_library
from protocols.method.entries import Condition, SignCheck, StageSign
from protocols.method.stage_signs import stage_warnings
from protocols.shelf import read_tables, shipped_library
from tests.each import of_each

LIBRARY = shipped_library()
NOTHING = Answers({})
SIGNS = [
    pytest.param(condition, sign, id=f"{condition.code}-{sign.code}")
    for condition in LIBRARY.conditions.values()
    for sign in condition.stage_signs
]


def meeting(check: SignCheck) -> object:
    """The value on the edge that just meets a check."""
    step = {"lt": -1, "gt": 1}.get(check.op, 0)
    if isinstance(check.value, tuple):
        return check.value[0]
    if check.op == "is-not":
        return "something else"
    return check.value if isinstance(check.value, bool | str) else check.value + step


def missing(check: SignCheck) -> object:
    """The value on the edge that just misses it."""
    if isinstance(check.value, bool):
        return not check.value
    if isinstance(check.value, int | float):
        return check.value + {"ge": -0.1, "le": 0.1}.get(check.op, 0)
    return check.value if check.op == "is-not" else "something else"


def asked(check: SignCheck, value: object) -> tuple[dict[str, Any], dict[str, Any]]:
    return ({check.input: value}, {}) if check.input else ({}, {str(check.fact): value})


def warned(condition: Condition, stage: str, sign: StageSign, values: list[object], *, as_facts: bool = False) -> bool:
    inputs: dict[str, Any] = {}
    facts: dict[str, Any] = {}
    for check, value in zip(sign.when, values, strict=True):
        if as_facts and check.fact:
            facts[check.fact] = value
        else:
            more_inputs, more_facts = asked(check, value)
            inputs |= more_inputs
            facts |= more_facts
    return sign.code in {found.sign for found in stage_warnings(condition, stage, inputs, Answers(facts))}


@of_each(("condition", "sign"), SIGNS)
def test_a_sign_warns_at_its_number_and_not_beside_it(condition, sign):
    edge = [meeting(check) for check in sign.when]
    for stage in sign.stages:
        assert warned(condition, stage, sign, edge)
        assert warned(condition, stage, sign, edge, as_facts=True)
        for place, check in enumerate(sign.when):
            assert not warned(condition, stage, sign, [*edge[:place], missing(check), *edge[place + 1 :]])


@of_each(("condition", "sign"), SIGNS)
def test_a_sign_is_silent_for_every_other_stage_and_without_data(condition, sign):
    edge = [meeting(check) for check in sign.when]
    for stage in condition.stages:
        assert stage in sign.stages or not warned(condition, stage, sign, edge)
        assert stage_warnings(condition, stage, {}, NOTHING) == ()
        assert stage_warnings(condition, stage, dict.fromkeys((item.code for item in condition.inputs), None), NOTHING) == ()


@of_each(("condition", "sign"), SIGNS)
def test_no_stage_is_warned_of_by_what_speaks_for_it(condition, sign):
    """A sign names where it points to; with the same data that stage must not be warned of by the same sign."""
    edge = [meeting(check) for check in sign.when]
    for stage in sign.points_to:
        assert not warned(condition, stage, sign, edge)


def test_an_answer_on_the_form_counts_before_the_record():
    condition = LIBRARY.conditions["osteochondrosis-lumbar"]
    record = Answers({"today.pain-nrs": 9})
    assert [found.sign for found in stage_warnings(condition, "remission", {}, record)] == ["remission-too-painful"]
    assert stage_warnings(condition, "remission", {"pain_nrs": 2}, record) == ()
    (found,) = stage_warnings(condition, "remission", {"pain_nrs": 5}, record)
    assert found.told == (("input", "pain_nrs", 5),)
    assert (found.points_to, found.provenance, found.sources) == (("subacute", "acute"), "derived", ("m-27", "m-28"))


def test_an_unknown_fact_warns_of_nothing():
    condition = LIBRARY.conditions["pneumonia"]
    assert stage_warnings(condition, "resolution", {}, Answers({}, frozenset({"today.temperature-c"}))) == ()


def test_degrees_of_scoliosis_are_warned_of_exactly_outside_their_bands():
    condition = LIBRARY.conditions["scoliosis"]
    for angle in range(181):
        for stage, (low, high) in condition.degrees.items():
            found = stage_warnings(condition, stage, {"cobb_degrees": angle}, NOTHING)
            assert bool(found) is not (low <= angle <= high)


# A library with an unsound sign is refused -------------------------------------------------------------------------------------
def with_sign(condition: str, **changes: Any) -> dict[str, Any]:
    tables = copy.deepcopy(read_tables())
    tables[f"conditions/{condition}"]["stage_signs"][0].update(changes)
    return tables


UNSOUND: dict[str, dict[str, Any]] = {
    "an unknown stage": {"stages": ["nowhere"]},
    "no stage": {"stages": []},
    "no check": {"when": []},
    "no words": {"sentence": ""},
    "for and against": {"points_to": ["acute"]},
    "a source that the condition does not name": {"sources": ["x-1"]},
    "sourced without a source": {"provenance": "sourced", "sources": []},
    "nothing asked": {"when": [{"op": "lt", "value": 7}]},
    "an unknown input": {"when": [{"input": "mood", "op": "lt", "value": 7}]},
    "an unknown fact": {"when": [{"fact": "today.mood", "op": "lt", "value": 7}]},
    "an unknown operator": {"when": [{"input": "pain_nrs", "op": "near", "value": 7}]},
    "a number for a word": {"when": [{"input": "root_syndrome", "op": "is", "value": 7}]},
    "an answer that is none": {"when": [{"input": "root_syndrome", "op": "is", "value": "much"}]},
    "a list with an answer that is none": {"when": [{"input": "root_syndrome", "op": "in", "value": ["none", "much"]}]},
    "no list for in": {"when": [{"input": "root_syndrome", "op": "in", "value": "none"}]},
    "a bound for a word": {"when": [{"input": "root_syndrome", "op": "lt", "value": "none"}]},
    "a word for a bound": {"when": [{"input": "pain_nrs", "op": "lt", "value": "seven"}]},
    "a yes for a bound": {"when": [{"input": "pain_nrs", "op": "lt", "value": True}]},
    "a number for a yes": {"when": [{"fact": "today.feverish", "op": "is", "value": 1}]},
    "the same code twice": {"code": "subacute-too-painful"},
}


@pytest.mark.parametrize("changes", UNSOUND.values(), ids=UNSOUND)
def test_a_library_with_an_unsound_sign_is_refused(changes):
    with pytest.raises(LibraryFaults, match="stage_signs"):
        build_library(with_sign("osteochondrosis-lumbar", **changes), edition="spoiled")


def test_a_library_whose_signs_and_bands_disagree_is_refused():
    when = [{"input": "cobb_degrees", "op": "lt", "value": 2}]
    with pytest.raises(LibraryFaults, match="does not say the band of degree-1"):
        build_library(with_sign("scoliosis", when=when), edition="spoiled")
