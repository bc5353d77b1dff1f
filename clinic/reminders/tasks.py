"""What the worker does for messages. The truth is in the table: a task that is lost, late or doubled changes nothing."""

from threading import Event, Lock
from typing import Final

from celery import shared_task
from django.utils import timezone

from clinic.reminders.actions import counting
from clinic.reminders.actions.replanning import replan_all
from clinic.reminders.actions.sending import drain
from clinic.staff.models import Clinic

# In one process one drain at a time: more would take the threads that other work needs. Several processes drain side by side.
AT_WORK: Final = Lock()
STOPPING: Final = Event()  # this process ends: a drain gives back what has not left


@shared_task
def send_due_messages() -> int:
    """Sends what is due; answers how many messages left. Only the clock (beat) calls it, so that this is a sign of life of the clock."""
    counting.beat_of(counting.BEAT, now=timezone.now())
    return drain_here()


def drain_here() -> int:
    """Sends what is due, unless this process is at it already; answers how many messages left."""
    if not AT_WORK.acquire(blocking=False):
        return 0
    try:
        return drain(goes_on=lambda: not STOPPING.is_set()).sent
    finally:
        AT_WORK.release()


@shared_task
def arrange_reminders() -> None:
    """Looks each night whether every date to come has its reminders: also those booked before there were messages, or restored."""
    for clinic in Clinic.objects.order_by("pk"):
        replan_all(clinic=clinic, now=timezone.now())
