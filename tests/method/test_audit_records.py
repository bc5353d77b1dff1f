"""Records of earlier sessions: what holds the course up keeps the session from starting, and every row tells what was changed."""

from typing import Any

import pytest

from protocols.method.case import parse_case
from protocols.method.output import session_as_json
from protocols.method.planning import plan_session
from protocols.shelf import shipped_library
from tests.method.cases import MEASURED, a_case


def record(number: int, **felt: Any) -> dict[str, Any]:
    calm = {"comfort": 8, "pain_before": 2, "pain_after": 2, "pain_next_day": 2, "systolic_before": 120, "systolic_after": 120}
    return {"number": number, **calm, **felt}


def planned(*records: dict[str, Any]) -> dict[str, Any]:
    library = shipped_library()
    case = a_case(condition="osteochondrosis-lumbar", stage="remission", inputs={}, facts=MEASURED, records=list(records))
    return session_as_json(plan_session(parse_case(case, library), library))


@pytest.mark.parametrize(
    ("felt", "outcome", "fact"),
    [
        ({"bad_reaction": True}, "doctor", "today.bad-reaction-last"),
        ({"pain_next_day": 4}, "defer", "after.next-day-pain-rise"),
        ({"systolic_after": 140}, "defer", "after.systolic-change"),
    ],
)
def test_twice_in_a_row_holds_the_course_up_and_once_does_not(felt: dict[str, Any], outcome: str, fact: str) -> None:
    twice = planned(record(4, **felt), record(5, **felt))
    assert (twice["outcome"], twice["may_start"]) == (outcome, False)
    assert [row.get("fact") for row in twice["blocking"]] == [fact]
    assert twice["steps"]
    assert planned(record(4), record(5, **felt))["may_start"]


def test_every_row_tells_what_earlier_sessions_changed() -> None:
    plan = planned(record(4, comfort=5), record(5, comfort=5))
    assert all(any("Comfort below 6" in why for why in row["because"]) for row in plan["steps"])
