"""Test cases of a rule in words: whom it stops, whom it spares, and what comes of an answer that nobody gave."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from protocols.editions.queries import rule_cases_of_edition
from protocols.presentation.cases import EXPECTED, stated_in_words, zone_words
from protocols.presentation.reader import LibraryReader
from protocols.rule_cases import RuleCase


@dataclass(frozen=True, slots=True)
class RuleCaseView:
    """One case; ``says_in`` is the language of ``says``."""

    says: str
    says_in: str
    stated: tuple[str, ...]
    outcome: str
    expected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleCaseGroup:
    """The cases of one kind. ``because`` (English) says why there can be none."""

    name: str
    cases: tuple[RuleCaseView, ...]
    because: str


def rule_case_groups(rule: str, reader: LibraryReader, edition: str) -> tuple[RuleCaseGroup, ...]:
    """The cases of a rule by kind, as the edition with this digest has them; nothing for a rule without cases."""
    found = rule_cases_of_edition(edition).get(rule)
    if found is None:
        return ()
    return (
        _group(_("It holds"), found.fires, found.because.get("fires", ""), reader),
        _group(_("It does not hold"), found.spares, found.because.get("spares", ""), reader),
        _group(_("An answer is not known"), found.unknown, found.because.get("unknown", ""), reader),
    )


def _group(name: str, cases: tuple[RuleCase, ...], because: str, reader: LibraryReader) -> RuleCaseGroup:
    return RuleCaseGroup(name, tuple(_view(case, reader) for case in cases), because)


def _view(case: RuleCase, reader: LibraryReader) -> RuleCaseView:
    says = reader.names.of("rule-cases", case.code, "says")
    stated = (f"{_('age')}: {case.stated['patient']['age']}", *stated_in_words(case.stated, reader))
    expected = tuple(_expected(case.expected, reader))
    return RuleCaseView(says or case.says, reader.names.language if says else "en", stated, str(case.expected.get("outcome", "")), expected)


def _expected(expected: Mapping[str, Any], reader: LibraryReader) -> Iterator[str]:
    """Every expectation but the outcome, which the page draws, and advice, which the rule's page says itself."""
    for word, wanted in expected.items():
        if word in SAID:
            yield SAID[word](wanted, reader)
        elif word in EXPECTED:
            yield EXPECTED[word](wanted, reader)


def _facts(codes: Sequence[str], reader: LibraryReader) -> str:
    return " ".join(reader.names.of("facts", code, "question") for code in codes)


def _zones(places: Sequence[str], reader: LibraryReader) -> str:
    return ", ".join(_("everywhere") if place == "all" else zone_words(place, reader) for place in places)


def _rules(codes: Sequence[str], reader: LibraryReader) -> str:
    return "; ".join(reader.names.of("rules", code, "title") for code in codes)


def _levels(wanted: Mapping[str, int], reader: LibraryReader) -> str:
    levels = (f"{_zones((place,), reader)} – {level}" for place, level in wanted.items())
    return _("pressure at most – %(what)s") % {"what": "; ".join(levels)}


SAID: Final[Mapping[str, Callable[[Any, LibraryReader], str]]] = {
    "asks": lambda wanted, reader: _("to be answered first: %(facts)s") % {"facts": _facts(wanted, reader)},
    "silent": lambda _wanted, _reader: _("the rule does not even ask: other rules protect"),
    "document": lambda wanted, reader: (
        _("may be lifted by: %(document)s") % {"document": reader.names.of("documents", wanted)} if wanted else _("No document lifts it.")
    ),
    "cleared_by": lambda wanted, reader: _("lifted by: %(document)s") % {"document": reader.names.of("documents", wanted)},
    "instead": lambda wanted, reader: _("found in its place: %(rules)s") % {"rules": _rules(wanted, reader)},
    "zones_out": lambda wanted, reader: _("never worked: %(zones)s") % {"zones": _zones(wanted, reader)},
    "left_out": lambda wanted, reader: _("never worked: %(zones)s") % {"zones": _zones(wanted, reader)},
    "zones_kept": lambda wanted, reader: _("still worked: %(zones)s") % {"zones": _zones(wanted, reader)},
    "spots": lambda wanted, reader: _("only the marked spot is left out: %(zones)s") % {"zones": _zones(wanted, reader)},
    "families_out": EXPECTED["never_uses"],
    "families_kept": EXPECTED["uses"],
    "techniques_out": lambda wanted, reader: _("none of these: %(what)s") % {"what": reader.listed("techniques", tuple(wanted))},
    "pressure_at_most": _levels,
    "calm": lambda wanted, reader: _("only calm work: %(zones)s") % {"zones": _zones(wanted, reader)},
    "positions_out": lambda wanted, reader: (
        _("not in these positions: %(positions)s") % {"positions": reader.listed("positions", tuple(wanted))}
    ),
    "positions_kept": EXPECTED["positions"],
    "supplements_out": lambda wanted, reader: _("none of these: %(what)s") % {"what": reader.listed("supplements", tuple(wanted))},
    "points_out": lambda wanted, _reader: _("none of these: %(what)s") % {"what": ", ".join(map(str.upper, wanted))},
    "dose_steps_back": lambda wanted, _reader: _("steps back on the ladder of doses: %(steps)s") % {"steps": wanted},
    "measure": lambda wanted, reader: _("to be measured first: %(facts)s") % {"facts": _facts(wanted, reader)},
}
