"""What messages to administrators say about messages: how many did not arrive, how many patients cannot come."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.urls import reverse

from clinic.reminders.fields import DateLine, Fields
from clinic.reminders.models import Answer, Message
from clinic.reminders.neutral import place_of
from clinic.reminders.queries.outbox import undelivered_count
from clinic.reminders.states import AnswerKind, DropReason, Text

Read = Mapping[int, Fields | DropReason]


def read_undelivered(messages: Sequence[Message], _now: datetime) -> Read:
    """How many messages of the clinic wait for somebody to deal with them. One query for each clinic."""
    found = {clinic.pk: undelivered_count(clinic) for clinic in {each.clinic for each in messages}}

    def say(amount: int) -> Fields | DropReason:
        return Fields(Text.UNDELIVERED, amount=amount, path=reverse("reminders:undelivered")) if amount else DropReason.NOTHING_NEW

    return {each.pk: say(found[each.clinic_id]) for each in messages}


def read_cannot_come(messages: Sequence[Message], _now: datetime) -> Read:
    """Which date is not possible, and how many such answers wait. One that somebody has dealt with is not told any more. One query."""
    waiting = Answer.objects.filter(clinic__in={each.clinic_id for each in messages}, kind=AnswerKind.CANNOT_COME, handled="")
    found = list(waiting.select_related("booking__room__site").order_by("-pk"))
    return {each.pk: _cannot_come(each, [answer for answer in found if answer.clinic_id == each.clinic_id]) for each in messages}


def _cannot_come(message: Message, waiting: Sequence[Answer]) -> Fields | DropReason:
    """Its own answer where that still waits; else the newest of those that this message tells too."""
    own = message.about.split(":")[1]
    told = next((each for each in waiting if str(each.pk) == own), waiting[0] if waiting else None)
    if told is None:
        return DropReason.ANSWERED
    return Fields(Text.CANNOT_COME, dates=tuple(_line(told)), amount=len(waiting), path=reverse("reminders:answers"))


def _line(answer: Answer) -> Iterable[DateLine]:
    if (booking := answer.booking) is not None:
        site = booking.room.site
        yield DateLine(booking.pk, booking.starts_at, booking.day, booking.clock, site.pk, place_of(site))
