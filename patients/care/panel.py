"""On the patient's page: who is in care and why, and the ways in for colleagues."""

from typing import Any

from clinic.staff.models import RecordAccess
from clinic.staff.permissions import Actor
from patients.care.permissions import can_arrange_care
from patients.care.queries import care_by_hand, people_in_care
from patients.models import Patient


def care_panel(patient: Patient, actor: Actor) -> dict[str, Any]:
    """Everybody in care, who may be taken off, and who was lately. Two queries."""
    people, (inside, gone) = people_in_care(patient), care_by_hand(patient)
    may_arrange = can_arrange_care(actor, is_in_care=any(each.is_for(actor) for each in people))
    members = [inside.get(each.user or 0) for each in people]
    return {
        "people": [
            (each, member, member is not None and (may_arrange or member.user_id == actor.user.pk))
            for each, member in zip(people, members, strict=True)
        ],
        "taken_off": [member for member in gone if may_arrange and member.user_id != actor.user.pk],
        "may_arrange": may_arrange,
        "is_rule": actor.clinic.record_access == RecordAccess.CARE_TEAM,
    }
