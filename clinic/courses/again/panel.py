"""On the patient's page: the way to the next course, where there is something to plan it from."""

from typing import Any

from clinic.courses.again.page import offer_lines
from clinic.courses.again.queries.basis import offers_from
from clinic.courses.permissions import can_plan
from clinic.courses.queries import courses_of_patient
from clinic.staff.permissions import Actor
from clinic.web.at_hand import at_hand
from patients.models import Patient
from patients.panels import Panel
from patients.queries.referrals import referrals_of
from protocols.editions.queries import library_in_force, names_in_force


def next_panel(patient: Patient, actor: Actor) -> dict[str, Any] | None:
    """The offer that the button leads to; None for whoever may not plan, and where nothing is there or it is under way already."""
    if not can_plan(actor) or patient.died_on is not None:
        return None
    courses, _discarded = at_hand(patient, courses_of_patient)
    offers = offers_from(courses, at_hand(patient, referrals_of), library_in_force(patient.clinic), patient.clinic.today())
    lines = offer_lines(tuple(offer for offer in offers if not offer.is_busy), names_in_force(patient.clinic))
    return {"line": lines[0], "others": lines[1:], "leads": True} if lines else None


NEXT_PANEL = Panel("again/_panel.html", next_panel, order=1, is_record=True, is_work=True)
