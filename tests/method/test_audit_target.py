"""What a small dose leaves out is no room for a finding, and a scar may lie on a segment of the limb."""

from typing import Any

from protocols.method.case import parse_case
from protocols.method.output import session_as_json
from protocols.method.planning import plan_session
from protocols.shelf import shipped_library
from tests.method.cases import MEASURED, a_case


def planned(**case: object) -> dict[str, Any]:
    library = shipped_library()
    return session_as_json(plan_session(parse_case(a_case(**case), library), library))


def test_minutes_that_a_finding_takes_count_as_gone_also_where_the_dose_is_too_small_for_the_step() -> None:
    # Loin, sacrum, navel, bowel and flank are 7 of 12 minutes; for a child of 6 three of these steps would last under 30 s.
    child = planned(
        patient={"age": 6, "sex": "female"},
        condition="constipation",
        stage="spastic",
        inputs={},
        facts={**MEASURED, "consent.guardian": True, "today.menstruation": True},
        session={"number": 5, "of": 5},
    )
    assert (child["outcome"], child["may_start"]) == ("defer", False)


def test_a_scar_on_the_segment_above_comes_where_the_stage_has_it() -> None:
    plan = planned(
        patient={"age": 80, "sex": "female"},
        condition="orthopaedic-operation",
        stage="late",
        inputs={
            "affected_side": "both", "region": "wrist", "operation": "repair", "weeks_since_operation": 20,
            "scar": [{"zone": "forearm", "side": "left"}],
        },
        facts=MEASURED,
        session={"number": 1, "of": 2},
    )  # fmt: skip
    assert [row["zone"] for row in plan["steps"] if row["part"] == "main" and row["side"] == "left"] == ["forearm"] * 3
