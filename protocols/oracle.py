"""The oracle of liveness, written from the specification alone: which rules fire, what outcome follows, and whether there must be steps.

It uses the checker's reading of the stage, which shares nothing with the builder, and its own three-valued logic. A builder that always
refuses is never unsafe: only this oracle notices it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from protocols.method.checking.bars import Bars
from protocols.method.checking.protocol import Asked, Protocol
from protocols.method.entries import AllOf, Always, AnyOf, Comparison, Not, Rule, Tree
from protocols.method.places import Place
from protocols.method.plans import Adaptation, Dose
from protocols.method.setting import Setting
from protocols.method.vocabulary import MIN_STEP_SECONDS

Kleene = bool | None


# Rules ----------------------------------------------------------------------------------------------------------------------
def holds(tree: Tree, setting: Setting, unknown: frozenset[str], planned: frozenset[Place], *, first: bool) -> Kleene:
    """Whether a condition tree holds by Kleene's logic; None when an unknown fact decides it."""

    def ask(branch: Tree) -> Kleene:
        return holds(branch, setting, unknown, planned, first=first)

    if isinstance(tree, AllOf):
        return _least([ask(branch) for branch in tree.branches])
    if isinstance(tree, AnyOf):
        return _no(_least([_no(ask(branch)) for branch in tree.branches]))
    if isinstance(tree, Not):
        return _no(ask(tree.branch))
    if isinstance(tree, Always):
        return True
    return _answer(tree, setting, unknown, planned, first=first)


def _no(value: Kleene) -> Kleene:
    return None if value is None else not value


def _least(values: list[Kleene]) -> Kleene:
    if False in values:
        return False
    return None if None in values else True


def _answer(question: Comparison, setting: Setting, unknown: frozenset[str], planned: frozenset[Place], *, first: bool) -> Kleene:
    facts: dict[str, Any] = {**setting.screening.facts, "plan.zones": tuple(planned), "plan.first-session": first}
    if question.fact in unknown:
        return None
    value = facts.get(question.fact)
    if value is None:
        fact = setting.library.facts[question.fact]
        value = fact.absent if fact.absent is not None else (False if fact.type == "bool" else None)
    if question.op == "known":
        return question.fact in facts
    if value is None:
        return False
    return _compare(question, value, setting)


def _compare(question: Comparison, value: Any, setting: Setting) -> bool:
    wanted: Any = question.value
    if question.op == "touches":
        leaves = {leaf for zone in wanted for leaf in _leaves(zone, setting)}
        return any(leaves & set(_leaves(place.zone, setting)) for place in value)
    tests: dict[str, Callable[[], bool]] = {
        "is": lambda: value == wanted,
        "ge": lambda: value >= wanted,
        "gt": lambda: value > wanted,
        "le": lambda: value <= wanted,
        "lt": lambda: value < wanted,
        "in": lambda: value in wanted,
        "nonempty": lambda: bool(value),
    }
    return tests[question.op]()


def _leaves(zone: str, setting: Setting) -> list[str]:
    below = [entry.code for entry in setting.library.zones.values() if entry.parent == zone]
    return [leaf for child in below for leaf in _leaves(child, setting)] if below else [zone]


def firing(setting: Setting, unknown: frozenset[str], planned: frozenset[Place], *, first: bool) -> tuple[list[Rule], list[Rule]]:
    """The rules that fire and the rules that unknown facts leave open."""
    verdicts = [(rule, holds(rule.when, setting, unknown, planned, first=first)) for rule in setting.library.rules.values()]
    return [rule for rule, value in verdicts if value], [rule for rule, value in verdicts if value is None]


# Steps ----------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Forecast:
    """What the specification says of one session. ``steps``: True there must be some, False there must be none, None too close to call."""

    steps: Kleene
    because: str


def forecast(setting: Setting, dose: Dose, adaptation: Adaptation) -> Forecast:
    """Whether this session must have steps, must have none, or lies within a second of the shortest step."""
    if not setting.screening.outcome.allows_steps:
        return Forecast(steps=False, because=f"outcome {setting.screening.outcome.code}")
    if setting.stage.treatment is None:
        return Forecast(steps=False, because="stage barred")
    protocol = Protocol(setting, setting.stage.treatment, dose.number)
    bars = Bars(protocol, adaptation)
    open_steps = [asked for asked in protocol.asked if asked.row.from_session <= dose.number]
    fates = [_fate(asked, bars, dose) for asked in open_steps]
    if True in fates:
        return Forecast(steps=True, because="a step is long enough, has a place left, may be stroked, and is reached")
    if None in fates:
        return Forecast(steps=None, because="the only steps left lie at the shortest time")
    return Forecast(steps=False, because="no step is left")


def _fate(asked: Asked, bars: Bars, dose: Dose) -> Kleene:
    """Whether one step must be worked."""
    left = asked.places - bars.excluded - bars.body.never_worked
    strokes = [technique for technique in bars.protocol.setting.library.techniques.values() if technique.family == "stroking"]
    free = any(_free(technique.pressure[0], bars.of(technique), left, bars) for technique in strokes)
    if not left or not free or not _reached(asked, bars):
        return False
    seconds = dose.seconds * asked.minutes / bars.protocol.minutes
    if abs(seconds - MIN_STEP_SECONDS) <= 1:
        return None
    return seconds > MIN_STEP_SECONDS


def _free(lowest: int, barred: tuple[tuple[str, frozenset[Place]], ...], left: frozenset[Place], bars: Bars) -> bool:
    """Whether a technique may be used on some of these places: not barred there, and gentle enough."""
    free = left.difference(*(places for _, places in barred))
    return any(bars.ceiling(frozenset({place})) >= lowest for place in free) and lowest == 1


def _reached(asked: Asked, bars: Bars) -> bool:
    treatment, limits = bars.protocol.treatment, bars.limits
    listed = (*treatment.positions, *(treatment.positions_on_order if limits.positions_ordered else ()))
    out = {row.position for row in limits.positions_out} | set(treatment.forbid_positions)
    positions = [bars.protocol.setting.library.positions[code] for code in listed if code not in out]
    sides = {place.side for place in asked.places} - {"both"}
    side = sides.pop() if len(sides) == 1 else "both"
    return any(bars.body.reaches(position, asked.zone, side) for position in positions)
