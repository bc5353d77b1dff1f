"""The courses of a patient on the patient's page."""

from collections.abc import Iterable
from datetime import date
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
    """Rows of (course, condition, stage, whether it waits today), the discarded ones apart; None for whoever may not read plans."""
    if not can_plan(actor):
        return None
    presenter, on = Presenter(shipped_library(), page_names()), patient.clinic.today()
    return {"rows": _rows(courses_of_patient(patient), presenter, on), "discarded": _rows(discarded_courses(patient), presenter, on)}


def _rows(courses: Iterable[Course], presenter: Presenter, on: date) -> list[tuple[Course, str, str, bool]]:
    return [(course, presenter.condition(course), presenter.stage(course), course.waits_on(on)) for course in courses]
