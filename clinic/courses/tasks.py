"""What the worker does for courses: staff are told what waits for them."""

from celery import shared_task
from django.utils import timezone

from clinic.courses.news.telling_staff import tell_what_waits


@shared_task
def tell_staff() -> None:
    """Writes the messages of the day to staff, each person's once. Safe at any time and twice."""
    tell_what_waits(timezone.now())
