"""What the worker does each night about keeping. Safe to run at any time and twice."""

from celery import shared_task
from django.utils import timezone

from clinic.keeping.erasure.actions.deciding import propose_finishing
from clinic.keeping.erasure.actions.forgetting import empty_old_messages
from clinic.keeping.erasure.queries import restricted_records
from clinic.staff.models import Clinic


@shared_task
def empty_messages() -> int:
    """Removes the words of messages that are old enough; answers of how many."""
    return sum(empty_old_messages(clinic=clinic, now=timezone.now()) for clinic in Clinic.objects.order_by("pk"))


@shared_task
def propose_erasures() -> int:
    """Asks to erase restricted records that need not be kept any more; answers how many. Somebody decides about each."""
    made = 0
    for clinic in Clinic.objects.order_by("pk"):
        for patient in restricted_records(clinic).exclude(erasures__state="asked"):
            made += propose_finishing(patient=patient, on=clinic.today()) is not None
    return made
