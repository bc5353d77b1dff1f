"""Answers are checked against the dictionary of facts: type, range, codes. A fault names its field."""

from typing import Any

import pytest

from protocols.method.answers import Answers, Fault, Faults, parse_fact, parse_places
from protocols.method.places import Place
from tests.each import of_each
from tests.method.screened import library


def parsed(code: str, raw: Any) -> Any:
    return parse_fact(library().facts[code], raw, library())


def fault_of(code: str, raw: Any) -> Fault:
    with pytest.raises(Faults) as refusal:
        parsed(code, raw)
    (fault,) = refusal.value.faults
    return fault


@pytest.mark.parametrize(
    ("code", "raw", "value"),
    [
        ("today.dizzy", True, True),
        ("today.dizzy", False, False),
        ("today.systolic", 50, 50),
        ("today.systolic", 280, 280),
        ("today.temperature-c", 37, 37),
        ("today.temperature-c", 34.0, 34.0),
        ("patient.sex", "female", "female"),
        ("history.product-allergy", ["nut", "latex", "nut"], frozenset({"nut", "latex"})),
        ("history.product-allergy", [], frozenset()),
        ("history.varicose-zones", [], ()),
        ("history.varicose-zones", ["calf", "calf"], (Place("calf", "both"),)),
        ("history.varicose-zones", [{"zone": "calf", "side": "left"}], (Place("calf", "left"),)),
        ("history.varicose-zones", [{"zone": "calf"}], (Place("calf", "both"),)),
        ("history.varicose-zones", [{"zone": "sternum", "side": "left"}], (Place("sternum", "both"),)),
    ],
)
def test_a_sound_answer_is_taken_as_it_is(code: str, raw: Any, value: Any) -> None:
    assert parsed(code, raw) == value


@of_each(
    ("code", "raw", "message"),
    [
        ("today.dizzy", 1, "must be true or false, not 1"),
        ("today.dizzy", "yes", 'must be true or false, not "yes"'),
        ("today.dizzy", None, "must be true or false, not nothing"),
        ("today.systolic", True, "must be a whole number, not true"),
        ("today.systolic", 120.0, "must be a whole number, not 120.0"),
        ("today.systolic", 49, "must be from 50 to 280, not 49"),
        ("today.systolic", 281, "must be from 50 to 280, not 281"),
        ("today.systolic", 10**400, "must be from 50 to 280, not a number far out of range"),
        ("today.temperature-c", float("nan"), "must be a number, not nan"),
        ("today.temperature-c", float("inf"), "must be a number, not inf"),
        ("today.temperature-c", 10**400, "must be from 34 to 43, not a number far out of range"),
        ("today.temperature-c", False, "must be a number, not false"),
        ("today.temperature-c", "37", 'must be a number, not "37"'),
        ("today.temperature-c", 43.1, "must be from 34 to 43, not 43.1"),
        ("patient.sex", "woman", 'must be one of female, male, not "woman"'),
        ("patient.sex", [], "must be one of female, male, not []"),
        ("history.product-allergy", "nut", 'must be a list, not "nut"'),
        ("history.product-allergy", ["milk"], "must be one of nut"),
        ("history.varicose-zones", "calf", 'must be a list, not "calf"'),
        ("history.varicose-zones", ["tail"], 'unknown zone "tail"'),
        ("history.varicose-zones", [5], "each item must be a zone code"),
        ("history.varicose-zones", [{"zone": 5}], "each item must be a zone code"),
        ("history.varicose-zones", [{"zone": "calf", "where": "low"}], "each item must be a zone code"),
        ("history.varicose-zones", [{"zone": "calf", "side": "affected"}], "must be one of left, right, both"),
    ],
)
def test_a_wrong_answer_is_refused_with_its_field_and_the_reason(code: str, raw: Any, message: str) -> None:
    fault = fault_of(code, raw)
    assert fault.field == f"facts.{code}"
    assert fault.message.startswith(message)


def test_a_very_long_answer_is_not_repeated_whole() -> None:
    assert len(fault_of("patient.sex", "x" * 1000).message) < 120


def test_the_field_of_a_fault_can_be_named_by_the_caller() -> None:
    with pytest.raises(Faults, match=r"^inputs\.scar: must be a list"):
        parse_places("calf", library(), field="inputs.scar")


def test_faults_read_as_one_line_each() -> None:
    faults = Faults((Fault("patient.age", "is missing"), Fault("stage", "is missing")))
    assert str(faults) == "patient.age: is missing; stage: is missing"


def test_what_becomes_known_is_no_longer_unknown() -> None:
    answers = Answers({"today.dizzy": True}, frozenset({"today.hives", "today.faint"})).with_known({"today.hives": False})
    assert answers == Answers({"today.dizzy": True, "today.hives": False}, frozenset({"today.faint"}))


def test_a_number_too_long_to_write_out_is_refused_like_any_other() -> None:
    assert fault_of("today.systolic", 10**5000).message == "must be from 50 to 280, not a number far out of range"
