"""Search over the whole library, in English and Russian at once: a doctor's letter may be in the other language."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.urls import reverse

from clinic.staff.models import Clinic
from clinic.web.folding import folded
from protocols.editions.queries import IN_FORCE, content_of, edition_in_force, library_of_edition, names_of_edition
from protocols.method.library import Library
from protocols.method.names import ENGLISH, Names
from protocols.presentation.addresses import address
from protocols.presentation.reader import LibraryReader, page_reader
from protocols.presentation.sources import entry_name
from protocols.presentation.truths import facts_of
from protocols.presentation.words import KIND_NAMES, said

SHOWN: Final = 8
LONGEST_QUERY: Final = 100
# The pages that show all entries of a kind, and so can be searched further.
LISTS: Final[Mapping[str, str]] = {
    "condition": "library:conditions",
    "rule": "library:rules",
    "technique": "library:techniques",
    "zone": "library:zones",
    "supplement": "library:supplements",
    "source": "library:sources",
}
# kind, kind of its names, table of the library, fields that are searched
SEARCHED: Final = (
    ("condition", "conditions", "conditions", "name"),
    ("rule", "rules", "rules", "title explanation"),
    ("technique", "techniques", "techniques", "name"),
    ("zone", "zones", "zones", "name"),
    ("supplement", "supplements", "supplements", "name use"),
    ("point", "points", "points", "where"),
    ("document", "documents", "documents", "name"),
    ("danger", "dangers", "dangers", "where"),
    ("profile", "profiles", "profiles", "name"),
    ("measure", "measures", "measures", "name"),
)
RUSSIAN_WORD: Final = re.compile(r"[а-яё]{5,}")


@dataclass(frozen=True, slots=True)
class Indexed:
    """An entry with the folded words by which it is found; ``title`` holds its names, ``text`` everything."""

    kind: str
    code: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    title: str
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found of one kind; ``more`` are the hits that are not shown here."""

    name: str
    hits: tuple[Hit, ...]
    more: int
    list_url: str


@lru_cache(maxsize=IN_FORCE)
def index(edition: str) -> tuple[Indexed, ...]:
    """Every entry of the edition with this digest."""
    names = tuple(names_of_edition(edition, language) for language in (ENGLISH, *content_of(edition).languages))
    return tuple(_indexed(library_of_edition(edition), names))


def _indexed(library: Library, names: tuple[Names, ...]) -> Iterator[Indexed]:
    for kind, names_kind, table, fields in SEARCHED:
        rows: Mapping[str, Any] = getattr(library, table)
        first, *_rest = fields.split()
        for code, row in rows.items():
            titles = [code, *(each.of(names_kind, code, first) for each in names), *getattr(row, "icd10", ())]
            texts = [each.of(names_kind, code, field) for each in names for field in fields.split()]
            if kind == "rule":  # a rule is also found by what it asks
                texts += [each.of("facts", fact, "question") for each in names for fact in facts_of(row.when)]
            yield _entry(kind, code, titles, texts)
    for condition in library.conditions.values():
        for stage in condition.stages:
            code = f"{condition.code}/{stage}"
            titles = [text for each in names for text in (each.of("conditions", condition.code), each.of("stages", code))]
            yield _entry("stage", code, titles, (each.of("stages", code, "definition") for each in names))
    yield from (_entry("source", row.id, [row.id, row.title], (row.address,)) for row in library.sources.values())


def _entry(kind: str, code: str, titles: list[str], texts: Iterable[str]) -> Indexed:
    title = folded(" ".join(titles))
    return Indexed(kind, code, title, f"{title} {folded(' '.join(texts))}")


def words_of(query: str) -> tuple[str, ...]:
    """The folded words of a query. Long Russian words lose their ending, so that every case of a noun is found."""
    words = folded(query[:LONGEST_QUERY]).split()
    return tuple(word[: max(4, len(word) - 2)] if RUSSIAN_WORD.fullmatch(word) else word for word in words)


def found(query: str, edition: str, kind: str = "") -> tuple[Indexed, ...]:
    """The entries that hold every word of the query, those with the words in their names first; of one kind when it is named."""
    words = words_of(query)
    if not words:
        return ()
    hits = [each for each in index(edition) if kind in ("", each.kind) and all(word in each.text for word in words)]
    return tuple(sorted(hits, key=lambda each: not all(word in each.title for word in words)))


def codes_found(query: str, kind: str, edition: str) -> frozenset[str] | None:
    """The codes of a kind that a list of this edition shows; None for all, when nothing is asked."""
    return frozenset(each.code for each in found(query, edition, kind)) if words_of(query) else None


def grouped(query: str, clinic: Clinic) -> tuple[Hits, ...]:
    """What is found in the library of this clinic, by kind, in the language of the page."""
    entries, reader = found(query, edition_in_force(clinic)), page_reader(clinic)
    kinds = [kind for kind in KIND_NAMES if any(each.kind == kind for each in entries)]
    return tuple(_hits(kind, [each for each in entries if each.kind == kind], reader) for kind in kinds)


def _hits(kind: str, entries: list[Indexed], reader: LibraryReader) -> Hits:
    shown = tuple(_hit(each, reader) for each in entries[:SHOWN])
    return Hits(said(KIND_NAMES, kind), shown, len(entries) - len(shown), reverse(LISTS[kind]) if kind in LISTS else "")


def _hit(entry: Indexed, reader: LibraryReader) -> Hit:
    note = ", ".join(reader.library.conditions[entry.code].icd10) if entry.kind == "condition" else ""
    if entry.kind in ("rule", "source"):
        note = entry.code
    return Hit(entry_name(entry.kind, entry.code, reader), note, address(entry.kind, entry.code))
