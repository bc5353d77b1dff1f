"""The queue of what did not arrive: each message with why, what to do, and what to say on the telephone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from clinic.reminders.fields import NEW, DateLine, Fields
from clinic.reminders.models import Message
from clinic.reminders.remedies import NOTHING, Remedy, reachable_now, remedy_for
from clinic.reminders.sources import source_of
from clinic.reminders.states import MUST_ARRIVE, DropReason
from clinic.staff.permissions import Actor


@dataclass(frozen=True, slots=True)
class Row:
    """``to_say``: the dates that the patient does not know yet; ``late`` says why nothing is left to do, where that is so."""

    message: Message
    remedy: Remedy
    to_say: "ToSay | None" = None
    late: str = ""


@dataclass(frozen=True, slots=True)
class ToSay:
    """Dates to be told on the telephone. What is the same of all of them is said once: the ``place``, and that they are new."""

    lines: Sequence[DateLine]
    place: str = ""
    all_new: bool = False

    @classmethod
    def of(cls, lines: Sequence[DateLine]) -> "ToSay | None":
        """None where there is nothing to say."""
        places = {line.place for line in lines}
        return cls(lines, places.pop() if len(places) == 1 else "", all(line.mark == NEW for line in lines)) if lines else None


def rows_of(messages: Sequence[Message], *, now: datetime, actor: Actor) -> list[Row]:
    """The messages with what to do about each. As many queries as the words of dates need, however many there are."""
    said = _said([each for each in messages if each.kind in MUST_ARRIVE], now)
    reachable = reachable_now(messages)
    return [_row(each, said.get(each.pk), now, remedy_for(each, actor, reachable=reachable)) for each in messages]


def _row(message: Message, said: Fields | DropReason | None, now: datetime, remedy: Remedy) -> Row:
    lines, late = said.dates if isinstance(said, Fields) else (), _late(message, said, now)
    return Row(message, replace(remedy, can_send=False, is_late=True, first=NOTHING) if late else remedy, ToSay.of(lines), late)


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
