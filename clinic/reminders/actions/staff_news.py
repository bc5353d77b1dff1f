"""Writes messages to people who work at a clinic: an amount and where to click, never about whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.utils import timezone

from clinic.reminders.actions.posting import Post, post
from clinic.reminders.models import Message
from clinic.reminders.queries.outbox import to_deal_with
from clinic.reminders.queries.rules import rules_of
from clinic.reminders.states import Kind, MessageState
from clinic.staff.models import Clinic, Role, StaffRole, User

OF_USE_FOR: Final = timedelta(days=1)
NOT_YET: Final = timedelta(seconds=30)  # a message that goes later than this tells what is written now too


@dataclass(frozen=True, slots=True)
class When:
    """When a message is due, and until when it is of use."""

    due_at: datetime
    not_after: datetime


def tell_admins(kind: str, clinic: Clinic, about: str) -> None:
    """Tells every administrator of the clinic (without one, the clinical lead), after the grace in which more may come.

    ``about`` names what happened ("answer:12"). Who has a message of this kind waiting gets no second one: it says the amount then.
    """
    now = timezone.now()
    due_at = now + timedelta(minutes=rules_of(clinic).grace_minutes)
    rows = Message.objects.filter(clinic=clinic, kind=kind, state=MessageState.WAITING, attempts=0, next_at__gt=now + NOT_YET)
    told = set(rows.values_list("user", flat=True))
    users = [each for each in admins_of(clinic) if each.pk not in told]
    tell_staff(kind, users, clinic=clinic, about=about, when=When(due_at, due_at + OF_USE_FOR))


def tell_staff(kind: str, users: Iterable[User], *, clinic: Clinic, about: str, when: When) -> None:
    """A message of this kind about this to each of these, once."""
    posts = [Post(kind, f"{about}:user:{each.pk}", when.due_at, when.not_after, user=each) for each in users]
    if posts:
        post(posts, clinic=clinic)


def tell_once_a_day(kind: str, users: Iterable[User], *, clinic: Clinic, day: date, when: When) -> None:
    """A message of this kind to each of these, at most one a day however often it is called."""
    posts = [Post(kind, f"user:{each.pk}:{clinic.pk}:{day.isoformat()}", when.due_at, when.not_after, user=each) for each in users]
    if posts:
        post(posts, clinic=clinic)


def tell_of_undelivered(clinic: Clinic, *, now: datetime) -> None:
    """Tells the administrators, at most once a day, that messages wait for somebody to call."""
    if to_deal_with(clinic).exists():
        when = When(now, now + OF_USE_FOR)
        tell_once_a_day(Kind.UNDELIVERED, admins_of(clinic), clinic=clinic, day=timezone.localdate(now, clinic.zone), when=when)


def admins_of(clinic: Clinic) -> tuple[User, ...]:
    """The administrators of the clinic who may sign in; where there is none, its clinical leads. Two queries at most."""
    return staff_with(clinic, Role.ADMIN) or staff_with(clinic, Role.CLINICAL_LEAD)


def staff_with(clinic: Clinic, role: str) -> tuple[User, ...]:
    """Who has this role at the clinic and may sign in."""
    roles = StaffRole.objects.filter(clinic=clinic, role=role, user__is_active=True).select_related("user").order_by("user")
    return tuple(each.user for each in roles)
