"""What the patient likes, on the patient's page: for those who treat."""

from typing import Any

from clinic.courses.day.forms.likes import LikesForm
from clinic.courses.day.queries.handover import newest_course
from clinic.courses.permissions import can_plan
from clinic.staff.permissions import Actor
from patients.models import Patient


def likes_panel(patient: Patient, actor: Actor) -> dict[str, Any] | None:
    """The words and a form to change them; None for whoever does not treat, and before the first course. One query."""
    course = newest_course(patient.pk) if can_plan(actor) else None
    return {"course": course, "form": LikesForm(initial={"likes": patient.likes})} if course else None
