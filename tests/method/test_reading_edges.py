"""Small pieces of reading, translating and answering, each on both sides of its line."""

from dataclasses import replace

import pytest

from protocols.method.checking import bars as checker_bars
from protocols.method.checking.protocol import Protocol
from protocols.method.course import plan_course
from protocols.method.entries import AllInputs, Always, AnyInput, Comparison, InputComparison
from protocols.method.findings import FamilyOut, Limits
from protocols.method.frozen import FrozenMap
from protocols.method.inspection.desk import Desk
from protocols.method.inspection.usable import Usable
from protocols.method.names import Names, _is_sound, _translated
from protocols.method.output import _omission, _place, highest_pressure, percussion_is_open
from protocols.method.parsing import FaultList
from protocols.method.parsing.trees import read_input_tree, read_tree
from protocols.method.places import Place
from protocols.method.plans import NO_ADAPTATION, Omission
from protocols.method.reasons import because
from protocols.method.session import builder
from protocols.method.texts import Text
from tests.each import of_each
from tests.method.hand_made import WHY
from tests.method.planned import LIBRARY, setting_of
from tests.method.test_inspection_edges import TREATED, faults_of, spoilt
from tests.method.test_two_readings import MASKS, STAGES


# Trees ----------------------------------------------------------------------------------------------------------------------
def read(reader, data):
    faults = FaultList()
    return reader(data, "here", faults), tuple(faults.faults)


IS = {"fact": "today.dizzy", "op": "is", "value": True}


@pytest.mark.parametrize(
    ("data", "tree"),
    [
        ({"always": True}, Always()),
        (IS, Comparison("today.dizzy", "is", value=True)),
        ({"fact": "today.dizzy", "op": "known"}, Comparison("today.dizzy", "known")),
        ({"fact": "patient.sex", "op": "in", "value": ["male"]}, Comparison("patient.sex", "in", ("male",))),
        ({"fact": "today.pulse", "op": "ge", "value": 1.5}, Comparison("today.pulse", "ge", 1.5)),
    ],
)
def test_a_tree_is_read_as_it_is_written(data, tree):
    assert read(read_tree, data) == (tree, ())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"fact": "today.dizzy", "op": "is"}, "is does not take None"),
        ({"fact": "today.dizzy", "op": "is", "value": [1]}, "is does not take [1]"),
        ({"fact": "today.dizzy", "op": "in", "value": []}, "in does not take []"),
        ({"fact": "today.dizzy", "op": "in", "value": "male"}, "in does not take 'male'"),
        ({"fact": "today.dizzy", "op": "known", "value": 1}, "known does not take 1"),
        ({"fact": 3, "op": "is", "value": 1}, "unknown operator or fact"),
        ({"fact": "today.dizzy", "op": "near", "value": 1}, "unknown operator or fact"),
        ({"fact": "today.dizzy"}, "not a condition"),
        (IS | {"mood": 1}, "not a condition"),
        ({"any": [IS, {"fact": 3, "op": "is", "value": 1}]}, "here any[2]: unknown operator"),
        ({"all": [{"fact": 3, "op": "is", "value": 1}]}, "here all[1]: unknown operator"),
        ({"any": {}}, "a branch needs a list"),
        ({"any": []}, "a branch needs a list"),
        ("dizzy", "not a condition"),
    ],
)
def test_a_tree_that_cannot_be_read_is_none_and_says_where(data, words):
    tree, faults = read(read_tree, data)
    assert tree is None
    assert any(words in fault for fault in faults), faults


def test_a_tree_over_inputs_is_read_as_it_is_written():
    asked = {"input": "sputum", "op": "is", "value": True}
    question = InputComparison("sputum", "is", value=True)
    assert read(read_input_tree, asked) == (question, ())
    assert read(read_input_tree, {"stage": ["acute"]}) == (InputComparison(None, "in", ("acute",)), ())
    assert read(read_input_tree, {"any": [asked, {"all": [asked]}]}) == (AnyInput((question, AllInputs((question,)))), ())
    tree, faults = read(read_input_tree, {"any": [asked, {"input": "sputum"}]})
    assert tree is None
    assert faults == ("here any[2]: not a condition: {'input': 'sputum'}",) or "any[2]" in faults[0]


# Translations ---------------------------------------------------------------------------------------------------------------
def text(words) -> Text:
    return replace(TEXT, words=words)


TEXT = Text(file="facts", path=("a",), kind="facts", code="a", field="name", words="x")


@pytest.mark.parametrize(
    ("english", "got", "wanted", "fault"),
    [
        ("one", "odin", "odin", ""),
        (("one", "two"), ["odin", "dva"], ("odin", "dva"), ""),
        (("one", "two"), ["odin", ""], None, "blank on one side"),
        (("one", ""), ["odin", ""], ("odin", ""), ""),
        (("one", "two"), ["odin"], None, "1 texts for 2"),
        ("one", ["odin"], None, "a list on one side"),
        (("one",), "odin", None, "a list on one side"),
        ("3 days", "4 dnja", None, "numbers differ"),
        ("3.5 days", "3,5 dnja", "3,5 dnja", ""),
        ("one", 3, None, "is no text"),
        ("one", None, None, "is missing"),
    ],
)
def test_a_translation_has_the_shape_and_the_numbers_of_the_english(english, got, wanted, fault):
    faults = FaultList()
    tables = {"facts": {"a": {} if got is None else {"name": got}}}
    assert _translated(text(english), tables, "here", faults) == wanted
    assert bool(faults.faults) is bool(fault)
    assert not fault or fault in faults.faults[0]


def test_a_sound_word_is_true_and_any_other_false():
    faults = FaultList()
    assert _is_sound("3 days", "3 dnja", "here", faults) is True
    assert [_is_sound("3 days", word, "here", faults) for word in ("4", 3, "")] == [False, False, False]


def test_the_word_of_a_value_stands_at_its_place_and_a_value_without_one_is_itself():
    names = Names("ru", {("facts", "sex", "values"): ("muzh", "zhen")}, {})
    assert [names.value("facts", "sex", value, ("male", "female", "other")) for value in ("male", "female", "other")] == [
        "muzh",
        "zhen",
        "other",
    ]


# Output ---------------------------------------------------------------------------------------------------------------------
def test_a_place_and_an_omission_say_zone_and_side():
    assert _place(Place("knee", "left")) == {"zone": "knee", "side": "left"}
    short = because("step-too-short", zone="knee", seconds=20)
    with_side = _omission(Omission("zone", "knee", "left", short), LIBRARY)
    without = _omission(Omission("family", "rubbing", None, short), LIBRARY)
    assert with_side["side"] == "left"
    assert "side" not in without


def test_the_highest_pressure_of_a_dose_is_the_levels_shifted_and_at_least_one():
    setting = setting_of("osteochondrosis-lumbar", "remission")
    doses = plan_course(setting, count=12).doses
    assert [highest_pressure(dose, setting) for dose in (doses[0], doses[5])] == [3, 4]
    assert highest_pressure(replace(doses[5], pressure_shift=-9), setting) == 1
    assert highest_pressure(replace(doses[5], pressure_max=2), setting) == 2


def test_percussion_is_open_unless_it_is_barred_everywhere():
    setting = setting_of("osteochondrosis-lumbar", "remission")
    dose = plan_course(setting, count=12).doses[5]

    def told(*out: FamilyOut) -> bool:
        limits = Limits(families_out=out)
        return percussion_is_open(dose, replace(setting, screening=replace(setting.screening, limits=limits)))

    assert told()
    assert told(FamilyOut("rubbing", None, WHY))
    assert told(FamilyOut("percussion", frozenset({Place("knee", "left")}), WHY))
    assert not told(FamilyOut("percussion", None, WHY))


# Usable ---------------------------------------------------------------------------------------------------------------------
PLAIN = [
    setting
    for setting in STAGES
    if not setting.treatment.variants and all(row.side == "both" and row.zone not in LIBRARY.role_zones for row in setting.treatment.forbid)
]


@of_each("setting", PLAIN, ids=[f"{setting.condition.code}-{setting.stage.code}" for setting in PLAIN])
def test_the_inspection_leaves_a_family_where_the_builder_does(setting):
    usable = Usable(Desk(LIBRARY, FaultList()))
    limits = replace(setting.screening.limits, airway_clearance=True)
    facts = {**setting.screening.facts}
    named = setting.treatment.percussion
    if named is not None and named.requires is not None:
        facts[named.requires] = True
    open_setting = replace(setting, age=40, screening=replace(setting.screening, limits=limits, facts=facts))
    ground = builder.lay_ground(open_setting, 9, NO_ADAPTATION)
    checked = checker_bars.Bars(Protocol(open_setting, open_setting.treatment, 9), NO_ADAPTATION)
    for zone in LIBRARY.zones:
        if LIBRARY.tree.children(zone) or not LIBRARY.tree.workable_leaves(zone):
            continue
        place = Place(zone, "left" if LIBRARY.zones[zone].paired else "both")
        bit = MASKS.mask((place,))
        for family in LIBRARY.families:
            open_here = any(
                bit & MASKS.allowed[technique.code] & ~ground.protocol.against(technique) & ~ground.protocol.out
                and technique.pressure[0] <= _ceiling(checked, place, family)
                for technique in MASKS.of_family[family]
            )
            assert usable.family(setting.treatment, zone, place.side, family) == open_here, (zone, family)


def _ceiling(bars: checker_bars.Bars, place: Place, family: str) -> int:
    local = {row.zone for row in bars.protocol.treatment.pressure_max_at}
    level = bars.protocol.treatment.pressure_max if local else bars.ceiling(frozenset({place}))
    return min(level, bars.percussion_ceiling(place)) if family == "percussion" else level


# Steps ----------------------------------------------------------------------------------------------------------------------
SHARES = LIBRARY.conditions["scoliosis"].stages["degree-1"].treatment.shares  # type: ignore[union-attr]


@pytest.mark.parametrize(("more", "refused"), [(-2, True), (-1, False), (0, False), (1, False), (2, True)])
def test_intended_shares_sum_to_a_hundred_give_or_take_one(more, refused):
    shares = FrozenMap({**SHARES, "stroking": 100 - sum(SHARES.values()) + SHARES["stroking"] + more})
    faults = faults_of("steps", spoilt((f"{TREATED}/shares", shares)))
    assert any("intended shares sum" in fault for fault in faults) is refused


@pytest.mark.parametrize(("stroking", "refused"), [(69, True), (70, False), (100, False)])
def test_a_session_opens_and_closes_with_seven_tenths_of_stroking(stroking, refused):
    opening = LIBRARY.conditions["scoliosis"].stages["degree-1"].treatment.steps[0].profile  # type: ignore[union-attr]
    shares = FrozenMap(stroking=stroking, rubbing=100 - stroking)
    faults = faults_of("steps", spoilt((f"profiles/{opening}/shares", shares)))
    assert any("opens with" in fault and "scoliosis: stage degree-1" in fault for fault in faults) is refused


def test_the_first_step_of_a_stage_is_step_one():
    faults = faults_of("steps", spoilt((f"{TREATED}/steps/0/minutes", 0)))
    assert any("step 1 (" in fault and "not positive" in fault for fault in faults)


def test_the_affected_side_never_stands_before_the_healthy_one():
    condition, stage, at = next(
        (condition.code, stage.code, number)
        for condition in LIBRARY.conditions.values()
        for stage in condition.stages.values()
        if stage.treatment is not None
        for number, step in enumerate(stage.treatment.steps)
        if step.part == "main"
        and step.side == "healthy"
        and any((one.zone, one.side) == (step.zone, "affected") for one in stage.treatment.steps)
    )
    path = f"conditions/{condition}/stages/{stage}/treatment/steps"
    steps = LIBRARY.conditions[condition].stages[stage].treatment.steps  # type: ignore[union-attr]
    healthy = steps[at]
    rest = [step for step in steps if step is not healthy]
    last = max(number for number, step in enumerate(rest) if (step.zone, step.side) == (healthy.zone, "affected"))
    swapped = (*rest[: last + 1], healthy, *rest[last + 1 :])
    assert any("affected before healthy" in fault for fault in faults_of("steps", spoilt((path, swapped))))
