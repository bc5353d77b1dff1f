"""What patients answered by the links of messages, and what such a link shows now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.shortcuts import get_object_or_404

from clinic.reminders.models import Answer, Message
from clinic.reminders.states import AnswerKind
from clinic.schedule.models import Booking
from clinic.schedule.states import BookingState
from clinic.staff.models import Clinic
from patients.models import Patient

ABOUT_A_DATE: Final = (AnswerKind.CONFIRMED, AnswerKind.CANNOT_COME)
MOST_SHOWN: Final = 60
MOST_DONE: Final = 8


def answer_to(message: Message, purpose: str) -> Answer | None:
    """What was answered by this link. One query."""
    return Answer.objects.filter(message=message, purpose=purpose).first()


def standing_words() -> QuerySet[Answer]:
    """What was said of dates and still holds: of the time that is booked now, and nobody has dealt with it. The newest first."""
    of_now = Answer.objects.filter(kind__in=ABOUT_A_DATE, starts_at=F("booking__starts_at"))
    return of_now.filter(Q(handled="") | Q(kind=AnswerKind.CONFIRMED)).order_by("-pk")


def newest_word() -> Subquery:
    """For a query of bookings: the kind of the newest word that holds (``confirmed``, ``cannot-come``); None without one."""
    said = Answer.objects.filter(booking=OuterRef("pk"), starts_at=OuterRef("starts_at"), kind__in=ABOUT_A_DATE)
    return Subquery(said.filter(Q(handled="") | Q(kind=AnswerKind.CONFIRMED)).order_by("-pk").values("kind")[:1])


def said_elsewhere(message: Message) -> Answer | None:
    """What was said of the same date by the link of another message. One query."""
    return standing_words().filter(booking=message.booking_id).exclude(message=message).first() if message.booking_id else None


# Behind a link -----------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class DateNow:
    """The date that a message is about as it is now: where it was moved from since, and whether an answer makes sense."""

    booking: Booking
    has_moved: bool
    is_off: bool
    has_begun: bool

    @property
    def is_open(self) -> bool:
        return not (self.is_off or self.has_begun)


def date_now(message: Message, now: datetime) -> DateNow | None:
    """None for a message that is about no date. The booking must have been read with the message."""
    booking = message.booking
    if booking is None:
        return None
    told = {pk: datetime.fromisoformat(at) for pk, at, _mark in message.fields.get("dates", ())}
    return DateNow(
        booking=booking,
        has_moved=booking.starts_at != told.get(booking.pk, booking.starts_at),
        is_off=booking.state != BookingState.BOOKED,
        has_begun=booking.starts_at <= now,
    )


def dates_to_come(patient: Patient, now: datetime) -> list[Any]:
    """What is booked for the patient and has not begun, with room and site, and ``changed_at`` for a calendar. One query."""
    found = Booking.objects.filter(patient=patient, state=BookingState.BOOKED, starts_at__gt=now).annotate(changed_at=Max("changes__at"))
    return list(found.select_related("room__site", "clinic").order_by("starts_at", "pk")[:MOST_SHOWN])


# For the desk --------------------------------------------------------------------------------------------------------------------
def those_who_cannot_come(clinic: Clinic) -> QuerySet[Answer]:
    """Answers for which somebody must act, the next date first."""
    found = Answer.objects.filter(clinic=clinic, kind=AnswerKind.CANNOT_COME, handled="")
    return found.select_related("booking__patient", "booking__therapist", "booking__room__site").order_by("starts_at", "pk")


def dealt_with(clinic: Clinic) -> QuerySet[Answer]:
    """Those that somebody dealt with last. One query."""
    done = Answer.objects.filter(clinic=clinic, kind=AnswerKind.CANNOT_COME).exclude(handled="")
    return done.select_related("booking__patient", "handled_by").order_by("-handled_at", "-pk")[:MOST_DONE]


def answer_or_404(clinic: Clinic, pk: int) -> Answer:
    """An answer for which somebody must act, or had to."""
    return get_object_or_404(Answer.objects.select_related("booking__patient"), pk=pk, clinic=clinic, kind=AnswerKind.CANNOT_COME)
