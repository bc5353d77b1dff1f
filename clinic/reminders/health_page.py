"""The health of the messages in plain sentences: what holds, and what to do where it does not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.urls import reverse
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.reminders.channels.backend import TroubleCode
from clinic.reminders.channels.choice import goes_to_the_mailbox, is_set_up
from clinic.reminders.queries.health import Backlog, Signs
from clinic.reminders.states import Channel, Text
from clinic.reminders.text_page import Cell

FRESH: Final = timedelta(minutes=2)
STALE: Final = timedelta(minutes=10)
GOOD, FAIR, BAD = "clear", "caution", "absolute"
_SIGNS: Final = {GOOD: "circle-check", FAIR: "triangle-alert", BAD: "octagon-x", "": "circle-dashed"}


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that must work. ``tone`` is good, fair or bad ("" where it is neither); ``word`` says it without the colour."""

    title: str
    tone: str
    says: str
    todo: str = ""
    code: str = ""  # what to type or to set, as it stands
    url: str = ""  # where it is mended
    url_words: str = ""

    @property
    def icon(self) -> str:
        return _SIGNS[self.tone]

    @property
    def word(self) -> str:
        return {GOOD: _("works"), FAIR: _("needs a look"), BAD: _("does not work")}.get(self.tone, "")


def parts_of(signs: Signs, backlog: Backlog, now: datetime, *, broken: Sequence[Cell] = ()) -> list[Part]:
    """The parts in the order in which one looks for a fault. ``broken`` are own texts that cannot be filled any more."""
    alive = [_outbox(signs, now), _waiting(backlog, now), workers_part(signs, now), clock_part(signs, now)]
    return [*alive, *_channels(), *map(_broken, broken)]


def worst_of(parts: Sequence[Part]) -> str:
    """The tone of the whole: as bad as its worst part."""
    tones = {part.tone for part in parts}
    return next((tone for tone in (BAD, FAIR) if tone in tones), GOOD)


def sentence_of(tone: str) -> str:
    """The whole in one sentence."""
    return {
        GOOD: _("Messages go out in time."),
        FAIR: _("Messages go out, but something needs a look."),
        BAD: _("Messages do not go out as they should. Read below what to do."),
    }[tone]


def trouble_words(troubles: Sequence[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    """Way, trouble in words, and how often."""
    ways, names = dict(Channel.choices), dict(TroubleCode.choices)
    return [(str(ways.get(channel, channel)), str(names.get(code, code)), count) for channel, code, count in troubles]


def _broken(cell: Cell) -> Part:
    spot = cell.spot
    return Part(
        _("Text: %(text)s") % {"text": f"{Text(spot.code).label}, {cell.channel_name}, {cell.language_name}"},
        FAIR,
        _("Your own text cannot be filled any more, so the shipped one is sent."),
        url=reverse("reminders:text", args=[spot.code, spot.channel, spot.language]),
        url_words=_("Mend the text"),
    )


def _tone(at: datetime | None, now: datetime) -> str:
    if at is None or now - at > STALE:
        return BAD
    return GOOD if now - at <= FRESH else FAIR


def _outbox(signs: Signs, now: datetime) -> Part:
    title, tone = _("The outbox is looked at"), _tone(signs.outbox, now)
    if signs.outbox is None:
        return Part(title, BAD, _("Nobody has looked at the outbox yet."), _("Start a worker:"), "manage.py worker")
    says = _("Last looked at %(ago)s ago.") % {"ago": timesince(signs.outbox, now)}
    if tone == GOOD:
        return Part(title, tone, says)
    return Part(title, tone, says, _("See whether a worker runs; until then this sends what is due:"), "manage.py send_messages")


def _waiting(backlog: Backlog, now: datetime) -> Part:
    title = _("What is due has gone")
    if not backlog.due or backlog.due_since is None:
        late = backlog.late_since
        if late and now - late > STALE:
            says = _("Nothing is due now. The oldest unsent message was due %(ago)s ago and is tried again later.")
            return Part(title, FAIR, says % {"ago": timesince(late, now)}, _("Look below at what went wrong."))
        return Part(title, GOOD, _("Nothing is due that has not gone."))
    says = ngettext("%(count)s message is due and has not gone", "%(count)s messages are due and have not gone", backlog.due)
    whole = _("%(what)s, the oldest since %(ago)s.") % {"what": says % {"count": backlog.due}, "ago": timesince(backlog.due_since, now)}
    tone = _tone(backlog.due_since, now)
    return Part(title, tone, whole, "" if tone == GOOD else _("If the outbox is looked at, the gateway is slow; otherwise start a worker."))


def workers_part(signs: Signs, now: datetime) -> Part:
    """Whether workers give signs of life."""
    title, alive = _("Workers"), [name for name, at in signs.workers.items() if now - at <= STALE]
    if not alive:
        return Part(title, BAD, _("No worker has given a sign of life in the last ten minutes."), _("Start one:"), "manage.py worker")
    last = max(signs.workers.values())
    if _tone(last, now) != GOOD:  # each gives a sign every few seconds
        says = _("The last sign of life was given %(ago)s ago.") % {"ago": timesince(last, now)}
        return Part(title, FAIR, says, _("See whether it still runs; else start one:"), "manage.py worker")
    says = ngettext("%(count)s worker is there: %(names)s.", "%(count)s workers are there: %(names)s.", len(alive))
    return Part(title, GOOD, says % {"count": len(alive), "names": ", ".join(sorted(alive))})


def clock_part(signs: Signs, now: datetime) -> Part:
    """Whether the clock that wakes them calls."""
    title, tone = _("The clock that wakes the workers"), _tone(signs.beat, now)
    if tone == GOOD:
        return Part(title, GOOD, _("It called less than two minutes ago."))
    says = _("It called %(ago)s ago.") % {"ago": timesince(signs.beat, now)} if signs.beat else _("It has not called yet.")
    # Without it the workers look by themselves: slower, but nothing stays behind.
    looked = _tone(signs.outbox, now) != BAD
    todo = _("The workers look at the outbox by themselves meanwhile. See whether the broker (Redis) and the clock run.")
    return Part(title, FAIR if looked else BAD, says, todo if looked else _("See whether the broker (Redis) and the clock run."))


def _channels() -> Iterator[Part]:
    for channel in Channel:
        title = _("Way: %(way)s") % {"way": channel.label}
        if goes_to_the_mailbox(channel):
            yield Part(title, "", _("Here nothing goes out: letters are kept in the mailbox of the demo."))
        elif is_set_up(channel):
            yield Part(title, GOOD, _("It is set up."))
        else:
            yield Part(title, FAIR, _("It is not set up: who agreed to this way only is not reached."), _("Set it up by:"), _HOW[channel])


_HOW: Final = {
    Channel.EMAIL: "EMAIL_URL=smtp://user:password@mail.example.org:587",
    Channel.SMS: "SMS_URL=https://… SMS_TOKEN=… SMS_FROM=…",
}
