"""What is wrong with a clinic's own text, in sentences: it must be fillable, say what it is for, tell nothing, and fit."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.reminders.neutral import clinical_words
from clinic.reminders.placeholders import FORMS, MEANINGS, NUMBERS, PLACEHOLDER, BadText, ready
from clinic.reminders.states import FOR_STAFF, TEXTS_OF_DATES, Channel, Text
from clinic.web.typed import check_lines_can_be_seen

LONGEST_SUBJECT: Final = 120
LONGEST_BODY: Final = 4000
# One text message in Latin letters; in Cyrillic two that a telephone joins. The link comes on top.
LATIN, OTHER = 160, 134
GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_DOUBLE: Final = frozenset("^{}\\[~]|€")  # two places each
STAFF_TEXTS: Final = frozenset(kind.value for kind in FOR_STAFF)

_WHEN: Final = ("day", "time", "place", "zone")
_EVERYWHERE: Final = ("clinic", "phone")
_OFFERED: Final[Mapping[str, tuple[str, ...]]] = {
    Text.SCHEDULE: (*_WHEN, "dates", "count", "link"),
    Text.CHANGE: (*_WHEN, "dates", "count", "moved", "off", "new", "stays", "link"),
    Text.CANCELLED: (*_WHEN, "dates", "off", "link"),
    Text.REMINDER_DAY: (*_WHEN, "number", "count", "link"),
    Text.REMINDER_HOURS: (*_WHEN, "number", "count", "link"),
    Text.MISSED: (*_WHEN, "number", "count"),
    Text.NEXT_MORNING: ("link",),
    Text.HALFWAY: (*_WHEN, "number", "count"),
    Text.FINISHED: ("repeat_day", "count"),
    Text.HOME: _WHEN,
    Text.TOMORROW: ("day", "time", "amount", "link"),
    Text.REVIEWS: ("time", "amount", "link"),
    Text.CANNOT_COME: ("day", "time", "amount", "link"),
}
# They may have nothing to say, and then take their line with them.
_MAY_BE_EMPTY: Final = frozenset({"phone", "place", "number", "repeat_day", "moved", "off", "new"})
_ANSWERED: Final = (Text.REMINDER_DAY, Text.REMINDER_HOURS, Text.NEXT_MORNING)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, in which field."""

    field: str
    sentence: str


def is_for_staff(code: str) -> bool:
    """Whether this text goes to people who work at the clinic."""
    return code in STAFF_TEXTS


def offered(code: str, channel: str) -> tuple[str, ...]:
    """The placeholders that have something to say in this text, in the order of the list."""
    names = {*_EVERYWHERE, *_OFFERED.get(code, ("amount", "link"))}
    if not is_for_staff(code):
        names.add("stop_link")
    return tuple(name for name in MEANINGS if name in names)


def needed(code: str, channel: str) -> tuple[str, ...]:
    """The placeholders without which this text would not do what it is for."""
    if is_for_staff(code):
        return ("link",)
    names = {"link"} if code in _ANSWERED or (channel == Channel.SMS and code in TEXTS_OF_DATES) else set()
    if code in TEXTS_OF_DATES and channel == Channel.EMAIL:
        names.add("dates")
    if code == Text.CHANGE:
        names.add("stays")
    if code in (Text.REMINDER_DAY, Text.REMINDER_HOURS):
        names |= {"day", "time"}
    if channel == Channel.EMAIL:
        names.add("stop_link")
    return tuple(name for name in MEANINGS if name in names)


def sms_length(text: str) -> int:
    """How many places a text message takes; in Latin letters some signs take two."""
    return len(text) + sum(letter in GSM_DOUBLE for letter in text) if _is_latin(text) else len(text)


def sms_limit(text: str) -> int:
    """How many places there are for these letters."""
    return LATIN if _is_latin(text) else OTHER


def _is_latin(text: str) -> bool:
    return all(letter in GSM or letter in GSM_DOUBLE for letter in text)


def faults_of(*, code: str, channel: str, language: str, subject: str, body: str, example: Callable[[], str]) -> list[Fault]:
    """Everything that is wrong with a text of a clinic; empty where it may be saved.

    ``example`` fills the text as the longest message it makes, without its links; it is asked only of a text that can be filled.
    """
    faults = [*_unreadable(channel, subject, body, language), *clinical_faults(subject, body)]
    fillable = not any(fault.field == "body" for fault in faults)
    faults += _placeholders(code, channel, subject, body)
    if fillable and not faults:
        faults += _may_vanish(needed(code, channel), body)
    if channel == Channel.SMS and fillable and not faults:
        faults += _too_long(example())
    return faults


def _unreadable(channel: str, subject: str, body: str, language: str) -> Iterator[Fault]:
    if channel == Channel.EMAIL and not subject.strip():
        yield Fault("subject", _("An e-mail needs a subject."))
    if not body.strip():
        yield Fault("body", _("The text is empty. To use the shipped one again there is a button below."))
    for field, text, longest in (("subject", subject, LONGEST_SUBJECT), ("body", body, LONGEST_BODY)):
        if len(text) > longest:
            yield Fault(field, _("This is longer than %(count)s characters.") % {"count": longest})
        if text.strip():
            yield from _unseen(field, text)
        yield from _unfillable(field, text, language)


def _unseen(field: str, text: str) -> Iterator[Fault]:
    try:
        check_lines_can_be_seen(text)
    except ValidationError as error:
        yield Fault(field, " ".join(error.messages))


def _unfillable(field: str, text: str, language: str) -> Iterator[Fault]:
    try:
        ready(text, language=language, channel=Channel.EMAIL)
    except BadText as bad:
        if bad.unknown:
            yield Fault(field, _("Not a placeholder: %(names)s. Only those of the list can be filled.") % {"names": in_braces(bad.unknown)})
        if bad.brace:
            yield Fault(field, _("A brace { or } stands alone. Braces are for placeholders only."))
        for name in bad.forms:
            yield Fault(field, _forms_sentence(name, language))


def _forms_sentence(name: str, language: str) -> str:
    if name not in NUMBERS:
        return _("{%(name)s} is no number, so no words can follow it after a colon.") % {"name": name}
    count = FORMS[language]
    words = ngettext("%(count)s word", "%(count)s words", count) % {"count": count}
    example = f"{{{name}:{'день|дня|дней' if language == 'ru' else 'day|days'}}}"
    sentence = _("After {%(name)s:…} come %(words)s, parted by “|”, for example %(example)s.")
    return sentence % {"name": name, "words": words, "example": example}


def clinical_faults(subject: str, body: str, edition: str = "") -> Iterator[Fault]:
    """What a neighbour may not read; ``edition`` as in ``clinical_words``."""
    for field, text in (("subject", subject), ("body", body)):
        # What is too long is refused already, and what was looked through is remembered for a while.
        if found := clinical_words(plain_words(text[:LONGEST_BODY]), edition=edition):
            quoted = ", ".join(f"“{word}”" for word in found)
            yield Fault(
                field, _("A neighbour may read this. Leave out what tells of an illness or a treatment: %(words)s.") % {"words": quoted}
            )


def _placeholders(code: str, channel: str, subject: str, body: str) -> Iterator[Fault]:
    in_subject, in_body = (_names_in(text) for text in (subject, body))
    known = offered(code, channel)
    for field, names in (("subject", in_subject), ("body", in_body)):
        if idle := [name for name in names if name in MEANINGS and name not in known]:
            yield Fault(field, _("This says nothing in this text: %(names)s.") % {"names": in_braces(idle)})
    if links := [name for name in in_subject if name in {"link", "stop_link"}]:
        yield Fault("subject", _("A link belongs into the text, not into the subject: %(names)s.") % {"names": in_braces(links)})
    for name in needed(code, channel):
        if body.strip() and name not in in_body:
            yield Fault("body", _missing(name))


def _may_vanish(wanted: tuple[str, ...], body: str) -> Iterator[Fault]:
    """What must be said may not stand only in lines that can be left out; nor may the whole text."""
    lines = [set(_names_in(line)) for line in body.splitlines() if line.strip()]
    sure = [names for names in lines if not names & _MAY_BE_EMPTY]
    for name in wanted:
        if name not in _MAY_BE_EMPTY and not any(name in names for names in sure):
            others = in_braces(sorted({each for names in lines if name in names for each in names & _MAY_BE_EMPTY}))
            sentence = _("Give {%(name)s} a line without %(others)s: where there is nothing to say for those, the whole line is left out.")
            yield Fault("body", sentence % {"name": name, "others": others})
    if not sure:
        yield Fault("body", _("Every line may be left out, so that nothing remains. Keep one line without {phone}, {place} and the like."))


def _names_in(text: str) -> list[str]:
    return list(dict.fromkeys(match[1] for match in PLACEHOLDER.finditer(text)))


def _missing(name: str) -> str:
    sentences = {
        "link": _("{link} is missing: without it nobody can answer or look."),
        "stop_link": _("{stop_link} is missing: every e-mail to a patient says how to end the messages."),
        "dates": _("{dates} is missing: this text is there to tell the dates."),
        "stays": _("{stays} is missing: say how many dates stay, so that one change does not sound like all."),
        "day": _("{day} is missing: a reminder says when."),
        "time": _("{time} is missing: a reminder says when."),
    }
    return sentences[name]


def _too_long(example: str) -> Iterator[Fault]:
    length, limit = sms_length(example), sms_limit(example)
    if length > limit:
        yield Fault(
            "body",
            _("Too long for a text message: %(length)s characters without the link, %(limit)s fit.") % {"length": length, "limit": limit},
        )


def plain_words(text: str) -> str:
    """The text without its placeholders, but with the words that follow their numbers."""
    return PLACEHOLDER.sub(lambda match: f" {match[2] or ''} ", text)


def in_braces(names: Iterator[str] | list[str] | tuple[str, ...]) -> str:
    """Names as they are written in a text."""
    return ", ".join(f"{{{name}}}" for name in names)
