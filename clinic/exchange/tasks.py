"""What the worker does each night about lists of patients. Safe to run at any time and twice."""

from celery import shared_task
from django.utils import timezone

from clinic.exchange.importing.actions import put_away_old_lists
from clinic.staff.models import Clinic


@shared_task
def put_away_lists() -> int:
    """Drops lists that nobody has taken over for a month; answers how many."""
    return sum(put_away_old_lists(clinic=clinic, now=timezone.now()) for clinic in Clinic.objects.order_by("pk"))
