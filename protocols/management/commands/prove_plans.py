"""``manage.py prove_plans``: plan and check every stage under every distinct effect of a rule, with ``--pairs`` under every two of them."""

import os
from argparse import ArgumentParser
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from itertools import chain, combinations
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from protocols.method.findings import NO_LIMITS
from protocols.proving import Breach, Signature, prove, settings, signatures, together
from protocols.shelf import shipped_library

SHOWN = 20


class Command(BaseCommand):
    help = "Plan and check every stage under every distinct effect of a rule (with --pairs: every pair of effects). Uses all cores."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--pairs", action="store_true", help="every pair of effects too (hundreds of thousands of plans)")
        parser.add_argument("--sample", type=int, default=1, metavar="N", help="only every N-th pair, another remainder for each stage")
        parser.add_argument("--every-input", action="store_true", help="every combination of sides and regions, not the first one only")
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)

    def handle(self, *args: Any, **options: Any) -> None:
        began = monotonic()
        chosen = _chosen_settings(every_input=options["every_input"])
        jobs = [(number, options["pairs"], options["sample"]) for number in chosen]
        made, breaches = 0, list[Breach]()
        with ProcessPoolExecutor(options["processes"]) as pool:
            for count, found in pool.map(prove_setting, jobs):
                made += count
                breaches += found
        self.stdout.write(f"{made} plans of {len(chosen)} settings in {monotonic() - began:.0f} s: {len(breaches)} refused by the check")
        if breaches:
            raise CommandError("\n".join(_report(breaches)))


def _chosen_settings(*, every_input: bool) -> tuple[int, ...]:
    """Numbers of the settings to prove: all, or the first of each stage."""
    seen: dict[tuple[str, str], int] = {}
    everything = settings(shipped_library())
    for number, setting in enumerate(everything):
        seen.setdefault((setting.condition.code, setting.stage.code), number)
    return tuple(range(len(everything))) if every_input else tuple(seen.values())


def prove_setting(job: tuple[int, bool, int]) -> tuple[int, tuple[Breach, ...]]:
    """Plans made and breaches found for one setting: without findings, under each signature, and under the pairs asked for."""
    number, pairs, sample = job
    library = shipped_library()
    setting = settings(library)[number]
    singles = signatures(library)
    couples = (pair for at, pair in enumerate(combinations(singles, 2)) if pairs and at % sample == number % sample)
    both = (together(one, other, library.course.phases.max_down) for one, other in couples)
    made, breaches = 0, list[Breach]()
    for signature in chain((Signature("no finding", NO_LIMITS),), singles, both):
        count, found = prove(setting, signature)
        made += count
        breaches += found
    return made, tuple(breaches)


def _report(breaches: list[Breach]) -> list[str]:
    """The commonest kinds of breach, and the first few in full."""
    kinds = Counter(problem.split(":")[0] for breach in breaches for problem in breach.problems)
    lines = [f"{count} x {kind}" for kind, count in kinds.most_common()]
    return lines + [f"{breach.where}, session {breach.session}: {'; '.join(breach.problems)}" for breach in breaches[:SHOWN]]
