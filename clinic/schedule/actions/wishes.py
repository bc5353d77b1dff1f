"""What a patient wishes: days, hours, and by whom."""

from dataclasses import dataclass
from datetime import time

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.schedule.models import Wishes
from clinic.schedule.permissions import check_can_book
from clinic.staff.models import User
from clinic.staff.permissions import ActionDenied, Actor
from patients.models import Patient


@dataclass(frozen=True, slots=True)
class Wished:
    """Weekdays (Monday is 0; none: any), hours of the day, and a therapist or a therapist's sex ("": either)."""

    weekdays: tuple[int, ...] = ()
    earliest: time | None = None
    latest: time | None = None
    preferred: time | None = None
    therapist: User | None = None
    therapist_sex: str = ""
    note: str = ""


@transaction.atomic
def set_wishes(*, patient: Patient, wished: Wished, actor: Actor) -> Wishes:
    """Writes what the patient said today, in the place of what was said before.

    Raises ``ActionDenied`` for whoever may not use the calendar, for a patient of another clinic and for hours in the wrong order.
    """
    check_can_book(actor)
    if patient.clinic_id != actor.clinic.pk:
        raise ActionDenied(_("This patient is on the register of another clinic."))
    if wished.earliest and wished.latest and wished.latest <= wished.earliest:
        raise ActionDenied(_("“Over by” comes after “not before”."))
    Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    wishes, _is_new = Wishes.objects.update_or_create(
        patient=patient,
        defaults={
            "weekdays": sorted(set(wished.weekdays)), "earliest": wished.earliest, "latest": wished.latest, "preferred": wished.preferred,
            "therapist": wished.therapist, "therapist_sex": wished.therapist_sex, "note": wished.note.strip(),
            "said_on": actor.clinic.today(), "recorded_by": actor.user,
        },
    )  # fmt: skip
    record(actor=actor, verb="recorded-wishes", subject=patient, details={"said_on": wishes.said_on.isoformat()})
    return wishes
