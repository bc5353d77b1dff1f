"""What somebody answers by the link of a message. Nobody is signed in: the link alone lets do this one thing, once.

Two at the same moment: the database keeps one answer for a message and purpose, and the second is shown what the first said.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.reminders import sources
from clinic.reminders.actions.staff_news import tell_admins
from clinic.reminders.models import Answer, Message
from clinic.reminders.permissions import check_can_manage_messages
from clinic.reminders.queries.answers import answer_to
from clinic.reminders.queries.channels import channels_of
from clinic.reminders.states import AnswerKind, Channel, Handled, Kind, Purpose
from clinic.schedule.models import Booking
from clinic.schedule.states import BookingState
from clinic.staff.permissions import ActionDenied, Actor
from patients.models import MessageConsent

MOST_SUITS: Final = 5
FURTHEST: Final = timedelta(days=366)
# What the desk may say of an answer; moved and given up are seen by themselves.
BY_HAND: Final = (Handled.CALLED, Handled.STAYS, Handled.NOTHING)


class AnsweredAlready(Exception):
    """This link was used. ``answer`` is what was said."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("answered already")
        self.answer = answer


class NotThisDate(Exception):
    """The date was moved or given up, or has begun, since the page was opened: it must be shown as it is now."""


@transaction.atomic
def confirm(message: Message, *, asked: datetime, now: datetime) -> Answer:
    """The patient comes to the date that begins at ``asked``. What was said before by another link needs nobody any more.

    Raises ``AnsweredAlready`` and ``NotThisDate``.
    """
    booking = _as_asked(message, asked, now)
    answer = _kept(message, AnswerKind.CONFIRMED, booking=booking, starts_at=asked)
    earlier = Answer.objects.filter(booking=booking, starts_at=asked, kind=AnswerKind.CANNOT_COME, handled="")
    earlier.update(handled=Handled.STAYS, handled_at=now)
    record(actor=None, clinic=message.clinic, verb="confirmed-date", subject=booking, details=_said(message))
    return answer


@transaction.atomic
def cannot_come(message: Message, *, asked: datetime, suits: Sequence[tuple[date, time]] = (), now: datetime) -> Answer:
    """The patient cannot come at ``asked``: the desk is told. Nothing is freed; what becomes of the date is for people to decide.

    Raises ``AnsweredAlready`` and ``NotThisDate``.
    """
    booking = _as_asked(message, asked, now)
    answer = _kept(message, AnswerKind.CANNOT_COME, booking=booking, starts_at=asked, suits=_written(suits, now))
    tell_admins(Kind.CANNOT_COME, message.clinic, f"answer:{answer.pk}")
    record(actor=None, clinic=message.clinic, verb="cannot-come", subject=booking, details=_said(message))
    return answer


@transaction.atomic
def add_suits(message: Message, *, suits: Sequence[tuple[date, time]], now: datetime) -> Answer:
    """Which other times would suit who cannot come; said again it replaces what was said, until somebody has dealt with it.

    They are wishes: nothing is held. Raises ``NotThisDate`` where nobody waits for them any more.
    """
    found = Answer.objects.select_for_update().filter(message=message, kind=AnswerKind.CANNOT_COME, handled="").first()
    if found is None:
        raise NotThisDate
    found.suits = _written(suits, now)
    found.save(update_fields=["suits"])
    return found


@transaction.atomic
def answer_pain(message: Message, *, pain: int, now: datetime) -> Answer:
    """The discomfort of the next morning, 0 (none) to 10; it goes where the plan finds it.

    Raises ``AnsweredAlready``, and ``ValueError`` for another number. What refuses to keep it (``ActionDenied``) keeps nothing.
    """
    if not 0 <= pain <= 10:
        raise ValueError("discomfort is told from 0 to 10")
    answer = _kept(message, AnswerKind.PAIN, booking=message.booking, value=pain)
    sources.keep_pain(message, pain, now)
    return answer


@transaction.atomic
def stop(message: Message, *, channels: Iterable[str], now: datetime) -> Answer:
    """The patient wants no more messages by these channels (``Channel``). What waits for them is not sent; calls stay as they were.

    Said again by one message it counts where the patient has agreed again since; else raises ``AnsweredAlready``. Raises ``ValueError``
    for a message to staff.
    """
    if message.patient is None:
        raise ValueError("only a patient ends messages")
    ended = sorted({channel for channel in channels if channel in Channel.values}) or [message.channel]
    try:
        answer = _kept(message, AnswerKind.STOP, purpose=Purpose.STOP)
    except AnsweredAlready as earlier:
        if not set(ended) & set(channels_now(message)):
            raise
        answer = earlier.answer
    whose, on = message.patient.merged_into or message.patient, timezone.localdate(now, message.clinic.zone)
    MessageConsent.objects.bulk_create(MessageConsent(patient=whose, channel=channel, is_given=False, said_on=on) for channel in ended)
    record(actor=None, clinic=message.clinic, verb="stopped-messages", subject=whose, details=_said(message) | {"channels": ended})
    return answer


def channels_now(message: Message) -> tuple[str, ...]:
    """By which channels whoever reads this message may be written to now: for two records of one person those of the kept one."""
    if message.patient is None:
        return ()
    kept = message.patient.merged_into or message.patient
    return channels_of([kept])[kept.pk]


@transaction.atomic
def deal_with(answer: Answer, *, handled: str, actor: Actor, now: datetime) -> Answer:
    """Somebody has dealt with a patient who cannot come. Dealt with already it stays as it is.

    Denied without the role, and for what is not in the list.
    """
    check_can_manage_messages(actor)
    if handled not in BY_HAND:
        raise ActionDenied(_("Choose from the list."))
    locked = Answer.objects.select_for_update().get(pk=answer.pk, clinic=actor.clinic)
    if locked.handled:
        return locked
    locked.handled, locked.handled_at, locked.handled_by = handled, now, actor.user
    locked.save(update_fields=["handled", "handled_at", "handled_by"])
    record(actor=actor, verb="dealt-with-answer", subject=locked, details={"patient": _patient_of(locked), "handled": str(handled)})
    return locked


def bookings_changed(kind: str, numbers: Sequence[int]) -> None:
    """A date that was moved or given up needs nobody any more. One statement; called by whoever changes bookings."""
    became = {"moved": Handled.MOVED, "released": Handled.RELEASED}.get(kind)
    if became:
        waiting = Answer.objects.filter(booking__in=numbers, kind=AnswerKind.CANNOT_COME, handled="")
        waiting.update(handled=became, handled_at=timezone.now())


# Inside ------------------------------------------------------------------------------------------------------------------------
def _as_asked(message: Message, asked: datetime, now: datetime) -> Booking:
    """The booking, locked so that nobody moves it meanwhile; it must still be what the page showed."""
    booking = Booking.objects.select_for_update().filter(pk=message.booking_id or 0).first()
    if booking is None or booking.state != BookingState.BOOKED or booking.starts_at != asked or booking.starts_at <= now:
        if (said := answer_to(message, Purpose.ANSWER)) is not None:
            raise AnsweredAlready(said)
        raise NotThisDate
    return booking


def _kept(message: Message, kind: str, *, purpose: str = Purpose.ANSWER, **words: Any) -> Answer:
    """The row, the only one of this message and purpose."""
    try:
        with transaction.atomic():
            return Answer.objects.create(message=message, clinic=message.clinic, purpose=purpose, kind=kind, **words)
    except IntegrityError:
        said = answer_to(message, purpose)
        if said is None:
            raise
        raise AnsweredAlready(said) from None


def _written(suits: Sequence[tuple[date, time]], now: datetime) -> list[dict[str, str]]:
    """As they are kept, in their order, each once; not what has passed or lies years ahead, and not more than a few."""
    today = now.date()
    near = sorted({(day, clock) for day, clock in suits if today <= day <= today + FURTHEST})
    return [{"day": day.isoformat(), "clock": f"{clock:%H:%M}"} for day, clock in near[:MOST_SUITS]]


def _said(message: Message) -> dict[str, Any]:
    return {"patient": message.patient_id or 0, "message": message.pk}


def _patient_of(answer: Answer) -> int:
    return answer.booking.patient_id if answer.booking else 0
