"""A therapist may always do less, within bounds; what may be more is soft and needs a reason; the rest stands."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.method.adapting import adapt
from protocols.method.case import parse_case
from protocols.method.deciding import decide, is_relaxed, refusals
from protocols.method.places import Place
from protocols.method.planning import adaptation_of, plan_session
from protocols.method.plans import NO_ADAPTATION, Adaptation, Hurt, SessionRecord, UnsafePlan
from tests.method.cases import MEASURED, a_case
from tests.method.planned import LIBRARY, stage_of

STAGE = stage_of("osteochondrosis-lumbar", "remission")
LOIN = Place("paravertebral-lumbar", "left")
HURT = adapt((SessionRecord(1, comfort=4), SessionRecord(2, comfort=4, hurts=(Hurt(LOIN),))), library=LIBRARY, stage=STAGE)
SORE = adapt((SessionRecord(2, pain_before=1, pain_next_day=3),), library=LIBRARY, stage=STAGE)
BAD = adapt((SessionRecord(2, bad_reaction=True),), library=LIBRARY, stage=STAGE)
HELD = adapt((SessionRecord(2, skin_or_swelling=True),), library=LIBRARY, stage=STAGE)
SORE_PLACES = (Hurt(Place("sacrum", "both")), Hurt(LOIN), Hurt(Place("gluteal", "right")))
SPOTS = adapt((SessionRecord(2, hurts=SORE_PLACES),), library=LIBRARY, stage=STAGE)
AWAY = adapt((SessionRecord(2),), library=LIBRARY, stage=STAGE, missed_days=4)


def decided(proposal, *, has_reason=False, **changes):
    return decide(proposal, replace(proposal, **changes), LIBRARY, has_reason=has_reason)


def after(number, *records):
    raw = a_case(condition="osteochondrosis-lumbar", stage="remission", inputs={}, facts=MEASURED, session={"number": number, "of": 10})
    return replace(parse_case(raw, LIBRARY), records=records)


def codes(adaptation):
    return [reason.code for reason in adaptation.because]


@pytest.mark.parametrize("proposal", [HURT, SORE, BAD, HELD, AWAY, SPOTS, NO_ADAPTATION])
def test_a_proposal_that_is_accepted_stays_what_it_is(proposal):
    assert decided(proposal) == proposal


@pytest.mark.parametrize(
    "less",
    [
        {"pressure_shift": -2},
        {"minutes_factor": 0.5},
        {"rungs_down": 1},
        {"rungs_down": 2},
        {"repeat_load_of": 2},
        {"leave_out": tuple(LIBRARY.techniques)},
        {"leave_out": ("rubbing-circular",)},
        {"zone_shifts": ((LOIN, -2),)},
    ],
)
def test_less_is_allowed_without_a_reason_and_says_so(less):
    found = decided(HURT, **less)
    assert codes(found) == [*codes(HURT), "decided-less"]
    assert all(getattr(found, name) == value for name, value in less.items())


@pytest.mark.parametrize(
    ("proposal", "more", "gone"),
    [
        (HURT, {"pressure_shift": 0}, "low-comfort"),
        (HURT, {"zone_shifts": ()}, "hurt-marked"),
        (SORE, {"repeat_load_of": None}, "next-day-pain"),
        (SORE, {"minutes_factor": 1.0}, "next-day-pain"),
    ],
)
def test_a_soft_part_is_let_go_of_only_with_a_reason(proposal, more, gone):
    assert decided(proposal, **more) == ("needs-reason",)
    found = decided(proposal, has_reason=True, **more)
    assert set(codes(found)) == set(codes(proposal)) - {gone} | {"decided-otherwise"}
    assert is_relaxed(proposal, found)


@pytest.mark.parametrize(
    ("proposal", "wanted", "refused"),
    [
        (BAD, {"rungs_down": 0}, "rungs"),
        (BAD, {"rungs_down": 3}, "rungs"),
        (HELD, {"action": "go-on"}, "held-up"),
        (AWAY, {"repeat_load_of": None}, "gap"),
        (SORE, {"repeat_load_of": 1}, "repeat"),
        (HURT, {"pressure_shift": -3}, "pressure"),
        (HURT, {"pressure_shift": 1}, "pressure"),
        (HURT, {"minutes_factor": 0.49}, "minutes"),
        (HURT, {"minutes_factor": 1.01}, "minutes"),
        (HURT, {"zone_shifts": ((LOIN, -3),)}, "zone"),
        (HURT, {"zone_shifts": ((LOIN, 0),)}, "zone"),
        (HURT, {"zone_shifts": ((Place("nowhere", "left"), -1),)}, "zone"),
        (HURT, {"leave_out": ("nothing-known",)}, "technique"),
        (replace(HURT, leave_out=("rubbing-circular",)), {"leave_out": ()}, "technique"),
    ],
)
def test_no_reason_lets_go_of_what_stands_and_no_edit_leaves_its_bounds(proposal, wanted, refused):
    assert decided(proposal, has_reason=True, **wanted) == (refused,)


def test_the_action_follows_from_what_is_decided():
    assert decided(SORE, has_reason=True, repeat_load_of=None).action == "go-on"
    assert decided(HURT, repeat_load_of=2).action == "repeat"
    assert decided(HURT, rungs_down=1).action == "step-back"
    assert decided(HELD, rungs_down=1).action == "pause"


def test_what_was_decided_stands_in_place_of_the_proposal_and_the_check_judges_by_it():
    case = after(3, SessionRecord(1, comfort=4), SessionRecord(2, comfort=4))
    proposed = plan_session(case, LIBRARY)
    wanted = decide(proposed.adaptation, replace(proposed.adaptation, minutes_factor=0.5), LIBRARY, has_reason=False)
    assert isinstance(wanted, Adaptation)
    planned = plan_session(replace(case, decided=wanted), LIBRARY)
    assert planned.adaptation == wanted
    assert planned.course.doses[2].seconds <= proposed.course.doses[2].seconds / 2 + 1


def test_a_decision_that_lets_go_of_what_stands_makes_no_plan():
    case = replace(after(3, SessionRecord(2, bad_reaction=True)), decided=NO_ADAPTATION)
    with pytest.raises(UnsafePlan, match="rungs"):
        adaptation_of(case, LIBRARY)


@given(
    st.sampled_from([HURT, SORE, BAD, HELD, AWAY]),
    st.builds(
        Adaptation,
        pressure_shift=st.integers(-3, 1),
        minutes_factor=st.sampled_from([0.4, 0.5, 0.7, 1.0, 1.1]),
        rungs_down=st.integers(0, 3),
        repeat_load_of=st.sampled_from([None, 1, 2]),
    ),
    st.booleans(),
)
def test_whatever_is_decided_never_raises_anything_above_a_session_without_records(proposal, wanted, has_reason):
    found = decide(proposal, wanted, LIBRARY, has_reason=has_reason)
    if isinstance(found, tuple):
        assert found
    else:
        assert (found.pressure_shift <= 0, found.minutes_factor <= 1, found.rungs_down >= proposal.rungs_down) == (True, True, True)
        assert refusals(proposal, found, LIBRARY) == ()
