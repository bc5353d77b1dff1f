"""The texts of a condition and of its stages, English and Russian side by side. Pure: tables in, tables out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TextPlace:
    """One text. ``english`` is its path in the table, ``russian`` its key in the translation; ``is_list``: one line for each entry.

    ``is_safety``: what ships in it must stay.
    """

    name: str
    english: tuple[str, ...]
    russian: str
    is_list: bool = False
    is_safety: bool = False


def _text(name: str) -> TextPlace:
    return TextPlace(name, (name,), name)


def _lines(name: str, *, is_safety: bool = False) -> TextPlace:
    return TextPlace(name, (name,), name, is_list=True, is_safety=is_safety)


OF_CONDITION: Final = (
    _text("name"),
    _text("evidence"),
    _lines("never", is_safety=True),
    _lines("refer_first", is_safety=True),
    _lines("notes"),
)
OF_TREATMENT: Final = (
    _text("name"),
    _text("definition"),
    _lines("goals"),
    _lines("warnings", is_safety=True),
    _lines("notes"),
    _lines("advice"),
    _lines("partners"),
    _text("position_note"),
    TextPlace("cadence_note", ("cadence", "note"), "cadence_note"),
    _text("repeat_note"),
)
OF_BARRED: Final = (_text("name"), _text("definition"), _text("reason"), _text("becomes_allowed_when"), _lines("notes"), _lines("advice"))


def places_of(stage: Table | None) -> tuple[TextPlace, ...]:
    """The texts of a stage, or of the condition itself where no stage is given."""
    if stage is None:
        return OF_CONDITION
    return OF_BARRED if stage["local"] == "barred" else OF_TREATMENT


def english_of(table: Table, place: TextPlace) -> str:
    """The English text, lists line by line; "" where there is none."""
    found: Any = table
    for part in place.english:
        found = found.get(part, {}) if isinstance(found, Mapping) else {}
    return _plain(found)


def russian_of(table: Table, place: TextPlace) -> str:
    """The Russian text, lists line by line; "" where there is none."""
    return _plain(table.get(place.russian))


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "\n".join(value) if isinstance(value, list) else ""


def with_english(table: Table, place: TextPlace, text: str) -> dict[str, Any]:
    """The table with this English text; an empty one is taken away."""
    return _put(table, place.english, _kept(place, text))


def with_russian(table: Table, place: TextPlace, text: str) -> dict[str, Any]:
    """The translation with this Russian text; an empty one is taken away."""
    return _put(table, (place.russian,), _kept(place, text))


def lines_in(text: str) -> list[str]:
    """The lines of a text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _kept(place: TextPlace, text: str) -> Any:
    if place.is_list:
        return lines_in(text) or None
    return " ".join(lines_in(text)) or None


def _put(table: Table, path: tuple[str, ...], value: Any) -> dict[str, Any]:
    first, rest = path[0], path[1:]
    found = {**table, first: _put(table.get(first, {}), rest, value) if rest else value}
    return {key: each for key, each in found.items() if each is not None}


# The translation of a stage inside that of its condition --------------------------------------------------------------------------
def stage_words(condition: Table, stage: str) -> Table:
    """The Russian texts of one stage."""
    found: Table = condition.get("stages", {}).get(stage, {})
    return found


def with_stage_words(condition: Table, stage: str, words: Table) -> dict[str, Any]:
    """The translation of a condition with the Russian texts of one stage."""
    return {**condition, "stages": {**condition.get("stages", {}), stage: dict(words)}}


# A stage that the clinic does not massage any more ----------------------------------------------------------------------------
BARRED_KEEPS: Final = ("code", "name", "basis", "definition", "notes", "advice")
BARRED_SAYS: Final = ("name", "definition", "notes", "advice")


def barred(stage: Table, *, reason: str, until: str) -> dict[str, Any]:
    """The stage as one that is not massaged, with its reason and when massage begins again."""
    kept = {key: stage[key] for key in BARRED_KEEPS if key in stage}
    return {**kept, "local": "barred", "reason": reason, "becomes_allowed_when": until, "steps": []}


def barred_words(words: Table, *, reason: str, until: str) -> dict[str, Any]:
    """The Russian texts of a stage that is not massaged."""
    kept = {key: words[key] for key in BARRED_SAYS if key in words}
    return {**kept, "reason": reason, "becomes_allowed_when": until}
