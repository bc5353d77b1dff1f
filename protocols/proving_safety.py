"""``manage.py verify safety``: every plan that the finite domain can lead to, read by the checker and by the oracle of liveness.

Before anything is counted the proof proves itself: plans that were spoilt on purpose have to be reported (``missed_sabotage``).
"""

import os
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain, combinations
from time import monotonic
from typing import Any, Final

from protocols.method.findings import NO_LIMITS, Bar
from protocols.method.places import Place
from protocols.method.plans import Omission, SessionPlan
from protocols.method.reasons import because
from protocols.method.setting import Setting
from protocols.method.vocabulary import Outcome
from protocols.proving import Breach, Signature, barred, judged, narrowed, plans_of, prove, settings, signatures, together, zone_bars
from protocols.shelf import shipped_library

HELP = "every condition and stage under every effect of a rule and every pair of effects: the independent check and the liveness oracle"
REDUCED: Final[Mapping[str, Any]] = {"singles": True, "processes": 1}
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for: ``singles`` without pairs, ``sample`` only every N-th pair, ``every_input`` all combinations of sides."""

    singles: bool = False
    sample: int = 1
    every_input: bool = False
    processes: int = 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the proof found: ``plans`` were judged in ``settings`` settings."""

    plans: int
    settings: int
    breaches: tuple[Breach, ...]


# Command --------------------------------------------------------------------------------------------------------------------
def add_arguments(parser: ArgumentParser) -> None:
    """The options of ``verify safety``."""
    parser.add_argument("--singles", action="store_true", help="single effects only, no pairs (a minute instead of an hour)")
    parser.add_argument("--sample", type=int, default=1, metavar="N", help="only every N-th pair, another remainder for each stage")
    parser.add_argument("--every-input", action="store_true", help="every combination of sides and regions, not the first one only")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)


def run(options: Mapping[str, Any], write: Callable[[str], object]) -> bool:
    """Proves, writes the figures and the first violations, and says whether there were none."""
    began = monotonic()
    wish = Wish(options["singles"], max(1, options["sample"]), options["every_input"], options["processes"])
    missed = missed_sabotage()
    verdict = verified(wish)
    library = shipped_library()
    write(f"Library {library.edition}, digest {library.digest[:16]}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC.")
    write(f"Domain: {_domain(wish, verdict)}.")
    broken = len(list(sabotaged()))
    write(f"Control: {broken - len(missed)} of {broken} plans that were spoilt on purpose were reported.")
    write(f"Plans checked: {verdict.plans:,}. Violations: {len(verdict.breaches)}. Seconds: {monotonic() - began:.0f}.")
    for line in (*(f"not noticed: {name}" for name in missed), *report(verdict.breaches)):
        write(line)
    return not verdict.breaches and not missed


def _domain(wish: Wish, verdict: Verdict) -> str:
    singles = len(signatures(shipped_library()))
    pairs = 0 if wish.singles else singles * (singles - 1) // 2
    part = f", every {wish.sample}th of them" if wish.sample > 1 and pairs else ""
    findings = f"no effect, {singles} effects, each planned zone barred, {pairs} pairs{part}"
    return f"{verdict.settings} settings x ({findings}), one session of each phase"


def report(breaches: Iterable[Breach]) -> list[str]:
    """The commonest kinds of breach, and the first few in full."""
    found = list(breaches)
    kinds = Counter(problem.split(":")[0] for breach in found for problem in breach.problems)
    lines = [f"{count} x {kind}" for kind, count in kinds.most_common()]
    return lines + [f"{breach.where}, session {breach.session}: {'; '.join(breach.problems)}" for breach in found[:SHOWN]]


# Enumeration ----------------------------------------------------------------------------------------------------------------
def verified(wish: Wish) -> Verdict:
    """Judges the whole domain that was asked for, setting by setting."""
    chosen = chosen_settings(every_input=wish.every_input)
    made, breaches = 0, list[Breach]()
    for count, found in _results([(number, wish) for number in chosen], wish.processes):
        made += count
        breaches += found
    return Verdict(made, len(chosen), tuple(breaches))


def _results(jobs: list[tuple[int, Wish]], processes: int) -> Iterator[tuple[int, tuple[Breach, ...]]]:
    if processes <= 1:
        yield from map(prove_setting, jobs)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(prove_setting, jobs)


def chosen_settings(*, every_input: bool) -> tuple[int, ...]:
    """Numbers of the settings to prove: all, or the first of each stage."""
    seen: dict[tuple[str, str], int] = {}
    everything = settings(shipped_library())
    for number, setting in enumerate(everything):
        seen.setdefault((setting.condition.code, setting.stage.code), number)
    return tuple(range(len(everything))) if every_input else tuple(seen.values())


def prove_setting(job: tuple[int, Wish]) -> tuple[int, tuple[Breach, ...]]:
    """Plans made and breaches found for one setting: without findings, under each signature, each zone barred, and the pairs asked for."""
    number, wish = job
    library = shipped_library()
    setting = settings(library)[number]
    singles = signatures(library)
    couples = (pair for at, pair in enumerate(combinations(singles, 2)) if not wish.singles and at % wish.sample == number % wish.sample)
    both = (together(one, other, library.course.phases.max_down) for one, other in couples)
    made, breaches = 0, list[Breach]()
    for signature in chain((Signature("no finding", NO_LIMITS),), singles, zone_bars(setting), both):
        count, found = prove(setting, signature)
        made += count
        breaches += found
    return made, tuple(breaches)


# Control --------------------------------------------------------------------------------------------------------------------
def sabotaged() -> Iterator[tuple[str, SessionPlan, Setting]]:
    """Plans as broken builders would make them, each with its name and the setting that it was asked for."""
    setting = settings(shipped_library())[0]
    plan = next(plan for plan, _ in plans_of(setting))
    yield "forgets the findings", plan, narrowed(setting, _barring(plan))
    yield "forgets the referral", plan, _bar_forgotten(setting, Bar("referral", (Place(plan.rows[0].zone, "both"),)))
    yield "forgets what the patient withdrew", plan, _bar_forgotten(setting, Bar("consent", techniques=frozenset({plan.rows[0].technique})))
    yield "refuses everything", _refused(plan), setting
    yield "presses harder", replace(plan, rows=tuple(replace(row, pressure=row.pressure + 1) for row in plan.rows)), setting
    yield "explains nothing", replace(plan, rows=tuple(replace(row, because=()) for row in plan.rows)), setting
    yield "works backwards", replace(plan, rows=tuple(reversed(plan.rows))), setting
    yield "works in no position", replace(plan, rows=tuple(replace(row, position="") for row in plan.rows), positions=("",)), setting


def _refused(plan: SessionPlan) -> SessionPlan:
    """The plan without a row, with an excuse for every zone: no rule of safety is broken, so only the oracle can see it."""
    excuses = tuple(Omission("zone", row.zone, row.side, because("step-too-short", zone=row.zone, seconds=0)) for row in plan.rows)
    empty = replace(plan, rows=(), total_seconds=0, positions=(), may_start=False)
    return replace(empty, outcome=Outcome.DEFER, omissions=excuses)


def _bar_forgotten(setting: Setting, bar: Bar) -> Setting:
    """A screening that holds a bar and no limit from it: only a checker that reads the bar itself can notice."""
    narrow = narrowed(setting, barred(setting.library, bar))
    return replace(narrow, screening=replace(narrow.screening, limits=setting.screening.limits))


def _barring(plan: SessionPlan) -> Signature:
    """An effect that bars a technique which the plan uses."""
    used = {row.technique for row in plan.rows}
    singles = signatures(shipped_library())
    return next(one for one in singles if any(out.technique in used for out in one.limits.techniques_out))


def missed_sabotage() -> tuple[str, ...]:
    """Names of the broken builders that neither the checker nor the oracle noticed."""
    return tuple(name for name, plan, setting in sabotaged() if not any(judged(plan, setting)))
