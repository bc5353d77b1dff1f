"""Changed entries in words: a heading for each, and a line for each thing that is otherwise."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from protocols.editions.addresses import split
from protocols.method.names import Names
from protocols.presentation.changed.labels import LABELS, label_of
from protocols.presentation.changed.values import Said
from protocols.presentation.words import upper_first
from protocols.wording_codes import WORDS

Row = Mapping[str, Any]
# What tells one row of a table from the others; rows with the same are told apart by their number.
NAMED_BY: Final = (
    "code", "zone", "side", "family", "technique", "supplement", "age_min", "missed_days_min", "set", "fact", "type", "topic", "input",
)  # fmt: skip
LANGUAGES: Final[Mapping[str, str]] = {"ru": "Русский"}


@dataclass(frozen=True, slots=True)
class EntryChange:
    """One entry that is otherwise. ``kind``: added, removed or changed; ``lines`` say what of it."""

    address: str
    heading: str
    kind: str
    lines: tuple[str, ...]


def changes_in_words(before: Mapping[str, Any], after: Mapping[str, Any], *names: Names) -> tuple[EntryChange, ...]:
    """Every address whose entry differs, in the order of ``after`` and then of ``before``. Entries are raw, None where there is none.

    ``names`` are those of the state after, then of the one before: what only one of them knows has a name too.
    """
    said = Said(*names)
    found = (_change(address, before.get(address), after.get(address), said) for address in dict.fromkeys((*after, *before)))
    return tuple(change for change in found if change is not None)


def heading_of(address: str, *names: Names) -> str:
    """What an entry is called, by its address."""
    return _heading(address, Said(*names))


def _change(address: str, before: Any, after: Any, said: Said) -> EntryChange | None:
    if before == after:
        return None
    kind = "added" if before is None else "removed" if after is None else "changed"
    part, key, _code = split(address)
    place, _slash, condition = part.partition("/")
    lines = _lines(before, after, Said(*said.names, condition=condition) if place == "cases" else said, key)
    return EntryChange(
        address, _heading(address, said, after, before), kind, tuple(lines) if kind != "removed" else tuple(_gone(before, said))
    )


def _gone(before: Any, said: Said) -> Iterator[str]:
    """What an entry was called that is gone."""
    yield _("Taken away.")
    if isinstance(before, Mapping):
        yield from (str(before[key]) for key in ("name", "title", "says") if isinstance(before.get(key), str))
    else:
        yield said.value("", before)


# Headings -------------------------------------------------------------------------------------------------------------------
def _heading(address: str, said: Said, *states: Any) -> str:
    """What an entry is called; ``states`` are its raw contents, where they are known, the one to be named by first."""
    part, table, code = split(address)
    place, _slash, stem = part.partition("/")
    if place == "library":
        return upper_first(_of_library(stem, table, code, said))
    if place in ("cases", "rule-cases"):
        return _of_cases(place, code, states, said)
    about = (said.says(code) or said.name(("conditions", "rules", "profiles"), code)) if code else label_of(table)
    return f"{LANGUAGES.get(place, place)}: {about}"


def _of_cases(place: str, code: str, states: Sequence[Any], said: Said) -> str:
    """A worked case is called by its sentence, in the reader's language where that is known; its code is the last resort."""
    if place == "rule-cases":
        return _("Cases of the rule “%(code)s”") % {"code": said.name(("rules",), code)}
    return _("Worked case: %(says)s") % {"says": said.says(code) or next(filter(None, map(_sentence, states)), code)}


def _sentence(state: Any) -> str:
    return str(state.get("says") or "") if isinstance(state, Mapping) else ""


def _of_library(stem: str, table: str, code: str, said: Said) -> str:
    folder, _slash, condition = stem.partition("/")
    if folder == "conditions" and condition:
        about = said.name(("conditions",), condition)
        return f"{about}: {said.name(('stages',), f'{condition}/{code}') if table == 'stage' else _inside(table, code)}"
    if table == "rule":
        return _("Rule “%(title)s” (%(code)s)") % {"title": said.name(("rules",), code), "code": code}
    if table == "profile":
        return _("Mix of techniques “%(name)s”") % {"name": said.name(("profiles",), code)}
    if table == "source":
        return f"{_('Source')} {code}"
    return f"{_('Rules of a course')}: {_inside(table, code)}" if stem == "course-rules" else f"{stem}: {_inside(table, code)}"


def _inside(table: str, code: str) -> str:
    return f"{label_of(table)}, {WORDS[code]() if code in WORDS else code}" if code else label_of(table)


# Lines ------------------------------------------------------------------------------------------------------------------------
def _lines(before: Any, after: Any, said: Said, key: str, label: str = "") -> Iterator[str]:
    """What differs between two values under one key; ``label`` says where, empty at the top of an entry."""
    if _is_row(before, after) and key not in ("when", "required_when"):
        for inner in dict.fromkeys((*(before or {}), *(after or {}))):
            old, new = (before or {}).get(inner), (after or {}).get(inner)
            if old != new and inner not in ("code", "name_ru"):
                where = f"{label}, {said.key(inner, key)}" if label else upper_first(said.key(inner, key))
                yield from _lines(old, new, said, _key_of(inner, key), where)
    elif _is_table(before, after):
        yield from _table(tuple(before or ()), tuple(after or ()), said, (key, label or label_of(key)))
    elif isinstance(before, list | tuple) and isinstance(after, list | tuple) and not _are_numbers(before, after):
        yield from (f"{label or label_of(key)}: {words}" for words in _listed(before, after, said, key))
    else:
        yield f"{label or label_of(key)}: {_from_to(said.value(key, before), said.value(key, after), before, after)}"


def _key_of(inner: str, key: str) -> str:
    """Under which key a value is told: its own, else that of the table around it; an answer under the question that it answers."""
    if key in ("inputs", "facts"):
        return f"{key}/{inner}"
    return inner if inner in LABELS else key


def _is_row(before: Any, after: Any) -> bool:
    return all(each is None or isinstance(each, Mapping) for each in (before, after)) and not before == after is None


def _is_table(before: Any, after: Any) -> bool:
    sides = [each for each in (before, after) if each]
    return bool(sides) and all(isinstance(each, list | tuple) and all(isinstance(row, Mapping) for row in each) for each in sides)


def _are_numbers(*sides: Sequence[Any]) -> bool:
    return all(isinstance(item, int | float) for side in sides for item in side)


def _from_to(old: str, new: str, before: Any, after: Any) -> str:
    if before is None:
        return new
    if after is None:
        return _("taken away (%(what)s)") % {"what": old}
    return f"{old} → {new}"


def _listed(before: Sequence[Any], after: Sequence[Any], said: Said, key: str) -> Iterator[str]:
    """What a list lost and gained."""
    gone, new = [item for item in before if item not in after], [item for item in after if item not in before]
    if gone:
        yield _("no longer %(what)s") % {"what": said.value(key, gone)}
    if new:
        yield _("now also %(what)s") % {"what": said.value(key, new)}
    if not gone and not new:
        yield _("in another order: %(what)s") % {"what": said.value(key, after)}


def _table(before: Sequence[Row], after: Sequence[Row], said: Said, where: tuple[str, str]) -> Iterator[str]:
    """Rows of a table that were taken out, changed or added, and another order."""
    key, label = where
    old, new = _named(before), _named(after)
    for name, row in old.items():
        if name not in new:
            yield _("%(label)s – taken out: %(what)s") % {"label": label, "what": said.row(key, row)}
    for name, row in new.items():
        if name not in old:
            yield _("%(label)s – new: %(what)s") % {"label": label, "what": said.row(key, row)}
        elif old[name] != row:
            yield from _lines(old[name], row, said, "", f"{label} – {_row_name(key, row, said)}")
    if [name for name in old if name in new] != [name for name in new if name in old]:
        names = ", ".join(_row_name(key, row, said) for row in after)
        yield _("%(label)s – in another order: %(what)s") % {"label": label, "what": names}


def _named(rows: Sequence[Row]) -> dict[tuple[Any, ...], Row]:
    """The rows by what tells them apart."""
    count: Counter[tuple[str, ...]] = Counter()
    found = {}
    for row in rows:
        name = tuple(str(row.get(key)) for key in NAMED_BY)
        count[name] += 1
        found[*name, count[name]] = row
    return found


def _row_name(key: str, row: Row, said: Said) -> str:
    """What a row is called in a line about it."""
    if "zone" in row:
        return said.place(row)
    if key in ("effects", "residual", "if_missing"):
        return said.effect(row)
    if key == "age_factor" or "age_min" in row:
        return f"{row.get('age_min')}–{row.get('age_max')}"
    if "missed_days_min" in row:
        return f"{row['missed_days_min']}–{row.get('missed_days_max')}"
    named = next((word for word in ("says", "code", "supplement", "fact", "input") if word in row), None)
    return said.value(named, row[named]) if named else ""
