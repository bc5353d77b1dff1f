"""What was done about conflicts, read from what was kept of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from clinic.courses.calendar.queries.affected import COURSE_PLANS, WITH_A_BOOKING
from clinic.courses.calendar.queries.choosing import Names, room_names
from clinic.schedule.models import Booking, BookingChange, Placement
from clinic.staff.models import Clinic, User


@dataclass(frozen=True, slots=True)
class Done:
    """One confirmation: which sessions were moved, and which stayed for a call."""

    made_at: datetime
    made_by: str
    changes: tuple[BookingChange, ...]
    calls: tuple[Booking, ...]


def done_or_404(clinic: Clinic, pk: int) -> Done:
    """What one confirmation did at this clinic. Three queries."""
    placement = get_object_or_404(Placement.objects.select_related("made_by"), clinic=clinic, pk=pk)
    made = placement.result.get("made")
    if not isinstance(made, dict) or not {"changes", "calls"} <= set(made):
        raise Http404  # another kind of request
    changes = BookingChange.objects.filter(pk__in=made["changes"], booking__clinic=clinic).order_by("booking__starts_at", "pk")
    wide = [f"booking__{name}" for name in WITH_A_BOOKING]
    plain = changes.select_related(*wide).defer("booking__session__plan", *(f"booking__{name}" for name in COURSE_PLANS))
    return Done(placement.made_at, placement.made_by.full_name, tuple(plain), tuple(_calls(clinic, made["calls"])))


def names_in(clinic: Clinic, done: Done) -> Names:
    """What the people and rooms are called that sessions left or came to, also of somebody who treats here no more. Two queries."""
    kept = [each for change in done.changes for each in (change.before, change.after)]
    people = User.objects.filter(pk__in={each["therapist"] for each in kept}).values_list("pk", "full_name")
    return Names(dict(people), room_names(clinic))


def _calls(clinic: Clinic, numbers: Sequence[int]) -> QuerySet[Booking]:
    found = Booking.objects.filter(clinic=clinic, pk__in=numbers).select_related(*WITH_A_BOOKING)
    return found.defer("session__plan", *COURSE_PLANS).order_by("starts_at", "pk")


def number_of(clinic: Clinic, key: str) -> int:
    """The number of the confirmation with this key, which names its page. Raises ``DoesNotExist`` before it was carried out."""
    return Placement.objects.values_list("pk", flat=True).get(clinic=clinic, key=key)


def confirmations(clinic: Clinic, beginning: str) -> QuerySet[Placement]:
    """The confirmations whose keys begin so, the newest first."""
    return Placement.objects.filter(clinic=clinic, key__startswith=beginning).select_related("made_by").order_by("-pk")
