"""Zones that the therapist names, and what is in the way when unanswered questions take the target."""

from typing import Any

import pytest

from protocols.method.answers import Faults
from protocols.method.case import parse_case
from protocols.method.output import session_as_json
from protocols.method.planning import plan_session
from protocols.shelf import shipped_library
from tests.method.cases import MEASURED, a_case

STIFF_KNEE = {"affected_side": "left", "region": "knee", "short_muscles": ["thigh-posterior"], "weak_muscles": ["thigh-anterior"]}


def planned(**case: Any) -> dict[str, Any]:
    library = shipped_library()
    return session_as_json(plan_session(parse_case(a_case(**{"facts": MEASURED, **case}), library), library))


def test_a_required_list_of_no_zones_is_missing() -> None:
    with pytest.raises(Faults) as found:
        planned(condition="joint-stiffness", stage="standard", inputs={**STIFF_KNEE, "short_muscles": []})
    assert [fault.field for fault in found.value.faults] == ["inputs.short_muscles"]


def test_a_named_zone_that_is_never_worked_is_left_out_with_its_reason() -> None:
    plan = planned(condition="joint-stiffness", stage="standard", inputs={**STIFF_KNEE, "weak_muscles": ["popliteal"]})
    told = [(row.get("zone"), row["because"]) for row in plan["omitted"]]
    assert any(zone == "popliteal" and "hollow of the knee" in why for zone, why in told)


def test_an_unanswered_question_that_takes_the_target_is_named_as_being_in_the_way() -> None:
    plan = planned(
        patient={"age": 41, "sex": "female"},
        condition="osteochondrosis-lumbar",
        stage="subacute",
        inputs={"affected_side": "left"},
        unknown=["history.pregnant"],
    )
    assert (plan["outcome"], plan["may_start"]) == ("defer", False)
    assert [row.get("fact") for row in plan["blocking"]] == ["history.pregnant"]
