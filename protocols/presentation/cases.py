"""Worked cases in words: who the patient is, what is said, what is expected, and whether this edition keeps it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from protocols.cases import WorkedCase, unmet
from protocols.editions.queries import cases_of_edition, library_of_edition
from protocols.method.entries import Condition
from protocols.presentation.reader import LibraryReader, number
from protocols.wording_codes import WORDS


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case. ``says_in`` is the language of ``says``; ``faults`` (English) are expectations that this edition does not meet."""

    code: str
    says: str
    says_in: str
    stage: str
    stage_code: str
    patient: str
    stated: tuple[str, ...]
    outcome: str
    expected: tuple[str, ...]
    faults: tuple[str, ...]


def cases_of(condition: Condition, reader: LibraryReader, edition: str) -> tuple[CaseView, ...]:
    """The worked cases of a condition in the edition with this digest, in the order of their file."""
    return tuple(case_view(case, reader, edition) for case in cases_of_edition(edition) if case.condition == condition.code)


def case_view(case: WorkedCase, reader: LibraryReader, edition: str) -> CaseView:
    """One case in words."""
    says = reader.names.of("cases", case.code, "says")
    stage = str(case.stated["stage"])
    return CaseView(
        code=case.code,
        says=says or case.says,
        says_in=reader.names.language if says else "en",
        stage=reader.names.of("stages", f"{case.condition}/{stage}"),
        stage_code=stage,
        patient=patient_in_words(case.stated),
        stated=tuple(stated_in_words(case.stated, reader)),
        outcome=str(case.expected.get("outcome", "")),
        expected=tuple(dict.fromkeys(expected_in_words(case.expected, reader))),
        faults=faults_of(case.code, edition),
    )


@lru_cache(maxsize=4096)
def faults_of(code: str, edition: str) -> tuple[str, ...]:
    """What of its case the edition with this digest does not meet. A content never changes, so it is worked out once."""
    case = next(each for each in cases_of_edition(edition) if each.code == code)
    return unmet(case, library_of_edition(edition))


def patient_in_words(stated: Mapping[str, Any]) -> str:
    """Sex, age, and which session of how many."""
    patient, session = stated["patient"], stated["session"]
    sex = _("woman") if patient["sex"] == "female" else _("man")
    return _("%(sex)s, %(age)s years, session %(number)s of %(count)s") % {
        "sex": sex,
        "age": patient["age"],
        "number": session["number"],
        "count": session["of"],
    }


# What is stated ---------------------------------------------------------------------------------------------------------------
def stated_in_words(stated: Mapping[str, Any], reader: LibraryReader) -> Iterator[str]:
    """Inputs, facts, open questions and documents of a case, one line each."""
    condition = reader.library.conditions[stated["condition"]]
    for code, value in stated["inputs"].items():
        yield f"{reader.names.of('inputs', f'{condition.code}/{code}', 'question')} – {_input_value(condition, code, value, reader)}"
    for code, value in stated["facts"].items():
        yield f"{reader.names.of('facts', code, 'question')} – {fact_words(code, value, reader)}"
    for code in stated["unknown"]:
        yield _("%(question)s – nobody knows") % {"question": reader.names.of("facts", code, "question")}
    for code, held in stated["clearances"].items():
        yield _document(code, held, reader)
    if stated.get("supplements"):
        yield _("chosen: %(supplements)s") % {"supplements": reader.listed("supplements", tuple(stated["supplements"]))}
    if stated.get("records"):
        yield _("records of earlier sessions: %(count)s") % {"count": len(stated["records"])}


def _input_value(condition: Condition, code: str, value: Any, reader: LibraryReader) -> str:
    row = next(each for each in condition.inputs if each.code == code)
    if isinstance(value, bool | int | float):
        return _plain(value)
    if isinstance(value, str):
        return reader.names.value("inputs", f"{condition.code}/{code}", value, row.values)
    return ", ".join(zone_words(item, reader) for item in value)


def fact_words(code: str, value: Any, reader: LibraryReader) -> str:
    """The value of a fact as a case states it."""
    if not isinstance(value, list | tuple):
        return reader.fact_value(code, value)
    is_zones = reader.library.facts[code].type == "zones"
    return ", ".join(zone_words(item, reader) if is_zones else reader.fact_value(code, item) for item in value)


def _plain(value: float) -> str:
    return (_("yes") if value else _("no")) if isinstance(value, bool) else number(value)


def zone_words(item: Any, reader: LibraryReader) -> str:
    """A zone as ``zone``, ``"zone side"`` or ``{ zone, side }``."""
    zone, side = (item["zone"], item.get("side", "both")) if isinstance(item, Mapping) else _parted(str(item))
    name = reader.zone(zone)
    return name if side == "both" else f"{name} ({WORDS[side]()})"


def _parted(text: str) -> tuple[str, str]:
    zone, _space, side = text.partition(" ")
    return zone, side or "both"


def _document(code: str, held: Any, reader: LibraryReader) -> str:
    days = held["age_days"] if isinstance(held, Mapping) else held
    words = ngettext("%(document)s, %(days)s day old", "%(document)s, %(days)s days old", days)
    return words % {"document": reader.names.of("documents", code), "days": days}


# What is expected ---------------------------------------------------------------------------------------------------------------
def expected_in_words(expected: Mapping[str, Any], reader: LibraryReader) -> Iterator[str]:
    """Every expectation but the outcome, which the page draws."""
    for word, wanted in expected.items():
        if word != "outcome":
            yield EXPECTED[word](wanted, reader) if word in EXPECTED else f"{word}: {wanted}"


def _rules(codes: Sequence[str], reader: LibraryReader) -> str:
    return "; ".join(reader.names.of("rules", code, "title") or code for code in codes)


def _obstacles(codes: Sequence[str], reader: LibraryReader) -> str:
    """What stands in the way: documents, rules or questions by their codes."""
    names = reader.names
    found = (names.of("documents", code) or names.of("rules", code, "title") or names.of("facts", code, "question") for code in codes)
    return "; ".join(name or code for name, code in zip(found, codes, strict=True))


def _zones(items: Sequence[Any], reader: LibraryReader) -> str:
    return ", ".join(zone_words(item, reader) for item in items)


def _places(wanted: Mapping[str, Sequence[str]], reader: LibraryReader) -> str:
    """``{ place = [families or techniques] }`` as "place: names; place: names"."""
    return "; ".join(f"{_place(place, reader)}: {_works(codes, reader)}" for place, codes in wanted.items())


def _place(text: str, reader: LibraryReader) -> str:
    return _("the whole session") if text == "all" else zone_words(text, reader)


def _works(codes: Sequence[str], reader: LibraryReader) -> str:
    return ", ".join(reader.names.of("families", code) or reader.names.of("techniques", code) or code for code in codes)


def _omitted(wanted: Sequence[Mapping[str, str]], reader: LibraryReader) -> str:
    return "; ".join(_left_out(row, reader) for row in wanted)


def _left_out(row: Mapping[str, str], reader: LibraryReader) -> str:
    names, tables = reader.names, {"family": "families", "technique": "techniques"}
    kind, code = next((kind, code) for kind, code in row.items() if kind != "rule")
    name = names.of(tables[kind], code) if kind in tables else reader.zone(code)
    return f"{name} ({names.of('rules', row['rule'], 'title')})" if "rule" in row else name


def _order(wanted: Sequence[Sequence[str]], reader: LibraryReader) -> str:
    pairs = ((zone_words(first, reader), zone_words(then, reader)) for first, then in wanted)
    return "; ".join(_("%(first)s before %(then)s") % {"first": first, "then": then} for first, then in pairs)


def _positions(wanted: Sequence[str], reader: LibraryReader) -> str:
    return _("only in these positions: %(positions)s") % {"positions": reader.listed("positions", tuple(wanted))}


def _levels(wanted: Mapping[str, int], reader: LibraryReader) -> str:
    return "; ".join(f"{zone_words(place, reader)}: {level}" for place, level in wanted.items())


EXPECTED: Final[Mapping[str, Callable[[Any, LibraryReader], str]]] = {
    "may_start": lambda wanted, _reader: _("the session may start") if wanted else _("the session may not start"),
    "blocked_by": lambda wanted, reader: _("in the way: %(what)s") % {"what": _obstacles(wanted, reader)},
    "findings": lambda wanted, reader: _("found: %(rules)s") % {"rules": _rules(wanted, reader)},
    "open": lambda wanted, reader: _("left open: %(rules)s") % {"rules": _rules(wanted, reader)},
    "no_steps": lambda wanted, _reader: _("no steps at all") if wanted else _("steps are drafted"),
    "works": lambda wanted, reader: _("worked: %(zones)s") % {"zones": _zones(wanted, reader)},
    "never_works": lambda wanted, reader: _("never worked: %(zones)s") % {"zones": _zones(wanted, reader)},
    "uses": lambda wanted, reader: _("used – %(what)s") % {"what": _places(wanted, reader)},
    "never_uses": lambda wanted, reader: _("never used – %(what)s") % {"what": _places(wanted, reader)},
    "pressure_at_most": lambda wanted, _reader: _("pressure %(level)s at most") % {"level": wanted},
    "pressure_at": lambda wanted, reader: _("pressure at most – %(what)s") % {"what": _levels(wanted, reader)},
    "minutes_at_most": lambda wanted, _reader: _("%(minutes)s minutes at most") % {"minutes": number(wanted)},
    "minutes_about": lambda wanted, _reader: _("about %(minutes)s minutes") % {"minutes": number(wanted)},
    "omitted": lambda wanted, reader: _("left out with its reason: %(what)s") % {"what": _omitted(wanted, reader)},
    "tempo": lambda wanted, _reader: _("the whole session is %(tempo)s") % {"tempo": WORDS[wanted]()},
    "order": lambda wanted, reader: _("order: %(what)s") % {"what": _order(wanted, reader)},
    "positions": _positions,
    "replanned": lambda wanted, _reader: _("planned anew under calm") if wanted else _("not planned anew"),
}
