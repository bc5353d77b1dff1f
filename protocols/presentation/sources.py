"""Sources: what was read, and which entries rest on it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from protocols.editions.queries import IN_FORCE
from protocols.grounds import GENERAL
from protocols.method.entries import Source
from protocols.method.library import Library
from protocols.presentation.addresses import address
from protocols.presentation.hands import stage_name
from protocols.presentation.reader import CITED, LibraryReader
from protocols.presentation.words import KIND_NAMES, said


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source as a line. ``url`` is a link only where the library gives an address of the web."""

    code: str
    title: str
    address: str
    url: str
    cited: int
    is_general: bool


@dataclass(frozen=True, slots=True)
class Citing:
    """The entries of one kind that cite a source."""

    kind: str
    entries: tuple[tuple[str, str], ...]


def source_row(source: Source, library: Library) -> SourceRow:
    """One source with the number of entries of the library that cite it."""
    url = source.address if source.address.startswith(("http://", "https://")) else ""
    return SourceRow(source.id, source.title, source.address, url, len(citations(library).get(source.id, ())), source.id in GENERAL)


def citing(source: Source, reader: LibraryReader) -> tuple[Citing, ...]:
    """Who cites a source, by kind."""
    found = citations(reader.library).get(source.id, ())
    kinds = dict.fromkeys(kind for kind, _code in found)
    return tuple(Citing(said(KIND_NAMES, kind), _entries(kind, [code for each, code in found if each == kind], reader)) for kind in kinds)


def _entries(kind: str, codes: list[str], reader: LibraryReader) -> tuple[tuple[str, str], ...]:
    return tuple((entry_name(kind, code, reader), address(kind, code)) for code in codes)


def entry_name(kind: str, code: str, reader: LibraryReader) -> str:
    """What an entry is called in a list of entries of several kinds."""
    if kind == "stage":
        return stage_name(code, reader)
    names = reader.names
    special: Mapping[str, Callable[[], str]] = {
        "rule": lambda: names.of("rules", code, "title"),
        "danger": lambda: names.of("dangers", code, "where"),
        "point": code.upper,
        "sheet": lambda: ", ".join(names.of("conditions", each) for each in reader.library.sheets[code].conditions),
        "source": lambda: reader.library.sources[code].title,
    }
    return special[kind]() if kind in special else names.of(f"{kind}s" if kind != "family" else "families", code)


@lru_cache(maxsize=IN_FORCE)
def citations(library: Library) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Source -> (kind, code) of every entry of this library that cites it."""
    found: dict[str, list[tuple[str, str]]] = {}
    for kind, code, sources in _all_citations(library):
        for source in sources:
            found.setdefault(source, []).append((kind, code))
    return {source: tuple(dict.fromkeys(entries)) for source, entries in found.items()}


def _all_citations(library: Library) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    tables: Mapping[str, Mapping[str, Any]] = {
        "condition": library.conditions,
        "rule": library.rules,
        "technique": library.techniques,
        "profile": library.profiles,
        "danger": library.dangers,
        "area": library.areas,
        "supplement": library.supplements,
        "measure": library.measures,
        "sheet": library.sheets,
    }
    for condition in library.conditions.values():
        for stage in condition.stages.values():
            yield "stage", f"{condition.code}/{stage.code}", tuple(code for code in CITED.findall(stage.basis) if code in library.sources)
    for kind, table in tables.items():
        yield from ((kind, code, row.sources) for code, row in table.items())
