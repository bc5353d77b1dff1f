"""What the patient likes, on the patient's page: for those who treat."""

from typing import Any

from clinic.courses.day.forms.likes import LikesForm
from clinic.courses.permissions import can_plan
from clinic.courses.queries import courses_of_patient
from clinic.staff.permissions import Actor
from clinic.web.at_hand import at_hand
from patients.models import Patient


def likes_panel(patient: Patient, actor: Actor) -> dict[str, Any] | None:
    """The words and a form to change them; None for whoever does not treat, and before the first course."""
    if not can_plan(actor):
        return None
    courses, discarded = at_hand(patient, courses_of_patient)
    course = max((*courses, *discarded), key=lambda each: each.pk, default=None)
    return {"course": course, "form": LikesForm(initial={"likes": patient.likes})} if course else None
