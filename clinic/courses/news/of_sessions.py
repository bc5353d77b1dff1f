"""What messages about single sessions say: the question of the next morning, and the word to who did not come."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.db.models import F, Max, OuterRef, Subquery

from clinic.courses.models import OVER, NextDay, SessionMove, SessionRecord
from clinic.courses.states import CourseState
from clinic.reminders.fields import DateLine, Fields
from clinic.reminders.models import Message
from clinic.reminders.neutral import place_of
from clinic.reminders.states import DropReason, Text
from clinic.schedule.models import Booking

Read = Mapping[int, Fields | DropReason]


def number_of(message: Message) -> int:
    """Which record, session, course or move a message is about: the number behind the first colon."""
    return int(message.about.split(":")[1])


def read_next_morning(messages: Sequence[Message], _now: datetime) -> Read:
    """The question, unless it was answered already or a later session was given since. Two queries."""
    numbers = {number_of(each) for each in messages}
    newest = SessionRecord.objects.filter(session__course=OuterRef("session__course")).order_by("-session__number").values("pk")[:1]
    found = SessionRecord.objects.filter(pk__in=numbers).annotate(
        newest=Subquery(newest), of=F("session__course__session_count"), number=F("session__number")
    )
    records = {pk: rest for pk, *rest in found.values_list("pk", "newest", "given_on", "number", "of")}
    answered = set(NextDay.objects.filter(record__in=numbers, pain__isnull=False).values_list("record", flat=True))

    def say(pk: int) -> Fields | DropReason:
        if pk not in records:
            return DropReason.RELEASED
        if pk in answered:
            return DropReason.ANSWERED
        last, day, number, count = records[pk]
        return Fields(Text.NEXT_MORNING, day=day, number=number, count=count) if last == pk else DropReason.OVER

    return {each.pk: say(number_of(each)) for each in messages}


def read_missed(messages: Sequence[Message], _now: datetime) -> Read:
    """Which session was missed, unless that was taken back, the session was given since, or its course is over. Two queries."""
    sessions = {number_of(each) for each in messages}
    newest = dict(SessionMove.objects.filter(session__in=sessions).values_list("session").annotate(Max("pk")))
    moves = SessionMove.objects.select_related("session__course").defer(
        "session__plan", "session__course__plan", "session__course__screening"
    )
    found = {move.session_id: move for move in moves.filter(pk__in=newest.values())}
    dates = lines_of(each.booking_id for each in messages)
    return {each.pk: _missed(each, found.get(number_of(each)), dates) for each in messages}


def _missed(message: Message, newest: SessionMove | None, dates: Mapping[int, DateLine]) -> Fields | DropReason:
    if newest is None or newest.pk != message.version:
        return DropReason.NOTHING_NEW
    session, course = newest.session, newest.session.course
    if course.state in (*OVER, CourseState.DISCARDED):
        return DropReason.OVER
    line = dates.get(message.booking_id or 0)
    day, clock = (line.day, line.clock) if line else (newest.happened_on, None)
    return Fields(Text.MISSED, dates=(line,) if line else (), number=session.number, count=course.session_count, day=day, clock=clock)


def lines_of(bookings: Iterable[int | None]) -> dict[int, DateLine]:
    """Bookings as messages tell them, by their numbers. One query."""
    wanted = Booking.objects.filter(pk__in=[pk for pk in bookings if pk is not None]).select_related("room__site")
    return dict(_lines(wanted))


def _lines(bookings: Iterable[Booking]) -> Iterator[tuple[int, DateLine]]:
    for each in bookings:
        site = each.room.site
        yield each.pk, DateLine(each.pk, each.starts_at, each.day, each.clock, site.pk, place_of(site))
