"""Calendar addresses: which one a token opens now, and what stands in it."""

from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from clinic.schedule.models import Booking, BookingChange, Feed
from clinic.schedule.permissions import BOOK
from clinic.schedule.states import BookingState
from clinic.staff.models import Clinic, StaffRole, User
from clinic.web.links import token_digest
from patients.models import Patient

BACK: Final = timedelta(weeks=4)
AHEAD: Final = timedelta(weeks=26)
# Calendars of phones are fetched every few hours, some once a week: for so long a released session is told as cancelled.
TOLD_AS_CANCELLED: Final = timedelta(weeks=4)


def live_feeds() -> QuerySet[Feed]:
    """Addresses that open a calendar now: not taken back, and of somebody who still treats at this clinic or is on its register."""
    works = StaffRole.objects.filter(user=OuterRef("user"), clinic=OuterRef("clinic"), role__in=BOOK, user__is_active=True)
    return Feed.objects.filter(Exists(works) | Q(patient__isnull=False, patient__merged_into=None), revoked_at=None)


def feed_behind(token: str) -> Feed | None:
    """The calendar that this address opens; ``None`` alike for one that never was, was taken back, or whose person has left."""
    return live_feeds().filter(token_digest=token_digest(token)).select_related("clinic", "user", "patient").first()


def feeds_of_user(user: User, clinic: Clinic) -> QuerySet[Feed]:
    """The addresses of a member of the staff at one clinic that nobody took back: one, or none."""
    return Feed.objects.filter(user=user, clinic=clinic, revoked_at=None).select_related("created_by")


def feeds_of_patient(patient: Patient) -> QuerySet[Feed]:
    """The addresses of a patient that nobody took back: one or none, or two where two records turned out to be of one person."""
    return Feed.objects.filter(patient=patient, revoked_at=None).select_related("created_by")


def bookings_of_feed(feed: Feed, *, today: date, now: datetime | None = None) -> QuerySet[Booking]:
    """From four weeks back to 26 weeks ahead: what is booked, and what was released lately. Each has ``changed_at``. One query.

    What was only held is nobody's appointment: it does not appear, and is not told as cancelled.
    """
    since = (now or timezone.now()) - TOLD_AS_CANCELLED
    was_booked = Exists(BookingChange.objects.filter(booking=OuterRef("pk"), kind="booked"))
    shown = Q(state=BookingState.BOOKED) | Q(was_booked, state=BookingState.RELEASED, released_at__gte=since)
    whose = Q(patient=feed.patient_id) if feed.patient_id else Q(therapist=feed.user_id)
    found = Booking.objects.filter(whose, shown, clinic=feed.clinic_id, day__range=(today - BACK, today + AHEAD))
    return found.select_related("patient", "room__site").annotate(changed_at=Max("changes__at")).order_by("starts_at", "pk")
