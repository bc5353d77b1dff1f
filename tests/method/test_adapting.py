"""Records propose the next session, by the thresholds of course-rules.toml."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.method.adapting import adapt
from protocols.method.places import Place
from protocols.method.plans import NO_ADAPTATION, Hurt, SessionRecord
from tests.method.planned import LIBRARY, stage_of

STAGE = stage_of("osteochondrosis-lumbar", "remission")
LOIN = Place("paravertebral-lumbar", "left")


def proposal(*records: SessionRecord, **more):
    return adapt(records, library=LIBRARY, stage=STAGE, **more)


def test_without_records_nothing_changes():
    assert proposal() == NO_ADAPTATION
    assert adapt((SessionRecord(1, comfort=0),), library=LIBRARY, stage=stage_of("constipation", "alarm")) == NO_ADAPTATION


@pytest.mark.parametrize(("comfort", "shift"), [((5, 5), -1), ((6, 5), 0), ((5, 6), 0), ((5,), 0), ((9, 4, 5), -1), ((5, None), 0)])
def test_comfort_below_six_twice_in_a_row_takes_a_level_off_the_session(comfort, shift):
    records = [SessionRecord(number, comfort=value) for number, value in enumerate(comfort, 1)]
    assert proposal(*records).pressure_shift == shift


def test_a_zone_that_hurt_is_marked_at_once():
    found = proposal(SessionRecord(1, comfort=9, hurts=(Hurt(LOIN),)))
    assert found.zone_shifts == ((LOIN, -1),)
    assert found.action == "go-on"
    assert [reason.code for reason in found.because] == ["hurt-marked"]


def test_a_mark_of_an_earlier_session_is_over():
    assert proposal(SessionRecord(1, hurts=(Hurt(LOIN),)), SessionRecord(2)).zone_shifts == ()


@pytest.mark.parametrize(("before", "next_day", "repeats"), [(3, 4, False), (3, 5, True), (3, 2, False), (None, 9, False)])
def test_next_day_pain_above_one_point_repeats_the_load(before, next_day, repeats):
    found = proposal(SessionRecord(4, pain_before=before, pain_next_day=next_day))
    assert (found.action == "repeat") is repeats
    assert (found.repeat_load_of, found.minutes_factor, found.pressure_shift) == ((4, 0.7, -1) if repeats else (None, 1.0, 0))


def test_next_day_pain_at_two_sessions_pauses_the_course():
    records = [SessionRecord(number, pain_before=2, pain_next_day=4) for number in (1, 2)]
    assert proposal(*records).action == "pause"
    assert proposal(*records[:1]).action == "repeat"


def test_a_bad_reaction_goes_one_rung_down_and_two_send_to_the_doctor():
    bad, good = SessionRecord(2, bad_reaction=True), SessionRecord(1)
    assert (proposal(good, bad).action, proposal(good, bad).rungs_down) == ("step-back", 1)
    again = proposal(SessionRecord(1, bad_reaction=True), bad)
    assert again.action == "doctor"
    assert {reason.code for reason in again.because} == {"course-suspended", "bad-reaction"}


@pytest.mark.parametrize(("rise", "action"), [(20, "pause"), (19, "go-on")])
def test_pressure_higher_by_twenty_after_two_sessions_pauses(rise, action):
    records = [SessionRecord(number, systolic_before=120, systolic_after=120 + rise) for number in (1, 2)]
    assert proposal(*records).action == action


def test_a_bruise_or_a_swelling_pauses_at_once_and_bad_sleep_at_the_second_session():
    assert proposal(SessionRecord(1, skin_or_swelling=True)).action == "pause"
    assert proposal(SessionRecord(1, skin_or_swelling=False)) == proposal(SessionRecord(1)) == NO_ADAPTATION
    nights = tuple(SessionRecord(number, sleep_or_headache=True) for number in (1, 2))
    assert (proposal(*nights[:1]).action, proposal(*nights).action) == ("go-on", "pause")
    assert proposal(SessionRecord(1, sleep_or_headache=False), nights[1]).action == "go-on"


@pytest.mark.parametrize(
    ("missed", "action", "rungs", "repeated", "code"),
    [
        (3, "go-on", 0, None, None),
        (4, "repeat", 0, 2, "gap-repeat-load"),
        (7, "repeat", 0, 2, "gap-repeat-load"),
        (8, "step-back", 1, 2, "gap-step-back"),
        (15, "reassess", 2, 2, "gap-reassess"),
    ],
)
def test_missed_days_repeat_the_load_then_go_down_the_ladder_then_ask_for_a_new_plan(missed, action, rungs, repeated, code):
    found = proposal(SessionRecord(1), SessionRecord(2), missed_days=missed)
    assert (found.action, found.rungs_down, found.repeat_load_of) == (action, rungs, repeated)
    assert [reason.code for reason in found.because] == ([code] if code else [])
    assert found.minutes_factor == 1.0


def test_a_gap_and_a_bad_reaction_go_down_two_rungs_together_and_never_more():
    bad = SessionRecord(3, bad_reaction=True)
    assert [proposal(bad, missed_days=days).rungs_down for days in (0, 8, 15)] == [1, 2, 2]
    assert proposal(bad, missed_days=4).action == "step-back"
    assert proposal(missed_days=15) == NO_ADAPTATION


def test_days_of_one_row_of_the_table_make_one_proposal():
    assert proposal(SessionRecord(1), missed_days=8) == proposal(SessionRecord(1), missed_days=14)


def test_what_held_the_course_up_only_lowers_the_dose_once_a_doctor_let_it_go_on():
    swollen, bad = SessionRecord(2, skin_or_swelling=True), SessionRecord(2, bad_reaction=True)
    found = proposal(swollen, is_released=True)
    assert (found.action, found.rungs_down, [reason.code for reason in found.because]) == ("step-back", 1, ["released-by-doctor"])
    assert proposal(SessionRecord(1, bad_reaction=True), bad, is_released=True).action == "step-back"
    assert proposal(swollen, missed_days=15, is_released=True).action == "reassess"
    assert proposal(SessionRecord(1), is_released=True) == NO_ADAPTATION


def test_the_order_in_which_records_are_given_does_not_matter():
    first, second = SessionRecord(1, comfort=2), SessionRecord(2, comfort=9, hurts=(Hurt(LOIN),))
    assert proposal(first, second) == proposal(second, first)


SCORES = st.none() | st.integers(0, 10)
RECORDS = st.lists(st.tuples(SCORES, SCORES, SCORES, st.booleans()), max_size=6)


@given(RECORDS)
def test_a_proposal_never_raises_anything_and_every_change_has_a_reason(values):
    found = proposal(
        *(SessionRecord(n, comfort=c, pain_before=b, pain_next_day=a, bad_reaction=r) for n, (c, b, a, r) in enumerate(values, 1))
    )
    assert found.pressure_shift <= 0
    assert found.minutes_factor <= 1.0
    assert found.rungs_down >= 0
    assert bool(found.because) or found == NO_ADAPTATION
