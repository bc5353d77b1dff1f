"""The last value on either side of a line, one by one."""

import json
from datetime import timedelta

import pytest

from protocols.method.answers import Faults, _shown
from protocols.method.bars import _supplement_bars
from protocols.method.case import CASE_DAY, parse_case
from protocols.method.checking import check_plan
from protocols.method.findings import ForcedCalm, Limits, MinutesCap
from protocols.method.plans import Adaptation, Omission, PlannedSupplement
from protocols.method.reasons import because
from protocols.method.roles import refused_places
from protocols.method.session.timing import share_seconds
from protocols.method.truth import Evidence
from protocols.method.vocabulary import Outcome
from tests.method.cases import a_case
from tests.method.hand_made import ATTACK, ATTACK_DOSE, ATTACK_PLAN, BRISK, BRISK_DOSE, BRISK_PLAN, WHY, with_limits
from tests.method.planned import LIBRARY
from tests.method.test_checking import codes, corrupted, with_row


# Words of a refusal ---------------------------------------------------------------------------------------------------------
def test_an_answer_is_shown_whole_up_to_sixty_signs_and_else_cut():
    assert _shown("x" * 58) == json.dumps("x" * 58)
    longer = _shown("x" * 59)
    assert longer.endswith("...")
    assert len(longer) == 60


def test_a_number_that_would_take_pages_is_not_written_out():
    assert _shown(2**63) == str(2**63)
    assert _shown(-(2**64) + 1) == str(-(2**64) + 1)
    assert _shown(2**64) != str(2**64)


# Cases ----------------------------------------------------------------------------------------------------------------------
def test_a_document_without_an_age_is_refused_and_one_of_today_is_of_today():
    with pytest.raises(Faults, match="age_days"):
        parse_case(a_case(clearances={"doctor-referral": {"rules": []}}), LIBRARY)
    (paper,) = parse_case(a_case(clearances={"doctor-referral": 0}), LIBRARY).clearances
    assert paper.issued_on == CASE_DAY
    (older,) = parse_case(a_case(clearances={"doctor-referral": {"age_days": 1, "rules": []}}), LIBRARY).clearances
    assert older.issued_on == CASE_DAY - timedelta(days=1)


def test_an_unusual_length_of_a_course_is_noted_and_the_ends_of_the_usual_are_not():
    usual = LIBRARY.conditions["scoliosis"].stages["degree-1"].treatment.sessions  # type: ignore[union-attr]
    noted = {
        of: any("sessions; this stage" in note for note in parse_case(a_case(session={"number": 1, "of": of}), LIBRARY).notes)
        for of in (usual.min - 1, usual.min, usual.max, usual.max + 1)
    }
    assert list(noted.values()) == [True, False, False, True]


@pytest.mark.parametrize(("number", "wanted"), [(1, True), (59, True), (60, False)])
def test_a_record_is_of_an_earlier_session(number, wanted):
    case = a_case(session={"number": 60, "of": 60}, records=[{"number": number, "comfort": 8}])
    if wanted:
        assert parse_case(case, LIBRARY).records[0].number == number
    else:
        with pytest.raises(Faults):
            parse_case(case, LIBRARY)


def test_an_age_that_bars_a_supplement_says_from_when_to_when_it_is_open():
    evidence = Evidence({"patient.age": 70}, frozenset(), LIBRARY.facts, LIBRARY.tree)
    (out,) = _supplement_bars(LIBRARY.supplements["imaz"], LIBRARY, evidence)
    assert out.because == because("age-bars-supplement", supplement="imaz", from_age=18, to_age=60)


# Checker --------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("seconds", "wanted"), [(24 * 3600, False), (24 * 3600 + 1, True)])
def test_a_supplement_without_minutes_of_its_own_takes_a_day_at_the_most(seconds, wanted):
    plan = corrupted(ATTACK_PLAN, supplements=(PlannedSupplement("points-inhibitory", seconds, points=("bl60",)),))
    assert ("supplement-dose" in codes(plan, ATTACK, ATTACK_DOSE)) is wanted


@pytest.mark.parametrize(("seconds", "wanted"), [(599, True), (600, False), (1200, False), (1201, True)])
def test_a_supplement_keeps_to_its_dose_to_the_second(seconds, wanted):
    plan = corrupted(ATTACK_PLAN, supplements=(PlannedSupplement("connective-tissue", seconds),))
    assert ("supplement-dose" in codes(plan, ATTACK, ATTACK_DOSE)) is wanted


@pytest.mark.parametrize(("seconds", "wanted"), [(180, False), (181, True)])
def test_steps_and_supplements_keep_the_cap_to_the_second(seconds, wanted):
    plan = corrupted(ATTACK_PLAN, supplements=(PlannedSupplement("points-inhibitory", seconds, points=("bl60",)),))
    cap = with_limits(ATTACK, Limits(minutes_caps=(MinutesCap(13, WHY),)))
    assert ("supplements-over-cap" in codes(plan, cap, ATTACK_DOSE)) is wanted


def test_one_side_that_is_told_does_not_explain_the_other_and_only_zones_explain_zones():
    kept = tuple(row for row in BRISK_PLAN.omissions if row.code != "pectoral")
    one_side = corrupted(BRISK_PLAN, omissions=(*kept, Omission("zone", "pectoral", "left", WHY)))
    other_kind = corrupted(BRISK_PLAN, omissions=(*kept, Omission("step", "pectoral", "both", WHY)))
    no_side = corrupted(BRISK_PLAN, omissions=(*kept, Omission("zone", "pectoral", None, WHY)))
    assert "zone-unexplained" in codes(one_side, BRISK, BRISK_DOSE)
    assert "zone-unexplained" in codes(other_kind, BRISK, BRISK_DOSE)
    assert "zone-unexplained" not in codes(no_side, BRISK, BRISK_DOSE)


@pytest.mark.parametrize(("seconds", "wanted"), [(360, False), (361, True)])
def test_a_step_is_stretched_beyond_one_and_a_half_of_its_own_time_to_the_second(seconds, wanted):
    # Four of the ten minutes are its own: 240 s of 600.
    rows = {1: seconds - 96, 4: 60, 5: 20, 6: 20, 0: 30}
    plan = ATTACK_PLAN
    for number, time in rows.items():
        plan = with_row(plan, number, seconds=time)
    assert ("step-stretched" in codes(plan, ATTACK, ATTACK_DOSE)) is wanted


@pytest.mark.parametrize(("kneaded", "wanted"), [(64, False), (65, True)])
def test_halved_kneading_is_the_half_and_one_second(kneaded, wanted):
    # 280 s of which kneading would have 45 %: the half is 63.
    plan = with_row(with_row(BRISK_PLAN, 2, seconds=kneaded), 1, seconds=280 - 84 - kneaded)
    setting = with_limits(BRISK, Limits(calm=(ForcedCalm(None, WHY),)))
    problems = [problem for problem in check_plan(plan, setting, dose=BRISK_DOSE) if problem.code == "kneading-not-halved"]
    assert bool(problems) is wanted
    assert {problem.row for problem in problems} <= {1}


@pytest.mark.parametrize("action", ["pause", "doctor"])
def test_a_course_that_is_held_up_may_not_start(action):
    assert "may-not-start" in codes(ATTACK_PLAN, ATTACK, ATTACK_DOSE, adaptation=Adaptation(action=action))
    assert codes(ATTACK_PLAN, ATTACK, ATTACK_DOSE, adaptation=Adaptation(action="go-on")) == set()


def test_the_words_of_may_not_start_name_the_outcome():
    plan = corrupted(ATTACK_PLAN, outcome=Outcome.DOCTOR)
    assert any("the outcome is doctor" in problem.sentence for problem in check_plan(plan, ATTACK, dose=ATTACK_DOSE))


# Builder --------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("total", "ceilings", "wanted"),
    [(100, (10, 10), [10, 10]), (20, (10, 10), [10, 10]), (19, (10, 10), [10, 9]), (0, (10, 10), [0, 0]), (30, (5, 100), [5, 25])],
)
def test_time_that_nobody_can_take_is_not_given(total, ceilings, wanted):
    assert share_seconds(total, (1.0, 1.0), ceilings) == wanted


def test_a_stage_of_plain_zones_refuses_no_place():
    condition = LIBRARY.conditions["osteochondrosis-lumbar"]
    assert refused_places(LIBRARY, condition, condition.stages["remission"], {}) == ()
