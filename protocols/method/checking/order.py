"""Order and time: parts, families, sides, limb segments, calm work, own times (invariants 1, 2, 8, 9, 10).

Each rule of order is one function; in a plan edited by hand it has the severity of its rule in ``sequencing.toml``.
"""

from collections.abc import Callable, Iterator
from math import ceil

from protocols.method.checking.bars import Bars
from protocols.method.checking.problems import Problem, Severity, problem
from protocols.method.checking.steps import Worked
from protocols.method.entries import OrderRule
from protocols.method.vocabulary import FAMILIES, MAX_STRETCH, MIN_STEP_SECONDS, PARTS

STROKING_AT_THE_ENDS = 0.7

Steps = tuple[Worked, ...]


class OrderCheck:
    """Checks the steps of one session against each other."""

    def __init__(self, bars: Bars, steps: Steps, dose_seconds: int, *, edited: bool) -> None:
        self.bars = bars
        self.protocol = bars.protocol
        self.steps = steps
        self.dose_seconds = dose_seconds
        self.edited = edited

    def problems(self) -> Iterator[Problem]:
        """Every breach of order and time."""
        rules: tuple[tuple[str, Callable[[Severity], Iterator[Problem]]], ...] = (
            ("opens-and-closes-with-stroking", self._opens_and_closes_with_stroking),
            ("family-order", self._family_order),
            ("percussion-prepared", self._percussion_prepared),
            ("drainage-proximal-first", self._drainage_proximal_first),
            ("healthy-before-affected", self._healthy_before_affected),
        )
        for code, check in rules:
            yield from check(self._severity(self.protocol.setting.library.order_rules[code]))
        yield from self._ends()
        yield from self._parts()
        yield from self._times()
        yield from self._halved_kneading()

    def _severity(self, rule: OrderRule) -> Severity:
        return "warning" if self.edited and rule.severity == "warning" else "error"

    @property
    def _soft(self) -> Severity:
        return "warning" if self.edited else "error"

    # rules of sequencing.toml ---------------------------------------------------------------------------------------------
    def _opens_and_closes_with_stroking(self, severity: Severity) -> Iterator[Problem]:
        for code, step in (("opens-without-stroking", self.steps[0]), ("closes-without-stroking", self.steps[-1])):
            stroked = sum(row.seconds for _, row in step.rows if row.family == "stroking")
            if stroked < STROKING_AT_THE_ENDS * step.seconds - 1:
                yield problem(code, step.rows[0][0], severity=severity)

    def _part_seconds(self, part: str) -> float:
        """Own seconds at this dose of all steps of a part."""
        minutes = sum(asked.minutes for asked in self.protocol.asked if asked.part == part)
        return self.dose_seconds * minutes / self.protocol.minutes

    def _family_order(self, severity: Severity) -> Iterator[Problem]:
        for step in self.steps:
            others = [FAMILIES.index(family) for family in step.families if family != "stroking"]
            if others != sorted(others):
                yield problem("family-order", step.rows[0][0], severity=severity, zone=step.first.zone)
            for family in FAMILIES:
                if step.families.count(family) > (2 if family == "stroking" else 1):
                    yield problem("family-twice", step.rows[0][0], severity=severity, family=family, zone=step.first.zone)
            last = step is self.steps[-1]
            if "stroking" in step.families[1:] and step.families[0] != "stroking" and not last and "percussion" not in step.families:
                yield problem("family-order", step.rows[0][0], severity=severity, zone=step.first.zone)

    def _percussion_prepared(self, severity: Severity) -> Iterator[Problem]:
        for step in self.steps:
            if "percussion" not in step.families:
                continue
            before = step.families[: step.families.index("percussion")]
            if not {"rubbing", "kneading"} & set(before):
                yield problem("percussion-unprepared", step.rows[0][0], severity=severity, zone=step.first.zone)
            if step.families[-1] == "percussion":
                yield problem("percussion-last", step.rows[-1][0], severity=severity, zone=step.first.zone)

    def _drainage_proximal_first(self, severity: Severity) -> Iterator[Problem]:
        ranks = {zone: rank for rank, zone in enumerate(self.protocol.setting.library.limb_order)}
        reached = 0
        for step in self.steps:
            roles = {asked.role for asked in step.asked if asked.part == "main"}
            # A scar may lie on a segment of the limb: a step that may be the scar's has no place in the limb's order.
            possible = sorted(ranks[role] for role in roles if role in ranks)
            if not possible or roles - ranks.keys():
                continue
            onward = [rank for rank in possible if rank >= reached]
            if not onward:
                yield problem("proximal-first", step.rows[0][0], severity=severity, zone=step.first.zone)
            reached = onward[0] if onward else reached

    def _healthy_before_affected(self, severity: Severity) -> Iterator[Problem]:
        begun: set[str] = set()
        for step in self.steps:
            for asked in step.asked[:1]:
                if asked.part == "main" and asked.role_side == "affected":
                    begun.add(asked.zone)
                if asked.part == "main" and asked.role_side == "healthy" and asked.zone in begun:
                    yield problem("healthy-before-affected", step.rows[0][0], severity=severity, zone=asked.zone)

    # ends and parts -------------------------------------------------------------------------------------------------------
    def _ends(self) -> Iterator[Problem]:
        if self.steps[0].families[0] != "stroking":
            yield problem("not-stroking-first", 0)
        if self.steps[-1].families[-1] != "stroking":
            yield problem("not-stroking-last", self.steps[-1].rows[-1][0])

    def _parts(self) -> Iterator[Problem]:
        parts = [PARTS.index(step.first.part) for step in self.steps]
        if parts != sorted(parts):
            yield problem("part-order", severity=self._soft)
        numbers = [step.first.step for step in self.steps]
        kept = len(set(numbers)) == len(numbers)
        for step in self.steps:
            alike = {(row.part, row.position, row.tempo) for _, row in step.rows}
            if len(alike) > 1 or not kept:
                yield problem("rows-scattered", step.rows[0][0])

    # time -----------------------------------------------------------------------------------------------------------------
    def _times(self) -> Iterator[Problem]:
        for step in self.steps:
            if step.seconds < MIN_STEP_SECONDS:
                yield problem("step-too-short", step.rows[0][0], seconds=step.seconds)
            own = self._longest_own(step)
            together = sum(other.seconds for other in self.steps if len(other.may_be) == 1 and other.may_be == step.may_be)
            if step.may_be and max(step.seconds, together) > MAX_STRETCH * own:
                seconds = max(step.seconds, together)
                yield problem("step-stretched", step.rows[0][0], severity=self._soft, zone=step.first.zone, seconds=seconds, own=own)

    def _longest_own(self, step: Worked) -> int:
        """The longest own time that the step may have at this dose, a started second counted whole.

        The pieces of an opening or closing (two zones above a shoulder) may come together on one zone.
        """
        if step.first.part != "main" and step.may_be:
            return ceil(self._part_seconds(step.first.part) - 1e-9)
        seconds = (self.dose_seconds * asked.minutes / self.protocol.minutes for asked in step.may_be)
        return ceil(max(seconds, default=0) - 1e-9)

    def _halved_kneading(self) -> Iterator[Problem]:
        for step in self.steps:
            # All steps it may be: a wider one of which a finding left only this zone keeps its own mix.
            shares = [profile.shares.get("kneading", 0) for asked in step.may_be for profile in self.protocol.profiles_of(asked)]
            kneaded = sum(row.seconds for _, row in step.rows if row.family == "kneading")
            allowed = step.seconds * max(shares, default=100) / 200 + 1
            if kneaded > allowed and not step.covered.isdisjoint(self.bars.calm):
                # A finding asks for it, so no hand lets go of it either.
                yield problem("kneading-not-halved", step.rows[0][0], zone=step.first.zone, side=step.first.side)
