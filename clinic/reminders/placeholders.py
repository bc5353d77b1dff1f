"""The closed set of placeholders in texts of messages, and texts made ready for filling: parsed once, filled thousands of times.

``{name}`` is a value. ``{name:one|more}`` (in Russian ``{name:один|два|пять}``) is a word that follows a number; ``#`` in it is the
number itself. A line with a placeholder that has nothing to say (0, or empty) is left out; only ``{zone}`` leaves its line as it is.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from clinic.reminders.states import Channel

MEANINGS: Final[Mapping[str, Any]] = {
    "clinic": _("the clinic's name in messages"),
    "phone": _("the clinic's telephone; its line is left out where none is set"),
    "day": _("the day, with its weekday"),
    "time": _("the time by the clinic's clock"),
    "place": _("where: name and address of the house; in a text message the name alone"),
    "zone": _("whose time it is, where that is not obvious"),
    "dates": _("the dates, one on each line; in a text message only where it is a single one"),
    "number": _("which appointment of the course it is"),
    "count": _("how many appointments there are"),
    "moved": _("how many were moved"),
    "off": _("how many do not take place"),
    "new": _("how many are new"),
    "stays": _("how many stay as they were"),
    "amount": _("how many it is about"),
    "repeat_day": _("the day from which to come again"),
    "link": _("the link to see or answer"),
    "stop_link": _("the link to end these messages"),
}
NUMBERS: Final = frozenset({"number", "count", "moved", "off", "new", "stays", "amount"})
FORMS: Final[Mapping[str, int]] = {"en": 2, "ru": 3}  # how many words a number has
PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)(?::([^{}]*))?\}")
LONGEST: Final = 4000  # characters of any text that may be saved
BLANK_LINES: Final = re.compile(r"\n{3,}")
INLINE: Final = "zone"

Value = str | int
Part = str | tuple[str, tuple[str, ...]]


class BadText(Exception):
    """A text that cannot be filled. ``unknown`` are names that are no placeholder; ``forms`` those with a wrong number of words."""

    def __init__(self, unknown: tuple[str, ...] = (), forms: tuple[str, ...] = (), *, brace: bool = False) -> None:
        super().__init__(unknown, forms, brace)
        self.unknown, self.forms, self.brace = unknown, forms, brace


def plural_of(language: str) -> Callable[[int], int]:
    """Which of the words goes with a number."""
    return _russian if language == "ru" else _english


def _english(number: int) -> int:
    return 0 if number == 1 else 1


def _russian(number: int) -> int:
    if number % 10 == 1 and number % 100 != 11:
        return 0
    return 1 if number % 10 in {2, 3, 4} and number % 100 not in {12, 13, 14} else 2


@dataclass(frozen=True, slots=True)
class Ready:
    """A text that is ready: its lines as words and placeholders. ``names`` are the placeholders in it."""

    lines: tuple[tuple[Part, ...], ...]
    names: frozenset[str]
    separator: str
    plural: Callable[[int], int]

    def filled(self, values: Mapping[str, Value]) -> str:
        """The words for these values; every name of ``names`` must be among them."""
        said = [line for line in (self._line(parts, values) for parts in self.lines) if line is not None]
        if self.separator == " ":
            return " ".join(filter(None, said))
        return BLANK_LINES.sub("\n\n", "\n".join(said)).strip()

    def _line(self, parts: tuple[Part, ...], values: Mapping[str, Value]) -> str | None:
        out = []
        for part in parts:
            if isinstance(part, str):
                out.append(part)
                continue
            name, forms = part
            value = values[name]
            if not value and name != INLINE:
                return None
            out.append(forms[self.plural(int(value))].replace("#", str(value)) if forms else str(value))
        return "".join(out).strip()


def ready(text: str, *, language: str, channel: str) -> Ready:
    """The text ready for filling; the lines of a text message are joined by a space. Raises ``BadText``."""
    # Somebody may paste a book: it is refused for its length, and must not be remembered a thousand times.
    return (_ready if len(text) <= LONGEST else _ready.__wrapped__)(text, language, channel)


@lru_cache(maxsize=2048)
def _ready(text: str, language: str, channel: str) -> Ready:
    normal = text.replace("\r\n", "\n").strip()
    parts = [tuple(_parts(line)) for line in normal.split("\n")]
    found = [part for line in parts for part in line if isinstance(part, tuple)]
    _refuse(normal, found, language)
    return Ready(tuple(parts), frozenset(name for name, _forms in found), " " if channel == Channel.SMS else "\n", plural_of(language))


def _parts(line: str) -> Iterator[Part]:
    end = 0
    for match in PLACEHOLDER.finditer(line):
        before = line[end : match.start()]
        # The words of a zone bring their own space, so that none is left where there is nothing to say.
        if kept := before.rstrip(" ") if match[1] == INLINE else before:
            yield kept
        yield match[1], () if match[2] is None else tuple(match[2].split("|"))
        end = match.end()
    if line[end:]:
        yield line[end:]


def _refuse(text: str, found: list[tuple[str, tuple[str, ...]]], language: str) -> None:
    unknown = tuple(dict.fromkeys(name for name, _forms in found if name not in MEANINGS))
    wrong = tuple(dict.fromkeys(name for name, forms in found if forms and (name not in NUMBERS or len(forms) != FORMS[language])))
    brace = any(sign in PLACEHOLDER.sub("", text) for sign in "{}")
    if unknown or wrong or brace:
        raise BadText(unknown, wrong, brace=brace)
