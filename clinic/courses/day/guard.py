"""That a form is about the patient who lies there: a digest of who they are, and the people whom one might take for them that day."""

import hashlib
from datetime import date
from typing import Final

from django.db.models import Q

from clinic.schedule.models import Booking
from clinic.schedule.states import BookingState
from patients.models import Patient

MOST_ALIKE: Final = 6


def patient_digest(patient: Patient) -> str:
    """What a page about this patient sends along: of the record's number, the name and the birth date."""
    said = "\n".join((str(patient.pk), patient.full_name, patient.born_on.isoformat()))
    return hashlib.sha256(said.encode("utf-8")).hexdigest()[:32]


def is_about(patient: Patient, sent: str) -> bool:
    """Whether a form that carries ``sent`` was made for this patient, as they are called now."""
    return sent == patient_digest(patient)


def alike_on(patient: Patient, on: date) -> tuple[Patient, ...]:
    """Others who are booked at the clinic on that day and bear the same family name or the same birth date. One query."""
    booked = Booking.objects.filter(clinic=patient.clinic_id, day=on, state=BookingState.BOOKED).values("patient")
    same = Q(family_name__iexact=patient.family_name) | Q(born_on=patient.born_on)
    found = Patient.objects.filter(same, pk__in=booked, merged_into=None).exclude(pk=patient.pk)
    return tuple(found.order_by("born_on", "pk")[:MOST_ALIKE])
