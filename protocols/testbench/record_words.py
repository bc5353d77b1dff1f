"""Records of earlier sessions in a case, in words: numbers and places, nothing else."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from protocols.presentation.cases import zone_words
from protocols.presentation.reader import LibraryReader

WORDS: Final[Mapping[str, Callable[[Any], str]]] = {
    "comfort": lambda value: _("comfort %(value)s") % {"value": value},
    "pain_before": lambda value: _("pain before %(value)s") % {"value": value},
    "pain_after": lambda value: _("pain after %(value)s") % {"value": value},
    "pain_next_day": lambda value: _("pain on the next day %(value)s") % {"value": value},
    "systolic_before": lambda value: _("upper blood pressure before %(value)s") % {"value": value},
    "systolic_after": lambda value: _("upper blood pressure after %(value)s") % {"value": value},
    "skin_or_swelling": lambda value: _("bruises or swelling") if value else _("no bruises or swelling"),
    "sleep_or_headache": lambda value: _("slept worse or headache") if value else _("slept well, no headache"),
    "bad_reaction": lambda value: _("a bad reaction") if value else "",
}


def records_in_words(records: Iterable[Mapping[str, Any]], reader: LibraryReader) -> tuple[str, ...]:
    """One line for each record."""
    return tuple(_line(record, reader) for record in records)


def _line(record: Mapping[str, Any], reader: LibraryReader) -> str:
    said = ", ".join(part for part in _parts(record, reader) if part) or _("nothing was asked")
    return _("session %(number)s: %(what)s") % {"number": record["number"], "what": said}


def _parts(record: Mapping[str, Any], reader: LibraryReader) -> Iterator[str]:
    yield from (word(record[key]) for key, word in WORDS.items() if key in record)
    if record.get("hurts"):
        yield _("it hurt at: %(places)s") % {"places": ", ".join(zone_words(hurt, reader) for hurt in record["hurts"])}
