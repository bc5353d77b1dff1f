"""What the hand finds joins the inputs of the condition, changes the mix of that side, and says why where it changes nothing."""

import pytest

from protocols.method.edits import Palpated
from protocols.method.palpation import felt_inputs, has_side_rule, heard, palpable
from protocols.method.places import Place
from protocols.method.roles import resolve_steps
from protocols.shelf import shipped_library

LIBRARY = shipped_library()
SCOLIOSIS = LIBRARY.conditions["scoliosis"]
STAGE = SCOLIOSIS.stages["degree-2"]
INPUTS = {"curve_shape": "s", "convex_side": "left", "lumbar_convex_side": "right"}
UPPER_LEFT, UPPER_RIGHT = (Place("paravertebral-thoracic-upper", side) for side in ("left", "right"))


def reading(*palpated):
    (found,) = heard(LIBRARY, SCOLIOSIS, STAGE, INPUTS, palpated)
    return found


def test_what_was_felt_stands_beside_what_was_stated_and_nothing_is_said_twice():
    stated = {**INPUTS, "tense_convex_segments": ["scapula"]}
    twice = (Palpated(UPPER_LEFT, "tense"), Palpated(UPPER_LEFT, "tense"), Palpated(UPPER_RIGHT, "flaccid"))
    found = felt_inputs(LIBRARY, SCOLIOSIS, stated, twice)
    assert found["tense_convex_segments"] == ["scapula", {"zone": "paravertebral-thoracic-upper", "side": "left"}]
    assert found["flaccid_concave_segments"] == [{"zone": "paravertebral-thoracic-upper", "side": "right"}]
    assert stated["tense_convex_segments"] == ["scapula"]


def test_a_condition_without_a_rule_of_sides_and_an_unknown_zone_change_no_input():
    asthma = LIBRARY.conditions["bronchial-asthma"]
    assert not has_side_rule(asthma)
    assert palpable(LIBRARY, asthma, next(iter(asthma.stages.values())), {}) == ()
    assert felt_inputs(LIBRARY, asthma, {"a": 1}, (Palpated(UPPER_LEFT, "tense"),)) == {"a": 1}
    assert felt_inputs(LIBRARY, SCOLIOSIS, INPUTS, (Palpated(Place("tail", "left"), "tense"),)) == INPUTS


@pytest.mark.parametrize(
    ("place", "felt", "changes"),
    [
        (UPPER_LEFT, "tense", [("toning", "relaxing")]),
        (UPPER_RIGHT, "flaccid", [("lengthening", "neutral")]),
        (Place("paravertebral-lumbar", "right"), "tense", [("toning-no-percussion", "relaxing")]),
    ],
)
def test_a_finding_says_from_which_mix_to_which_it_leads_and_the_steps_agree(place, felt, changes):
    found = reading(Palpated(place, felt))
    assert [(change.before, change.after) for change in found.changes] == changes
    raw = felt_inputs(LIBRARY, SCOLIOSIS, INPUTS, (found.palpated,))
    inputs = {code: tuple(Place(**each) for each in value) if isinstance(value, list) else value for code, value in raw.items()}
    built = {step.place: step.profile for step in resolve_steps(LIBRARY, SCOLIOSIS, STAGE, inputs)}
    assert [built[change.place] for change in found.changes] == [change.after for change in found.changes]


@pytest.mark.parametrize(
    ("place", "felt", "why"),
    [
        (UPPER_RIGHT, "tense", "felt-tense-other-side"),
        (UPPER_LEFT, "flaccid", "felt-flaccid-other-side"),
        (Place("calf", "left"), "tense", "felt-not-worked"),
        (Place("tail", "left"), "tense", "felt-no-rule"),
    ],
)
def test_a_finding_that_changes_nothing_says_why(place, felt, why):
    found = reading(Palpated(place, felt))
    assert not found.changes
    assert found.ignored is not None
    assert found.ignored.code == why


def test_every_place_that_can_be_felt_lies_on_one_side_of_a_curve_and_changes_its_steps():
    places = palpable(LIBRARY, SCOLIOSIS, STAGE, INPUTS)
    assert {each.place for each in places} >= {UPPER_LEFT, UPPER_RIGHT, Place("trapezius-upper", "left"), Place("iliac-crest", "left")}
    assert all(each.place.side in ("left", "right") and reading(Palpated(each.place, each.felt)).changes for each in places)
