"""Supplements keep to the danger map, to findings and to their own bars of zones; every row of the stage is used."""

from typing import Any

from protocols.method.case import parse_case
from protocols.method.output import session_as_json
from protocols.method.planning import plan_session
from protocols.shelf import shipped_library
from tests.method.cases import MEASURED, a_case


def planned(**case: Any) -> dict[str, Any]:
    library = shipped_library()
    papers = dict.fromkeys(library.documents, 0)
    raw = a_case(**{"facts": MEASURED, "clearances": papers, "inputs": {}, "session": {"number": 6, "of": 12}, **case})
    return session_as_json(plan_session(parse_case(raw, library), library))


def levels(plan: dict[str, Any]) -> list[str]:
    return [level for row in plan["supplements"] for level in row["levels"]]


def test_a_point_in_the_hollow_of_the_knee_is_never_pressed() -> None:
    plan = planned(condition="osteochondrosis-lumbar", stage="acute", supplements=["points-inhibitory"], session={"number": 1, "of": 4})
    assert [row["points"] for row in plan["supplements"]] == [["bl60"]]
    assert any("hollow of the knee" in text for text in plan["advice"])


def test_a_stage_without_levels_takes_those_that_its_condition_names_elsewhere() -> None:
    plan = planned(condition="osteochondrosis-lumbar", stage="remission", supplements=["segmental"])
    assert levels(plan) == ["S3", "S2", "S1", "L5", "L4", "T12", "T11"]


def test_segmental_work_without_any_level_is_left_out_with_a_reason() -> None:
    plan = planned(condition="scoliosis", stage="degree-1", inputs={"curve_shape": "c", "convex_side": "left"}, supplements=["segmental"])
    assert plan["supplements"] == []
    assert any("segmental" in text for text in plan["advice"])


def test_levels_on_an_excluded_zone_are_left_out() -> None:
    facts = {**MEASURED, "today.skin-lesion-zones": ["sacrum"]}
    plan = planned(condition="constipation", stage="atonic", facts=facts, supplements=["segmental"])
    assert levels(plan) == ["L2", "L1", "T12", "T11", "T10", "T9"]


def test_in_pregnancy_no_level_of_the_loin_or_sacrum_is_worked() -> None:
    facts = {**MEASURED, "history.pregnant": True, "history.pregnancy-week": 30}
    woman = {"age": 30, "sex": "female"}
    plan = planned(patient=woman, condition="hypotension", stage="stable", facts=facts, supplements=["segmental"])
    assert not [level for level in levels(plan) if level[0] in "SL"]


def test_both_sides_of_the_face_get_their_points_within_one_dose() -> None:
    plan = planned(
        condition="facial-palsy", stage="early-flaccid", inputs={"affected_side": "left"}, supplements=["points-inhibitory"]
    )  # fmt: skip
    assert [(row["side"], row["points"]) for row in plan["supplements"]] == [("left", ["bl1", "gb1"]), ("right", ["li20"])]
