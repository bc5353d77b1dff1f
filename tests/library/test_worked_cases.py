"""The worked cases that a doctor reads are true of the program."""

from collections import Counter

import pytest

from protocols import cases
from protocols.cases import EXPECTATIONS, MEANINGS, CaseFaults, WorkedCase, unmet, worked_case, worked_cases
from protocols.method.case import parse_case
from protocols.method.planning import plan_session
from protocols.shelf import shipped_library
from tests.each import of_each

CONDITIONS = tuple(shipped_library().conditions)
NOT_ON_HANDS = ("advice", "require-measure", "exclude-supplements")


@of_each("case", worked_cases(), ids=lambda case: case.code)
def test_a_worked_case_holds(case):
    assert unmet(case, shipped_library()) == ()


@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_condition_has_three_cases_with_a_refusal_and_a_restriction_among_them(condition):
    planned = [plan_of(case) for case in worked_cases() if case.condition == condition]
    assert len(planned) >= 3
    assert any(is_refused(plan) for plan in planned)
    assert any(is_restricted(plan) for plan in planned)
    assert any(plan.session.may_start for plan in planned)


def test_every_stage_of_every_condition_has_a_case():
    stages = {(condition.code, stage) for condition in shipped_library().conditions.values() for stage in condition.stages}
    assert {(case.condition, case.stated["stage"]) for case in worked_cases()} == stages


def plan_of(case):
    return plan_session(parse_case(case.stated, shipped_library()), shipped_library())


def is_refused(planned):
    """No session today for a reason that no paper of the same day cures, or a stage that is not massaged."""
    return not planned.session.may_start and planned.session.outcome.code in ("defer", "absolute", "emergency")


def is_restricted(planned):
    """A session is planned, and a finding has left something out of the work of the hands, capped or calmed it."""
    binding = [effect for finding in planned.screening.findings for effect in finding.effects if effect.type not in NOT_ON_HANDS]
    return bool(planned.session.rows) and planned.session.outcome.code in ("modify", "doctor") and bool(binding)


def test_every_case_is_a_sentence_of_its_own():
    assert max(Counter(case.says for case in worked_cases()).values()) == 1
    assert all(case.says.endswith(".") and 15 < len(case.says) < 400 for case in worked_cases())


# Each word with something that is not so of the calm collar session: an expectation that can never fail proves nothing.
NOT_SO = {
    "outcome": "defer",
    "may_start": False,
    "blocked_by": ["doctor-referral"],
    "findings": ["em-01"],
    "open": ["em-01"],
    "no_steps": True,
    "works": ["calf left"],
    "never_works": ["nape"],
    "uses": {"nape both": ["percussion"]},
    "never_uses": {"nape": ["stroking"], "all": ["kneading"]},
    "pressure_at_most": 0,
    "pressure_at": {"nape": 1},
    "minutes_at_most": 5,
    "minutes_about": 25,
    "omitted": [{"zone": "nape", "rule": "em-01"}],
    "tempo": "tonic",
    "order": [["nape", "interscapular"]],
    "positions": ["prone-kneeling"],
    "replanned": True,
}


@pytest.mark.parametrize("word", EXPECTATIONS)
def test_an_expectation_that_is_not_met_is_told_in_words(word):
    case = worked_case("collar-calming-for-poor-sleep")
    (sentence,) = unmet(WorkedCase(case.code, case.says, case.stated, {word: NOT_SO[word]}), shipped_library())
    assert len(sentence) > 6


def test_every_word_is_explained_to_the_reader():
    assert set(MEANINGS) == set(EXPECTATIONS)


@pytest.mark.parametrize("place", ["neckk", "nape up"])
def test_a_place_that_does_not_exist_is_refused(place):
    case = worked_case("collar-calming-for-poor-sleep")
    with pytest.raises(CaseFaults, match="no zone"):
        unmet(WorkedCase(case.code, case.says, case.stated, {"works": [place]}), shipped_library())


SOUND = """
[[case]]
code = "a"
says = "b"
[case.input]
condition = "scoliosis"
[case.expect]
outcome = "clear"
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SOUND.replace("outcome", "mood"), "case a: unknown mood"),
        (SOUND.replace("says", "tells"), "case a: unknown tells"),
        (SOUND.replace('says = "b"', ""), "case a: lacks says"),
        (SOUND.replace('outcome = "clear"', ""), "case a: lacks expect"),
        (SOUND.replace("scoliosis", "constipation"), "another condition than its file"),
        (SOUND + SOUND, "code used twice: a"),
        (SOUND + "[other]", "unknown other"),
    ],
)
def test_a_file_of_cases_that_is_not_sound_is_refused(text, message, tmp_path, monkeypatch):
    (tmp_path / "scoliosis.cases.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(cases, "CASES", tmp_path)
    with pytest.raises(CaseFaults, match=message):
        worked_cases.__wrapped__()
