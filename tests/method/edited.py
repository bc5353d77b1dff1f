"""Short ways to edit a course by hand in tests."""

from typing import Any

from protocols.method.course import plan_course
from protocols.method.editing import EditedCourse, edit_course, step_keys
from protocols.method.edits import Edit, Edits, NewStep, Override
from protocols.method.plans import NO_ADAPTATION, Adaptation, Row, SessionPlan
from protocols.method.setting import Setting
from tests.method.planned import setting_of

COUNT = 12
AT = 6  # a working session of the full dose
SCOLIOSIS = ("scoliosis", "degree-1")
LUMBAR = ("osteochondrosis-lumbar", "chronic-trial-dose")
NECK = ("neck-collar", "chronic-pain-trial-dose")


def edited(
    *edits: Edit,
    setting: Setting | None = None,
    overrides: tuple[Override, ...] = (),
    adaptation: Adaptation = NO_ADAPTATION,
    **more: Any,
) -> EditedCourse:
    """A course of 12 sessions (degree I, an S-curve, unless ``setting`` says otherwise) with these changes."""
    setting = setting or setting_of(*SCOLIOSIS)
    course = plan_course(setting, count=COUNT, adaptation=adaptation)
    return edit_course(setting, course, Edits(edits, overrides), adaptation=adaptation, **more)


def one(*edits: Edit, **more: Any) -> SessionPlan:
    """The sixth session of such a course."""
    return edited(*edits, **more).sessions[AT - 1]


def edit(kind: Any, step: str = "", **more: Any) -> Edit:
    """A change in the sixth session."""
    return Edit(kind, AT, AT, step=step, **more)


def a_step(zone: str, *techniques: str, side: Any = "both", pressure: int = 2, tempo: Any = "calm", part: Any = "main") -> NewStep:
    return NewStep(zone, side, techniques, pressure, tempo, part)


def rows_of(plan: SessionPlan, key: str) -> list[Row]:
    number = step_keys(plan).index(key)
    return [row for row in plan.rows if row.step == number]


def seconds_of(plan: SessionPlan) -> dict[str, int]:
    """Seconds of each step by key."""
    return {key: sum(row.seconds for row in rows_of(plan, key)) for key in step_keys(plan)}


def hand_codes(plan: SessionPlan) -> list[str]:
    return [reason.code for reason in plan.by_hand]


def codes_aside(course: EditedCourse, number: int = AT) -> set[str]:
    """Codes of what sets edits aside in a session."""
    return {problem.code for aside in course.aside if aside.session == number for problem in aside.problems}


def override(code: str, step: str = "") -> Override:
    return Override(code, step, "other", "asked for by the patient")
