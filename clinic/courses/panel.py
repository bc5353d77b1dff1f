"""The courses of a patient on the patient's page."""

from collections.abc import Iterable
from typing import Any

from clinic.courses.models import Course
from clinic.courses.permissions import can_plan
from clinic.courses.presentation import Presenter
from clinic.courses.queries import courses_of_patient, discarded_courses
from clinic.staff.permissions import Actor
from patients.models import Patient
from protocols.language import page_names
from protocols.shelf import shipped_library


def courses_panel(patient: Patient, actor: Actor) -> dict[str, Any] | None:
    """Rows of (course, condition, stage), the discarded ones apart; None for whoever may not read plans."""
    if not can_plan(actor):
        return None
    presenter = Presenter(shipped_library(), page_names())
    return {"rows": _rows(courses_of_patient(patient), presenter), "discarded": _rows(discarded_courses(patient), presenter)}


def _rows(courses: Iterable[Course], presenter: Presenter) -> list[tuple[Course, str, str]]:
    return [(course, presenter.condition(course), presenter.stage(course)) for course in courses]
