"""One message step by step, as its page shows it: written, due, tried, sent or why not, answered, dealt with."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.reminders.marks import has_reached, is_held_back, mark_of
from clinic.reminders.models import Answer, Message
from clinic.reminders.queries.outbox import answers_to, others_about
from clinic.reminders.remedies import remedy_for, trouble_of
from clinic.reminders.states import OPEN, AnswerKind, Channel, Handled, MessageState
from clinic.staff.permissions import Actor


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened or is to happen. ``note`` says more; ``tone`` as in badges; ``at`` None where it is not known when."""

    at: datetime | None
    words: str
    icon: str
    tone: str = ""
    note: str = ""
    is_to_come: bool = False


def page_of(message: Message, *, now: datetime, actor: Actor) -> dict[str, Any]:
    """All that the page of one message shows. Three queries."""
    answers = answers_to(message)
    return {
        "message": message,
        "mark": mark_of(message),
        "steps": tuple(_steps(message, answers, now)),
        "others": others_about(message),
        "template_words": _template_words(message),
        "is_sms": message.channel == Channel.SMS,
        "remedy": None if is_settled(message) else remedy_for(message, actor),
    }


def is_settled(message: Message) -> bool:
    """Whether nobody has to do anything about it any more."""
    return bool(message.handled) or (message.state != MessageState.FAILED and has_reached(message))


def _steps(message: Message, answers: Sequence[Answer], now: datetime) -> Iterator[Step]:
    yield Step(message.made_at, _("Written"), "file-pen-line")
    yield Step(message.due_at, _("Due"), "clock", is_to_come=message.due_at > now)
    if message.attempts and message.state != MessageState.SENT:
        tried = ngettext("Tried %(count)s time", "Tried %(count)s times", message.attempts) % {"count": message.attempts}
        yield Step(None, tried, "rotate-cw", "caution", trouble_of(message))
    if message.state in OPEN and message.next_at and message.attempts:
        yield Step(message.next_at, _("Is tried again"), "rotate-cw", is_to_come=message.next_at > now)
    if is_held_back(message):
        note = _("Quiet hours or the pace of the gateway hold it back.")
        yield Step(message.next_at, _("Goes"), "clock", note=note, is_to_come=bool(message.next_at and message.next_at > now))
    if message.state in OPEN:
        yield Step(message.not_after, _("Of no use after this"), "circle-slash", is_to_come=message.not_after > now)
    yield from _end(message)
    yield from map(_answered, answers)
    if message.handled:
        who = message.handled_by.full_name if message.handled_by else ""
        yield Step(message.handled_at, str(Handled(message.handled).label), "circle-check", "clear", who)


def _end(message: Message) -> Iterator[Step]:
    if message.state == MessageState.SENT:
        to = _("to %(address)s") % {"address": message.sent_to} if message.sent_to else ""
        yield Step(message.sent_at, str(message.get_state_display()), "check", "clear", to)
    elif message.state == MessageState.DROPPED:
        mark = mark_of(message)
        yield Step(None, mark.words, mark.icon, mark.tone, mark.why)
    elif message.state == MessageState.FAILED:
        yield Step(None, str(message.get_state_display()), "circle-x", "absolute", _("Nothing is tried any more until somebody mends it."))


def _answered(answer: Answer) -> Step:
    words = _("Answered: %(words)s") % {"words": AnswerKind(answer.kind).label}
    if answer.kind == AnswerKind.PAIN:
        words = _("Answered: %(words)s") % {"words": f"{AnswerKind.PAIN.label}, {answer.value} / 10"}
    note = str(Handled(answer.handled).label) if answer.handled else ""
    is_bad = answer.kind == AnswerKind.CANNOT_COME and not answer.handled
    return Step(answer.at, words, "reply", "caution" if is_bad else "modify", note)


def _template_words(message: Message) -> str:
    """Which text it was made from."""
    if not message.text_code:
        return ""
    if message.template is None:
        return _("As shipped with Tactus")
    return _("The clinic's own text, version %(version)s") % {"version": message.template.version}
