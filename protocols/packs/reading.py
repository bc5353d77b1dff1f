"""A pack from its bytes: nothing of one is taken whose format, shape or sums are not right, and each fault names its place."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from clinic.web.typed import JOINERS, UNSEEN
from protocols.editions.addresses import split
from protocols.method.answers import Fault, Faults
from protocols.method.strict_json import WHOLE as ALL_OF_IT
from protocols.method.strict_json import read_json
from protocols.packs.format import FORMAT, MOST_BYTES, WHATS, Named, Pack, PackEntry, Source

MOST_DEPTH: Final = 20
MOST_ENTRIES: Final = 10_000
MOST_FAULTS: Final = 50
LONGEST: Final = {"name": 120, "clinic": 200, "review_by": 10, "id": 40, "title": 500, "address": 500}
HEAD: Final = ("format", "name", "what", "clinic", "base", "shipped", "review_by", "sources", "changed", "sha256", "entries")
DIGEST: Final = re.compile(r"[0-9a-f]{64}")
BREAKS: Final = frozenset("\n\t")
WHOLE: Final = ""


@dataclass(frozen=True, slots=True)
class PackFault:
    """One thing that is wrong with a pack; ``place`` is empty for the pack as a whole."""

    place: str
    sentence: str


class BrokenPack(Exception):
    """This is no pack that can be trusted; ``faults`` say why."""

    def __init__(self, *faults: PackFault) -> None:
        super().__init__("; ".join(f"{fault.place}: {fault.sentence}" for fault in faults))
        self.faults = tuple(PackFault(shown(fault.place), shown(fault.sentence)) for fault in faults)


def read_pack(data: bytes) -> Pack:
    """The pack of these bytes. Raises ``BrokenPack`` with every fault that was found, up to fifty."""
    if len(data) > MOST_BYTES:
        raise BrokenPack(PackFault(WHOLE, _("The file is larger than %(size)s MB.") % {"size": MOST_BYTES // 1_000_000}))
    try:
        raw = read_json(data, most_bytes=MOST_BYTES, most_depth=MOST_DEPTH)
    except Faults as faults:
        raise BrokenPack(*(_unreadable(fault) for fault in faults.faults[:MOST_FAULTS])) from faults
    return _Reading(raw).pack()


def _unreadable(fault: Fault) -> PackFault:
    """What the reader of JSON says, which knows no language but its own."""
    place = WHOLE if fault.field == ALL_OF_IT else fault.field
    what = fault.message.removesuffix(" starting at")
    return PackFault(place, _("This is not a pack, or it was cut off or changed on the way (%(what)s).") % {"what": what})


def place_words(address: str) -> str:
    """An address as a report names it: ``conditions/neck-collar, stage calming``."""
    part, table, code = split(address)
    where = f"{table} {code}".strip()
    return f"{part.removeprefix('library/')}, {where}"


class _Reading:
    """One pass over the parsed file. Whatever does not belong is a fault; nothing is guessed."""

    def __init__(self, raw: object) -> None:
        self.raw = raw
        self.faults: list[PackFault] = []

    def pack(self) -> Pack:
        """The pack, or ``BrokenPack``."""
        if not isinstance(self.raw, Mapping) or self.raw.get("format") != FORMAT:
            raise BrokenPack(PackFault(WHOLE, _("This is not a pack of Tactus, or one of a format that is not known here.")))
        self._unseen()
        self._members(self.raw, HEAD, WHOLE)
        self._raise_any()
        found = self._pack(self.raw)
        self._raise_any()
        self._sums(found, self.raw)
        self._raise_any()
        return found

    def _pack(self, raw: Mapping[str, Any]) -> Pack:
        name, clinic, review_by = (self._text(raw, key, WHOLE) for key in ("name", "clinic", "review_by"))
        if raw["what"] not in WHATS:
            self._note("what", _("is not known here"))
        if not name:
            self._note("name", _("is missing"))
        self._day(review_by)
        base, shipped = self._named(raw, "base"), self._named(raw, "shipped")
        sources = tuple(self._source(each, number) for number, each in enumerate(self._list(raw, "sources")))
        changed = tuple(each for each in self._list(raw, "changed") if self._is_address(each, "changed"))
        return Pack(name, str(raw["what"]), clinic, base, shipped, review_by, sources, changed, tuple(self._entries(raw)))

    # Parts --------------------------------------------------------------------------------------------------------------------
    def _entries(self, raw: Mapping[str, Any]) -> Iterator[PackEntry]:
        rows, seen = self._list(raw, "entries"), set[str]()
        if len(rows) > MOST_ENTRIES:
            raise BrokenPack(PackFault("entries", _("There are more of them than any library has.")))
        for number, row in enumerate(rows, 1):
            place = f"entries, {number}"
            if not self._members(row, ("address", "subjects", "sha256", "content"), place):
                continue
            if not self._is_address(row["address"], place):
                continue
            if row["address"] in seen:
                self._note(place_words(row["address"]), _("is there twice"))
            seen.add(row["address"])
            subjects = self._list(row, "subjects", place_words(row["address"]))
            yield PackEntry(row["address"], tuple(str(each)[:100] for each in subjects), row["content"])

    def _named(self, raw: Mapping[str, Any], key: str) -> Named:
        found = raw[key]
        if not self._members(found, ("name", "digest"), key):
            return Named("", "")
        name, digest = found["name"], found["digest"]
        if not isinstance(name, str) or not 0 < len(name) <= 40 or not isinstance(digest, str) or not DIGEST.fullmatch(digest):
            self._note(key, _("names no edition"))
        return Named(str(name), str(digest))

    def _source(self, raw: object, number: int) -> Source:
        place = f"sources, {number + 1}"
        if not isinstance(raw, Mapping) or not self._members(raw, ("id", "title", "address"), place):
            return Source("", "")
        return Source(*(self._text(raw, key, place) for key in ("id", "title", "address")))

    # Kinds of values ------------------------------------------------------------------------------------------------------------
    def _members(self, raw: object, wanted: Sequence[str], place: str) -> bool:
        """Whether this is a table with these keys and no other."""
        if not isinstance(raw, Mapping):
            self._note(place, _("is no table"))
            return False
        wrong = sorted(str(key)[:60] for key in set(raw) ^ set(wanted))
        for key in wrong:
            self._note(f"{place}, {key}".lstrip(", "), _("is missing") if key in wanted else _("does not belong here"))
        return not wrong

    def _text(self, raw: Mapping[str, Any], key: str, place: str) -> str:
        found = raw[key]
        if isinstance(found, str) and len(found) <= LONGEST[key]:
            return found
        self._note(f"{place}, {key}".lstrip(", "), _("is no text, or too long a one"))
        return ""

    def _list(self, raw: Mapping[str, Any], key: str, place: str = WHOLE) -> list[Any]:
        found = raw[key]
        if isinstance(found, list):
            return found
        self._note(f"{place}, {key}".lstrip(", "), _("is no list"))
        return []

    def _is_address(self, found: object, place: str) -> bool:
        try:
            if isinstance(found, str) and len(found) <= 200 and all(split(found)[:2]):
                return True
        except ValueError:
            pass  # told below, as what is no text at all
        self._note(place, _("names no entry of a library"))
        return False

    def _day(self, found: str) -> None:
        try:
            if found:
                date.fromisoformat(found)
        except ValueError:
            self._note("review_by", _("is no date"))

    def _unseen(self) -> None:
        """Characters that nobody sees have no place in what is read before it is believed."""
        if any(not is_seen(text) for text in texts_in(self.raw)):
            self._note(WHOLE, _("It holds characters that cannot be seen."))

    # Sums -----------------------------------------------------------------------------------------------------------------------
    def _sums(self, pack: Pack, raw: Mapping[str, Any]) -> None:
        for entry, row in zip(pack.entries, raw["entries"], strict=True):
            if row["sha256"] != entry.sum:
                self._note(place_words(entry.address), _("the sum does not match"))
        if raw["sha256"] != pack.sum and not self.faults:
            self._note(WHOLE, _("The sum of the whole pack does not match: it was changed after it was written, or not written by Tactus."))

    def _note(self, place: str, sentence: str) -> None:
        self.faults.append(PackFault(place, sentence))

    def _raise_any(self) -> None:
        if self.faults:
            raise BrokenPack(*self.faults[:MOST_FAULTS])


def texts_in(value: object) -> Iterator[str]:
    """Every text in a JSON value, its keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield str(key)
            yield from texts_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts_in(item)


def shown(text: str) -> str:
    """The beginning of a text that somebody else wrote, without what cannot be shown."""
    return "".join(letter if letter.isprintable() else "?" for letter in text[:300])


def is_seen(text: str) -> bool:
    """Whether everybody who reads the text sees all of it. Breaks of lines are seen."""
    return (text.isascii() and text.isprintable()) or all(_is_seen(letter) for letter in text)


def _is_seen(letter: str) -> bool:
    return letter in BREAKS or letter in JOINERS or unicodedata.category(letter) not in UNSEEN
