"""Random changes of the library, as a clinic's forms make them and as no form would: a part of ``manage.py verify editions``.

What the library's own checks and the comparison with the release (``protocols.variants.strictness``) let through is what a doctor may be
asked to sign. Of each such library random patients are planned: no plan may be one that the independent check refuses, no answer may be
judged more mildly, and no session may be longer or stronger than the release allows. Before anything is counted the proof proves
itself: with a comparison that was left out on purpose, what it would have stopped has to be found in the plans (``missed_controls``).
"""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from random import Random
from time import monotonic
from typing import Any, Final

from protocols.editions.addresses import entries_of
from protocols.editions.content import library_from, shipped_content
from protocols.golden_cases import stated_case
from protocols.method.building import LibraryFaults
from protocols.method.entries import Condition, Stage
from protocols.method.library import Library
from protocols.method.truth import facts_of
from protocols.proving_variant_acts import random_changes
from protocols.proving_variant_controls import CONTROLS, missed_controls
from protocols.proving_variant_judge import judged
from protocols.rule_cases import rule_cases
from protocols.shelf import shipped_library
from protocols.variants.changes import content_with
from protocols.variants.strictness import loosened

SHOWN: Final = 20
WHOLE_EVERY: Final = 4  # of so many cases one is planned as a whole course
UNANSWERED: Final = 0.3  # of the cases have questions that nobody answered


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that must never be: of which draw, changed where, for which case, and what."""

    draw: int
    changed: tuple[str, ...]
    what: str


@dataclass(slots=True)
class Tally:
    """What was drawn and what became of it."""

    draws: int = 0
    unsound: int = 0
    loosened: int = 0
    let_through: int = 0
    plans: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    violations: list[Violation] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Adds another tally to this one."""
        for name in ("draws", "unsound", "loosened", "let_through", "plans"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.codes += other.codes
        self.violations += other.violations


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for: random changes, cases planned with each that is let through, and the seed of it all."""

    draws: int
    plans: int
    seed: int
    processes: int = 1


def prove_variants(wish: Wish, write: Callable[[str], object]) -> bool:
    """The controls, then the draws; writes the figures, and says whether nothing was found wrong."""
    began, missed, tally = monotonic(), missed_controls(), Tally()
    for part in _parts(wish):
        tally.add(part)
    write(f"Control: {len(CONTROLS) - len(missed)} of {len(CONTROLS)} comparisons left out on purpose were noticed.")
    write(
        f"Changes drawn: {tally.draws:,} (seed {wish.seed}). Not sound: {tally.unsound:,}, allowing more: {tally.loosened:,}, "
        f"let through: {tally.let_through:,}. Cases planned and held against the release: {tally.plans:,}. "
        f"Kinds of loosening met: {len(tally.codes)}. Violations: {len(tally.violations)}. Seconds: {monotonic() - began:.0f}."
    )
    for line in (*(f"not noticed: {name}" for name in missed), *report(tally.violations)):
        write(line)
    return not tally.violations and not missed


def report(violations: list[Violation]) -> list[str]:
    """The commonest kinds, and the first few in full."""
    kinds = Counter(each.what.split(":")[0] for each in violations)
    lines = [f"{count} x {kind}" for kind, count in kinds.most_common()]
    return lines + [f"draw {each.draw}, {', '.join(each.changed)}: {each.what}" for each in violations[:SHOWN]]


def _parts(wish: Wish) -> Iterator[Tally]:
    jobs = [(number, wish.plans, wish.seed) for number in range(wish.draws)]
    if wish.processes <= 1:
        yield from map(prove_draw, jobs)
        return
    with ProcessPoolExecutor(wish.processes) as pool:
        yield from pool.map(prove_draw, jobs, chunksize=8)


# One draw -----------------------------------------------------------------------------------------------------------------------
def prove_draw(job: tuple[int, int, int]) -> Tally:
    """One random change: number, plans and seed decide everything in it."""
    number, plans, seed = job
    chance = Random(f"variants/{seed}/{number}")  # noqa: S311  (a proof has to come out the same again)
    shipped = shipped_library()
    changes = random_changes(chance, entries_of(shipped_content().parts))
    try:
        own = library_from(content_with(shipped_content(), changes, "drawn"))
    except LibraryFaults:
        return Tally(draws=1, unsound=1)
    found = loosened(shipped, own)
    if found:
        return Tally(draws=1, loosened=1, codes=Counter({each.code for each in found}))
    tally = Tally(draws=1, let_through=1)
    for place, stated in enumerate(drawn_cases(chance, tuple(changes), shipped, plans)):
        result = judged(stated, shipped, own, whole=place % WHOLE_EVERY == 0)
        tally.plans += result.is_planned
        where = f"{stated['condition']}/{stated['stage']}"
        tally.violations += [Violation(number, tuple(changes), f"{what} [{where} {stated}]") for what in result.problems]
    return tally


def drawn_cases(chance: Random, changed: tuple[str, ...], library: Library, count: int) -> Iterator[dict[str, Any]]:
    """Cases on what was changed: of that stage, or with answers that the rule asks for; and some on anything."""
    stages = [(condition, stage) for condition in library.conditions.values() for stage in condition.stages.values()]
    about = [pair for pair in stages if f"library/conditions/{pair[0].code}:stage/{pair[1].code}" in changed]
    rules = [address.rpartition("/")[2] for address in changed if address.startswith("library/contraindications:")]
    for number in range(count):
        condition, stage = chance.choice(about if about and number % 4 else stages)
        yield _case(chance, condition, stage, rules, library)


def _case(chance: Random, condition: Condition, stage: Stage, rules: list[str], library: Library) -> dict[str, Any]:
    stated = stated_case(chance, library, condition, stage)
    for code in rules:
        if code in rule_cases() and chance.random() < 0.8:
            of_rule = chance.choice(rule_cases()[code].all).stated
            stated["facts"] = {**stated["facts"], **of_rule["facts"]}
            stated["unknown"] = [fact for fact in of_rule["unknown"] if fact not in stated["facts"]]
    if chance.random() < UNANSWERED:
        facts = sorted(facts_of(chance.choice(list(library.rules.values())).when) - {"patient.age", "patient.sex"})
        asked = [fact for fact in facts if not fact.startswith(("plan.", "document."))][:2]
        stated["facts"] = {fact: value for fact, value in stated["facts"].items() if fact not in asked}
        stated["unknown"] = [*dict.fromkeys([*stated["unknown"], *asked])]
    return stated
