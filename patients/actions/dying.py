"""A patient has died: from then on nobody writes to this person, and nothing is booked any more."""

from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.staff.permissions import ActionDenied, Actor
from patients.models import Patient
from patients.permissions import check_can_note_death
from patients.queries import check_takes_news


class DeathRefused(ActionDenied):
    """The day cannot be right, or there is nothing to take back."""


@transaction.atomic
def note_death(*, patient: Patient, died_on: date, actor: Actor) -> Patient:
    """Writes down the day on which the patient died, by the clinic's calendar; the same day again leaves no line.

    What is booked stays until somebody gives it up. Raises ``ActionDenied`` for whoever may not, ``DeathRefused`` for a day before the
    birth or to come, and for a record that was merged into another.
    """
    check_can_note_death(actor)
    locked = _locked(patient, actor)
    if not locked.born_on <= died_on <= actor.clinic.today():
        raise DeathRefused(_("The day lies between the birth and today."))
    if locked.died_on != died_on:
        _keep(locked, died_on)
        record(actor=actor, verb="noted-death", subject=locked, details={"died_on": died_on.isoformat()})
    return locked


@transaction.atomic
def undo_death(*, patient: Patient, reason: str, actor: Actor) -> Patient:
    """Takes it back. Raises ``ActionDenied`` for whoever may not, ``DeathRefused`` without a reason, or with nothing to take back."""
    check_can_note_death(actor)
    locked = _locked(patient, actor)
    if not reason.strip():
        raise DeathRefused(_("Write why it is taken back."))
    if locked.died_on is None:
        raise DeathRefused(_("It was taken back already."))
    before = locked.died_on
    _keep(locked, None)
    record(actor=actor, verb="undid-death", subject=locked, details={"died_on": before.isoformat(), "reason": reason.strip()})
    return locked


def _locked(patient: Patient, actor: Actor) -> Patient:
    locked = Patient.objects.select_for_update(no_key=True).get(pk=patient.pk, clinic=actor.clinic)
    check_takes_news(locked)
    return locked


def _keep(patient: Patient, died_on: date | None) -> None:
    Patient.objects.filter(pk=patient.pk).update(died_on=died_on, version=F("version") + 1)
    patient.refresh_from_db()
