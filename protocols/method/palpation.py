"""What the hand finds in the segments of a curve: tense on the convex side, flaccid on the concave side (``side_rule.override``).

Palpation is data of the course (``Edits.palpated``). It joins the inputs of the condition, and there ``roles`` reads it, and the
independent check a second time. Implemented of the rule: tense is relaxed, flaccid is worked with a neutral mix, for as long as the mark
stands; without it the protocol's own mix comes back. The step between (pain 2 or less: toning-soft) has no mark of its own.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from protocols.method.edits import Felt, Palpated
from protocols.method.entries import Condition, Stage
from protocols.method.library import Library
from protocols.method.places import Place
from protocols.method.reasons import Reason, because
from protocols.method.roles import FELT_RULES, FeltRule, Inputs, ResolvedStep, resolve_steps

RULE_OF: Final[Mapping[Felt, FeltRule]] = {rule.felt: rule for rule in FELT_RULES}


@dataclass(frozen=True, slots=True)
class Palpable:
    """A leaf place on one side of a curve that the stage works; ``felt`` is the finding that would change it, ``rows`` its steps."""

    place: Place
    side: str
    felt: Felt
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MixChange:
    """A step whose mix of families the hand changes."""

    place: Place
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What comes of one finding: the steps that it changes, or why it changes none (``ignored``)."""

    palpated: Palpated
    changes: tuple[MixChange, ...] = ()
    ignored: Reason | None = None


def has_side_rule(condition: Condition) -> bool:
    """Whether palpation may change what the two sides of a curve get."""
    return any(row.code == rule.input for rule in FELT_RULES for row in condition.inputs)


def felt_inputs(library: Library, condition: Condition, inputs: Mapping[str, Any], palpated: Iterable[Palpated]) -> dict[str, Any]:
    """The raw inputs with what the hand found added to them: tense to the convex segments, flaccid to the concave ones.

    Left out is what the condition does not ask and a zone that the edition does not have; ``heard`` says so.
    """
    asked = {row.code for row in condition.inputs}
    found = dict(inputs)
    for each in palpated:
        code = RULE_OF[each.felt].input
        stated = found.get(code, [])
        place = {"zone": each.place.zone, "side": each.place.side}
        if code in asked and each.place.zone in library.zones and isinstance(stated, list | tuple) and place not in stated:
            found[code] = [*stated, place]
    return found


def palpable(library: Library, condition: Condition, stage: Stage, inputs: Inputs) -> tuple[Palpable, ...]:
    """The leaf places of the stage's steps on the convex and the concave side, each once, in the order of the steps."""
    if not has_side_rule(condition):
        return ()
    found: dict[Place, tuple[FeltRule, list[int]]] = {}
    turn = {code: number for number, code in enumerate(library.zones)}
    for step, rule in _sided(resolve_steps(library, condition, stage, inputs)):
        for leaf in sorted(library.tree.leaf_places(step.place) - library.tree.always_out, key=lambda leaf: turn[leaf.zone]):
            found.setdefault(leaf, (rule, []))[1].append(step.row)
    return tuple(Palpable(leaf, rule.side, rule.felt, tuple(rows)) for leaf, (rule, rows) in found.items())


def heard(library: Library, condition: Condition, stage: Stage, inputs: Inputs, palpated: Iterable[Palpated]) -> tuple[Heard, ...]:
    """What comes of each finding in this stage. ``inputs`` are the parsed ones, with or without the palpation."""
    bare = {code: value for code, value in inputs.items() if code not in {rule.input for rule in FELT_RULES}}
    usual = tuple(_sided(resolve_steps(library, condition, stage, bare)))
    return tuple(_heard(library, condition, usual, each) for each in palpated)


def _heard(library: Library, condition: Condition, usual: tuple[tuple[ResolvedStep, FeltRule], ...], each: Palpated) -> Heard:
    zone, rule = each.place.zone, RULE_OF[each.felt]
    if zone not in library.zones or all(row.code != rule.input for row in condition.inputs):
        return Heard(each, ignored=because("felt-no-rule", zone=zone))
    leaves = library.tree.leaf_places(each.place)
    there = [(step, of_step) for step, of_step in usual if leaves & library.tree.leaf_places(step.place)]
    if not there:
        return Heard(each, ignored=because("felt-not-worked", zone=zone))
    changes = tuple(MixChange(step.place, step.profile, rule.profile) for step, of_step in there if of_step == rule)
    if not changes:
        is_tense = each.felt == "tense"
        return Heard(
            each, ignored=because("felt-tense-other-side", zone=zone) if is_tense else because("felt-flaccid-other-side", zone=zone)
        )
    return Heard(each, changes)


def _sided(steps: Iterable[ResolvedStep]) -> Iterator[tuple[ResolvedStep, FeltRule]]:
    of_side = {rule.side: rule for rule in FELT_RULES}
    return ((step, of_side[step.role_side]) for step in steps if step.role_side in of_side)


def override_key(place: Place) -> str:
    """The step that an ``Override`` of the code ``side-rule`` names: the place that was felt, in the form of the keys of steps."""
    return f"felt:{place.zone}:{place.side}"
