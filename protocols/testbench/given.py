"""What a plan gives, in the words of an expectation: what a case may begin with, and what is offered to tick."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from protocols.comparing import StoredCourse, outcome_of
from protocols.method.planning import PlannedSession
from protocols.method.plans import Row
from protocols.method.vocabulary import FAMILIES
from protocols.testbench.expecting import ALL, BETWEEN, ITEMS, as_expected, is_met, parts_of

# What is taken over when somebody wants what the plan gives; all else is offered to tick.
TAKEN: Final = ("findings", "blocked_by", "works", "never_uses")


def outcome_code(planned: PlannedSession) -> str:
    """The outcome of the session, which an empty target may have raised above that of the screening."""
    return outcome_of(StoredCourse(planned.screening, planned.course, (planned.session,))).code


def single_given(planned: PlannedSession) -> dict[str, Any]:
    """The words with one value each, as this plan gives them."""
    session = planned.session
    found: dict[str, Any] = {"outcome": session.outcome.code, "may_start": session.may_start}
    if not session.rows:
        return found | {"no_steps": True}
    tempos = {row.tempo for row in session.rows}
    found |= {"pressure_at_most": max(row.pressure for row in session.rows), "minutes_about": _minutes(session.total_seconds)}
    return found | ({"tempo": tempos.pop()} if len(tempos) == 1 else {}) | ({"replanned": True} if session.replanned else {})


def _minutes(seconds: int) -> float | int:
    minutes = round(seconds / 30) / 2
    return int(minutes) if minutes.is_integer() else minutes


def items_given(planned: PlannedSession) -> dict[str, list[str]]:
    """What this plan gives of each word that holds several items."""
    return {word: list(dict.fromkeys(given(planned))) for word, given in GIVEN.items()}


def all_given(planned: PlannedSession) -> dict[str, Any]:
    """What is expected of a case that takes what its plan gives. Every word of it holds."""
    items = items_given(planned)
    taken = {word: [item for item in items[word] if _is_worth_taking(word, item, planned)] for word in TAKEN}
    expected = as_expected(single_given(planned), taken)
    return {word: wanted for word, wanted in expected.items() if is_met(word, wanted, planned)}


def mended(expected: Mapping[str, Any], planned: PlannedSession) -> dict[str, Any]:
    """The same expectation with what this plan gives where it is not met; of several items those that are met stay."""
    single, given = {}, single_given(planned)
    items: dict[str, list[str]] = {}
    for word, wanted, item in parts_of(expected):
        if item:
            items.setdefault(word, []).extend([item] if is_met(word, wanted, planned) else [])
        elif word in ITEMS:
            items[word] = ITEMS[word].apart(wanted) if is_met(word, wanted, planned) else list(planned.session.positions)
        else:
            single[word] = wanted if is_met(word, wanted, planned) else given.get(word)
    return as_expected(single, items)


def _is_worth_taking(word: str, item: str, planned: PlannedSession) -> bool:
    """Of what is worked the main part, of what is never used the blows: a case that holds every detail says nothing of what matters."""
    if word == "works":
        return item in {place_of(row) for row in planned.session.rows if row.part == "main"}
    return word != "never_uses" or (bool(planned.session.rows) and item == f"{ALL}{BETWEEN}percussion")


def place_of(row: Row) -> str:
    """The place of a row as cases name it."""
    return row.zone if row.side == "both" else f"{row.zone} {row.side}"


def _works(planned: PlannedSession) -> Iterator[str]:
    yield from (place_of(row) for row in planned.session.rows)


def _never_works(planned: PlannedSession) -> Iterator[str]:
    zones = planned.setting.library.zones
    found = (item.code for item in planned.session.omissions if item.kind == "zone" and item.code in zones)
    yield from (zone for zone in found if is_met("never_works", [zone], planned))


def _uses(planned: PlannedSession) -> Iterator[str]:
    yield from (f"{row.zone} {row.side}{BETWEEN}{row.family}" for row in planned.session.rows)


def _never_uses(planned: PlannedSession) -> Iterator[str]:
    used = {row.family for row in planned.session.rows}
    yield from (f"{ALL}{BETWEEN}{family}" for family in FAMILIES if family not in used)


def _pressure_at(planned: PlannedSession) -> Iterator[str]:
    highest: dict[str, int] = {}
    for row in planned.session.rows:
        highest[place_of(row)] = max(row.pressure, highest.get(place_of(row), 0))
    found = ((place, level) for place, level in highest.items() if is_met("pressure_at", {place: level}, planned))
    yield from (f"{place}{BETWEEN}{level}" for place, level in found)


def _omitted(planned: PlannedSession) -> Iterator[str]:
    for item in planned.session.omissions:
        if item.kind in ("zone", "family", "technique"):
            rule = next((value for name, value in item.because.about if name == "rule"), "")
            yield BETWEEN.join((item.kind, item.code, rule))


def _obstacles(planned: PlannedSession) -> Iterator[str]:
    yield from (obstacle.code for obstacle in planned.screening.obstacles if obstacle.kind != "plan")


GIVEN: Final[Mapping[str, Callable[[PlannedSession], Iterator[str]]]] = {
    "findings": lambda planned: (finding.rule for finding in planned.screening.findings),
    "open": lambda planned: (rule.rule for rule in planned.screening.open_rules),
    "blocked_by": _obstacles,
    "works": _works,
    "never_works": _never_works,
    "uses": _uses,
    "never_uses": _never_uses,
    "pressure_at": _pressure_at,
    "omitted": _omitted,
    "order": lambda _planned: iter(()),
    "positions": lambda planned: iter(planned.session.positions),
}
