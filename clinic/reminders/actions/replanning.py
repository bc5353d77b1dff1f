"""Reminders of a whole clinic arranged anew, after its rules have changed."""

from datetime import datetime
from typing import Final

from django.db import transaction

from clinic.reminders.actions.arranging import COLUMNS, GROUND, Ground, arrange_reminders
from clinic.reminders.actions.posting import post
from clinic.schedule.actions.locking import lock_resources
from clinic.schedule.models import Booking
from clinic.schedule.queries.future import bookings_to_come
from clinic.staff.models import Clinic
from patients.models import Patient

AT_ONCE: Final = 200  # patients for whom others wait who book for them meanwhile


def replan_all(*, clinic: Clinic, now: datetime, patient: Patient | None = None) -> None:
    """Gives every reminder of the clinic's dates to come (or of one patient's) the time that rules and quiet hours say now.

    Missing ones are written and those not wanted any more dropped; nobody is reminded twice of one date. Safe to run at any time and
    twice. Opens a transaction for each two hundred patients, so that nobody who books waits long.
    """
    whose = bookings_to_come(clinic, now).filter(starts_at__gt=now)
    patients = [patient.pk] if patient else sorted(set(whose.order_by().values_list("patient", flat=True)))
    for first in range(0, len(patients), AT_ONCE):
        _replan(clinic, patients[first : first + AT_ONCE], now)


@transaction.atomic
def _replan(clinic: Clinic, patients: list[int], now: datetime) -> None:
    lock_resources(patients=patients, therapists=(), rooms=(), devices=())
    found = bookings_to_come(clinic, now).filter(patient__in=patients, starts_at__gt=now)
    bookings: list[Booking] = list(found.select_related(None).select_related(*GROUND).only(*COLUMNS).order_by("pk"))
    if bookings:
        post(arrange_reminders(bookings, Ground.of(bookings, now), known_from={}), clinic=clinic)
