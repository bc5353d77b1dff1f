"""What of a case is not met, in words: what was expected, and what came instead."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from clinic.web.marks import OUTCOMES, clock
from protocols.method.planning import PlannedSession
from protocols.presentation.cases import EXPECTED
from protocols.presentation.reader import LibraryReader
from protocols.testbench.expecting import is_met, parts_of
from protocols.wording_codes import WORDS


@dataclass(frozen=True, slots=True)
class Unmet:
    """One expectation that the plan does not keep; ``instead`` is "" where its opposite says it all."""

    expected: str
    instead: str


def unmet_in_words(expected: Mapping[str, Any], planned: PlannedSession, reader: LibraryReader) -> tuple[Unmet, ...]:
    """Everything that is not met, in the order of the case."""
    return tuple(dict.fromkeys(_unmet(expected, planned, reader)))


def _unmet(expected: Mapping[str, Any], planned: PlannedSession, reader: LibraryReader) -> Iterator[Unmet]:
    for word, wanted, _item in parts_of(expected):
        if not is_met(word, wanted, planned):
            instead = INSTEAD[word](wanted, planned, reader) if word in INSTEAD else ""
            yield Unmet(expectation_in_words(word, wanted, reader), instead)


def expectation_in_words(word: str, wanted: Any, reader: LibraryReader) -> str:
    """One expectation as a line."""
    if word == "outcome":
        return _("outcome: %(outcome)s") % {"outcome": outcome_word(wanted)}
    return EXPECTED[word](wanted, reader)


def outcome_word(code: str) -> str:
    """An outcome as it is called on every page."""
    return str(OUTCOMES[code].word)


def _found(planned: PlannedSession, reader: LibraryReader) -> str:
    titles = [reader.names.of("rules", finding.rule, "title") for finding in planned.screening.findings]
    return _("found: %(rules)s") % {"rules": "; ".join(titles)} if titles else _("nothing is found")


def _in_the_way(planned: PlannedSession, reader: LibraryReader) -> str:
    codes = list(dict.fromkeys(item.code for item in planned.screening.obstacles if item.kind != "plan"))
    return EXPECTED["blocked_by"](codes, reader) if codes else _("nothing is in the way")


def _pressure(planned: PlannedSession) -> str:
    return _("it reaches %(level)s") % {"level": max((row.pressure for row in planned.session.rows), default=0)}


def _pressure_there(wanted: Mapping[str, int], planned: PlannedSession) -> str:
    place, level = next(iter(wanted.items()))
    reached = next(found for found in range(level, 6) if is_met("pressure_at", {place: found}, planned))
    return _("it reaches %(level)s") % {"level": reached}


def _minutes(planned: PlannedSession) -> str:
    return _("it lasts %(minutes)s min") % {"minutes": clock(planned.session.total_seconds)}


def _tempos(wanted: str, planned: PlannedSession) -> str:
    others = dict.fromkeys(row.tempo for row in planned.session.rows if row.tempo != wanted)
    return _("also %(words)s") % {"words": ", ".join(str(WORDS[tempo]()) for tempo in others)}


def _used_there(wanted: Mapping[str, list[str]], planned: PlannedSession, reader: LibraryReader) -> str:
    barred = {code for codes in wanted.values() for code in codes}
    rows = [row for row in planned.session.rows if row.family in barred or row.technique in barred]
    place = next(iter(wanted))
    rows = [row for row in rows if not is_met("never_uses", {place: [row.technique]}, planned)]
    found = dict.fromkeys(f"{reader.names.of('techniques', row.technique)} – {reader.zone(row.zone)}" for row in rows)
    return _("used all the same: %(what)s") % {"what": ", ".join(found)}


INSTEAD: Final[Mapping[str, Callable[[Any, PlannedSession, LibraryReader], str]]] = {
    "outcome": lambda _wanted, planned, _reader: outcome_word(planned.session.outcome.code),
    "may_start": lambda _wanted, planned, reader: EXPECTED["may_start"](planned.session.may_start, reader),
    "blocked_by": lambda _wanted, planned, reader: _in_the_way(planned, reader),
    "findings": lambda _wanted, planned, reader: _found(planned, reader),
    "no_steps": lambda wanted, _planned, reader: EXPECTED["no_steps"](not wanted, reader),
    "works": lambda _wanted, _planned, _reader: _("it is not worked"),
    "never_works": lambda _wanted, _planned, _reader: _("it is worked"),
    "uses": lambda _wanted, _planned, _reader: _("not there"),
    "never_uses": _used_there,
    "pressure_at_most": lambda _wanted, planned, _reader: _pressure(planned),
    "pressure_at": lambda wanted, planned, _reader: _pressure_there(wanted, planned),
    "minutes_at_most": lambda _wanted, planned, _reader: _minutes(planned),
    "minutes_about": lambda _wanted, planned, _reader: _minutes(planned),
    "omitted": lambda _wanted, _planned, _reader: _("it is not left out, or for another reason"),
    "tempo": lambda wanted, planned, _reader: _tempos(wanted, planned),
    "order": lambda _wanted, _planned, _reader: _("not in this order"),
    "positions": lambda _wanted, planned, reader: EXPECTED["positions"](list(planned.session.positions), reader),
    "replanned": lambda wanted, _planned, reader: EXPECTED["replanned"](not wanted, reader),
}
