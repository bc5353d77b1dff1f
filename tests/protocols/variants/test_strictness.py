"""Nothing that bears on safety can be made laxer unseen: every field of an entry is compared, or stands on a list with its reason."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

import pytest

from protocols.method import entries
from protocols.method.entries import AllOf, Always, AnyOf, Comparison, Effect, Not
from protocols.method.frozen import FrozenMap
from protocols.method.library import Library
from protocols.method.vocabulary import Outcome
from protocols.shelf import shipped_library
from protocols.variants import strict_course, strict_effects, strict_rules, strict_stages, strict_tables, strict_treatment
from protocols.variants.harmless import HARMLESS
from protocols.variants.strict_trees import implies
from protocols.variants.strictness import loosened, tightened
from tests.each import of_each

SHIPPED = shipped_library()
COMPARED: Mapping[type, tuple[Mapping[str, Any], ...]] = {
    Library: (strict_tables.FIXED, {"conditions": 1, "rules": 1, "course": 1}),
    entries.Condition: (strict_stages.OF_CONDITION, {"stages": 1}),
    entries.Stage: (strict_stages.OF_STAGE, {"treatment": 1, "becomes_allowed_when": 1}),
    entries.Treatment: (
        strict_treatment.OF_TREATMENT,
        strict_treatment.BY_FUNCTION,
        {"minutes": strict_treatment.OF_MINUTES, "sessions": strict_treatment.OF_SESSIONS, "cadence": strict_treatment.OF_CADENCE},
    ),
    entries.Minutes: (strict_treatment.OF_MINUTES,),
    entries.SessionCount: (strict_treatment.OF_SESSIONS,),
    entries.Cadence: (strict_treatment.OF_CADENCE,),
    entries.Variant: (strict_treatment.OF_VARIANT, {"percussion": 1}),
    entries.Rule: (strict_rules.OF_RULE, strict_rules.BY_FUNCTION),
    entries.ClearanceTerms: (strict_rules.OF_TERMS, {"residual": 1, "if_missing": 1, "required_when": 1, "outcome_until": 1}),
    Effect: (strict_effects.BY_FIELD, strict_effects.BY_FUNCTION),
    entries.CourseRules: (strict_course.BY_FUNCTION,),
    entries.PhaseRule: (strict_course.OF_PHASE,),
    entries.AgeFactor: (strict_course.OF_AGE,),
    entries.Gap: (strict_course.OF_GAP,),
    entries.StopSet: (strict_course.OF_STOP_SET,),
    entries.Phases: (strict_course.OF_PHASES,),
    entries.Review: (strict_course.OF_REVIEW,),
    entries.Repeat: (strict_course.OF_REPEAT,),
    entries.Capacity: (strict_course.OF_CAPACITY,),
    entries.Pace: (strict_course.OF_PACE,),
    entries.LowComfort: (strict_course.OF_LOW_COMFORT,),
    entries.MarkedZone: (strict_course.OF_MARKED_ZONE,),
    entries.LastingPain: (strict_course.OF_LASTING_PAIN,),
    entries.Discomfort: (strict_course.OF_DISCOMFORT, {"low_comfort": 1, "marked_zone": 1, "pain_over_24h": 1}),
}


@of_each("kind", COMPARED, ids=lambda kind: kind.__name__)
def test_every_field_is_compared_or_harmless_for_a_reason_and_never_both(kind: type) -> None:
    compared = {name for table in COMPARED[kind] for name in table}
    harmless = HARMLESS.get(kind, {})
    assert compared | set(harmless) == {item.name for item in fields(kind)}
    assert compared & set(harmless) == set()
    assert all(len(reason) > 8 for reason in harmless.values())


def test_every_kind_of_entry_that_a_variant_may_change_is_walked() -> None:
    assert set(HARMLESS) <= set(COMPARED)


# A library with one thing changed ---------------------------------------------------------------------------------------------
def with_treatment(condition: str, stage: str, **changed: Any) -> Library:
    there = SHIPPED.conditions[condition]
    treatment = there.stages[stage].treatment
    assert treatment is not None
    return with_stage(condition, stage, treatment=replace(treatment, **changed))


def with_stage(condition: str, stage: str, **changed: Any) -> Library:
    there = SHIPPED.conditions[condition]
    return with_condition(condition, stages=FrozenMap({**there.stages, stage: replace(there.stages[stage], **changed)}))


def with_condition(condition: str, **changed: Any) -> Library:
    there = replace(SHIPPED.conditions[condition], **changed)
    return replace(SHIPPED, digest="x", conditions=FrozenMap({**SHIPPED.conditions, condition: there}))


def with_rule(code: str, **changed: Any) -> Library:
    return replace(SHIPPED, digest="x", rules=FrozenMap({**SHIPPED.rules, code: replace(SHIPPED.rules[code], **changed)}))


def with_course(**changed: Any) -> Library:
    return replace(SHIPPED, digest="x", course=replace(SHIPPED.course, **changed))


def codes(own: Library) -> set[str]:
    return {each.code for each in loosened(SHIPPED, own)}


def treatment_of(condition: str, stage: str) -> entries.Treatment:
    treatment = SHIPPED.conditions[condition].stages[stage].treatment
    assert treatment is not None
    return treatment


def test_the_release_loosens_nothing_against_itself() -> None:
    assert loosened(SHIPPED, replace(SHIPPED, digest="x")) == ()


COLLAR = ("neck-collar", "calming")
T = treatment_of(*COLLAR)
PNEUMONIA = next(
    (condition.code, stage.code)
    for condition in SHIPPED.conditions.values()
    for stage in condition.stages.values()
    if stage.treatment is not None and stage.treatment.percussion is not None and stage.treatment.percussion.requires
)
STRIKES = treatment_of(*PNEUMONIA).percussion
assert STRIKES is not None
LATE = next(
    (condition.code, stage.code)
    for condition in SHIPPED.conditions.values()
    for stage in condition.stages.values()
    if stage.treatment is not None and any(step.from_session > 1 for step in stage.treatment.steps)
)


def early(treatment: entries.Treatment) -> tuple[entries.Step, ...]:
    return tuple(replace(step, from_session=1) for step in treatment.steps)


@of_each(
    ("laxer", "code"),
    [
        (lambda: with_treatment(*COLLAR, pressure_max=4), "pressure-max"),
        (lambda: with_treatment(*COLLAR, minutes=replace(T.minutes, first=15)), "minutes-first"),
        (lambda: with_treatment(*COLLAR, minutes=replace(T.minutes, full=16, max=16)), "minutes-full"),
        (lambda: with_treatment(*COLLAR, minutes=replace(T.minutes, max=20)), "minutes-max"),
        (lambda: with_treatment(*COLLAR, sessions=replace(T.sessions, max=20)), "sessions-max"),
        (lambda: with_treatment(*COLLAR, cadence=replace(T.cadence, per_week=7)), "per-week"),
        (lambda: with_treatment(*COLLAR, forbid=T.forbid[1:]), "forbid"),
        (lambda: with_treatment(*COLLAR, warnings=T.warnings[1:]), "warnings"),
        (lambda: with_treatment(*PNEUMONIA, stop_sets=()), "stop-sets"),
        (lambda: with_treatment(*COLLAR, positions=(*T.positions, "supine")), "positions"),
        (lambda: with_treatment(*COLLAR, tempo="tonic"), "tempo"),
        (lambda: with_treatment(*COLLAR, mode="tonic"), "mode"),
        (lambda: with_treatment(*COLLAR, repeat_after_days=30), "repeat-after-days"),
        (lambda: with_treatment(*COLLAR, minutes_by_age=(entries.MinutesByAge(0, 3, 15),)), "minutes-by-age"),
        (lambda: with_treatment(*COLLAR, pressure=entries.StagePressure(3, 3)), "pressure-build-up"),
        (lambda: with_treatment(*PNEUMONIA, percussion=None), "percussion"),
        (lambda: with_treatment(*PNEUMONIA, percussion=replace(STRIKES, requires=None)), "percussion"),
        (lambda: with_treatment(*COLLAR, percussion=replace(STRIKES)), "percussion"),
        (lambda: with_treatment(*COLLAR, percussion=entries.StagePercussion(("percussion-fingertip",), ("abdomen",))), "percussion"),
        (lambda: with_treatment(*LATE, steps=early(treatment_of(*LATE))), "step-early"),
        (lambda: with_treatment(*COLLAR, steps=tuple(replace(step, profile="trigger-areas") for step in T.steps)), "step-pressure"),
        (lambda: with_condition("neck-collar", never=()), "never"),
        (lambda: with_condition("neck-collar", refer_first=()), "refer-first"),
        (lambda: with_condition("neck-collar", implies=()), "implies"),
        (lambda: with_condition("neck-collar", stage_signs=()), "stage-signs"),
    ],
)  # fmt: skip
def test_a_stage_that_allows_more_is_found(laxer: Any, code: str) -> None:
    assert code in codes(laxer())


@pytest.mark.parametrize(
    "stricter",
    [
        lambda: with_treatment(*COLLAR, pressure_max=2),
        lambda: with_treatment(*COLLAR, minutes=entries.Minutes(8, 12, 14)),
        lambda: with_treatment(*COLLAR, forbid=(*T.forbid, entries.Forbid("nape", "both", family="percussion"))),
        lambda: with_treatment(*COLLAR, forbid=(entries.Forbid("all", "both", family="all"),)),
        lambda: with_treatment(*COLLAR, warnings=(*T.warnings, "another")),
        lambda: with_treatment(*COLLAR, positions=T.positions[:1]),
        lambda: with_treatment(*COLLAR, needs_document="doctor-referral"),
        lambda: with_treatment(*COLLAR, steps=T.steps[1:]),
        lambda: with_treatment(*COLLAR, pressure=entries.StagePressure(1, 1)),
        lambda: with_treatment(*COLLAR, repeat_after_days=0),
        lambda: with_stage(*COLLAR, local="barred", treatment=None, reason="x", becomes_allowed_when="y"),
        lambda: with_condition("neck-collar", never=("more", *SHIPPED.conditions["neck-collar"].never)),
    ],
)
def test_a_stage_that_forbids_more_is_not_and_is_a_tightening_told_from_the_other_side(stricter: Any) -> None:
    assert loosened(SHIPPED, stricter()) == ()


def test_what_was_tightened_says_before_and_after_in_the_order_of_time() -> None:
    (found,) = (each for each in tightened(SHIPPED, with_treatment(*COLLAR, pressure_max=2)) if each.code == "pressure-max")
    assert (found.before, found.after) == (3, 2)


# Rules ------------------------------------------------------------------------------------------------------------------------
FEVER = next(rule for rule in SHIPPED.rules.values() if isinstance(rule.when, Comparison) and rule.when.op in ("ge", "gt"))
LIFTED = next(
    rule
    for rule in SHIPPED.rules.values()
    if rule.clearance and rule.clearance.lifts == "block" and rule.outcome is Outcome.DOCTOR and not rule.clearance.outcome_until
)


def moved(step: float) -> Comparison:
    assert isinstance(FEVER.when, Comparison)
    return replace(FEVER.when, value=FEVER.when.value + step)  # type: ignore[operator]


def terms(**changed: Any) -> entries.ClearanceTerms:
    assert LIFTED.clearance is not None
    return replace(LIFTED.clearance, **changed)


@pytest.mark.parametrize(
    ("laxer", "code"),
    [
        (lambda: replace(SHIPPED, digest="x", rules=FrozenMap({c: r for c, r in SHIPPED.rules.items() if c != "em-01"})), "rule-gone"),
        (lambda: with_rule("em-01", outcome=Outcome.DOCTOR, kind="relative"), "rule-outcome"),
        (lambda: with_rule("em-01", when=AllOf((SHIPPED.rules["em-01"].when, FEVER.when))), "rule-when"),
        (lambda: with_rule("em-01", explanation="Not so bad."), "rule-words"),
        (lambda: with_rule(FEVER.code, when=moved(0.1)), "rule-when"),
        (lambda: with_rule(FEVER.code, when=Not(moved(0))), "rule-when"),
        (lambda: with_rule(LIFTED.code, clearance=terms(valid_days=9999)), "clearance-days"),
        (lambda: with_rule(LIFTED.code, clearance=terms(lifts="effects")), "clearance-lifts"),
        (lambda: with_rule(LIFTED.code, clearance=terms(document="radiology-report")), "clearance-document"),
        (lambda: with_rule("em-01", clearance=terms()), "clearance-new"),
    ],
)
def test_a_rule_that_stops_less_is_found(laxer: Any, code: str) -> None:
    assert code in codes(laxer())


def test_every_effect_of_every_rule_that_is_lost_or_weakened_is_found() -> None:
    for rule in SHIPPED.rules.values():
        for place, effect in enumerate(rule.effects):
            rest = rule.effects[:place] + rule.effects[place + 1 :]
            if not any(strict_effects.covers(other, effect, SHIPPED) for other in rest):
                for left in (rest, *((*rest, weaker) for weaker in weakened(effect))):
                    assert effect in strict_effects.uncovered(rule.effects, left, SHIPPED), (rule.code, effect.type)


def weakened(effect: Effect) -> Iterator[Effect]:
    for name in ("families", "techniques", "supplements", "facts"):
        if len(getattr(effect, name)) > 1:
            yield replace(effect, **{name: getattr(effect, name)[1:]})
    if effect.level is not None:
        yield replace(effect, level=effect.level + 1)
    if effect.minutes is not None:
        yield replace(effect, minutes=effect.minutes + 1)
    if effect.type == "exclude-zones" and effect.side is None and effect.side_from is None:
        yield replace(effect, side="left")
    if effect.unless is None and effect.type == "exclude-families":
        yield replace(effect, unless="history.airway-clearance-prescribed")


@pytest.mark.parametrize(
    "stricter",
    [
        lambda: with_rule(FEVER.code, when=moved(-0.1)),
        lambda: with_rule(FEVER.code, when=AnyOf((moved(0), Comparison("today.chills", "is", value=True)))),
        lambda: with_rule(FEVER.code, when=Always()),
        lambda: with_rule("em-01", when=AnyOf((SHIPPED.rules["em-01"].when, FEVER.when))),
        lambda: with_rule(LIFTED.code, outcome=Outcome.DEFER),
        lambda: with_rule(LIFTED.code, clearance=terms(valid_days=1)),
        lambda: with_rule(LIFTED.code, clearance=terms(lifts="nothing")),
        lambda: with_rule(LIFTED.code, effects=(*LIFTED.effects, Effect("max-minutes", minutes=5))),
        lambda: replace(SHIPPED, digest="x", rules=FrozenMap({**SHIPPED.rules, "own-1": replace(FEVER, code="own-1")})),
    ],
)
def test_a_rule_that_stops_more_loosens_nothing(stricter: Any) -> None:
    assert loosened(SHIPPED, stricter()) == ()


AGE = Comparison("patient.age", "ge", 65)
YOUNGER = Comparison("patient.age", "ge", 60)
ILL = Comparison("history.epilepsy", "is", value=True)


@pytest.mark.parametrize(
    ("one", "other", "follows"),
    [
        (AGE, YOUNGER, True),
        (YOUNGER, AGE, False),
        (AGE, AnyOf((ILL, YOUNGER)), True),
        (AllOf((AGE, ILL)), AGE, True),
        (AGE, AllOf((AGE, ILL)), False),
        (AllOf((AGE, ILL)), AllOf((ILL, YOUNGER)), True),
        (AnyOf((AGE, ILL)), AGE, False),
        (Not(YOUNGER), Not(AGE), True),
        (Not(AGE), Not(YOUNGER), False),
        (Comparison("patient.age", "gt", 65), AGE, True),
        (AGE, Comparison("patient.age", "gt", 65), False),
        (Comparison("x", "is", value=True), Comparison("x", "ge", 1), False),
        (Comparison("x", "in", ("a",)), Comparison("x", "in", ("b", "a")), True),
        (Comparison("x", "is", value=True), Comparison("x", "in", (1,)), False),
        (Comparison("x", "known"), Comparison("x", "nonempty"), False),
    ],
)
def test_one_condition_follows_from_another_only_where_the_shape_shows_it(one: Any, other: Any, follows: bool) -> None:
    assert implies(one, other) is follows


# Course -----------------------------------------------------------------------------------------------------------------------
C = SHIPPED.course


def phases(**changed: Any) -> entries.Phases:
    return replace(C.phases, **changed)


@pytest.mark.parametrize(
    ("laxer", "code"),
    [
        ({"ladder": (0.6, 0.75, 0.85, 1.0)}, "ladder"),
        ({"ladder": (0.5, 0.6, 0.7, 1.0)}, "ladder-gap"),
        ({"phase": (*C.phase[:2], replace(C.phase[2], minutes_factor=(1.0,)))}, "phase-minutes"),
        ({"phase": (*C.phase[:2], replace(C.phase[2], percussion=True))}, "phase-percussion"),
        ({"phase": (replace(C.phase[0], pressure_shift=0), *C.phase[1:])}, "phase-pressure"),
        ({"phases": phases(taper=replace(C.phases.taper, cap=1))}, "phases"),
        ({"phases": phases(max_down=1)}, "max-down"),
        ({"phases": phases(load_rises_if=replace(C.phases.load_rises_if, value=2))}, "load-rises"),
        ({"gap": (replace(C.gap[0], missed_days_max=5), replace(C.gap[1], missed_days_min=6), *C.gap[2:])}, "gap-action"),
        ({"age_factor": (*C.age_factor[:-1], replace(C.age_factor[-1], minutes_factor=1.0))}, "age-minutes"),
        ({"age_factor": (*C.age_factor[:-1], replace(C.age_factor[-1], percussion="light"))}, "age-percussion"),
        ({"stop_threshold": C.stop_threshold[1:]}, "stop-threshold"),
        ({"stop_set": C.stop_set[1:]}, "stop-set-gone"),
        ({"suspend": C.suspend[1:]}, "suspend"),
        ({"review": replace(C.review, session=8)}, "review"),
        ({"repeat": replace(C.repeat, same_zone_min_days=10)}, "repeat-days"),
        ({"discomfort": replace(C.discomfort, low_comfort=replace(C.discomfort.low_comfort, below=4))}, "comfort-below"),
        ({"discomfort": replace(C.discomfort, pain_over_24h=replace(C.discomfort.pain_over_24h, minutes_factor=0.9))}, "pain-minutes"),
        ({"pace": replace(C.pace, max_position_changes=5)}, "pace-positions"),
    ],
)
def test_a_rule_of_the_course_that_allows_more_is_found(laxer: Mapping[str, Any], code: str) -> None:
    assert code in {each.code for each in strict_course.course_loosened(SHIPPED, with_course(**laxer))}


@pytest.mark.parametrize(
    "stricter",
    [
        {"review": replace(C.review, session=4)},
        {"age_factor": (*C.age_factor[:-1], replace(C.age_factor[-1], minutes_factor=0.6, pressure_max=1))},
        {"gap": (replace(C.gap[0], missed_days_max=2), replace(C.gap[1], missed_days_min=3), *C.gap[2:])},
        {"phases": phases(taper=replace(C.phases.taper, share=0.3, cap=4))},
        {"discomfort": replace(C.discomfort, low_comfort=replace(C.discomfort.low_comfort, below=7, in_a_row=1))},
        {"repeat": replace(C.repeat, same_zone_min_days=60)},
    ],
)
def test_a_rule_of_the_course_that_allows_less_loosens_nothing(stricter: Mapping[str, Any]) -> None:
    assert tuple(strict_course.course_loosened(SHIPPED, with_course(**stricter))) == ()


def test_no_other_table_may_change_at_all() -> None:
    for name in strict_tables.FIXED:
        table = getattr(SHIPPED, name)
        less: Any = FrozenMap(dict(list(table.items())[1:])) if isinstance(table, Mapping) else None
        assert "table-changed" in {each.code for each in strict_tables.tables_loosened(SHIPPED, replace(SHIPPED, **{name: less}))}, name
