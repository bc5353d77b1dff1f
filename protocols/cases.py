"""Worked cases: a sentence, an input and what is expected of it, in words that a doctor can read and sign."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from protocols.method.case import parse_case
from protocols.method.library import Library
from protocols.method.places import Place
from protocols.method.planning import PlannedSession, plan_session
from protocols.method.plans import Row
from protocols.shelf import CASES, read_cases


class CaseFaults(Exception):
    """A file of worked cases is not sound. The message names the file, the case and the key."""


@dataclass(frozen=True, slots=True)
class WorkedCase:
    """One case of ``CONDITION.cases.toml``: ``stated`` as the command takes it, ``expected`` in the words of ``EXPECTATIONS``."""

    code: str
    says: str
    stated: Mapping[str, Any]
    expected: Mapping[str, Any]

    @property
    def condition(self) -> str:
        """The code of the condition that the case is about."""
        return str(self.stated["condition"])


@cache
def worked_cases() -> tuple[WorkedCase, ...]:
    """Every shipped case, by file and then in file order. Raises ``CaseFaults`` for an unknown key or a code used twice."""
    return cases_in(read_cases(CASES))


def cases_in(files: Mapping[str, Mapping[str, Any]]) -> tuple[WorkedCase, ...]:
    """The cases of these parsed files (file name -> content), in their order. Raises ``CaseFaults`` as ``worked_cases`` does."""
    cases = [case for name, content in files.items() for case in _cases_in(name, content)]
    codes = [case.code for case in cases]
    doubled = sorted({code for code in codes if codes.count(code) > 1})
    if doubled:
        raise CaseFaults(f"cases: code used twice: {', '.join(doubled)}")
    return tuple(cases)


def worked_case(code: str) -> WorkedCase:
    """The case with this code. Raises ``KeyError`` if there is none."""
    return {case.code: case for case in worked_cases()}[code]


def unmet(case: WorkedCase, library: Library) -> tuple[str, ...]:
    """What is expected and did not happen, one sentence each; empty when the case holds. Raises ``Faults`` if its input is not valid."""
    planned = plan_session(parse_case(case.stated, library), library)
    sentences = [EXPECTATIONS[word](planned, wanted) for word, wanted in case.expected.items()]
    return tuple(sentence for sentence in sentences if sentence)


def _cases_in(name: str, content: Mapping[str, Any]) -> list[WorkedCase]:
    _refuse_unknown(content, ("case",), name)
    return [_case(row, f"{name}: case {row.get('code', '?')}", name) for row in content["case"]]


def _case(row: Mapping[str, Any], where: str, name: str) -> WorkedCase:
    _refuse_unknown(row, ("code", "says", "input", "expect"), where)
    missing = {"code", "says", "input", "expect"} - set(row)
    if missing or not row["expect"]:
        raise CaseFaults(f"{where}: lacks {', '.join(sorted(missing or {'expect'}))}")
    _refuse_unknown(row["expect"], EXPECTATIONS, where)
    if row["input"].get("condition") != name.removesuffix(".cases.toml"):
        raise CaseFaults(f"{where}: is about another condition than its file")
    return WorkedCase(row["code"], row["says"], row["input"], row["expect"])


def _refuse_unknown(row: Mapping[str, Any], known: Sequence[str] | Mapping[str, object], where: str) -> None:
    unknown = sorted(set(row) - set(known))
    if unknown:
        raise CaseFaults(f"{where}: unknown {', '.join(unknown)}")


# The words of `expect`. Each gives a sentence when the expectation is not met, else an empty one. --------------------------------
def _places(planned: PlannedSession, text: str) -> frozenset[Place]:
    """Leaf places of "zone" (both sides) or "zone left"."""
    zone, _, side = text.partition(" ")
    library = planned.setting.library
    if zone not in library.zones or side not in ("", "left", "right", "both"):
        raise CaseFaults(f"{text!r} is no zone, or no zone and side")
    return library.tree.leaf_places(Place(zone, side or "both"))  # type: ignore[arg-type]


def _worked(planned: PlannedSession, row: Row) -> frozenset[Place]:
    tree = planned.setting.library.tree
    avoided = frozenset(place for avoid in row.avoid for place in tree.leaf_places(avoid))
    return tree.leaf_places(Place(row.zone, row.side)) - avoided - tree.always_out


def _rows_at(planned: PlannedSession, text: str) -> list[Row]:
    places = _places(planned, text)
    return [row for row in planned.session.rows if not places.isdisjoint(_worked(planned, row))]


def _outcome(planned: PlannedSession, wanted: str) -> str:
    found = planned.session.outcome.code
    return "" if found == wanted else f"outcome is {found}, not {wanted}"


def _may_start(planned: PlannedSession, wanted: bool) -> str:  # noqa: FBT001 (the value of a TOML key)
    return "" if planned.session.may_start is wanted else f"may_start is {planned.session.may_start}"


def _blocked_by(planned: PlannedSession, wanted: Sequence[str]) -> str:
    found = {obstacle.code for obstacle in planned.screening.obstacles}
    return _lacking("in the way", wanted, found)


def _findings(planned: PlannedSession, wanted: Sequence[str]) -> str:
    return _lacking("findings", wanted, {finding.rule for finding in planned.screening.findings})


def _open(planned: PlannedSession, wanted: Sequence[str]) -> str:
    return _lacking("open rules", wanted, {rule.rule for rule in planned.screening.open_rules})


def _lacking(what: str, wanted: Sequence[str], found: set[str]) -> str:
    missing = [code for code in wanted if code not in found]
    return f"{what}: {', '.join(sorted(found)) or 'none'}; {', '.join(missing)} is missing" if missing else ""


def _no_steps(planned: PlannedSession, wanted: bool) -> str:  # noqa: FBT001 (the value of a TOML key)
    return "" if (not planned.session.rows) is wanted else f"{len(planned.session.rows)} rows"


def _works(planned: PlannedSession, wanted: Sequence[str]) -> str:
    return "; ".join(f"{place} is not worked" for place in wanted if not _rows_at(planned, place))


def _never_works(planned: PlannedSession, wanted: Sequence[str]) -> str:
    return "; ".join(f"{place} is worked" for place in wanted if _rows_at(planned, place))


def _uses(planned: PlannedSession, wanted: Mapping[str, Sequence[str]]) -> str:
    """``{ "zone side" = [families] }``: the families of the steps on exactly this zone and side."""
    return "; ".join(
        _lacking(f"families at {place}", families, _families_of_step(planned, place)) for place, families in wanted.items()
    ).strip("; ")


def _families_of_step(planned: PlannedSession, text: str) -> set[str]:
    zone, _, side = text.partition(" ")
    return {row.family for row in planned.session.rows if row.zone == zone and row.side == (side or "both")}


def _never_uses(planned: PlannedSession, wanted: Mapping[str, Sequence[str]]) -> str:
    """``{ "zone side" = [families or techniques] }``, ``all`` for the whole session."""
    found = []
    for place, barred in wanted.items():
        rows = planned.session.rows if place == "all" else _rows_at(planned, place)
        found += [f"{row.technique} at {row.zone}" for row in rows if row.family in barred or row.technique in barred]
    return f"used all the same: {', '.join(found)}" if found else ""


def _pressure_at_most(planned: PlannedSession, wanted: int) -> str:
    highest = max((row.pressure for row in planned.session.rows), default=0)
    return "" if highest <= wanted else f"pressure reaches {highest}"


def _pressure_at(planned: PlannedSession, wanted: Mapping[str, int]) -> str:
    """``{ "zone side" = level }``: no step that touches this place presses harder."""
    found = []
    for place, level in wanted.items():
        highest = max((row.pressure for row in _rows_at(planned, place)), default=0)
        found += [f"pressure at {place} reaches {highest}"] if highest > level else []
    return "; ".join(found)


def _minutes_at_most(planned: PlannedSession, wanted: float) -> str:
    return "" if planned.session.total_seconds <= 60 * wanted else f"lasts {planned.session.total_seconds} s"


def _minutes_about(planned: PlannedSession, wanted: float) -> str:
    off = abs(planned.session.total_seconds - 60 * wanted)
    return "" if off <= 30 else f"lasts {planned.session.total_seconds} s"


def _omitted(planned: PlannedSession, wanted: Sequence[Mapping[str, str]]) -> str:
    """``[{ zone | family | technique = CODE, rule = CODE }]``: left out, and the reason names this rule."""
    return "; ".join(f"{dict(row)} is not among what was left out" for row in wanted if not _is_omitted(planned, row))


def _is_omitted(planned: PlannedSession, wanted: Mapping[str, str]) -> bool:
    (kind, code), rule = next((kind, code) for kind, code in wanted.items() if kind != "rule"), wanted.get("rule")
    found = [omission.because for omission in planned.session.omissions if (omission.kind, omission.code) == (kind, code)]
    return any(rule is None or ("rule", rule) in reason.about for reason in found)


def _tempo(planned: PlannedSession, wanted: str) -> str:
    others = sorted({row.tempo for row in planned.session.rows if row.tempo != wanted})
    return f"also {', '.join(others)}" if others else ""


def _order(planned: PlannedSession, wanted: Sequence[Sequence[str]]) -> str:
    """``[["zone side", "zone side"]]``: the main part works all of the first before any of the second."""
    return "; ".join(f"{first} does not come before {then}" for first, then in wanted if not _comes_first(planned, first, then))


def _comes_first(planned: PlannedSession, first: str, then: str) -> bool:
    steps = {text: [row.step for row in _exactly_at(planned, text) if row.part == "main"] for text in (first, then)}
    return bool(steps[first]) and bool(steps[then]) and max(steps[first]) < min(steps[then])


def _exactly_at(planned: PlannedSession, text: str) -> list[Row]:
    places = _places(planned, text)
    return [row for row in planned.session.rows if _worked(planned, row) <= places]


def _positions(planned: PlannedSession, wanted: Sequence[str]) -> str:
    found = set(planned.session.positions)
    return "" if found <= set(wanted) else f"positions {', '.join(sorted(found))}"


def _replanned(planned: PlannedSession, wanted: bool) -> str:  # noqa: FBT001 (the value of a TOML key)
    return "" if planned.session.replanned is wanted else f"replanned is {planned.session.replanned}"


EXPECTATIONS: Mapping[str, Callable[[PlannedSession, Any], str]] = {
    "outcome": _outcome,
    "may_start": _may_start,
    "blocked_by": _blocked_by,
    "findings": _findings,
    "open": _open,
    "no_steps": _no_steps,
    "works": _works,
    "never_works": _never_works,
    "uses": _uses,
    "never_uses": _never_uses,
    "pressure_at_most": _pressure_at_most,
    "pressure_at": _pressure_at,
    "minutes_at_most": _minutes_at_most,
    "minutes_about": _minutes_about,
    "omitted": _omitted,
    "tempo": _tempo,
    "order": _order,
    "positions": _positions,
    "replanned": _replanned,
}

# What the words mean to a reader; a place is a "zone" (both sides) or a "zone left".
MEANINGS: Mapping[str, str] = {
    "outcome": "the outcome of the screening is exactly this",
    "may_start": "whether the session may start",
    "blocked_by": "documents, answers or rules that are in the way (others may be too)",
    "findings": "rules that were found (others may be too)",
    "open": "rules that wait for an answer (others may too)",
    "no_steps": "true: nothing at all is planned; false: something is",
    "works": "each place is worked at least in part",
    "never_works": "no part of the place is worked",
    "uses": "place -> families of techniques that its steps must have (others may too)",
    "never_uses": "place -> families or techniques that no step there may have; all = the whole session",
    "pressure_at_most": "no step presses harder than this level",
    "pressure_at": "place -> no step that touches it presses harder than this level",
    "minutes_at_most": "hands-on minutes are not more",
    "minutes_about": "hands-on minutes, half a minute up or down",
    "omitted": "a zone, family or technique is named among what was left out, with this rule as the reason where one is given",
    "tempo": "every step has this tempo",
    "order": "pairs of places: the main part ends with the first before it begins with the second",
    "positions": "no other positions of the patient are used",
    "replanned": "whether a tonic session was planned anew as a calm one",
}
