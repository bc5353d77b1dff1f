"""Order of steps and rows, and why each row is there."""

import pytest

from protocols.method.course import plan_course
from protocols.method.session import build_session, build_sessions
from protocols.method.session.sequencing import ORDER_RULES
from protocols.method.vocabulary import FAMILIES, PARTS
from tests.each import of_each
from tests.method.planned import LIBRARY, OPEN_STAGES, session_of, setting_of, zones_of


@of_each(("condition", "stage"), OPEN_STAGES)
def test_opens_and_closes_with_stroking_and_keeps_the_parts_in_order(condition, stage):
    for number in (1, 6, 12):
        plan = session_of(setting_of(condition, stage), number)
        assert (plan.rows[0].family, plan.rows[-1].family) == ("stroking", "stroking")
        parts = [PARTS.index(row.part) for row in plan.rows]
        assert parts == sorted(parts)


@of_each(("condition", "stage"), OPEN_STAGES)
def test_rows_of_a_step_stand_in_the_clinical_order(condition, stage):
    plan = session_of(setting_of(condition, stage))
    steps: dict[int, list[str]] = {}
    for row in plan.rows:
        steps.setdefault(row.step, []).append(row.family)
    for families in steps.values():
        others = [FAMILIES.index(family) for family in families if family != "stroking"]
        assert others == sorted(others)
        if "percussion" in families:
            assert families[-1] == "stroking"
            assert {"rubbing", "kneading"} & set(families[: families.index("percussion")])


def test_after_percussion_half_of_the_stroking_comes_last_when_both_halves_reach_fifteen_seconds():
    plan = session_of(setting_of("scoliosis", "postural"))
    rows = [(row.family, row.seconds) for row in plan.rows if row.zone == "interscapular"]
    # 240 s with 10 % stroking: 24 s are too short for two halves
    assert [family for family, _ in rows] == ["rubbing", "kneading", "vibration", "percussion", "stroking"]
    plan = session_of(setting_of("preventive-massage", "occupational"))
    rows = [(row.family, row.seconds) for row in plan.rows if row.zone == "trapezius-upper" and row.part == "main"]
    # 300 s with 15 %: 45 s make 23 and 22
    assert (rows[0], rows[-1]) == (("stroking", 23), ("stroking", 22))


def test_healthy_comes_before_affected():
    zones = zones_of(session_of(setting_of("osteochondrosis-lumbar", "subacute", affected_side="left")))
    assert zones.index(("gluteal", "right")) < zones.index(("gluteal", "left"))
    assert zones.index(("paravertebral-lumbar", "right")) < zones.index(("paravertebral-lumbar", "left"))


def test_a_swollen_limb_is_worked_from_near_to_far():
    zones = [zone for zone, _ in zones_of(session_of(setting_of("limb-fracture", "post-immobilisation", region="calf")))]
    assert zones == ["thigh", "calf", "shin", "foot"]


@pytest.mark.parametrize("code", list(ORDER_RULES))
def test_each_ordering_rule_has_a_function_named_by_its_code(code):
    assert code in LIBRARY.order_rules
    assert ORDER_RULES[code].__name__ == code.replace("-", "_")


@of_each(("condition", "stage"), OPEN_STAGES)
def test_every_row_says_its_protocol_row_and_provenance(condition, stage):
    for row in session_of(setting_of(condition, stage)).rows:
        first = row.because[0]
        assert first.code == "protocol-row"
        assert dict(first.about)["stage"] == f"{condition}/{stage}"
        assert {"plan", "minutes", "profile", "row"} <= {name for name, _ in first.about}


def test_shared_ground_changes_no_session():
    setting = setting_of("scoliosis", "degree-2")
    doses = plan_course(setting, count=12).doses
    assert build_sessions(setting, doses=doses) == tuple(build_session(setting, dose=dose) for dose in doses)


def test_a_step_on_a_convex_or_concave_side_says_why_the_sides_differ():
    plan = session_of(setting_of("scoliosis", "degree-2"))
    told = {row.zone: any(reason.code == "side-rule" for reason in row.because) for row in plan.rows}
    assert told["paravertebral-thoracic"]
    assert not told["abdomen"]
