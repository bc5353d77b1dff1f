"""Who may take the record of a patient out as FHIR: whoever may print it, in care of that patient."""

from django.utils.translation import gettext as _

from clinic.courses.permissions import PLAN
from clinic.staff.permissions import ActionDenied, Actor, has_role
from patients.care.relation import check_may_open_record
from patients.models import Patient


def can_export(actor: Actor | None) -> bool:
    """Whether the actor may take out records at all; of whom is asked for each patient."""
    return has_role(actor, *PLAN)


def check_can_export(actor: Actor, patient: Patient) -> None:
    """Raises ``ActionDenied`` for whoever does not treat, and ``OutsideCare`` for whoever is not in the care of this patient."""
    if not can_export(actor):
        raise ActionDenied(_("Only a therapist, a doctor or the clinical lead may take out a record."))
    check_may_open_record(actor, patient)
