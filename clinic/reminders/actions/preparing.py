"""Reading everything again for messages that were taken, and writing their words now."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from clinic.reminders.channels.backend import Letter
from clinic.reminders.fields import Fields
from clinic.reminders.models import Message, MessageTemplate
from clinic.reminders.queries.composing import TextKey, newest_templates
from clinic.reminders.queries.recipients import Postponed, Recipient, Verdict, recipients_of
from clinic.reminders.queries.rules import rules_by_clinic
from clinic.reminders.sources import source_of
from clinic.reminders.states import MUST_ARRIVE, DropReason
from clinic.reminders.wording import can_be_filled, compose

# The clinics' own texts, by the numbers of clinics.
Texts = Callable[[Iterable[int]], Mapping[TextKey, MessageTemplate]]


@dataclass(frozen=True, slots=True)
class Ready:
    """A message with everything that it takes to send it. ``kept``: its text without the secrets of its links."""

    message: Message
    fields: Fields
    recipient: Recipient
    template: MessageTemplate | None
    letter: Letter
    kept: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """What became of a batch: ready to leave, not needed (why), for later (when)."""

    ready: list[Ready] = field(default_factory=list)
    dropped: dict[Message, DropReason] = field(default_factory=dict)
    postponed: dict[Message, datetime] = field(default_factory=dict)

    def take(self, other: "Prepared") -> None:
        """Adds what became of other messages."""
        self.ready.extend(other.ready)
        self.dropped.update(other.dropped)
        self.postponed.update(other.postponed)


def prepare(messages: Sequence[Message], now: datetime, *, texts: Texts = newest_templates) -> Prepared:
    """Asks again for each message whether it is still needed, who reads it and where, and writes its words.

    What it is about comes first: of a date that was given up nobody need be told that there was no address. A fixed number of
    queries, whatever the number of messages.
    """
    prepared = Prepared()
    says = _read_sources(messages, now)
    alive = [each for each in messages if isinstance(says[each.pk], Fields)]
    verdicts = recipients_of(alive, now) if alive else {}
    reached = [each for each in alive if isinstance(verdicts[each.pk], Recipient)]
    for message in messages:
        found = verdicts.get(message.pk, says[message.pk])
        if isinstance(found, DropReason):
            prepared.dropped[message] = found
        elif isinstance(found, Postponed) and _comes_too_late(message, says[message.pk], now, found.until):
            prepared.dropped[message] = DropReason.QUIET
        elif isinstance(found, Postponed):
            prepared.postponed[message] = found.until
    prepared.ready.extend(_composed(reached, says, verdicts, texts))
    return prepared


def _comes_too_late(message: Message, says: Fields | DropReason, now: datetime, until: datetime) -> bool:
    """Whether somebody would come in vain, or not come, before a message is read that waits until then: such news people telephone."""
    if message.kind not in MUST_ARRIVE or not isinstance(says, Fields):
        return False
    return any(now < moment < until for moment in says.moments_of_news(message.clinic.zone))


def _read_sources(messages: Iterable[Message], now: datetime) -> Mapping[int, Fields | DropReason]:
    found: dict[int, Fields | DropReason] = {}
    by_kind: dict[str, list[Message]] = {}
    for message in messages:
        if message.not_after < now:
            found[message.pk] = DropReason.OVER
        else:
            by_kind.setdefault(message.kind, []).append(message)
    for kind, some in by_kind.items():
        read = source_of(kind).read(some, now)
        found.update({each.pk: read[each.pk] for each in some})  # a source that forgets one is mistaken
    return found


def _composed(
    messages: Sequence[Message], says: Mapping[int, Fields | DropReason], reached: Mapping[int, Verdict], texts: Texts
) -> Iterator[Ready]:
    if not messages:
        return
    rules = rules_by_clinic(each.clinic for each in messages)
    templates = texts(rules)
    for message in messages:
        fields, recipient = says[message.pk], reached[message.pk]
        if not isinstance(fields, Fields) or not isinstance(recipient, Recipient):
            continue
        template = templates.get((message.clinic_id, fields.code, recipient.channel, recipient.language))
        if template is not None and not can_be_filled(template, channel=recipient.channel, language=recipient.language):
            template = None  # the shipped text says the same; the health page says that this one is not used
        words = compose(message=message, fields=fields, recipient=recipient, rules=rules[message.clinic_id], template=template)
        letter = Letter(
            key=message.key, clinic=message.clinic_id, channel=recipient.channel, sent_to=recipient.address, subject=words.subject,
            body=words.body, language=recipient.language, stop_link=words.stop_link, attachment=fields.attachment,
        )  # fmt: skip
        yield Ready(message, fields, recipient, template, letter, words.kept)
