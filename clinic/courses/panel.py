"""The courses of a patient on the patient's page."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from clinic.courses.course_state import waits_for
from clinic.courses.gates import is_unsigned
from clinic.courses.models import Course, CourseMove
from clinic.courses.permissions import can_plan
from clinic.courses.pinned import presenter_of
from clinic.courses.queries import courses_of_patient
from clinic.courses.states import CourseReason, CourseState
from clinic.staff.permissions import Actor
from clinic.web.at_hand import at_hand
from patients.models import Patient


def courses_panel(patient: Patient, actor: Actor) -> dict[str, Any] | None:
    """Rows of (course, condition, stage, whether it waits today, for what), the discarded ones apart; None for whoever may not read."""
    if not can_plan(actor):
        return None
    on = patient.clinic.today()
    courses, discarded = at_hand(patient, courses_of_patient)
    drafts = [(course, *_names(course)) for course in discarded]
    return {"rows": rows_of(courses, on), "discarded": drafts}


def rows_of(courses: Iterable[Course], on: date) -> list[tuple[Course, str, str, bool, str]]:
    """Each course with its condition, its stage, whether its outcome waits for something on that day, and what the course waits for."""
    return [(course, *_names(course), course.waits_on(on) or is_unsigned(course), waits_for(course, on)) for course in courses]


def _names(course: Course) -> tuple[str, str]:
    """Condition and stage, as the edition of that course calls them."""
    presenter = presenter_of(course)
    return presenter.condition(course), presenter.stage(course)


def suspended_since(patient: Patient, since: datetime) -> tuple[str, ...]:
    """Which courses of the patient something new has suspended since that moment, in sentences for whoever recorded it."""
    found = CourseMove.objects.filter(course__patient=patient, after=CourseState.SUSPENDED, reason=CourseReason.FINDING, at__gte=since)
    words = _("This suspended a course: %(course)s. Nothing is given in it until that is settled; doctors see it in their inbox.")
    return tuple(words % {"course": _names(move.course)[0]} for move in found.select_related("course__clinic").order_by("pk"))
