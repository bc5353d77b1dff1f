"""The smallest sessions keep the rules too: stroking at both ends, and a target that findings have taken."""

from typing import Any

import pytest

from protocols.method.case import parse_case
from protocols.method.output import session_as_json
from protocols.method.planning import plan_session
from protocols.shelf import shipped_library
from tests.method.cases import MEASURED, a_case

A_BAD_SESSION = {
    "number": 1, "comfort": 4, "pain_before": 1, "pain_after": 1, "pain_next_day": 6, "bad_reaction": True, "hurts": [],
}  # fmt: skip


def planned(**case: Any) -> dict[str, Any]:
    library = shipped_library()
    case.setdefault("session", {"number": 2, "of": 5})
    return session_as_json(plan_session(parse_case(a_case(**case, records=[A_BAD_SESSION]), library), library))


@pytest.mark.parametrize(
    ("condition", "stage", "age", "inputs"),
    [
        ("biliary-dyskinesia", "hypotonic", 5, {"form": "hypotonic"}),
        ("bronchial-asthma", "between-attacks-child", 15, {}),
        ("pneumonia", "resolution", 70, {"affected_side": "right"}),
    ],
)
def test_a_dose_too_small_for_an_opening_or_closing_still_begins_and_ends_with_stroking(
    condition: str, stage: str, age: int, inputs: dict[str, Any]
) -> None:
    facts = {**MEASURED, "consent.guardian": True, "history.hepatitis-acute": True}
    papers = dict.fromkeys(shipped_library().documents, 0)
    plan = planned(patient={"age": age, "sex": "male"}, condition=condition, stage=stage, inputs=inputs, facts=facts, clearances=papers)
    rows = plan["steps"]
    for end in (rows[0], rows[-1]):
        step = [row for row in rows if (row["part"], row["zone"]) == (end["part"], end["zone"])]
        stroked = sum(row["seconds"] for row in step if row["family"] == "stroking")
        assert stroked >= 0.7 * sum(row["seconds"] for row in step)


def test_half_of_the_minutes_is_read_on_the_stage_not_on_steps_that_gave_time_to_the_opening() -> None:
    # Shoulder 5, shoulder blade 2 and 0.5 + 0.5, strip of the back 1: 9 of 15 minutes are out in early pregnancy.
    plan = planned(
        patient={"age": 15, "sex": "female"},
        condition="soft-tissue-injury",
        stage="subacute",
        inputs={"affected_side": "left", "region": "shoulder", "hours_since_injury": 200, "fracture_excluded": True},
        facts={**MEASURED, "consent.guardian": True, "history.ivf-cycle-now": True},
        clearances={"obstetrician-note": 0},
    )
    assert (plan["outcome"], plan["may_start"]) == ("defer", False)
