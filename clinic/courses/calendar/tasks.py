"""What the worker does for those who wait for a place."""

from celery import shared_task
from django.utils import timezone

from clinic.courses.calendar.actions.offers import carry_on


@shared_task
def carry_on_offers() -> int:
    """Ends offers that nobody answered and offers the place to the next in line; answers how much it did. Safe at any time and twice."""
    return carry_on(now=timezone.now())
