"""What becomes of a list of patients: read, corrected, put away, taken over, taken back. One transaction, one audit line, actor last."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.exchange.importing.checked import Checked, Row, columns_kept
from clinic.exchange.importing.queries import blockers_of
from clinic.exchange.models import ImportedPatient, PatientImport
from clinic.staff.models import Clinic
from clinic.staff.permissions import ActionDenied, Actor
from clinic.staff.recording import record
from patients.actions.many import register_patients
from patients.models import Patient
from patients.permissions import check_can_import

AT_ONCE: Final = 500
KEPT_WAITING: Final = timedelta(days=30)  # names and phones of people who are nobody's patients yet should not lie about for good


class StaleImport(ActionDenied):
    """Somebody else has changed this list since it was shown, or it is not there to be taken any more."""


class InUse(ActionDenied):
    """Somebody has begun to work with patients of this import, so it cannot be taken back."""


@transaction.atomic
def read_patient_list(*, file_name: str, digest: str, checked: Checked, actor: Actor) -> PatientImport:
    """Keeps a list that was read and checked, to be looked at. Nobody is on the register by that."""
    check_can_import(actor)
    source = PatientImport.objects.create(clinic=actor.clinic, file_name=file_name, digest=digest, read_by=actor.user, **_kept(checked))
    record(actor=actor, verb="read-patient-list", subject=source, details={"lines": len(checked.rows), "digest": digest})
    return source


def _kept(checked: Checked) -> dict[str, object]:
    return {"rows": [row.as_json() for row in checked.rows], "columns": checked.columns.as_json()}


@transaction.atomic
def set_columns(*, source: PatientImport, checked: Checked, version: int, actor: Actor) -> PatientImport:
    """Keeps how the columns are read, with what that makes of every line. Raises ``StaleImport``."""
    check_can_import(actor)
    locked = _shown(source, version)
    for name, value in _kept(checked).items():
        setattr(locked, name, value)
    return _saved(locked, "changed-patient-list", actor)


@transaction.atomic
def choose_lines(*, source: PatientImport, shown: Collection[int], taken: Collection[int], version: int, actor: Actor) -> PatientImport:
    """Keeps which of the lines that were ``shown`` are taken over although they may be somebody who is known. Raises ``StaleImport``."""
    check_can_import(actor)
    locked = _shown(source, version)
    columns = columns_kept(locked)
    locked.columns = replace(columns, take=(columns.take - set(shown)) | (set(taken) & set(shown))).as_json()
    return _saved(locked, "changed-patient-list", actor)


def _saved(locked: PatientImport, verb: str, actor: Actor | None) -> PatientImport:
    locked.version += 1
    locked.save()
    record(actor=actor, clinic=None if actor else locked.clinic, verb=verb, subject=locked, details={"version": locked.version})
    return locked


def _dropped(locked: PatientImport, actor: Actor | None) -> PatientImport:
    locked.state, locked.rows = PatientImport.State.PUT_AWAY, []
    return _saved(locked, "put-away-patient-list", actor)


@transaction.atomic
def put_away(*, source: PatientImport, actor: Actor) -> PatientImport:
    """Drops a list that nobody wants to take over. What was read of it is forgotten."""
    check_can_import(actor)
    return _dropped(_shown(source), actor)


@transaction.atomic
def put_away_old_lists(*, clinic: Clinic, now: datetime) -> int:
    """Drops the lists of a clinic that were read ``KEPT_WAITING`` ago and never taken over; answers how many. Nobody is asked."""
    old = clinic.patient_imports.filter(state=PatientImport.State.SHOWN, read_at__lt=now - KEPT_WAITING)
    return len([_dropped(locked, actor=None) for locked in old.select_for_update().order_by("pk")])


@transaction.atomic
def take_over(*, source: PatientImport, checked: Checked, version: int, actor: Actor) -> PatientImport:
    """Registers every line that is wanted, all or none, and forgets the rest of the file.

    ``checked`` is the list against the register as it was a moment ago. Raises ``StaleImport`` when the list was changed or taken over
    meanwhile, or when somebody got one of its card numbers.
    """
    check_can_import(actor)
    locked = _shown(source, version)
    rows = tuple(checked.wanted())
    if not rows:
        raise ActionDenied(_("No line can be taken over as the list stands."))
    _check_cards(rows, checked, actor)
    patients = register_patients(people=[checked.details[row.number] for row in rows], actor=actor)
    ImportedPatient.objects.bulk_create(
        (
            ImportedPatient(source=locked, patient=patient, line=row.number, card_number=patient.card_number)
            for row, patient in zip(rows, patients, strict=True)
        ),
        batch_size=AT_ONCE,
    )
    locked.state, locked.rows = PatientImport.State.TAKEN, []
    locked.taken_at, locked.taken_by = timezone.now(), actor.user
    locked.save()
    record(actor=actor, verb="took-over-patients", subject=locked, details={"patients": len(patients), "lines": len(checked.rows)})
    return locked


def _check_cards(rows: Iterable[Row], checked: Checked, actor: Actor) -> None:
    """A number that was free when the list was checked may be somebody's by now: the clinic is locked first, so it stays as it is."""
    Clinic.objects.select_for_update(no_key=True).get(pk=actor.clinic.pk)
    numbers = [number for row in rows if (number := checked.details[row.number].get("card_number"))]
    for start in range(0, len(numbers), AT_ONCE):
        taken = Patient.objects.filter(clinic=actor.clinic, card_number__in=numbers[start : start + AT_ONCE]).first()
        if taken is not None:
            raise StaleImport(
                _("Card %(number)s was given to somebody else meanwhile. Look at the list again.") % {"number": taken.card_number}
            )


@transaction.atomic
def take_back(*, source: PatientImport, actor: Actor) -> PatientImport:
    """Deletes the patients of an import as if it had not been, as long as nobody has worked with any of them.

    Raises ``InUse`` otherwise: an import is taken back as a whole or not at all.
    """
    check_can_import(actor)
    locked = PatientImport.objects.select_for_update().get(pk=source.pk, clinic=actor.clinic)
    if locked.state != PatientImport.State.TAKEN:
        raise StaleImport(_("This import was taken back already, or never taken over."))
    numbers = list(locked.patients.filter(patient__isnull=False).values_list("patient", flat=True))
    # Whoever writes down something about one of them meanwhile waits here, or is seen by the question below.
    list(Patient.objects.select_for_update().filter(pk__in=numbers).order_by("pk").values_list("pk", flat=True))
    if blockers_of(locked):
        raise InUse(_("Somebody has begun to work with patients of this import. It is taken back as a whole or not at all."))
    Patient.objects.filter(pk__in=numbers).delete()
    locked.state, locked.undone_at, locked.undone_by = PatientImport.State.UNDONE, timezone.now(), actor.user
    locked.save()
    record(actor=actor, verb="undid-patient-import", subject=locked, details={"patients": len(numbers)})
    return locked


def _shown(source: PatientImport, version: int | None = None) -> PatientImport:
    """The list, locked, as it still waits for a decision."""
    locked = PatientImport.objects.select_for_update().get(pk=source.pk, clinic=source.clinic)
    if locked.state != PatientImport.State.SHOWN:
        raise StaleImport(_("This list was taken over or put away meanwhile."))
    if version is not None and locked.version != version:
        raise StaleImport(_("Somebody else has changed this list meanwhile. Look at it again."))
    return locked
