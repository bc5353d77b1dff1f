"""A stored plan comes back equal, or not at all."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.method.entries import AllOf, Always, AnyOf, Comparison, Effect, Not
from protocols.method.findings import (
    Advice,
    FamilyOut,
    Finding,
    ForcedCalm,
    Limits,
    MinutesCap,
    Obstacle,
    OpenRule,
    PlacesOut,
    PositionOut,
    PressureCap,
    Screening,
    Spot,
    SupplementOut,
    TechniqueOut,
    Trial,
)
from protocols.method.places import Place
from protocols.method.plans import (
    Adaptation,
    CoursePlan,
    Dose,
    Hurt,
    Omission,
    PlannedSupplement,
    Row,
    SessionPlan,
    SessionRecord,
)
from protocols.method.reasons import Reason
from protocols.method.storage import NotStored, canonical_bytes, digest_of_json, from_json, plan_digest, plan_from_json, plan_to_json
from protocols.method.vocabulary import PHASES, SIDES, TEMPOS, Outcome

words = st.text(max_size=12)
places = st.builds(Place, words, st.sampled_from(SIDES))
some_places = st.frozensets(places, max_size=3)
reasons = st.builds(Reason, words, st.tuples(st.tuples(words, words)), st.tuples(words))
tuples_of_reasons = st.lists(reasons, max_size=2).map(tuple)
doses = st.builds(
    Dose,
    st.integers(1, 60),
    st.integers(1, 60),
    st.sampled_from(PHASES),
    st.integers(600, 3600),
    st.integers(-3, 0),
    st.integers(1, 4),
    st.booleans(),
    tuples_of_reasons,
)
scalars = st.booleans() | st.integers(-5, 300) | st.floats(allow_nan=False, allow_infinity=False) | words
comparisons = st.builds(Comparison, words, words, st.none() | scalars | st.lists(scalars, max_size=2).map(tuple))
trees = st.recursive(
    comparisons,
    lambda inner: (
        st.builds(Not, inner)
        | st.lists(inner, min_size=1, max_size=2).map(tuple).flatmap(lambda both: st.sampled_from((AllOf(both), AnyOf(both))))
    ),
    max_leaves=4,
)
effects = st.builds(
    Effect, words, st.tuples(words), st.none() | st.sampled_from(SIDES), minutes=st.none() | st.integers(5, 20), when=st.none() | trees
)
limits = st.builds(
    Limits,
    places_out=st.tuples(st.builds(PlacesOut, some_places, reasons)),
    families_out=st.tuples(st.builds(FamilyOut, words, st.none() | some_places, reasons)),
    techniques_out=st.tuples(st.builds(TechniqueOut, words, st.none() | some_places, reasons)),
    pressure_caps=st.tuples(st.builds(PressureCap, st.integers(1, 4), st.none() | some_places, reasons)),
    minutes_caps=st.tuples(st.builds(MinutesCap, st.integers(5, 20), reasons)),
    calm=st.tuples(st.builds(ForcedCalm, st.none() | some_places, reasons)),
    supplements_out=st.tuples(
        st.builds(SupplementOut, words, st.none() | st.frozensets(words, max_size=2), st.none() | some_places, reasons)
    ),
    positions_out=st.tuples(st.builds(PositionOut, words, reasons)),
    spots=st.tuples(st.builds(Spot, some_places, reasons)),
    rungs_down=st.integers(0, 2),
    rungs_because=tuples_of_reasons,
    variants_open=st.frozensets(words, max_size=2),
)
fact_values = scalars | st.frozensets(words, max_size=3) | st.lists(places, max_size=3).map(tuple)
findings = st.builds(
    Finding,
    words,
    words,
    st.sampled_from(Outcome),
    words,
    st.tuples(words),
    st.lists(effects, max_size=2).map(tuple),
    st.booleans(),
    st.none() | words,
    words,
    st.none() | words,
)
screenings = st.builds(
    Screening,
    st.sampled_from(Outcome),
    st.lists(findings, max_size=2).map(tuple),
    st.tuples(st.builds(OpenRule, words, st.sampled_from(Outcome), st.tuples(words), st.booleans())),
    st.tuples(st.builds(Obstacle, words, words, reasons)),
    limits,
    st.tuples(st.builds(Trial, words, words)),
    st.tuples(st.builds(Advice, words, words, words)),
    st.tuples(words),
    st.none() | reasons,
    st.dictionaries(words, fact_values, max_size=3),
)
rows = st.builds(
    Row,
    step=st.just(0),
    part=st.just("main"),
    zone=words,
    side=st.sampled_from(SIDES),
    family=st.just("stroking"),
    technique=words,
    seconds=st.integers(15, 300),
    pressure=st.integers(1, 4),
    tempo=st.sampled_from(TEMPOS),
    position=words,
    avoid=st.lists(places, max_size=2).map(tuple),
    because=tuples_of_reasons,
)
supplements = st.builds(
    PlannedSupplement, words, st.integers(15, 600), st.tuples(words), st.sampled_from(SIDES), st.tuples(words), tuples_of_reasons
)


@st.composite
def sessions(draw):
    worked = tuple(draw(st.lists(rows, min_size=1, max_size=3)))
    return SessionPlan(
        number=draw(st.integers(1, 10)),
        of=10,
        phase=draw(st.sampled_from(PHASES)),
        outcome=draw(st.sampled_from([outcome for outcome in Outcome if outcome.allows_steps])),
        may_start=False,
        rows=worked,
        omissions=tuple(draw(st.lists(st.builds(Omission, words, words, st.none() | st.sampled_from(SIDES), reasons), max_size=2))),
        positions=("prone",),
        total_seconds=sum(row.seconds for row in worked),
        supplements=tuple(draw(st.lists(supplements, max_size=1))),
        replanned=draw(st.booleans()),
        dose=draw(st.none() | doses.filter(lambda dose: dose.seconds >= 900)),
    )


courses = st.builds(CoursePlan, st.lists(doses, max_size=3).map(tuple), st.integers(1, 6), words, st.floats(0, 9) | st.integers(0, 9))
hurts = st.builds(Hurt, places, st.none() | st.integers(0, 9))
answers = st.none() | st.booleans()
records = st.builds(
    SessionRecord,
    st.integers(1, 60),
    st.none() | st.integers(0, 10),
    hurts=st.lists(hurts, max_size=2).map(tuple),
    skin_or_swelling=answers,
    sleep_or_headache=answers,
)
adaptations = st.builds(
    Adaptation,
    words,
    st.integers(-1, 0),
    st.lists(st.tuples(places, st.integers(-1, 0)), max_size=2).map(tuple),
    leave_out=st.tuples(words),
)


@given(sessions() | courses | screenings | records | adaptations)
def test_what_is_stored_comes_back_equal_with_the_same_bytes(plan):
    text = json.dumps(plan_to_json(plan))
    back = from_json(type(plan), json.loads(text))
    assert back == plan
    assert canonical_bytes(back) == canonical_bytes(plan)
    assert plan_digest(back) == plan_digest(plan)


def a_session():
    row = Row(0, "opening", "back", "both", "stroking", "stroking-planar", 60, 2, "calm", "prone", (), (Reason("protocol"),))
    return SessionPlan(1, 1, "build-up", Outcome.CLEAR, may_start=True, rows=(row,), omissions=(), positions=("prone",), total_seconds=60)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"surprise": 1}, "surprise"),
        ({"number": True}, "number"),
        ({"number": 1.0}, "number"),
        ({"may_start": 1}, "may_start"),
        ({"phase": "middle"}, "phase"),
        ({"outcome": "fine"}, "outcome"),
        ({"rows": {}}, "rows"),
        ({"positions": [1]}, "positions"),
        ({"dose": []}, "dose"),
    ],
)
def test_a_value_that_was_never_stored_is_refused_with_its_place(change, place):
    with pytest.raises(NotStored, match=place):
        plan_from_json(plan_to_json(a_session()) | change)


def test_a_missing_key_is_refused():
    stored = plan_to_json(a_session())
    del stored["replanned"]
    with pytest.raises(NotStored, match="replanned"):
        plan_from_json(stored)


@pytest.mark.parametrize("data", [None, [], "plan", 3])
def test_something_that_is_no_object_is_refused(data):
    with pytest.raises(NotStored):
        plan_from_json(data)


def test_a_stored_plan_that_was_made_unsafe_is_refused():
    with pytest.raises(ValueError, match="add up"):
        plan_from_json(plan_to_json(a_session()) | {"total_seconds": 61})


def test_two_plans_that_differ_have_different_digests():
    stored = plan_to_json(a_session())
    assert plan_digest(a_session()) == plan_digest(plan_from_json(stored))
    assert plan_digest(a_session()) != plan_digest(plan_from_json(stored | {"replanned": True}))


def test_a_value_of_another_kind_is_not_stored():
    with pytest.raises(TypeError, match="complex"):
        plan_to_json(Reason("x", (("y", 1j),)))  # type: ignore[arg-type]


def test_a_wrong_fact_or_branch_of_a_stored_screening_is_refused():
    screening = Screening(Outcome.CLEAR, (), (), (), Limits(), (), facts={"today.systolic": 120})
    stored = plan_to_json(screening)
    wrongs: list[object] = [None, {"other": []}]
    for wrong in wrongs:
        with pytest.raises(NotStored, match="facts"):
            from_json(Screening, stored | {"facts": {"today.systolic": wrong}})


def test_every_kind_of_answer_and_of_condition_comes_back():
    tree = AllOf(
        (AnyOf((Comparison("a", "in", (1, 2.5, "x", True)), Comparison("b", "known"))), Not(Comparison("c", "is", value=False)), Always())
    )
    effect = Effect("require-measure", facts=("today.systolic",), when=tree)
    finding = Finding("r", "local", Outcome.MODIFY, "why", (), (effect,))
    facts = {
        "a": frozenset({"y", "x"}),
        "b": (Place("back", "left"),),
        "c": 36.6,
        "d": True,
        "e": "female",
        "f": 3,
        "g": frozenset(),
        "h": (),
    }
    screening = Screening(Outcome.MODIFY, (finding,), (), (), Limits(), (), facts=facts)
    assert from_json(Screening, json.loads(canonical_bytes(screening))) == screening


def test_a_pair_with_a_third_member_and_a_node_in_the_wrong_place_are_refused():
    stored = plan_to_json(Adaptation(zone_shifts=((Place("back", "left"), -1),)))
    with pytest.raises(NotStored, match="zone_shifts"):
        from_json(Adaptation, stored | {"zone_shifts": [[{"zone": "back", "side": "left"}, -1, 0]]})
    with pytest.raises(NotStored, match="dose"):
        plan_from_json(plan_to_json(a_session()) | {"dose": {"node": "Always"}})


@given(sessions())
def test_what_is_read_twice_is_equal_and_what_is_written_is_digested_once(plan):
    stored = plan_to_json(plan)
    assert from_json(SessionPlan, stored) == from_json(SessionPlan, json.loads(json.dumps(stored))) == plan
    assert digest_of_json(stored) == plan_digest(plan)


def test_a_value_that_no_json_can_hold_is_refused_with_its_place():
    with pytest.raises(NotStored, match=r"SessionPlan\.number"):
        from_json(SessionPlan, {**plan_to_json(a_session()), "number": {1, 2}})
