"""Who waits in the demo: three patients would come sooner. Whoever tries it gives a date up and sees whom the place fits."""

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any, Final

from django.db.models import Min, Q
from django.utils import timezone

from clinic.courses.calendar.actions.waiting import WaitingWishes, wait_for_place
from clinic.courses.calendar.standing import GETS_DATES
from clinic.courses.models import Course
from clinic.courses.states import SessionState
from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor

WISHES: Final[tuple[Mapping[str, Any], ...]] = (
    {"note": "Lives round the corner, can come within the hour."},
    {"latest": time(14), "note": "Only before the late shift."},
    {"earliest": time(12), "weekdays": (0, 1, 2, 3)},
)


def seed_waiting(clinic: Clinic, *, actor: Actor) -> int:
    """The courses whose next date is farthest away wait for an earlier one; answers how many."""
    to_come = Q(sessions__state=SessionState.BOOKED, sessions__booking__starts_at__gt=timezone.now())
    courses = Course.objects.filter(clinic=clinic, state__in=GETS_DATES).annotate(next=Min("sessions__booking__starts_at", filter=to_come))
    found = courses.filter(next__isnull=False).select_related("patient", "clinic", "referral").order_by("-next", "pk")[: len(WISHES)]
    today = clinic.today()
    for course, wishes in zip(found, WISHES, strict=False):
        wait_for_place(course=course, wishes=WaitingWishes(today, today + timedelta(days=28), **wishes), actor=actor)
    return len(found)
