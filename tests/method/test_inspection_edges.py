"""Every range of the library has two edges: the last value inside is accepted, the first one outside is refused by name."""

from collections.abc import Mapping
from dataclasses import replace
from functools import reduce
from typing import Any

import pytest

from protocols.method.frozen import FrozenMap
from protocols.method.inspection.body import inspect_body
from protocols.method.inspection.course import inspect_course
from protocols.method.inspection.desk import Desk
from protocols.method.inspection.facts import inspect_facts
from protocols.method.inspection.forms import inspect_forms
from protocols.method.inspection.hands import inspect_hands
from protocols.method.inspection.inputs import inspect_inputs
from protocols.method.inspection.outcomes import inspect_outcomes
from protocols.method.inspection.pressure import inspect_blood_pressure
from protocols.method.inspection.rules import inspect_rules
from protocols.method.inspection.stages import inspect_stages
from protocols.method.inspection.steps import inspect_steps
from protocols.method.inspection.supplements import inspect_supplements
from protocols.method.library import Library
from protocols.method.parsing import FaultList
from protocols.method.vocabulary import Outcome
from protocols.shelf import shipped_library
from tests.each import of_each

LIBRARY = shipped_library()
INSPECTORS = {
    "body": inspect_body,
    "course": inspect_course,
    "facts": inspect_facts,
    "forms": inspect_forms,
    "hands": inspect_hands,
    "inputs": inspect_inputs,
    "outcomes": inspect_outcomes,
    "pressure": inspect_blood_pressure,
    "rules": inspect_rules,
    "stages": inspect_stages,
    "steps": inspect_steps,
    "supplements": inspect_supplements,
}


def changed(thing: Any, path: str, value: Any) -> Any:
    """A copy of a library entry with the value at this path changed: attributes, numbers of a list and keys of a map by slashes."""
    name, _, rest = path.partition("/")
    if isinstance(thing, Mapping):
        key = next(key for key in thing if str(key) == name)
        return FrozenMap({**thing, key: changed(thing[key], rest, value) if rest else value})
    if isinstance(thing, tuple):
        at = int(name)
        return (*thing[:at], changed(thing[at], rest, value) if rest else value, *thing[at + 1 :])
    return replace(thing, **{name: changed(getattr(thing, name), rest, value) if rest else value})


def faults_of(inspector: str, library: Library) -> tuple[str, ...]:
    found = FaultList()
    INSPECTORS[inspector](Desk(library, found))
    return tuple(found.faults)


def spoilt(*changes: tuple[str, Any]) -> Library:
    return reduce(lambda library, change: changed(library, *change), changes, LIBRARY)


@pytest.mark.parametrize("inspector", INSPECTORS)
def test_the_shipped_library_has_no_fault(inspector: str) -> None:
    assert faults_of(inspector, LIBRARY) == ()


STAGE = "conditions/scoliosis/stages/degree-1"
TREATED = f"{STAGE}/treatment"
CHILD = "conditions/bronchial-asthma/stages/between-attacks-child/treatment"
BANDED = next(code for code, family in LIBRARY.families.items() if family.calm)
TEMPO = next(code for code, technique in LIBRARY.techniques.items() if technique.tone == 0)
LIGHT = next(code for code, technique in LIBRARY.techniques.items() if technique.light)
ZONES = next(code for code, fact in LIBRARY.facts.items() if fact.type == "zones")
NUMBER = "today.systolic"
MEASURE = next(code for code, row in LIBRARY.measures.items() if row.meaningful_change.points and row.meaningful_change.target is None)
PERCENT = next(code for code, row in LIBRARY.measures.items() if row.meaningful_change.percent)
TARGET = next(code for code, row in LIBRARY.measures.items() if row.meaningful_change.target)
SHEET = next(iter(LIBRARY.sheets))
AREA = next(iter(LIBRARY.areas))
CAPPED = next(code for code, row in LIBRARY.dangers.items() if row.pressure_max is not None)
DOCUMENT = next(iter(LIBRARY.documents))
LEVELLED, LEVEL_AT = next(
    (code, at) for code, rule in LIBRARY.rules.items() for at, effect in enumerate(rule.effects) if effect.type == "max-pressure"
)
MINUTES, MINUTES_AT = next(
    (code, at) for code, rule in LIBRARY.rules.items() for at, effect in enumerate(rule.effects) if effect.type == "max-minutes"
)
CLEARED = next(code for code, rule in LIBRARY.rules.items() if rule.clearance is not None)
DOSED = next(code for code, row in LIBRARY.supplements.items() if row.dose)
AGED = next(code for code, row in LIBRARY.supplements.items() if row.age)
PART = next(iter(LIBRARY.part_shares))
SHORTEST = LIBRARY.conditions["scoliosis"].stages["degree-1"].treatment.sessions.min  # type: ignore[union-attr]
FULL = LIBRARY.conditions["scoliosis"].stages["degree-1"].treatment.minutes.full  # type: ignore[union-attr]
LOW, HIGH = LIBRARY.measures[MEASURE].min, LIBRARY.measures[MEASURE].max
REACH_LOW, REACH_HIGH = LIBRARY.measures[TARGET].min, LIBRARY.measures[TARGET].max

# inspector, path, values inside, values outside, words of the refusal
EDGES: tuple[tuple[str, str, tuple[Any, ...], tuple[Any, ...], str], ...] = (
    ("course", "course/phases/build_up/share", (0.01, 0.49), (0, 0.5, -0.1), "share is under a half"),
    ("course", "course/phases/taper/share", (0.01, 0.49), (0, 0.5), "share is under a half"),
    ("course", "course/phases/taper/cap", (1, 2), (0,), "cap at least 1"),
    ("course", "course/phases/build_up/cap", (3,), (2, 4), "cap of build-up is not its number"),
    ("course", "course/review/share", (0.01, 1, 1.0), (0, 1.01), "share is at most 1"),
    ("course", "course/review/session", (1,), (0,), "session at least 1"),
    ("course", "course/discomfort/low_comfort/below", (1, 10), (0, 11), "comfort is 0 to 10"),
    ("course", "course/discomfort/low_comfort/in_a_row", (1,), (0,), "in a row at least 1"),
    ("course", "course/discomfort/marked_zone/in_a_row", (1,), (0,), "in a row at least 1"),
    ("course", "course/discomfort/low_comfort/pressure_shift", (-1,), (0, 1), "discomfort lowers the pressure"),
    ("course", "course/discomfort/marked_zone/pressure_shift", (-1,), (0,), "discomfort lowers the pressure"),
    ("course", "course/discomfort/pain_over_24h/pressure_shift", (-1,), (0,), "discomfort lowers the pressure"),
    ("course", "course/discomfort/pain_over_24h/minutes_factor", (0.01, 1), (0, 1.01), "lasting pain shortens"),
    ("course", "course/discomfort/pain_over_24h/hours", (1,), (0,), "lasting pain shortens"),
    ("course", f"part_shares/{PART}/share_min", (0.01,), (0,), "a share lies between 0 and 1"),
    ("course", f"part_shares/{PART}/share_max", (1,), (1.01, 0.001), "a share lies between 0 and 1"),
    ("course", "course/phase/0/pressure_shift", (0, -1), (1,), "a phase never adds pressure"),
    ("course", "course/phase/2/minutes_factor", ((0.6,), (1.0,)), ((), (0.61,)), "a factor is a rung of the ladder"),
    ("course", "course/age_factor/3/minutes_factor", (0.01, 1), (0, 1.01), "an age never adds minutes"),
    ("course", "course/age_factor/3/pressure_max", (1, 4), (0, 5), "pressure is 1 to 4"),
    ("course", "course/gap/0/rungs", (0, 2), (-1, 3), "too many rungs"),
    ("course", "course/suspend/0/in_a_row", (1,), (0,), "in_a_row is at least 1"),
    ("course", "course/gap/0/missed_days_min", (0,), (1,), "does not begin at 0"),
    ("course", "course/ladder", ((0.6, 0.7, 0.8, 1.0),), ((0.6, 0.8, 0.7, 1.0), (0.6, 0.7, 0.8), (0.6, 0.6, 1.0)), "does not rise to 1.0"),
    ("course", "course/ladder", ((0.6, 0.7, 0.8, 1.0),), ((0, 0.7, 0.8, 1.0), (0.6, 0.7, 1.01, 1.0)), "a rung is a share"),
    ("outcomes", f"sheets/{SHEET}/minutes", (1,), (0,), "minutes and times a day are positive"),
    ("outcomes", f"sheets/{SHEET}/times_per_day", ((1, 1), (1, 2)), ((0, 1), (2, 1)), "minutes and times a day are positive"),
    ("outcomes", f"measures/{MEASURE}/max", (HIGH,), (LOW,), "the range is empty"),
    ("outcomes", f"measures/{MEASURE}/meaningful_change/points", (HIGH - LOW, 0.5), (HIGH - LOW + 1, 0), "the change is wider"),
    ("outcomes", f"measures/{PERCENT}/meaningful_change/percent", (1, 100), (0, 101), "the change is no percentage"),
    (
        "outcomes",
        f"measures/{TARGET}/meaningful_change/target",
        ((REACH_LOW, REACH_HIGH), (REACH_LOW, REACH_LOW)),
        ((REACH_LOW - 1, REACH_HIGH), (REACH_LOW, REACH_HIGH + 1), (REACH_HIGH, REACH_LOW)),
        "the target lies outside",
    ),
    ("facts", f"facts/{NUMBER}/max", (281,), (50, 49), "the range is empty"),
    ("facts", f"facts/{NUMBER}/min", (51,), (None,), "a number has a unit and a range"),
    ("facts", f"facts/{NUMBER}/unit", ("x",), ("",), "a number has a unit and a range"),
    ("forms", "intake/valid_days", (1,), (0, -1), "is not positive"),
    ("hands", f"families/{BANDED}/calm", ((1, 1), (1, 2)), ((0, 2), (2, 1), (3,), (1, 2, 3)), "a band is a low and a high"),
    ("hands", f"techniques/{TEMPO}/tone", (-2, 2), (-3, 3), "tone is -2 to 2"),
    ("hands", f"techniques/{TEMPO}/pressure", ((1, 4), (1, 1), (4, 4)), ((0, 4), (1, 5), (3, 2)), "pressure is a range"),
    ("hands", f"techniques/{LIGHT}/pressure", ((2, 3),), ((3, 3),), "light, yet it needs"),
    ("hands", "profiles/relaxing/pressure", ((1, 4), (2, 2)), ((0, 2), (1, 5), (3, 2)), "pressure is a range"),
    ("body", "zones/knee/limb_rank", (1, 6, None), (0, 7), "limb_rank counts 1 to 6"),
    ("body", "zones/lumbar/limb_rank", (None,), (1,), "limb_rank counts 1 to 6"),
    ("body", f"dangers/{CAPPED}/pressure_max", (1, 4), (0, 5), "pressure_max is 1 to 4"),
    ("body", f"areas/{AREA}/minutes", (LIBRARY.areas[AREA].minutes,), (LIBRARY.areas[AREA].minutes + 1,), "minutes are not"),
    ("rules", f"rules/{LEVELLED}/effects/{LEVEL_AT}/level", (1, 4), (0, 5), "the level is 1 to 4"),
    ("rules", f"rules/{MINUTES}/effects/{MINUTES_AT}/minutes", (1,), (0, -1), "minutes are not positive"),
    ("rules", f"rules/{CLEARED}/clearance/valid_days", (1,), (0, -1), "valid_days is not positive"),
    ("rules", f"documents/{DOCUMENT}/stage_valid_days", (1,), (0,), "stage_valid_days is not positive"),
    ("stages", f"{TREATED}/minutes/first", (1, FULL), (0, FULL + 1), "minutes do not rise"),
    ("stages", f"{TREATED}/minutes/max", (FULL, FULL + 5), (FULL - 1,), "minutes do not rise"),
    ("stages", f"{TREATED}/sessions/min", (SHORTEST, 1), (0, 99), "sessions do not rise"),
    ("stages", f"{TREATED}/sessions/usual", (SHORTEST,), (SHORTEST - 1, 99), "sessions do not rise"),
    ("stages", f"{TREATED}/cadence/every_days_min", (1,), (0, 99), "cadence"),
    ("stages", f"{TREATED}/cadence/per_week", (1, 7), (0, 8), "cadence"),
    ("stages", f"{TREATED}/pressure_max", (4,), (5, 0), "pressure_max is 1 to 4"),
    ("stages", f"{TREATED}/repeat_after_days", (0, 1), (-1,), "repeat_after_days is negative"),
    ("stages", f"{TREATED}/calm_until_session", (0, SHORTEST), (-1, SHORTEST + 1), "calm_until_session"),
    ("stages", f"{TREATED}/family_from", (FrozenMap(kneading=2), FrozenMap(kneading=SHORTEST)), (FrozenMap(kneading=1),), "family_from"),
    ("stages", f"{TREATED}/family_from", (FrozenMap(),), (FrozenMap(kneading=SHORTEST + 1), FrozenMap(stroking=2)), "family_from"),
    ("stages", f"{TREATED}/steps/1/from_session", (1, 2, SHORTEST), (SHORTEST + 1, 0), "from_session: not within"),
    ("stages", f"{CHILD}/minutes_by_age/0/minutes", (0.5,), (0, 99), "minutes_by_age"),
    ("stages", f"{CHILD}/minutes_by_age/1/age_min", (), (99,), "minutes_by_age"),
    ("supplements", f"supplements/{DOSED}/dose", (FrozenMap(minutes=(1, 2)),), (FrozenMap(minutes=(2, 1)),), "is a low"),
    ("supplements", f"supplements/{DOSED}/dose", (FrozenMap(minutes=(0, 0)),), (FrozenMap(minutes=(-1, 1)),), "is a low and a high number"),
    ("supplements", f"supplements/{AGED}/age", ((18, 18), (18, 60)), ((60, 18),), "is a low and a high age"),
)  # fmt: skip


@of_each(("inspector", "path", "inside", "outside", "words"), EDGES, ids=[f"{row[1]}-{row[4]}" for row in EDGES])
def test_the_last_value_inside_is_accepted_and_the_first_outside_refused(
    inspector: str, path: str, inside: tuple[Any, ...], outside: tuple[Any, ...], words: str
) -> None:
    for value in inside:
        assert not [fault for fault in faults_of(inspector, spoilt((path, value))) if words in fault], value
    for value in outside:
        assert [fault for fault in faults_of(inspector, spoilt((path, value))) if words in fault], value


# What belongs together ------------------------------------------------------------------------------------------------------
TOGETHER: tuple[tuple[str, tuple[tuple[str, Any], ...], str], ...] = (
    ("course", (("course/phase", LIBRARY.course.phase[1:]),), "phases are build-up, working, taper"),
    ("course", (("course/phase", ()),), "its factors are not the rungs"),
    ("course", (("part_shares", FrozenMap(list(LIBRARY.part_shares.items())[1:])),), "parts are opening, main, closing"),
    ("course", (("course/gap/1/missed_days_min", 2),), "hole or overlap"),
    ("course", (("course/age_factor/0/age_max", -1),), "is no range"),
    ("course", (("course/discomfort/sources", ("z-1",)),), "unknown code 'z-1'"),
    ("hands", (("limb_order", ()),), "is empty"),
    ("hands", (("family_order", LIBRARY.family_order[::-1]),), "differs from the order"),
    ("hands", (("families", FrozenMap(list(LIBRARY.families.items())[1:])),), "differs from the families"),
    ("hands", (("pressure_levels", FrozenMap(list(LIBRARY.pressure_levels.items())[1:])),), "the scale is 1 to 5"),
    ("hands", (("profiles/relaxing/shares", FrozenMap(stroking=100, rubbing=0)),), "a share is not positive"),
    ("hands", (("profiles/relaxing/provenance", "sourced"), ("profiles/relaxing/sources", ())), "sourced without a source"),
    ("hands", (("profiles/relaxing/shares", FrozenMap(stroking=50, percussion=50)), ("profiles/relaxing/tempo", "calm")), "no calm tempo"),
    ("hands", ((f"techniques/{TEMPO}/avoid_at", ("history.pregnant",)),), "names no zones"),
    ("hands", ((f"techniques/{TEMPO}/avoid_at", ("history.no-such",)),), "unknown code 'history.no-such'"),
    ("hands", ((f"techniques/{TEMPO}/good", ("knee",)), (f"techniques/{TEMPO}/never", ("knee",))), "a zone is good and never"),
    ("hands", ((f"families/{BANDED}/tempos", ("calm",)),), "tempos differ"),
    ("body", (("zones/knee/percussion", "by-part"),), "the policy by-part"),
    ("body", (("zones/axilla/percussion", "light"),), "percussion where no hand may be"),
    ("body", ((f"dangers/{CAPPED}/always_excluded", True),), "always excluded, yet"),
    (
        "body",
        ((f"dangers/{CAPPED}/pressure_max", None), (f"dangers/{CAPPED}/barred", ()), (f"dangers/{CAPPED}/barred_techniques", ())),
        "restricts nothing",
    ),
    ("body", ((f"dangers/{CAPPED}/sources", ()),), "no source, or no zone"),
    ("body", (("positions/prone/also", ("knee",)), ("positions/prone/not_reached", ("knee",))), "reached and not reached"),
    ("body", (("positions/prone/upper_side", "both"),), "left or right"),
    ("body", (("resolutions/knee/limb_injured", ()),), "no zone, and no other role"),
    ("body", (("resolutions/knee/limb_injured", LIBRARY.resolutions["knee"].limb_proximal),), "its own neighbour"),
    ("forms", (("intake/follow_up/0/after", ("history.never-opened",)),), "can never be opened"),
    ("forms", (("intake/gate/0/opens", (*LIBRARY.intake.gate[0].opens, "today.no-such")),), "is unknown or belongs to another form"),
    ("outcomes", ((f"measures/{MEASURE}/when", ()),), "no time to measure it"),
    ("outcomes", ((f"measures/{MEASURE}/meaningful_change/text", ""),), "no words"),
    (
        "outcomes",
        ((f"measures/{MEASURE}/better", "to range"), (f"measures/{MEASURE}/meaningful_change/points", None),
         (f"measures/{MEASURE}/meaningful_change/percent", None)),
        "neither a range to reach",
    ),
    ("stages", ((f"{TREATED}/positions", ()),), "no position, or one that is used"),
    ("stages", ((f"{TREATED}/forbid_positions", LIBRARY.conditions["scoliosis"].stages["degree-1"].treatment.positions[:1]),),  # type: ignore[union-attr]
     "no position, or one that is used"),
    ("stages", ((f"{TREATED}/forbid_supplements", ("segmental",)),), "is offered and forbidden"),
    ("stages", (("conditions/scoliosis/icd10", ()),), "icd10 is empty"),
    ("stages", (("conditions/scoliosis/never", ()),), "never is empty"),
    ("stages", (("conditions/scoliosis/curve_sides/lumbar_zones", ()),), "a list of zones is empty"),
    ("stages", (("conditions/scoliosis/curve_sides/c_shape_from", "mood"),), "curve_sides: inputs"),
    ("stages", ((f"{STAGE}/emergency", True),), "an emergency that may be massaged"),
    ("stages", ((f"{TREATED}/positions_on_order", ("sitting",)),), "positions_on_order needs the input"),
    ("stages", ((f"{TREATED}/positions_on_order_from", "curve_shape"),), "names no yes/no input"),
    ("stages", ((f"{TREATED}/units", 9.0),), "min for 9.0 units"),
    ("steps", ((f"{TREATED}/steps", ()),), "no steps"),
    ("steps", ((f"{TREATED}/steps/0/minutes", 0),), "minutes are not positive"),
    ("steps", ((f"{TREATED}/steps/0/minutes", 99),), "steps take"),
    ("steps", ((f"{TREATED}/steps/0/part", "main"),), "does not go from opening to closing"),
    ("steps", ((f"{TREATED}/steps/1/part", "closing"),), "parts are mixed"),
    ("steps", ((f"{TREATED}/pressure_max", 1),), "begins above pressure 1"),
    ("steps", ((f"{TREATED}/shares", FrozenMap(stroking=98)),), "intended shares sum to 98"),
    ("supplements", ((f"supplements/{DOSED}/supplement_class", "no-such"),), "is no member of"),
    ("supplements", ((f"supplements/{DOSED}/by_order", True),), "a dose in numbers, or by the doctor's order"),
    ("supplements", (("supplement_classes/points-pregnancy/points", ()),), "differs from the points' own marks"),
    ("supplements", (("supplement_classes/cold/members", ()),), "bars nothing"),
    ("inputs", (("conditions/scoliosis/implies/0/fact", "history.no-such"),), "unknown fact"),
    ("inputs", (("conditions/scoliosis/implies", ()),), "does not say whether the course is therapeutic"),
    ("inputs", (("conditions/scoliosis/inputs/0/values", ()),), "values belong to an enum"),
    ("inputs", (("conditions/scoliosis/inputs/0/type", "text"),), "values belong to an enum"),
    ("rules", (("rules/em-01/outcome", Outcome.DOCTOR),), "an emergency is one by kind and by outcome"),
    ("rules", (("rules/rf-07/outcome", Outcome.CLEAR),), "a rule that finds something is never clear"),
    ("rules", ((f"rules/{LEVELLED}/effects/{LEVEL_AT}/mode", "tonic"),), "only calming can be forced"),
    ("rules", ((f"rules/{MINUTES}/effects/{MINUTES_AT}/age_min", 3),), "an age range has two ends"),
    ("rules", ((f"rules/{LEVELLED}/effects/{LEVEL_AT}/steps", 3),), "too many dose steps"),
)  # fmt: skip


@of_each(("inspector", "changes", "words"), TOGETHER, ids=[f"{row[0]}-{row[2]}-{row[1][0][0]}" for row in TOGETHER])
def test_what_does_not_fit_together_is_refused(inspector: str, changes: tuple[tuple[str, Any], ...], words: str) -> None:
    assert [fault for fault in faults_of(inspector, spoilt(*changes)) if words in fault]
