"""The steps of a stage: free in their number, order and time, but nowhere earlier, stronger or livelier than the release works there.

A step is looked at leaf by leaf and side by side. Where the release works a place, its own steps there are the measure; a new place may
be worked as strongly as the strongest step of the stage, unless only other places than the diseased one may be worked at all. Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from protocols.method.entries import Step, Treatment
from protocols.method.library import Library
from protocols.variants.strict_forbid import leaves_of
from protocols.variants.strict_values import Loosening

LIVELIER: Final = {"calm": 0, "neutral": 1, "tonic": 2}
ACROSS: Final = {
    "left": "right",
    "right": "left",
    "affected": "healthy",
    "healthy": "affected",
    "concave": "convex",
    "convex": "concave",
}
Side = tuple[Treatment, Library]


@dataclass(frozen=True, slots=True)
class Worked:
    """One step with the values that may not rise, and from which session on it has each of its families."""

    step: Step
    pressure: int
    tempo: int
    families: dict[str, int]


@dataclass(frozen=True, slots=True)
class Measure:
    """What the release does at one place: the earliest session, the strongest and the liveliest work, and when each family begins."""

    first: int
    pressure: int
    tempo: int
    families: dict[str, int]


def steps_loosened(address: str, shipped: Side, own: Side, *, remote_only: bool) -> Iterator[Loosening]:
    """What the steps do more of than those of the release; each thing is told once for a step."""
    before = tuple(_worked(step, shipped) for step in shipped[0].steps)
    for number, worked in enumerate((_worked(step, own) for step in own[0].steps), 1):
        found: dict[str, Loosening] = {}
        for leaf in sorted(leaves_of(own[1], worked.step.zone)):
            for measure in _measures(leaf, worked.step.side, before, shipped[1], remote_only=remote_only):
                for code, old, new in _above(measure, worked):
                    found.setdefault(code, Loosening(address, code, _said(worked, number, old), _said(worked, number, new)))
        yield from found.values()


def _worked(step: Step, side: Side) -> Worked:
    treatment, library = side
    profile = library.profiles[step.profile]
    families = {
        family: max(step.from_session, step.family_from.get(family, 1), treatment.family_from.get(family, 1))
        for family, share in profile.shares.items()
        if share > 0
    }
    return Worked(step, profile.pressure[1], LIVELIER[profile.tempo], families)


def _measures(leaf: str, side: str, before: tuple[Worked, ...], library: Library, *, remote_only: bool) -> Iterator[Measure | None]:
    """What the step is measured by at this leaf: one measure for each side that it may mean; None where it may not be at all."""
    here = tuple(each for each in before if leaf in leaves_of(library, each.step.zone))
    if not here:
        yield None if remote_only else _anywhere(before)
        return
    for word in sorted(_meant(side, frozenset(each.step.side for each in here))):
        covering = tuple(each for each in here if each.step.side in (word, "both"))
        if covering:
            yield _widest(covering)
        else:
            yield None if remote_only else _narrowest(here)


def _meant(side: str, sides: frozenset[str]) -> frozenset[str]:
    """The sides that a step works, in the words in which the release names them there: both sides are each one with the one across."""
    named = sides - {"both"}
    if side != "both" or not named:
        return frozenset({side})
    return named | {ACROSS[word] for word in named}


def _anywhere(before: tuple[Worked, ...]) -> Measure:
    return Measure(1, max(each.pressure for each in before), max(each.tempo for each in before), {})


def _widest(covering: tuple[Worked, ...]) -> Measure:
    """Several steps work the place: what one of them does there may be done."""
    begins: dict[str, int] = {}
    for each in covering:
        for family, first in each.families.items():
            begins[family] = min(first, begins.get(family, first))
    first = min(each.step.from_session for each in covering)
    return Measure(first, max(each.pressure for each in covering), max(each.tempo for each in covering), begins)


def _narrowest(here: tuple[Worked, ...]) -> Measure:
    """The place is worked on sides that are called otherwise: which of them is meant is not known, so the strictest counts."""
    begins: dict[str, int] = {}
    for each in here:
        for family, first in each.families.items():
            begins[family] = max(first, begins.get(family, first))
    first = max(each.step.from_session for each in here)
    return Measure(first, min(each.pressure for each in here), min(each.tempo for each in here), begins)


def _above(measure: Measure | None, worked: Worked) -> Iterator[tuple[str, object, object]]:
    if measure is None:
        yield "step-new-place", None, worked.step.profile
        return
    if worked.step.from_session < measure.first:
        yield "step-early", measure.first, worked.step.from_session
    if worked.pressure > measure.pressure:
        yield "step-pressure", measure.pressure, worked.pressure
    if worked.tempo > measure.tempo:
        yield "step-tempo", _tempo(measure.tempo), _tempo(worked.tempo)
    for family, first in worked.families.items():
        if first < measure.families.get(family, 1):
            yield "family-early", {"family": family, "session": measure.families[family]}, {"family": family, "session": first}


def _tempo(rank: int) -> str:
    return next(word for word, place in LIVELIER.items() if place == rank)


def _said(worked: Worked, number: int, value: object) -> dict[str, object]:
    return {"step": number, "zone": worked.step.zone, "side": worked.step.side, "value": value}
