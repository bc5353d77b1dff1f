"""What the worker does for the schedule."""

from celery import shared_task
from django.utils import timezone

from clinic.schedule import actions


@shared_task
def release_expired_holds() -> int:
    """Releases the holds that nobody confirmed in time; answers how many. Safe to run at any time, twice, and by two workers at once."""
    return actions.release_expired_holds(now=timezone.now())
