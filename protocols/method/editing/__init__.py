"""Editing by hand: a plan is built as ever, and what a therapist changed is applied to it, edit by edit, under the same hard limits."""

from protocols.method.editing.choices import choices_for, zones_to_add
from protocols.method.editing.course import CourseEditor, edit_course
from protocols.method.editing.curve import asking_for, stops_today, supplements_at, worth_today
from protocols.method.editing.keys import step_keys
from protocols.method.editing.results import DoseBounds, EditedCourse, SetAside, SoftRule, StepChoices, Verdict

__all__ = [
    "CourseEditor",
    "DoseBounds",
    "EditedCourse",
    "SetAside",
    "SoftRule",
    "StepChoices",
    "Verdict",
    "asking_for",
    "choices_for",
    "edit_course",
    "step_keys",
    "stops_today",
    "supplements_at",
    "worth_today",
    "zones_to_add",
]
