"""On a patient's page: the ways to a copy of the record and to its erasure."""

from typing import Any

from clinic.keeping.erasure.permissions import can_ask_for_erasure
from clinic.keeping.erasure.queries import open_erasure_of
from clinic.keeping.export.permissions import can_hand_out
from clinic.staff.permissions import Actor
from patients.models import Patient


def keeping_panel(patient: Patient, actor: Actor) -> dict[str, Any] | None:
    """What this person may do for the patient; None where it is nothing. One query."""
    may_copy, may_ask = can_hand_out(actor), can_ask_for_erasure(actor)
    if not may_copy and not may_ask:
        return None
    return {"may_copy": may_copy, "may_ask": may_ask, "erasure": open_erasure_of(patient) if may_ask else None}
