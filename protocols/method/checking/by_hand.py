"""What only a hand can break in a session: zones and families that the stage does not know, time that adds up, a purpose that is gone."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from math import ceil

from protocols.method.checking.asked import unanswered
from protocols.method.checking.bars import Bars
from protocols.method.checking.body import NOWHERE
from protocols.method.checking.problems import Problem, problem
from protocols.method.checking.protocol import Asked
from protocols.method.checking.steps import Worked
from protocols.method.places import Place
from protocols.method.plans import Dose, SessionPlan
from protocols.method.vocabulary import MAX_STRETCH, MIN_STEP_SECONDS, Outcome, RoleSide

# Less of the dose than this is another session, and is asked for a reason.
LEAST_OF_DOSE = 0.5
LONG_VISIT = 30 * 60
MOST_REGIONS = 2
LIMBS = frozenset({"upper-limb", "lower-limb"})


class HandCheck:
    """Checks one session that was edited by hand, beyond what is checked in every plan."""

    def __init__(self, plan: SessionPlan, bars: Bars, steps: tuple[Worked, ...], dose: Dose) -> None:
        self.plan = plan
        self.bars = bars
        self.protocol = bars.protocol
        self.steps = steps
        self.dose = dose

    def problems(self) -> Iterator[Problem]:
        """Every breach, errors and warnings."""
        yield from self._near_the_sore_place()
        yield from self._unasked()
        yield from self._breathing()
        yield from self._time_in_places()
        yield from self._families()
        yield from self._parts()
        yield from self._turns()
        yield from self._regions()
        yield from self._back_before_limbs()
        yield from self._relax_before_tone()
        if self.plan.outcome < Outcome.DEFER:  # a deferred draft is what the findings left of it
            yield from self._what_is_left()

    # where ----------------------------------------------------------------------------------------------------------------
    def _near_the_sore_place(self) -> Iterator[Problem]:
        """In a stage that keeps off its sore place, or leaves it to a doctor, a hand adds nothing in the same region on that side."""
        near = self._region
        for step in self.steps:
            for (number, _), covered in zip(step.rows, step.places, strict=True):
                added = (covered - self.protocol.planned) & near
                if added:
                    place = min(added)
                    yield problem("zone-local-barred", number, zone=place.zone, side=place.side)

    @cached_property
    def _region(self) -> frozenset[Place]:
        local = self.protocol.setting.stage.local
        sore = NOWHERE.union(*(places for row, places in self.protocol.forbidden if row.family == "all"))
        if local == "doctor-only":
            sore = sore.union(*(asked.places for asked in self.protocol.asked if asked.part == "main"))
        elif local != "remote-only":
            return NOWHERE
        body = self.protocol.body
        roots = {(min(body.line(place.zone) & set(body.roots)), place.side) for place in sore}
        return NOWHERE.union(*(body.places(root, side) for root, side in roots))

    def _unasked(self) -> Iterator[Problem]:
        """What a question closes while it has no answer stays closed, and what it holds up may not start (facts.toml, ``unknown``)."""
        body, planned = self.protocol.body, self.protocol.planned
        added = NOWHERE.union(*(step.covered for step in self.steps)) - planned
        for fact in unanswered(added, planned, self.bars.facts, body) if added else ():
            closed = added & body.of_zones(fact.zones_out) if fact.unknown == "zones-out" else NOWHERE
            for step in self.steps:
                if place := min(step.covered & closed, default=None):
                    yield problem("zone-unasked", step.rows[0][0], zone=place.zone, side=place.side, fact=fact.code)
            if fact.unknown == "blocks" and self.plan.may_start:
                yield problem("may-not-start", why=f"{fact.code} is not answered", fact=fact.code)

    def _breathing(self) -> Iterator[Problem]:
        """Hands follow a breath only in a stage that has such a step: it is done for the airways, with the breath led by words."""
        known = {family for asked in self.protocol.asked for profile in self.protocol.profiles_of(asked) for family in profile.shares}
        for number, row in enumerate(self.plan.rows):
            if row.family == "breathing-assist" and row.family not in known:
                yield problem("breathing-not-here", number)

    # what is left ---------------------------------------------------------------------------------------------------------
    def _what_is_left(self) -> Iterator[Problem]:
        yield from self._purpose()
        for part in ("opening", "closing"):
            own = max((self._own(asked) for asked in self.protocol.asked if asked.part == part), default=0)
            if own >= MIN_STEP_SECONDS and all(step.first.part != part for step in self.steps):
                yield problem("part-missing", severity="warning", part=part)
        if self.steps and self.plan.total_seconds < self._half:
            yield problem("session-shortened", severity="warning", total=self.plan.total_seconds, dose=self.dose.seconds)

    def _purpose(self) -> Iterator[Problem]:
        """The same bounds that findings have: without a target zone, or without more than half of the stage's minutes, it is no session."""
        worked = NOWHERE.union(*(step.covered for step in self.steps if step.first.part == "main"))
        main = [asked for asked in self.protocol.asked if asked.part == "main"]
        target = NOWHERE.union(*(asked.places for asked in main)) - self.protocol.body.never_worked
        # A step too short for this dose is left out by the protocol itself.
        long_enough = (asked for asked in main if self._own(asked) >= MIN_STEP_SECONDS)
        gone = sum(asked.minutes for asked in long_enough if worked.isdisjoint(asked.places))
        if target and worked.isdisjoint(target):
            yield problem("purpose-gone")
        elif gone > self.protocol.minutes / 2 or self._planned_seconds() < min(self.plan.total_seconds, self._half):
            yield problem("purpose-halved", severity="warning")

    @cached_property
    def _half(self) -> float:
        """Half of the dose, or of what its steps can take of it: in a small dose those under 30 s are left out. A second is rounding."""
        own = (self._own(asked) for asked in self.protocol.asked)
        return LEAST_OF_DOSE * min(self.dose.seconds, sum(seconds for seconds in own if seconds >= MIN_STEP_SECONDS)) - 1

    def _planned_seconds(self) -> int:
        """Seconds of the steps that the stage may mean; the rest is what a hand added elsewhere."""
        return sum(step.seconds for step in self.steps if step.may_be)

    # time -----------------------------------------------------------------------------------------------------------------
    def _own(self, asked: Asked) -> float:
        return self.dose.seconds * asked.minutes / self.protocol.minutes

    def _time_in_places(self) -> Iterator[Problem]:
        """Two steps on one place are one load on it: together they take no more than one step may be stretched to."""
        given: dict[Place, int] = defaultdict(int)
        times: dict[Place, int] = defaultdict(int)
        for step in self.steps:
            for place in step.covered if step.first.part == "main" else ():
                given[place] += step.seconds
                times[place] += 1
        for place in sorted(place for place, count in times.items() if count > 1):
            own = sum(ceil(self._own(asked) - 1e-9) for asked in self.protocol.asked if asked.part == "main" and place in asked.places)
            if 0 < MAX_STRETCH * own < given[place]:
                about = {"zone": place.zone, "side": place.side, "seconds": given[place], "own": own}
                yield problem("place-overworked", self._last_on(place), severity="warning", **about)
                return

    def _last_on(self, place: Place) -> int:
        return next(step.rows[0][0] for step in reversed(self.steps) if place in step.covered and step.first.part == "main")

    def _families(self) -> Iterator[Problem]:
        """A family that grows at the cost of the others changes the mix; stroking is what barred families turn into."""
        for step in self.steps:
            mixes = [profile.shares for asked in step.may_be for profile in self.protocol.profiles_of(asked)]
            for family in dict.fromkeys(step.families):
                shares = max((_share(mix, family) for mix in mixes), default=0)
                seconds = sum(row.seconds for _, row in step.rows if row.family == family)
                own = ceil(step.seconds * shares / 100 - 1e-9)
                if family != "stroking" and shares and seconds > MAX_STRETCH * own + 1:
                    number = next(number for number, row in step.rows if row.family == family)
                    about = {"family": family, "zone": step.first.zone, "seconds": seconds, "own": own}
                    yield problem("family-stretched", number, severity="warning", **about)

    # order ----------------------------------------------------------------------------------------------------------------
    def _parts(self) -> Iterator[Problem]:
        for part in ("opening", "closing"):
            there = [step for step in self.steps if step.first.part == part]
            seconds = sum(step.seconds for step in there)
            own = ceil(sum(self._own(asked) for asked in self.protocol.asked if asked.part == part) - 1e-9)
            if len(there) > 1 and seconds > MAX_STRETCH * own:
                yield problem("part-stretched", there[-1].rows[0][0], severity="warning", part=part, seconds=seconds, own=own)

    def _turns(self) -> Iterator[Problem]:
        """More changes of position than the pace of a course allows, or than the stage itself needs where that is more."""
        held = [step.first.position for step in self.steps]
        changes = sum(one != other for one, other in itertools.pairwise(held))
        most = max(self.protocol.setting.library.course.pace.max_position_changes, self._own_turns)
        if changes > most:
            yield problem("position-changes", severity="warning", changes=changes, most=most)

    def _regions(self) -> Iterator[Problem]:
        """At most two body regions in a visit below 30 minutes (sequencing.toml, two-regions), or as many as the stage itself works."""
        worked = self._roots(NOWHERE.union(*(step.covered for step in self.steps)))
        most = max(MOST_REGIONS, len(self._roots(self.protocol.planned)))
        if self.plan.total_seconds < LONG_VISIT and len(worked) > most:
            yield problem("regions-many", severity="warning", regions=len(worked), seconds=self.plan.total_seconds, most=most)

    def _roots(self, places: Iterable[Place]) -> frozenset[str]:
        body = self.protocol.body
        return frozenset(root for place in places for root in body.line(place.zone) & set(body.roots))

    def _back_before_limbs(self) -> Iterator[Problem]:
        """Spinal programmes work the back before the limbs (sequencing.toml, back-before-limbs)."""
        if self.protocol.setting.condition.group != "spine":
            return
        main = [(step, self._roots(step.covered)) for step in self.steps if step.first.part == "main"]
        backs = [place for place, (_, roots) in enumerate(main) if roots == {"back"}]
        for place, (step, roots) in enumerate(main):
            if roots and roots <= LIMBS and backs and place < backs[-1]:
                yield problem("limbs-before-back", step.rows[0][0], severity="warning", zone=step.first.zone)
                return

    def _relax_before_tone(self) -> Iterator[Problem]:
        """Short muscles are relaxed before weak ones are toned (sequencing.toml, relax-before-tone)."""
        roles = [{asked.role for asked in step.asked} for step in self.steps]
        short = [place for place, found in enumerate(roles) if found == {"short-muscles"}]
        for place, found in enumerate(roles):
            if found == {"weak-muscles"} and short and place < short[-1]:
                step = self.steps[place]
                yield problem("tone-before-relax", step.rows[0][0], severity="warning", zone=step.first.zone)
                return

    @cached_property
    def _own_turns(self) -> int:
        """How often the patient turns over where the stage's steps are taken in their own order."""
        library, body = self.protocol.setting.library, self.protocol.body
        treatment = self.protocol.treatment
        out = {row.position for row in self.bars.limits.positions_out}.union(treatment.forbid_positions)
        still_open = [code for code in (*treatment.positions, *treatment.positions_on_order) if code not in out]
        held: list[str] = []
        for asked in self.protocol.asked:
            sides = {place.side for place in asked.places}
            side: RoleSide = min(sides) if len(sides) == 1 else "both"
            codes = (*held[-1:], *still_open)
            reaching = [code for code in codes if body.reaches(library.positions[code], asked.zone, side)]
            held += reaching[:1]
        return sum(one != other for one, other in itertools.pairwise(held))


def _share(mix: Mapping[str, int], family: str) -> int:
    """The percent of a family in a mix; barred percussion turns into vibration."""
    return mix.get(family, 0) + (mix.get("percussion", 0) if family == "vibration" else 0)
