"""The courses of a patient on the patient's page."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from clinic.courses.course_state import waits_for
from clinic.courses.gates import is_unsigned
from clinic.courses.models import Course, CourseMove
from clinic.courses.permissions import can_plan
from clinic.courses.presentation import Presenter
from clinic.courses.queries import courses_of_patient
from clinic.courses.states import CourseReason, CourseState
from clinic.staff.permissions import Actor
from patients.models import Patient
from protocols.language import page_names
from protocols.shelf import shipped_library


def courses_panel(patient: Patient, actor: Actor) -> dict[str, Any] | None:
    """Rows of (course, condition, stage, whether it waits today, for what), the discarded ones apart; None for whoever may not read."""
    if not can_plan(actor):
        return None
    presenter, on = Presenter(shipped_library(), page_names()), patient.clinic.today()
    courses, discarded = courses_of_patient(patient)
    drafts = [(course, presenter.condition(course), presenter.stage(course)) for course in discarded]
    return {"rows": rows_of(courses, presenter, on), "discarded": drafts}


def rows_of(courses: Iterable[Course], presenter: Presenter, on: date) -> list[tuple[Course, str, str, bool, str]]:
    """Each course with its condition, its stage, whether its outcome waits for something on that day, and what the course waits for."""
    return [
        (course, presenter.condition(course), presenter.stage(course), course.waits_on(on) or is_unsigned(course), waits_for(course, on))
        for course in courses
    ]


def suspended_since(patient: Patient, since: datetime) -> tuple[str, ...]:
    """Which courses of the patient something new has suspended since that moment, in sentences for whoever recorded it."""
    found = CourseMove.objects.filter(course__patient=patient, after=CourseState.SUSPENDED, reason=CourseReason.FINDING, at__gte=since)
    presenter = Presenter(shipped_library(), page_names())
    words = _("This suspended a course: %(course)s. Nothing is given in it until that is settled; doctors see it in their inbox.")
    return tuple(words % {"course": presenter.condition(move.course)} for move in found.select_related("course").order_by("pk"))
