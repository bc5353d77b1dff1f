"""What the worker does for the calendar: for those who wait for a place, and for days that are planned anew."""

from celery import shared_task
from django.utils import timezone

from clinic.courses.calendar.actions.offers import carry_on
from clinic.courses.calendar.actions.replanning import run_replanning


@shared_task
def carry_on_offers() -> int:
    """Ends offers that nobody answered and offers the place to the next in line; answers how much it did. Safe at any time and twice."""
    return carry_on(now=timezone.now())


@shared_task
def replan(pk: int) -> None:
    """Plans a day anew, as it was asked for. Moves nothing; safe to run twice."""
    run_replanning(pk=pk, now=timezone.now())
