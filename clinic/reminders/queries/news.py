"""What is new to patients about their dates: what is booked now, beside what they were last told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, OuterRef, Q, Subquery

from clinic.reminders.fields import MOVED, NEW, OFF, DateLine
from clinic.reminders.models import Message, Told
from clinic.reminders.neutral import place_of
from clinic.reminders.states import Kind
from clinic.schedule.models import Booking, BookingChange
from clinic.schedule.states import BookingState
from clinic.schedule.wall_clock import wall_of
from patients.models import Patient


@dataclass(frozen=True, slots=True)
class Date:
    """One date of a patient as it would be told now. ``booking`` has ``changed_at``, for the calendar file."""

    line: DateLine
    booking: Booking


def dates_to_tell(patients: Iterable[int], now: datetime) -> dict[int, list[Date]]:
    """For each of these patients every date to come and every date to come that does not take place any more, in the order of time.

    What the patient knows already is not marked. One query.
    """
    found: dict[int, list[Date]] = {pk: [] for pk in patients}
    expected = Q(told__is_off=False, told__starts_at__gt=now)
    changed_at = BookingChange.objects.filter(booking=OuterRef("pk")).order_by().values("booking").annotate(at=Max("at")).values("at")
    rows = Booking.objects.filter(expected | Q(state=BookingState.BOOKED, starts_at__gt=now), patient__in=found)
    for booking in rows.select_related("clinic", "room__site", "told__site").annotate(changed_at=Subquery(changed_at)):
        found[booking.patient_id].append(Date(line_of(booking, now), booking))
    for dates in found.values():
        dates.sort(key=lambda each: (each.line.starts_at, each.line.booking))
    return found


def line_of(booking: Booking, now: datetime) -> DateLine:
    """One booking as it is told at ``now``, marked with what is new about it. Told of before, and neither booked nor to come: off."""
    told: Told | None = getattr(booking, "told", None)
    known = told if told is not None and not told.is_off else None
    is_to_come = booking.state == BookingState.BOOKED and booking.starts_at > now
    if known is not None and not is_to_come:
        day, clock = wall_of(known.starts_at, booking.clinic.zone)
        return DateLine(booking.pk, known.starts_at, day, clock, known.site_id, place_of(known.site), OFF)
    site = booking.room.site
    here = (booking.pk, booking.starts_at, booking.day, booking.clock, site.pk, place_of(site))
    if known is None:
        return DateLine(*here, NEW)
    if (known.starts_at, known.site_id) == (booking.starts_at, site.pk):
        return DateLine(*here)
    return DateLine(*here, MOVED, wall_of(known.starts_at, booking.clinic.zone))


def open_dates(patients: Iterable[int]) -> Mapping[int, Sequence[int]]:
    """The messages about dates that are still to be sent, or just being sent, by patient; those to a second record of a person count for
    the kept one. Two queries."""
    given, found = set(patients), dict[int, list[int]]()
    merged = dict(Patient.objects.filter(merged_into__in=given).values_list("pk", "merged_into"))
    # By their numbers alone: asked through the patients as well, a database looks at every message there is.
    rows = Message.objects.filter(patient__in=given | merged.keys(), kind=Kind.DATES, next_at__isnull=False)
    for pk, patient in rows.order_by("-pk").values_list("pk", "patient"):
        found.setdefault(merged.get(patient, patient) or 0, []).append(pk)
    return found
