"""Names and sentences of the library in one language. A translation that is missing, left over or of another shape is refused."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from protocols.method.library import Library
from protocols.method.parsing import FaultList
from protocols.method.texts import Text, Words, library_texts

Tables = Mapping[str, Mapping[str, Any]]
ENGLISH = "en"
# A wrong number in a translation is a danger of its own: both texts must name the same ones. Roman numerals count as numbers.
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4"}
ROMAN_WORD = re.compile(rf"\b({'|'.join(ROMAN)})\b")
TEXTS = 16384  # whose numbers are remembered: all texts of an edition in two languages, and those that others have changed
NAMES_WITH_DIGITS = re.compile(r"SpO2|\b[mvc]-\d+")


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """All texts of one language; ``labels`` are words for codes that stand in many files (outcomes, families' tempo ...)."""

    language: str
    texts: Mapping[tuple[str, str, str], Words]
    labels: Mapping[tuple[str, str], str]

    def of(self, kind: str, code: str, field: str = "name") -> str:
        """One text, for example ``of("stages", "scoliosis/degree-2")``; "" where the library has none. A list is joined by ``; ``."""
        words = self.texts.get((kind, code, field), "")
        return words if isinstance(words, str) else "; ".join(word for word in words if word)

    def lines(self, kind: str, code: str, field: str) -> tuple[str, ...]:
        """A list of texts, for example ``lines("conditions", "scoliosis", "never")``; a single text is a list of one."""
        words = self.texts.get((kind, code, field), ())
        return words if isinstance(words, tuple) else (words,)

    def label(self, group: str, code: str) -> str:
        """The word for a code, for example ``label("outcome", "doctor")``; in English the code itself with spaces."""
        return self.labels.get((group, code), code.replace("-", " "))

    def value(self, kind: str, code: str, value: str, values: tuple[str, ...]) -> str:
        """The word for one of the ``values`` of a fact (kind ``facts``) or an input (kind ``inputs``, code ``CONDITION/INPUT``)."""
        words = self.lines(kind, code, "values")
        return dict(zip(values, words, strict=False)).get(value, value)


def english_names(library: Library, *, also: Iterable[Text] = ()) -> Names:
    """The texts of the library itself, and ``also`` those that stand beside it (worked cases)."""
    return Names(ENGLISH, {(text.kind, text.code, text.field): text.words for text in (*library_texts(library), *also)}, {})


def build_names(library: Library, tables: Tables, *, language: str, also: Iterable[Text] = ()) -> Names:
    """Names from translation tables (file stem -> parsed TOML), of the library and ``also`` of texts that stand beside it.

    Raises ``LibraryFaults`` listing every missing or wrong translation.
    """
    faults = FaultList()
    found: dict[tuple[str, str, str], Words] = {}
    wanted: set[tuple[str, tuple[str, ...], str]] = set()
    for text in (*library_texts(library), *also):
        wanted.add((text.file, text.path, text.field))
        words = _translated(text, tables, f"translations/{language}/{text.file}: {'.'.join(text.path)}.{text.field}", faults)
        if words is not None:
            found[text.kind, text.code, text.field] = words
    for file, path, field in _addresses(tables):
        faults.expect((file, path, field) in wanted, f"translations/{language}/{file}: {'.'.join(path)}.{field}", "no such English text")
    labels = _labels(tables.get("labels", {}), f"translations/{language}/labels", faults)
    faults.raise_any()
    return Names(language, found, labels)


def _translated(text: Text, tables: Tables, place: str, faults: FaultList) -> Words | None:
    """The translation of one text, or None when a fault was noted: missing, other shape, other length, blank on one side, other numbers."""
    data: Any = tables.get(text.file, {})
    for part in text.path:
        data = data.get(part, {}) if isinstance(data, Mapping) else {}
    got = data.get(text.field) if isinstance(data, Mapping) else None
    if got is None:
        faults.add(place, "the translation is missing")
        return None
    if isinstance(got, list) != isinstance(text.words, tuple):
        faults.add(place, "a list on one side, a single text on the other")
        return None
    english = text.words if isinstance(text.words, tuple) else (text.words,)
    words = tuple(got) if isinstance(got, list) else (got,)
    if not faults.expect(len(words) == len(english), place, f"{len(words)} texts for {len(english)}"):
        return None
    sound = [_is_sound(before, after, place, faults) for before, after in zip(english, words, strict=True)]
    if not all(sound):
        return None
    return words if isinstance(text.words, tuple) else words[0]


def _is_sound(english: str, word: object, place: str, faults: FaultList) -> bool:
    if not isinstance(word, str):
        faults.add(place, f"{word!r} is no text")
        return False
    if not faults.expect(same_numbers(english, word), place, f"numbers differ: {[*_numbers(english)]} and {[*_numbers(word)]}"):
        return False
    return faults.expect(bool(english) == bool(word.strip()), place, "blank on one side only")


def same_numbers(english: str, other: str) -> bool:
    """Whether two texts name the same numbers, whatever their decimal sign; a Roman numeral counts as its number."""
    return Counter(_numbers(english)) == Counter(_numbers(other))


@lru_cache(maxsize=TEXTS)
def _numbers(text: str) -> tuple[str, ...]:
    """Numbers of a text with a point as decimal sign. Editions have nearly all of their texts in common, so each is looked at once."""
    plain = ROMAN_WORD.sub(lambda found: ROMAN[found.group()], NAMES_WITH_DIGITS.sub("", text))
    return tuple(number.replace(",", ".") for number in NUMBER.findall(plain))


def _addresses(tables: Tables) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Every text that the translation files hold, labels apart."""
    for file, data in tables.items():
        if file != "labels":
            yield from ((file, path, field) for path, field in _leaves(data, ()))


def _leaves(data: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    for key, value in data.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*path, key))
        else:
            yield path, key


def _labels(data: Mapping[str, Any], place: str, faults: FaultList) -> dict[tuple[str, str], str]:
    found = {}
    for group, words in data.get("labels", {}).items():
        for code, word in words.items():
            if faults.expect(isinstance(word, str) and word.strip(), f"{place}: {group}.{code}", "is no text"):
                found[group, code] = word
    return found
