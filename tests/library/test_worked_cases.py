"""The worked cases that a doctor reads are true of the program."""

from collections import Counter

import pytest

from protocols import cases
from protocols.cases import EXPECTATIONS, CaseFaults, WorkedCase, unmet, worked_case, worked_cases
from protocols.method.case import parse_case
from protocols.method.planning import plan_session
from protocols.shelf import shipped_library

IN_SCOPE = (
    "scoliosis",
    "osteochondrosis-cervical",
    "osteochondrosis-thoracic",
    "osteochondrosis-lumbar",
    "neck-collar",
    "bronchial-asthma",
    "constipation",
)


@pytest.mark.parametrize("case", worked_cases(), ids=lambda case: case.code)
def test_a_worked_case_holds(case):
    assert unmet(case, shipped_library()) == ()


@pytest.mark.parametrize("condition", IN_SCOPE)
def test_a_condition_has_three_cases_with_a_restriction_and_a_refusal_among_them(condition):
    library = shipped_library()
    planned = [plan_session(parse_case(case.stated, library), library).session for case in worked_cases() if case.condition == condition]
    assert len(planned) >= 3
    assert any(plan.outcome.code == "modify" and plan.may_start for plan in planned)
    assert any(not plan.may_start for plan in planned)


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
