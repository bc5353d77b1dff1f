"""The finite domain of the method: every stage under every distinct effect of a rule, planned, checked and compared with the oracle.

Used by ``manage.py verify safety`` on all cores and, without pairs, by the test suite. A *signature* is one way in which a finding
narrows a session.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from protocols.method.barring import gather_barred
from protocols.method.checking import check_plan
from protocols.method.course import plan_course
from protocols.method.entries import AllInputs, AnyInput, Condition, ConditionInput, Effect, InputTree, Stage
from protocols.method.findings import (
    NO_LIMITS,
    Bar,
    FamilyOut,
    ForcedCalm,
    Limits,
    MinutesCap,
    PlacesOut,
    PositionOut,
    PressureCap,
    Screening,
    TechniqueOut,
)
from protocols.method.library import Library
from protocols.method.places import Place
from protocols.method.plans import NO_ADAPTATION, Dose, SessionPlan
from protocols.method.reasons import because
from protocols.method.roles import planned_places
from protocols.method.session import build_sessions
from protocols.method.setting import Setting
from protocols.method.vocabulary import Outcome, Side
from protocols.oracle import forecast

WHY = because("finding", rule="ca-07")
# One place of each kind for effects that name their zones by a fact: a limb segment, a strip of the back, a joint line, an unpaired zone.
SAMPLE_PLACES = (Place("thigh-posterior", "left"), Place("lumbar", "right"), Place("shoulder-joint", "both"), Place("colon-path", "both"))
AGES_OF_STAGE = {"between-attacks-child": 9}
ADULT = 40
ZONE_INPUTS: Mapping[str, tuple[Place, ...]] = {
    "short_muscles": (Place("pectoral", "both"), Place("forearm", "both")),
    "weak_muscles": (Place("deltoid", "both"),),
    "scar": (Place("shin", "both"),),
    "tense_convex_segments": (Place("paravertebral-lumbar", "both"),),
    "flaccid_concave_segments": (Place("paravertebral-lumbar", "both"),),
}


@dataclass(frozen=True, slots=True)
class Signature:
    """One distinct narrowing: its words for a report, the limits, and what of them a referral or the patient bars."""

    name: str
    limits: Limits
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True)
class Breach:
    """A plan that the checker or the oracle refused, or that could not be built at all."""

    where: str
    session: int
    problems: tuple[str, ...]


# Signatures -----------------------------------------------------------------------------------------------------------------
def signatures(library: Library) -> tuple[Signature, ...]:
    """Every distinct effect of the rules, of their residuals and of what holds while a document is missing, in the order of the rules."""
    found: dict[Limits, Signature] = {}
    for effect in _effects(library):
        for number, limits in enumerate(_limits(effect, library)):
            if limits != NO_LIMITS:
                found.setdefault(limits, Signature(f"{effect.type} {_words(effect)} {number}".strip(), limits))
    for technique in library.techniques.values():
        limits = Limits(techniques_out=(TechniqueOut(technique.code, None, WHY),))
        found.setdefault(limits, Signature(f"without {technique.code}", limits))
    return tuple(found.values())


def barred(library: Library, *bars: Bar) -> Signature:
    """The narrowing by bars of a referral or of the patient."""
    limits = gather_barred(bars, library).freeze(max_down=library.course.phases.max_down, airway_clearance=False)
    words = (f"{bar.source} {' '.join([*(place.zone for place in bar.places), *sorted(bar.techniques)])}" for bar in bars)
    return Signature(f"barred by {', '.join(words)}", limits, bars)


def zone_bars(setting: Setting) -> Iterator[Signature]:
    """Each leaf zone that the stage plans, barred on both sides by a referral."""
    places = planned_places(setting.library, setting.condition, setting.stage, setting.inputs)
    for zone in sorted({place.zone for place in places}):
        yield barred(setting.library, Bar("referral", (Place(zone, "both"),)))


def _effects(library: Library) -> Iterator[Effect]:
    for rule in library.rules.values():
        yield from rule.effects
        if rule.clearance is not None:
            yield from rule.clearance.residual or ()
            yield from rule.clearance.if_missing


def _words(effect: Effect) -> str:
    lists = (effect.zones, effect.families, effect.techniques, effect.positions)
    rest = (effect.fact, effect.zones_from, effect.level, effect.minutes)
    return " ".join([*(word for words in lists for word in words), *(str(word) for word in rest if word is not None)])


def _leaves(library: Library, places: Iterable[Place]) -> frozenset[Place]:
    return frozenset(leaf for place in places for leaf in library.tree.leaf_places(place))


def _places(effect: Effect, library: Library) -> Iterator[frozenset[Place] | None]:
    """The leaf places that an effect may mean: its own, or one sample each where a fact names them; None is everywhere."""
    if effect.zones:
        sides: tuple[Side, ...] = ("left", "right") if effect.side_from else (effect.side or "both",)
        for side in sides:
            yield _leaves(library, (Place(zone, "both" if not library.zones[zone].paired else side) for zone in effect.zones))
    elif effect.zones_from or effect.fact:
        for place in SAMPLE_PLACES:
            yield _leaves(library, (place,))
    else:
        yield None


def _limits(effect: Effect, library: Library) -> Iterator[Limits]:
    """The limits of one effect; advice, measures and supplements narrow no step and give none."""
    if effect.type in ("exclude-zones", "exclude-zones-from") and effect.scope != "spot":
        yield from (Limits(places_out=(PlacesOut(places, WHY),)) for places in _places(effect, library) if places)
    elif effect.type == "only-zones":
        yield Limits(
            places_out=(PlacesOut(library.tree.all_places() - _leaves(library, (Place(zone, "both") for zone in effect.zones)), WHY),)
        )
    elif effect.type == "exclude-families":
        for places in _places(effect, library):
            yield Limits(families_out=tuple(FamilyOut(family, places, WHY) for family in effect.families))
    elif effect.type == "exclude-techniques":
        yield Limits(techniques_out=tuple(TechniqueOut(code, None, WHY) for code in effect.techniques))
    elif effect.type == "max-pressure":
        yield from (Limits(pressure_caps=(PressureCap(effect.level or 1, places, WHY),)) for places in _places(effect, library))
    elif effect.type == "force-mode":
        yield from (Limits(calm=(ForcedCalm(places, WHY),)) for places in _places(effect, library))
    else:
        yield from _limits_of_session(effect, library)


def _limits_of_session(effect: Effect, library: Library) -> Iterator[Limits]:
    if effect.type == "max-minutes":
        yield Limits(minutes_caps=(MinutesCap(effect.minutes or 0, WHY),))
    elif effect.type == "forbid-positions":
        yield Limits(positions_out=tuple(PositionOut(code, WHY) for code in effect.positions))
    elif effect.type == "allow-positions":
        yield Limits(positions_out=tuple(PositionOut(code, WHY) for code in library.positions if code not in effect.positions))
    elif effect.type == "lower-dose":
        yield Limits(rungs_down=effect.steps or 0, rungs_because=(WHY,))


def together(one: Signature, other: Signature, max_down: int) -> Signature:
    """Both narrowings at once."""
    merged = Limits(
        places_out=one.limits.places_out + other.limits.places_out,
        families_out=one.limits.families_out + other.limits.families_out,
        techniques_out=one.limits.techniques_out + other.limits.techniques_out,
        supplements_out=one.limits.supplements_out + other.limits.supplements_out,
        pressure_caps=one.limits.pressure_caps + other.limits.pressure_caps,
        minutes_caps=one.limits.minutes_caps + other.limits.minutes_caps,
        calm=one.limits.calm + other.limits.calm,
        positions_out=one.limits.positions_out + other.limits.positions_out,
        rungs_down=min(max_down, one.limits.rungs_down + other.limits.rungs_down),
        rungs_because=one.limits.rungs_because + other.limits.rungs_because,
    )
    return Signature(f"{one.name} + {other.name}", merged, one.bars + other.bars)


# Settings -------------------------------------------------------------------------------------------------------------------
def settings(library: Library) -> tuple[Setting, ...]:
    """One setting without findings for each stage that may be massaged and each way its inputs place the steps."""
    return tuple(
        Setting(library, condition, stage, inputs, _screening(age, _permissive(stage)), age)
        for condition in library.conditions.values()
        for stage in condition.stages.values()
        if stage.treatment is not None
        for age in (AGES_OF_STAGE.get(stage.code, ADULT),)
        for inputs in inputs_of(condition, stage)
    )


def _permissive(stage: Stage) -> Limits:
    """Everything open that a stage can open: ordered positions, prescribed airway clearance and its variants."""
    variants = frozenset(variant.code for variant in stage.treatment.variants) if stage.treatment else frozenset()
    return Limits(airway_clearance=True, positions_ordered=True, variants_open=variants)


def _screening(age: int, limits: Limits) -> Screening:
    facts = {"patient.age": age, "history.airway-clearance-prescribed": limits.airway_clearance}
    return Screening(Outcome.CLEAR, (), (), (), limits, (), facts=facts)


def narrowed(setting: Setting, signature: Signature) -> Setting:
    """The same setting after a finding with this signature."""
    opened = setting.screening.limits
    limits = replace(
        signature.limits,
        airway_clearance=opened.airway_clearance,
        positions_ordered=opened.positions_ordered,
        variants_open=opened.variants_open,
    )
    return replace(setting, screening=replace(setting.screening, outcome=Outcome.MODIFY, limits=limits, bars=signature.bars))


def inputs_of(condition: Condition, stage: Stage) -> Iterator[Mapping[str, object]]:
    """The required inputs of a stage, in each combination of sides and regions; other choices take their first value."""
    choices: list[dict[str, object]] = [{}]
    for entry in condition.inputs:
        choices = [{**chosen, **answer} for chosen in choices for answer in _answers(entry, stage, chosen)]
    yield from choices


def _answers(entry: ConditionInput, stage: Stage, chosen: Mapping[str, object]) -> tuple[dict[str, object], ...]:
    if not entry.required and not (entry.required_when is not None and holds(entry.required_when, stage.code, chosen)):
        return ({},)
    if entry.type == "zones":
        return ({entry.code: ZONE_INPUTS[entry.code]},)
    if entry.type != "enum":
        return ({entry.code: {"bool": True, "int": 100}.get(entry.type, "as told")},)
    fitting = [value for value in entry.values if stage.code in entry.stage_of.get(value, (stage.code,))]
    places = entry.code in ("affected_side", "region", "curve_shape", "convex_side", "lumbar_convex_side")
    return tuple({entry.code: value} for value in (fitting if places else fitting[:1]))


def holds(tree: InputTree, stage: str, chosen: Mapping[str, object]) -> bool:
    """Whether a tree over inputs holds for the chosen stage and inputs."""
    if isinstance(tree, AllInputs):
        return all(holds(branch, stage, chosen) for branch in tree.branches)
    if isinstance(tree, AnyInput):
        return any(holds(branch, stage, chosen) for branch in tree.branches)
    answer = stage if tree.input is None else chosen.get(tree.input)
    wanted = tree.value if isinstance(tree.value, tuple) else (tree.value,)
    return answer in wanted


# Proof ----------------------------------------------------------------------------------------------------------------------
def doses_of(setting: Setting) -> tuple[Dose, ...]:
    """One dose of each phase of the usual course."""
    count = setting.treatment.sessions.usual
    course = plan_course(setting, count=count)
    return tuple(course.doses[number - 1] for number in sorted({1, count - count // 3, count}))


def plans_of(setting: Setting) -> Iterator[tuple[SessionPlan, Setting]]:
    """One session of each phase of the usual course."""
    for plan in build_sessions(setting, doses=doses_of(setting)):
        yield plan, setting


def prove(setting: Setting, signature: Signature) -> tuple[int, tuple[Breach, ...]]:
    """How many plans were made under this signature, and each one that the checker or the oracle does not accept.

    Whatever a builder raises is a breach as well: the patient would get no plan, and nobody the reason.
    """
    narrow = narrowed(setting, signature)
    where = f"{setting.condition.code}/{setting.stage.code} {dict(setting.inputs)} {signature.name}"
    try:
        found = [(plan.number, tuple(judged(plan, narrow))) for plan, _ in plans_of(narrow)]
    except Exception as wrong:
        return 0, (Breach(where, 0, (f"not-built: {type(wrong).__name__} {wrong}",)),)
    return len(found), tuple(Breach(where, number, sentences) for number, sentences in found if sentences)


def judged(plan: SessionPlan, setting: Setting) -> Iterator[str]:
    """What the independent checker and the oracle of liveness have against a plan; nothing for a good one."""
    if plan.dose is None:
        yield "no-dose: the plan does not say what dose it was built for"
        return
    for problem in check_plan(plan, setting, dose=plan.dose):
        yield f"{problem.code}: {problem.sentence}"
    expected = forecast(setting, plan.dose, NO_ADAPTATION)
    if expected.steps is not None and bool(plan.rows) != expected.steps:
        yield f"liveness: {len(plan.rows)} rows, but {expected.because}"
    if not plan.rows and not (plan.outcome >= Outcome.DEFER and plan.omissions):
        yield "liveness: no rows, and no reason for it"
