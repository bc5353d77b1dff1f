"""What one patient was and will be sent, and how the patient wishes to be written to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from clinic.reminders.models import Answer, Message, MessageWishes
from clinic.reminders.queries.answers import standing_words
from clinic.reminders.states import OPEN, Kind, MessageState
from clinic.web.prepared import Prepared
from patients.models import Patient

LAST: Final = 3
OF_A_DATE: Final = (Kind.REMINDER_DAY, Kind.REMINDER_HOURS)
_LONG: Final = ("fields", "body", "subject")


@dataclass(frozen=True, slots=True)
class Newest:
    """The last messages that are over, the newest first, and the next one planned.

    By the time at which they were due: those of a course are written all at once.
    """

    last: Sequence[Message]
    next_one: Message | None


def wishes_of(patient: Patient) -> MessageWishes | None:
    """What the patient said; None where nobody asked. One query."""
    return _WISHES.first(patient=patient.pk)


def _wishes(_kind: str, *, patient: int) -> QuerySet[Any, Any]:
    return MessageWishes.objects.filter(patient=patient).select_related("recorded_by").order_by("pk")[:1]


_WISHES: Final = Prepared(_wishes)


def newest_of(patient: Patient) -> Newest:
    """For the page of the patient, which asks much: both in one query."""
    found = _NEWEST.objects(patient=patient.pk, now=timezone.now())
    finished = [each for each in found if each.state not in OPEN]
    return Newest(finished, next((each for each in found if each.state in OPEN), None))


def _newest(_kind: str, *, patient: int, now: datetime) -> QuerySet[Any, Any]:
    of_patient = Message.objects.filter(patient=patient)
    over = of_patient.exclude(state__in=OPEN).filter(due_at__lte=now)
    last = over.order_by("-due_at", "-pk").values("pk")[:LAST]
    following = of_patient.filter(state__in=OPEN).order_by("due_at", "pk").values("pk")[:1]
    return of_patient.filter(Q(pk__in=last) | Q(pk__in=following)).defer(*_LONG).order_by("-due_at", "-pk")


_NEWEST: Final = Prepared(_newest)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is known of one booking: its newest reminder that went or failed, and the newest word that holds for its time."""

    message: Message | None = None
    answer: Answer | None = None


def deliveries_of(bookings: Iterable[int]) -> Mapping[int, Delivery]:
    """By number of the booking, those of which anything is known. Two queries, however many bookings."""
    numbers = tuple(bookings)
    if not numbers:
        return {}
    messages, answers = _REMINDED.objects(bookings=numbers), _ANSWERED.objects(bookings=numbers)
    told, said = {each.booking_id: each for each in messages}, {each.booking_id: each for each in answers}
    return {number: Delivery(told.get(number), said.get(number)) for number in numbers if number in told or number in said}


def _reminded(_kind: str, *, bookings: tuple[int, ...]) -> QuerySet[Any, Any]:
    over = Q(state__in=(MessageState.SENT, MessageState.FAILED))
    return Message.objects.filter(over, booking__in=bookings, kind__in=OF_A_DATE).defer(*_LONG).order_by("pk")


def _answered(_kind: str, *, bookings: tuple[int, ...]) -> QuerySet[Any, Any]:
    return standing_words().filter(booking__in=bookings).order_by("pk")


_REMINDED: Final = Prepared(_reminded)
_ANSWERED: Final = Prepared(_answered)
