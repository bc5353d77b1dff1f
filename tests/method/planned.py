"""Short ways to plan in tests: a stage of the shipped library without findings, or with these limits."""

from typing import Any

from protocols.method.checking import check_plan
from protocols.method.course import plan_course
from protocols.method.entries import Condition, Stage
from protocols.method.findings import Limits
from protocols.method.places import Place
from protocols.method.plans import NO_ADAPTATION, Adaptation, Row, SessionPlan
from protocols.method.session import build_session
from protocols.method.setting import Setting
from protocols.shelf import shipped_library
from tests.method.hand_made import a_setting, with_limits

LIBRARY = shipped_library()
OPEN_STAGES: list[tuple[str, str]] = [
    (condition.code, stage.code) for condition in LIBRARY.conditions.values() for stage in condition.stages.values() if stage.treatment
]
# Answers to every input that steps hang on.
SIDES = {"affected_side": "right", "region": "knee", "curve_shape": "s", "convex_side": "right", "lumbar_convex_side": "left"}
DRAWN = {
    "short_muscles": (Place("thigh-posterior", "both"),),
    "weak_muscles": (Place("thigh-anterior", "both"),),
    "scar": (Place("knee", "both"),),
}


def inputs_for(condition: Condition, **more: object) -> dict[str, Any]:
    """An answer to each side, region and zone input that the condition has."""
    has = {entry.code for entry in condition.inputs}
    return {**{code: value for code, value in {**SIDES, **DRAWN}.items() if code in has}, **more}


def stage_of(condition: str, stage: str) -> Stage:
    return LIBRARY.conditions[condition].stages[stage]


def setting_of(condition: str, stage: str, *, age: int = 40, limits: Limits | None = None, **inputs: object) -> Setting:
    """The stage for an adult, with limits when given."""
    setting = a_setting(condition, stage, age=age, **inputs_for(LIBRARY.conditions[condition], **inputs))
    return with_limits(setting, limits) if limits else setting


def session_of(
    setting: Setting, number: int = 6, of: int = 12, *, adaptation: Adaptation = NO_ADAPTATION, supplements: tuple[str, ...] = ()
) -> SessionPlan:
    """Session ``number``, which the independent check must accept."""
    dose = plan_course(setting, count=of, adaptation=adaptation).doses[number - 1]
    plan = build_session(setting, dose=dose, adaptation=adaptation, supplements=supplements)
    assert check_plan(plan, setting, dose=dose, adaptation=adaptation) == ()
    return plan


def rows_at(plan: SessionPlan, zone: str, part: str = "main") -> list[Row]:
    return [row for row in plan.rows if row.zone == zone and row.part == part]


def zones_of(plan: SessionPlan, part: str = "main") -> list[tuple[str, str]]:
    """(zone, side) of the steps in order."""
    return list(dict.fromkeys((row.zone, row.side) for row in plan.rows if row.part == part))


def codes_of(plan: SessionPlan) -> set[str]:
    """Codes of the reasons for what is left out."""
    return {omission.because.code for omission in plan.omissions}


def leaves(*zones: str, side: str = "both") -> frozenset[Place]:
    return frozenset(place for zone in zones for place in LIBRARY.tree.leaf_places(Place(zone, side)))  # type: ignore[arg-type]
