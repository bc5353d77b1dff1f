"""What is barred, and how strong a place may be worked: by the stage and the age (the protocol), and on top by the findings.

The two are kept apart on purpose. The protocol alone decides what a session would be; findings only take away from that. So a further
finding can never bring back a zone, a family, pressure, percussion or time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from protocols.method.entries import AgeFactor, StagePercussion, Technique, Variant
from protocols.method.places import Place
from protocols.method.plans import Adaptation
from protocols.method.reasons import Reason, because
from protocols.method.roles import forbid_places
from protocols.method.session.body import FINGERTIP, Body
from protocols.method.setting import Setting

AIRWAY_CLEARANCE = "history.airway-clearance-prescribed"
# Percussion policy "light" and "muscle" (head of techniques.toml); "allowed" zones keep to the muscle's ceiling too.
LIGHT_PRESSURE = 2
MUSCLE_PRESSURE = 3
# No principal stroking technique works deeper than superficial muscle.
STROKING_PRESSURE = 3


@dataclass(frozen=True, slots=True)
class Bar:
    """A mask of leaf places and why nothing, or not this, is done there."""

    mask: int
    because: Reason


@dataclass(frozen=True, slots=True)
class Cap:
    """A pressure ceiling on a mask of leaf places."""

    level: int
    mask: int
    because: Reason


@dataclass(slots=True)
class Bars:
    """Bars of one source: whole places, families and techniques."""

    places: list[Bar] = field(default_factory=list)
    families: dict[str, list[Bar]] = field(default_factory=dict)
    techniques: dict[str, list[Bar]] = field(default_factory=dict)
    caps: list[Cap] = field(default_factory=list)
    out: int = 0

    def bar_place(self, bar: Bar) -> None:
        """Nothing is done on these places."""
        self.places.append(bar)
        self.out |= bar.mask

    def bar_family(self, family: str, bar: Bar) -> None:
        """The family is out there."""
        self.families.setdefault(family, []).append(bar)

    def bar_technique(self, technique: str, bar: Bar) -> None:
        """The technique is out there."""
        self.techniques.setdefault(technique, []).append(bar)

    def family_mask(self, family: str) -> int:
        """All places on which these bars leave the family out."""
        mask = 0
        for bar in self.families.get(family, ()):
            mask |= bar.mask
        return mask

    def technique_mask(self, technique: str) -> int:
        """All places on which these bars leave the technique itself out."""
        mask = 0
        for bar in self.techniques.get(technique, ()):
            mask |= bar.mask
        return mask

    def against(self, technique: Technique) -> int:
        """All places on which these bars leave a technique out, for its own sake or its family's."""
        return self.family_mask(technique.family) | self.technique_mask(technique.code)

    def as_key(self) -> tuple[tuple[str, int], ...]:
        """The bars of families and techniques as one value: equal bars, equal key."""
        named = [(code, bar.mask) for code, bars in self.families.items() for bar in bars]
        named += [(code, bar.mask) for code, bars in self.techniques.items() for bar in bars]
        return tuple(sorted(named))


def is_set(value: object) -> bool:
    """Whether a fact bars what avoids it: true, not empty, or a number above 0 (head of techniques.toml)."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value > 0
    return bool(value)


def age_row(setting: Setting) -> AgeFactor:
    """The row of the age table for the patient. Raises ``ValueError`` for an age outside the table."""
    for row in setting.library.course.age_factor:
        if row.age_min <= setting.age <= row.age_max:
            return row
    raise ValueError(f"age {setting.age} is outside the age table")


# The protocol's bars --------------------------------------------------------------------------------------------------------
def protocol_bars(setting: Setting, body: Body, variant: Variant | None) -> Bars:
    """What the stage forbids on this patient's sides, the strokes its zones allow, and the ceilings of stage, danger map and age."""
    bars = Bars()
    _forbid_rows(setting, body, variant, bars)
    for technique in body.of_family["percussion"]:
        struck = _strikable(setting, body, technique, variant.percussion if variant else setting.treatment.percussion)
        bars.bar_technique(technique.code, Bar(body.everywhere & ~struck, because("percussion-policy", technique=technique.code)))
    bars.caps.extend(_protocol_caps(setting, body))
    return bars


def _forbid_rows(setting: Setting, body: Body, variant: Variant | None, bars: Bars) -> None:
    lifted = variant.lifts_forbid if variant else ()
    for row in setting.treatment.forbid:
        if row.scope is not None or row.family in lifted:
            continue
        mask = body.mask(forbid_places(setting.library, setting.condition, setting.inputs, row))
        bar = Bar(mask, because("stage-forbids", stage=f"{setting.condition.code}/{setting.stage.code}", zone=row.zone))
        if row.family == "all":
            bars.bar_place(bar)
        elif row.family is not None:
            bars.bar_family(row.family, bar)
        elif row.technique is not None:
            bars.bar_technique(row.technique, bar)


def _protocol_caps(setting: Setting, body: Body) -> Iterator[Cap]:
    for row in setting.treatment.pressure_max_at:
        yield Cap(row.level, body.of_zones((row.zone,)), because("pressure-stage-zone", zone=row.zone, level=row.level))
    for level, mask, danger in body.danger_caps:
        yield Cap(level, mask, because("pressure-danger", danger=danger.code, level=level, sources=danger.sources))
    age = age_row(setting).pressure_max
    yield Cap(age, body.everywhere, because("pressure-age", age=setting.age, level=age))
    stage = setting.treatment.pressure_max
    yield Cap(stage, body.everywhere, because("pressure-stage", stage=f"{setting.condition.code}/{setting.stage.code}", level=stage))


def _strikable(setting: Setting, body: Body, technique: Technique, named: StagePercussion | None) -> int:
    """Where the technique may strike: policy of each zone, what the stage names, and the age."""
    age = age_row(setting).percussion
    airway = setting.screening.limits.airway_clearance and named is not None and named.requires == AIRWAY_CLEARANCE
    if (age == "never" and not airway) or (age == "light" and not technique.light):
        return 0
    mask = body.policy.get("muscle", 0) | body.policy.get("allowed", 0)
    if technique.light:
        mask |= body.policy.get("light", 0)
    if airway:
        mask |= body.policy.get("prescribed", 0)
    if named is None:
        return mask
    if technique.code in FINGERTIP:
        mask |= body.policy.get("fingertip", 0)
    asked = named.requires is None or _holds(setting, named.requires)
    return mask & body.of_zones(named.zones) if asked and technique.code in named.techniques else 0


def _holds(setting: Setting, fact: str) -> bool:
    if fact == AIRWAY_CLEARANCE:
        return setting.screening.limits.airway_clearance
    return is_set(setting.screening.facts.get(fact))


def percussion_pressure(setting: Setting, body: Body, mask: int) -> int:
    """The ceiling of strokes on these places: the strictest policy among them."""
    light = mask & body.policy.get("light", 0) or age_row(setting).percussion == "light"
    return LIGHT_PRESSURE if light else MUSCLE_PRESSURE


# The findings' bars ---------------------------------------------------------------------------------------------------------
def finding_bars(setting: Setting, body: Body, adaptation: Adaptation) -> Bars:
    """What the screening and earlier sessions take away."""
    limits, bars = setting.screening.limits, Bars()
    for out in limits.places_out:
        bars.bar_place(Bar(body.of_any(out.places), out.because))
    for family in limits.families_out:
        bars.bar_family(family.family, Bar(_mask(body, family.places), family.because))
    for technique in limits.techniques_out:
        bars.bar_technique(technique.technique, Bar(_mask(body, technique.places), technique.because))
    for cap in limits.pressure_caps:
        bars.caps.append(Cap(cap.level, _mask(body, cap.places), cap.because))
    for code in adaptation.leave_out:
        bars.bar_technique(code, Bar(body.everywhere, because("left-out-by-record", technique=code)))
    _avoided(setting, body, bars)
    return bars


def _mask(body: Body, places: frozenset[Place] | None) -> int:
    return body.everywhere if places is None else body.of_any(places)


def _avoided(setting: Setting, body: Body, bars: Bars) -> None:
    """Techniques that the patient's own facts bar (``avoid_when`` everywhere, ``avoid_at`` in the zones of the fact)."""
    facts: Mapping[str, object] = setting.screening.facts
    for technique in setting.library.techniques.values():
        for fact in technique.avoid_when:
            if is_set(facts.get(fact)):
                bars.bar_technique(
                    technique.code, Bar(body.everywhere, because("technique-avoids-fact", technique=technique.code, fact=fact))
                )
        for fact in technique.avoid_at:
            named = facts.get(fact)
            if isinstance(named, tuple) and named:
                why = because("technique-avoids-fact", technique=technique.code, fact=fact)
                bars.bar_technique(technique.code, Bar(body.of_any(named), why))
