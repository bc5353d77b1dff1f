"""The queue of what did not arrive: each message with why, what to do, and what to say on the telephone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from clinic.reminders.fields import DateLine, Fields
from clinic.reminders.models import Message
from clinic.reminders.remedies import Remedy, remedy_for
from clinic.reminders.sources import source_of
from clinic.reminders.states import MUST_ARRIVE, DropReason
from clinic.staff.permissions import Actor


@dataclass(frozen=True, slots=True)
class Row:
    """``to_say`` are the dates that the patient does not know yet; ``late`` says why nothing is left to do, where that is so."""

    message: Message
    remedy: Remedy
    to_say: Sequence[DateLine] = ()
    late: str = ""


def rows_of(messages: Sequence[Message], *, now: datetime, actor: Actor) -> list[Row]:
    """The messages with what to do about each. As many queries as the words of dates need, however many there are."""
    said = _said([each for each in messages if each.kind in MUST_ARRIVE], now)
    return [_row(each, said.get(each.pk), now, actor) for each in messages]


def _row(message: Message, said: Fields | DropReason | None, now: datetime, actor: Actor) -> Row:
    lines = said.dates if isinstance(said, Fields) else ()
    remedy, late = remedy_for(message, actor), _late(message, said, now)
    return Row(message, replace(remedy, can_send=False, is_late=True) if late else remedy, lines, late)


def _late(message: Message, said: Fields | DropReason | None, now: datetime) -> str:
    if isinstance(said, DropReason):
        return _("Nothing is left to say: the patient has been told since, or the dates are over.")
    return _("Its time is over: sent now, it would come too late.") if message.not_after <= now else ""


def _said(messages: Sequence[Message], now: datetime) -> dict[int, Fields | DropReason]:
    found: dict[int, Fields | DropReason] = {}
    for kind in {each.kind for each in messages}:
        found |= _read(kind, [each for each in messages if each.kind == kind], now)
    return found


def _read(kind: str, messages: Sequence[Message], now: datetime) -> dict[int, Fields | DropReason]:
    try:
        source = source_of(kind)
    except KeyError:
        return {}
    return dict(source.read(messages, now))
