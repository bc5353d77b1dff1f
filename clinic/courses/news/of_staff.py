"""What messages to staff say about courses: an amount and where to click, read at the moment of sending."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse

from clinic.courses.models import CourseMove
from clinic.courses.news.of_sessions import Read, number_of
from clinic.courses.news.open_work import LATE, courses_out_of_referral, starts_not_signed
from clinic.courses.queries import reviews_waiting
from clinic.courses.states import CourseReason, CourseState
from clinic.reminders.fields import Fields
from clinic.reminders.models import Message
from clinic.reminders.states import DropReason, Text
from clinic.schedule.models import Booking
from clinic.schedule.states import BookingState
from clinic.staff.models import Role, StaffRole
from patients.models import Intake
from patients.states import IntakeState

NOTHING = DropReason.NOTHING_NEW


def day_of(message: Message) -> date:
    """The clinic's day that a message of once a day belongs to: the last part of what it is about."""
    return date.fromisoformat(message.about.rsplit(":", 1)[1])


def read_tomorrow(messages: Sequence[Message], _now: datetime) -> Read:
    """How many are on the list of the day after, and when the first one comes. One query."""
    days = {each.pk: day_of(each) + timedelta(days=1) for each in messages}
    booked = Booking.objects.filter(
        clinic__in={each.clinic_id for each in messages}, therapist__in={each.user_id for each in messages},
        day__in=set(days.values()), state=BookingState.BOOKED,
    )  # fmt: skip
    counted = booked.order_by().values_list("clinic", "therapist", "day").annotate(Count("pk"), Min("clock"))
    found = {tuple(key): (amount, first) for *key, amount, first in counted}

    def say(message: Message) -> Fields | DropReason:
        day = days[message.pk]
        amount, first = found.get((message.clinic_id, message.user_id, day), (0, time()))
        path = f"{reverse('day:today')}?day={day.isoformat()}"
        return Fields(Text.TOMORROW, amount=amount, day=day, clock=first, path=path) if amount else NOTHING

    return {each.pk: say(each) for each in messages}


def read_referrals(messages: Sequence[Message], now: datetime) -> Read:
    """How many referrals end or are used up while sessions are left. One query for each clinic."""
    found = {}
    for clinic in {each.clinic for each in messages}:
        on = now.astimezone(clinic.zone).date()
        found[clinic.pk] = courses_out_of_referral(on).filter(clinic=clinic).values("referral").distinct().count()
    path = f"{reverse('calendar:to-do')}#referrals"
    return {each.pk: _amount(Text.REFERRALS, found[each.clinic_id], path) for each in messages}


def read_reviews(messages: Sequence[Message], _now: datetime) -> Read:
    """How many reviews and questions wait for a doctor of the clinic; of an emergency also when it was told, until it is answered.

    One query.
    """
    waiting = reviews_waiting().filter(course__clinic__in={each.clinic_id for each in messages})
    rows = list(waiting.values_list("pk", "course__clinic", "asked_at"))
    amounts, told_at = Counter(clinic for _pk, clinic, _at in rows), {pk: at for pk, _clinic, at in rows}
    path = f"{reverse('courses:inbox')}?kind=review"

    def say(message: Message) -> Fields | DropReason:
        if not message.about.startswith("review:"):
            return _amount(Text.REVIEWS, amounts[message.clinic_id], path)
        at = told_at.get(number_of(message))
        clock = at.astimezone(message.clinic.zone).time() if at else None
        return Fields(Text.REVIEWS, amount=amounts[message.clinic_id], clock=clock, path=path) if clock else DropReason.ANSWERED

    return {each.pk: say(each) for each in messages}


def read_unsigned(messages: Sequence[Message], now: datetime) -> Read:
    """How many sessions the person has not signed; for a clinical lead also those of others that are older than a day. Two queries."""
    starts = starts_not_signed(now).filter(session__course__clinic__in={each.clinic_id for each in messages})
    shown = list(starts.values_list("session__course__clinic", "started_by", "session__booking__therapist", "started_at"))
    leads = leads_of({each.clinic_id for each in messages})

    def mine(message: Message, start: tuple[Any, ...]) -> bool:
        clinic, begun_by, therapist, at = start
        is_lead = (clinic, message.user_id) in leads and at <= now - LATE
        return clinic == message.clinic_id and (is_lead or message.user_id in (begun_by, therapist))

    return {each.pk: _amount(Text.UNSIGNED, sum(mine(each, start) for start in shown), reverse("day:today")) for each in messages}


def leads_of(clinics: set[int]) -> frozenset[tuple[int, int]]:
    """(clinic, person) of every clinical lead. One query."""
    return frozenset(StaffRole.objects.filter(clinic__in=clinics, role=Role.CLINICAL_LEAD).values_list("clinic", "user"))


def read_screening(messages: Sequence[Message], _now: datetime) -> Read:
    """A course that new answers hold, or answers that nobody has read; not one that goes on again. Three queries."""
    held = dict(_held(_numbers(messages, "move")))
    sent = Intake.objects.filter(pk__in=_numbers(messages, "intake"), state=IntakeState.SUBMITTED)
    unread = {pk: reverse("patients:intake-review", args=[patient]) for pk, patient in sent.values_list("pk", "patient")}
    paths: Mapping[str, Mapping[int, str]] = {"move": held, "intake": unread}

    def say(message: Message) -> Fields | DropReason:
        path = paths.get(message.about.split(":")[0], {}).get(number_of(message), "")
        return Fields(Text.SCREENING, amount=1, path=path) if path else DropReason.OVER

    return {each.pk: say(each) for each in messages}


def _numbers(messages: Sequence[Message], what: str) -> set[int]:
    return {number_of(each) for each in messages if each.about.startswith(f"{what}:")}


def _held(moves: set[int]) -> Iterator[tuple[int, str]]:
    """Of these moves those that hold their course still: nothing has moved it since."""
    held = Q(course__state=CourseState.SUSPENDED) | Q(course__state=CourseState.DRAFT, reason=CourseReason.EDITION)
    found = CourseMove.objects.filter(held, pk__in=moves).values_list("pk", "course")
    courses = dict(found)
    newest = CourseMove.objects.filter(course__in=courses.values()).order_by("pk").values_list("course", "pk")
    last = dict(newest)
    yield from ((pk, reverse("courses:detail", args=[course])) for pk, course in courses.items() if last[course] == pk)


def _amount(text: Text, amount: int, path: str) -> Fields | DropReason:
    return Fields(text, amount=amount, path=path) if amount else NOTHING
