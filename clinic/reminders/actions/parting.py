"""What two records of one person, or two that were parted again, mean for the messages: nothing that waited to be told is lost."""

from datetime import date

from django.db.models import F
from django.utils import timezone

from clinic.reminders.actions.planning import tell_news
from clinic.reminders.models import Message, Told
from clinic.reminders.queries.news import dates_to_tell
from clinic.staff.permissions import Actor
from patients.changes import Cause
from patients.models import Patient, PatientMerge


def records_changed(*, patient: Patient, cause: Cause, on: date, actor: Actor | None) -> None:
    """Listens to patients (``patients.changes``): after a merge, and after one that was undone, what is new to the patient is posted.

    Messages go with their bookings. What was told of a date while it stood in the other record went to another person: it is new again.
    """
    if cause != "merge":
        return
    for merge in PatientMerge.objects.filter(merged=patient, undone_at__isnull=False):
        Told.objects.filter(booking__patient=patient, told_at__range=(merge.merged_at, merge.undone_at)).delete()
    strays = Message.objects.filter(booking__patient=patient, patient__isnull=False).exclude(patient=F("booking__patient"))
    Message.objects.filter(pk__in=list(strays.values_list("pk", flat=True))).update(patient=patient)
    news = dates_to_tell([patient.pk], timezone.now())[patient.pk]
    tell_news([each.booking.pk for each in news if each.line.mark], clinic=patient.clinic)
