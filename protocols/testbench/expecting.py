"""What a case expects, item by item: each item a text that a form can send, said in words, and held against a plan."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from protocols.cases import EXPECTATIONS, CaseFaults
from protocols.method.library import Library
from protocols.method.planning import PlannedSession
from protocols.method.vocabulary import FAMILIES, MAX_PRESSURE, SIDES
from protocols.presentation.cases import EXPECTED
from protocols.presentation.reader import LibraryReader

SINGLE: Final = ("outcome", "may_start", "no_steps", "replanned", "pressure_at_most", "minutes_at_most", "minutes_about", "tempo")
BETWEEN: Final = "|"  # the parts of an item; no code of a library has it
ALL: Final = "all"
MOST_ITEMS: Final = 60


@dataclass(frozen=True, slots=True)
class ItemWord:
    """A word of ``expect`` that holds several items: taken apart, put together, and whether an item can be said with this library."""

    apart: Callable[[Any], list[str]]
    together: Callable[[Sequence[str]], Any]
    is_known: Callable[[str, Library], bool]


# Items --------------------------------------------------------------------------------------------------------------------------
def _is_place(text: str, library: Library) -> bool:
    zone, _space, side = text.partition(" ")
    return zone in library.zones and side in ("", *SIDES)


def _is_work(code: str, library: Library) -> bool:
    return code in FAMILIES or code in library.techniques


def _is_obstacle(code: str, library: Library) -> bool:
    return code in library.facts or code in library.documents or code in library.rules


def _paired(text: str) -> tuple[str, str]:
    first, _bar, second = text.partition(BETWEEN)
    return first, second


def _works_at(items: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for place, code in map(_paired, items):
        found.setdefault(place, []).append(code)
    return found


def _apart_at(wanted: Mapping[str, Sequence[str]]) -> list[str]:
    return [f"{place}{BETWEEN}{code}" for place, codes in wanted.items() for code in codes]


def _uses_is_known(text: str, library: Library) -> bool:
    place, code = _paired(text)
    return _is_place(place, library) and code in FAMILIES


def _never_uses_is_known(text: str, library: Library) -> bool:
    place, code = _paired(text)
    return (place == ALL or _is_place(place, library)) and _is_work(code, library)


def _level_is_known(text: str, library: Library) -> bool:
    place, level = _paired(text)
    return _is_place(place, library) and level in map(str, range(1, MAX_PRESSURE + 1))


def _omitted_row(text: str) -> dict[str, str]:
    kind, code, rule = (*text.split(BETWEEN), "", "")[:3]
    return {kind: code} | ({"rule": rule} if rule else {})


def _omitted_item(row: Mapping[str, str]) -> str:
    kind, code = next((kind, code) for kind, code in row.items() if kind != "rule")
    return BETWEEN.join((kind, code, row.get("rule", "")))


def _omitted_is_known(text: str, library: Library) -> bool:
    kind, code, rule = (*text.split(BETWEEN), "", "")[:3]
    tables: dict[str, Any] = {"zone": library.zones, "family": FAMILIES, "technique": library.techniques}
    return kind in tables and code in tables[kind] and (not rule or rule in library.rules)


def _order_is_known(text: str, library: Library) -> bool:
    first, then = _paired(text)
    return _is_place(first, library) and _is_place(then, library) and first != then


def _among(table: str) -> ItemWord:
    return ItemWord(list, list, lambda text, library: text in getattr(library, table))


ITEMS: Final[Mapping[str, ItemWord]] = {
    "findings": _among("rules"),
    "open": _among("rules"),
    "blocked_by": ItemWord(list, list, _is_obstacle),
    "works": ItemWord(list, list, _is_place),
    "never_works": ItemWord(list, list, _is_place),
    "uses": ItemWord(_apart_at, _works_at, _uses_is_known),
    "never_uses": ItemWord(_apart_at, _works_at, _never_uses_is_known),
    "pressure_at": ItemWord(
        lambda wanted: [f"{place}{BETWEEN}{level}" for place, level in wanted.items()],
        lambda items: {place: int(level) for place, level in map(_paired, items)},
        _level_is_known,
    ),
    "omitted": ItemWord(
        lambda wanted: [_omitted_item(row) for row in wanted], lambda items: list(map(_omitted_row, items)), _omitted_is_known
    ),
    "order": ItemWord(
        lambda wanted: [BETWEEN.join(pair) for pair in wanted], lambda items: [list(_paired(item)) for item in items], _order_is_known
    ),
    "positions": _among("positions"),
}


def items_of(word: str, expected: Mapping[str, Any]) -> list[str]:
    """The items of this word in an expectation; none where it is not expected."""
    return ITEMS[word].apart(expected[word]) if word in expected else []


def said(word: str, item: str, reader: LibraryReader) -> str:
    """One item in words."""
    return EXPECTED[word](ITEMS[word].together([item]), reader)


def as_expected(single: Mapping[str, Any], items: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What a form says, as a case keeps it, in the order of the words."""
    held = {word: ITEMS[word].together(list(dict.fromkeys(found))) for word, found in items.items() if found}
    both = {**{word: value for word, value in single.items() if value not in (None, "")}, **held}
    return {word: both[word] for word in EXPECTATIONS if word in both}


def parts_of(expected: Mapping[str, Any]) -> list[tuple[str, Any, str]]:
    """An expectation taken apart: (word, a value that is an expectation of its own, its item or "")."""
    found: list[tuple[str, Any, str]] = []
    for word, wanted in expected.items():
        if word in ITEMS and word != "positions":
            found += [(word, ITEMS[word].together([item]), item) for item in ITEMS[word].apart(wanted)]
        else:
            found.append((word, wanted, ""))
    return found


def is_met(word: str, wanted: Any, planned: PlannedSession) -> bool:
    """Whether the plan keeps it. What names something that the library does not hold is not kept."""
    try:
        return not EXPECTATIONS[word](planned, wanted)
    except CaseFaults:
        return False


def is_known(word: str, item: str, library: Library) -> bool:
    """Whether the item names only what the library holds."""
    return word in ITEMS and ITEMS[word].is_known(item, library)


def known_only(word: str, items: Iterable[str], library: Library) -> list[str]:
    """The items that can be said with this library, each once."""
    return [item for item in dict.fromkeys(items) if is_known(word, item, library)][:MOST_ITEMS]
