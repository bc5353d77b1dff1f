"""From the effects of rules to limits: leaf places out, caps, calm, positions. One function per type of effect."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from protocols.method.entries import Effect, Rule
from protocols.method.findings import (
    Advice,
    FamilyOut,
    ForcedCalm,
    Limits,
    MinutesCap,
    Obstacle,
    PlacesOut,
    PositionOut,
    PressureCap,
    Spot,
    SupplementOut,
    TechniqueOut,
)
from protocols.method.library import Library
from protocols.method.places import Place
from protocols.method.reasons import Reason, because
from protocols.method.tree import ZoneTree
from protocols.method.truth import Evidence, decide
from protocols.method.vocabulary import Side
from protocols.method.wording_screening import MARGIN_ADVICE


@dataclass(slots=True)
class Gathered:
    """Limits, advice and obstacles while they are collected; every entry carries its reason. Nothing is ever taken out again."""

    places_out: list[PlacesOut] = field(default_factory=list)
    families_out: list[FamilyOut] = field(default_factory=list)
    techniques_out: list[TechniqueOut] = field(default_factory=list)
    pressure_caps: list[PressureCap] = field(default_factory=list)
    minutes_caps: list[MinutesCap] = field(default_factory=list)
    calm: list[ForcedCalm] = field(default_factory=list)
    supplements_out: list[SupplementOut] = field(default_factory=list)
    positions_out: list[PositionOut] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
    rungs: list[tuple[int, Reason]] = field(default_factory=list)
    advice: list[Advice] = field(default_factory=list)
    measures: list[str] = field(default_factory=list)
    obstacles: list[Obstacle] = field(default_factory=list)

    def add(self, other: "Gathered") -> None:
        """Takes over everything that another collection holds."""
        for name in self.__slots__:
            getattr(self, name).extend(getattr(other, name))

    def freeze(
        self, *, max_down: int, airway_clearance: bool, variants_open: frozenset[str] = frozenset(), positions_ordered: bool = False
    ) -> Limits:
        """The finished limits. Steps down the dose ladder add up, at most ``max_down`` (course-rules.toml, phases)."""
        return Limits(
            places_out=tuple(self.places_out),
            families_out=tuple(self.families_out),
            techniques_out=tuple(self.techniques_out),
            pressure_caps=tuple(self.pressure_caps),
            minutes_caps=tuple(self.minutes_caps),
            calm=tuple(self.calm),
            supplements_out=tuple(self.supplements_out),
            positions_out=tuple(self.positions_out),
            spots=tuple(self.spots),
            rungs_down=min(sum(steps for steps, _ in self.rungs), max_down),
            rungs_because=tuple(reason for _, reason in self.rungs),
            airway_clearance=airway_clearance,
            variants_open=variants_open,
            positions_ordered=positions_ordered,
        )


@dataclass(frozen=True, slots=True)
class Source:
    """The rule whose effect is applied, and what it is applied to."""

    rule: Rule
    library: Library
    evidence: Evidence

    def reason(self, code: str, **about: object) -> Reason:
        """A reason that names the rule and its sources."""
        return because(code, sources=self.rule.sources, rule=self.rule.code, **about)


def gather_effects(rule: Rule, effects: Iterable[Effect], library: Library, evidence: Evidence) -> Gathered:
    """The limits that these effects of one rule set. Raises ``KeyError`` for a type of effect or a code that is not known."""
    gathered, source = Gathered(), Source(rule, library, evidence)
    for effect in effects:
        _APPLY[effect.type](gathered, effect, source)
    return gathered


def unanswered_exclusions(rule: Rule, effects: Iterable[Effect], evidence: Evidence) -> list[Obstacle]:
    """The facts that should name the zones of an exclusion and are unknown: each keeps the session from starting."""
    facts = [effect.fact for effect in effects if effect.type == "exclude-zones-from" and effect.fact in evidence.unknown]
    return [Obstacle("fact", fact, because("exclusion-unknown", fact=fact, rule=rule.code)) for fact in facts if fact is not None]


@lru_cache(maxsize=2048)
def leaf_places_of(tree: ZoneTree, zones: tuple[str, ...], side: Side = "both") -> frozenset[Place]:
    """The leaf places of zones on one side. Raises ``KeyError`` for an unknown zone."""
    return frozenset[Place]().union(*(tree.leaf_places(Place(zone, side)) for zone in zones))


@lru_cache(maxsize=256)
def distal_of(places: frozenset[Place], tree: ZoneTree) -> frozenset[Place]:
    """The places with every part of the same limb and side that lies further from the trunk."""
    found = set(places)
    for place in places:
        rank = tree.limb_rank(place.zone)
        if rank is not None:
            found |= {other for other in tree.all_places() if _is_below(other, place, rank, tree)}
    return frozenset(found)


def _is_below(other: Place, place: Place, rank: int, tree: ZoneTree) -> bool:
    depth = tree.limb_rank(other.zone)
    return depth is not None and depth > rank and other.side == place.side and tree.limb(other.zone) == tree.limb(place.zone)


def _exclude_zones(gathered: Gathered, effect: Effect, source: Source) -> None:
    tree = source.library.tree
    places = frozenset[Place]().union(*(leaf_places_of(tree, effect.zones, side) for side in _sides(effect, source.evidence)))
    gathered.places_out.append(PlacesOut(places, source.reason("rule-excludes-zone")))


def _sides(effect: Effect, evidence: Evidence) -> tuple[Side, ...]:
    """The sides that an exclusion binds: both where the fact that should name the side does not."""
    if effect.side_from is None:
        return (effect.side or "both",)
    named = evidence.known.get(effect.side_from)
    if not isinstance(named, frozenset) or not named:
        return ("both",)
    sides: tuple[Side, ...] = ("left", "right")
    return tuple(side for side in sides if side in named)


def _exclude_zones_from(gathered: Gathered, effect: Effect, source: Source) -> None:
    tree, fact = source.library.tree, str(effect.fact)
    gathered.obstacles += unanswered_exclusions(source.rule, (effect,), source.evidence)
    places = source.evidence.places(fact) or leaf_places_of(tree, effect.default)
    if not places:
        return
    if effect.extend == "distal":
        places = distal_of(places, tree)
    if effect.margin is not None:
        gathered.advice.append(Advice("note", MARGIN_ADVICE[effect.margin], source.rule.code))
    if effect.scope == "spot":
        gathered.spots.append(Spot(places, source.reason("rule-marks-spot", fact=fact)))
    else:
        gathered.places_out.append(PlacesOut(places, source.reason("rule-excludes-zone", fact=fact)))


def _only_zones(gathered: Gathered, effect: Effect, source: Source) -> None:
    tree = source.library.tree
    places = tree.all_places() - leaf_places_of(tree, effect.zones)
    gathered.places_out.append(PlacesOut(places, source.reason("rule-leaves-only-zones")))


_NOWHERE: frozenset[Place] = frozenset()


def _where(effect: Effect, source: Source) -> frozenset[Place] | None:
    """Where an effect holds: None = everywhere, also while the fact that should name the zones is unknown; nowhere when it is empty."""
    if effect.zones_from is not None:
        return None if effect.zones_from in source.evidence.unknown else source.evidence.places(effect.zones_from)
    return leaf_places_of(source.library.tree, effect.zones) if effect.zones else None


def _exclude_families(gathered: Gathered, effect: Effect, source: Source) -> None:
    places = _where(effect, source)
    if places == _NOWHERE or (effect.unless is not None and source.evidence.is_true(effect.unless)):
        return
    for family in effect.families:
        gathered.families_out.append(FamilyOut(family, places, source.reason("rule-excludes-family", family=family)))


def _exclude_techniques(gathered: Gathered, effect: Effect, source: Source) -> None:
    for technique in effect.techniques:
        gathered.techniques_out.append(TechniqueOut(technique, None, source.reason("rule-excludes-technique", technique=technique)))


def _exclude_supplements(gathered: Gathered, effect: Effect, source: Source) -> None:
    for word in effect.supplements:
        gathered.supplements_out += supplements_meant(word, source.library, source.reason("rule-excludes-supplement", word=word))


def supplements_meant(word: str, library: Library, reason: Reason) -> list[SupplementOut]:
    """What a word of ``exclude-supplements`` or ``forbid_supplements`` bars. A word that is both a class and a supplement means the class.

    A class that lists points bars those points, and any point over its zones, of every point method.
    Raises ``KeyError`` for an unknown word.
    """
    if word not in library.supplement_classes:
        return [SupplementOut(library.supplements[word].code, None, None, reason)]
    meant = library.supplement_classes[word]
    out = [SupplementOut(member, None, None, reason) for member in meant.members]
    for method in library.supplement_classes["points"].members if meant.points or meant.zones else ():
        out.append(SupplementOut(method, frozenset(meant.points), None, reason))
        out.append(SupplementOut(method, None, leaf_places_of(library.tree, meant.zones), reason))
    return out


def _max_pressure(gathered: Gathered, effect: Effect, source: Source) -> None:
    places, level = _where(effect, source), _number(effect.level)
    if places != _NOWHERE:
        gathered.pressure_caps.append(PressureCap(level, places, source.reason("rule-caps-pressure", level=level)))


def _max_minutes(gathered: Gathered, effect: Effect, source: Source) -> None:
    minutes, age = _number(effect.minutes), source.evidence.known.get("patient.age")
    low, high = effect.age_min, effect.age_max
    # Without an age every band holds: the lowest cap wins.
    if isinstance(age, int) and ((low is not None and age < low) or (high is not None and age > high)):
        return
    gathered.minutes_caps.append(MinutesCap(minutes, source.reason("rule-caps-minutes", minutes=minutes)))


def _number(value: int | None) -> int:
    if value is None:
        raise ValueError("a cap without a number")
    return value


def _force_mode(gathered: Gathered, effect: Effect, source: Source) -> None:
    if effect.mode != "calming":
        raise ValueError(f"mode {effect.mode!r} cannot be forced")
    gathered.calm.append(ForcedCalm(_where(effect, source), source.reason("rule-forces-calm")))


def _forbid_positions(gathered: Gathered, effect: Effect, source: Source) -> None:
    for position in effect.positions:
        gathered.positions_out.append(PositionOut(position, source.reason("rule-forbids-position", position=position)))


def _allow_positions(gathered: Gathered, effect: Effect, source: Source) -> None:
    for position in (code for code in source.library.positions if code not in effect.positions):
        gathered.positions_out.append(PositionOut(position, source.reason("rule-allows-other-positions", position=position)))


def _lower_dose(gathered: Gathered, effect: Effect, source: Source) -> None:
    steps = _number(effect.steps)
    gathered.rungs.append((steps, source.reason("rule-lowers-dose", steps=steps)))


def _require_measure(gathered: Gathered, effect: Effect, source: Source) -> None:
    if effect.when is not None and decide(effect.when, source.evidence) is False:
        return
    gathered.measures += effect.facts
    for fact in effect.facts:
        if fact in source.evidence.unknown:
            gathered.obstacles.append(Obstacle("fact", fact, because("measure-missing", fact=fact, rule=source.rule.code)))


def _advice(gathered: Gathered, effect: Effect, source: Source) -> None:
    gathered.advice.append(Advice(str(effect.topic), effect.text, source.rule.code))


_APPLY: Mapping[str, Callable[[Gathered, Effect, Source], None]] = {
    "exclude-zones": _exclude_zones,
    "exclude-zones-from": _exclude_zones_from,
    "only-zones": _only_zones,
    "exclude-families": _exclude_families,
    "exclude-techniques": _exclude_techniques,
    "exclude-supplements": _exclude_supplements,
    "max-pressure": _max_pressure,
    "max-minutes": _max_minutes,
    "force-mode": _force_mode,
    "forbid-positions": _forbid_positions,
    "allow-positions": _allow_positions,
    "lower-dose": _lower_dose,
    "require-measure": _require_measure,
    "advice": _advice,
}
