"""What the worker does for sign-in."""

from datetime import timedelta
from typing import Final

from celery import shared_task
from django.utils import timezone

from clinic.staff.models import BrowserSession, SentForm

DAYS_A_SENT_FORM_IS_KEPT: Final = 7


@shared_task
def clear_expired_sessions() -> int:
    """Deletes sessions that ended; answers how many. Safe to run at any time and twice."""
    deleted, _by_model = BrowserSession.objects.filter(expire_date__lt=timezone.now()).delete()
    return deleted


@shared_task
def forget_sent_forms() -> int:
    """Deletes what is kept against sending a form twice, once no browser can still hold it; answers how many. Safe to run twice."""
    deleted, _by_model = SentForm.objects.filter(sent_at__lt=timezone.now() - timedelta(days=DAYS_A_SENT_FORM_IS_KEPT)).delete()
    return deleted
