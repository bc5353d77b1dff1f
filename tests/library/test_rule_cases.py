"""Every rule of the library has patients that it stops, patients that it spares by a hair, and one whose answer nobody knows."""

from collections import Counter

import pytest

from protocols import rule_cases as shelf
from protocols.cases import CaseFaults
from protocols.method.truth import facts_of
from protocols.method.vocabulary import Outcome
from protocols.rule_cases import KINDS, WORDS, RuleCase, rule_cases
from protocols.shelf import read_tables, shipped_library
from tests.each import of_each
from tests.library.rule_words import EXPECTATIONS, Found, unmet

CASES = {kind: [case for cases in rule_cases().values() for case in getattr(cases, kind)] for kind in KINDS}
# Age and sex stand in the patient's record: a case without them is refused, so they are never unknown.
ALWAYS_KNOWN = {"patient.age", "patient.sex"}
# Which word of a case tells of which type of effect. Advice is told, and narrows nothing.
WORD_OF_EFFECT = {
    "exclude-zones": {"zones_out"},
    "exclude-zones-from": {"zones_out", "spots"},
    "only-zones": {"zones_out"},
    "exclude-families": {"families_out"},
    "exclude-techniques": {"techniques_out"},
    "exclude-supplements": {"supplements_out", "points_out"},
    "max-pressure": {"pressure_at_most"},
    "max-minutes": {"minutes_at_most"},
    "force-mode": {"calm"},
    "forbid-positions": {"positions_out"},
    "allow-positions": {"positions_kept"},
    "lower-dose": {"dose_steps_back"},
    "require-measure": {"measure"},
    "advice": set(WORDS),
}


def of_kind(kind):
    return of_each("case", CASES[kind], ids=lambda case: case.code)


@of_kind("fires")
def test_a_rule_stops_the_patient_it_is_meant_for(case):
    assert unmet(case) == ()


@of_kind("spares")
def test_a_rule_spares_the_patient_just_short_of_it(case):
    found = Found(case)
    assert found.verdict == "silent"
    assert case.rule not in {finding.rule for finding in found.screening.findings}
    assert unmet(case) == ()


@of_kind("unknown")
def test_an_unanswered_question_is_never_no(case):
    found = Found(case)
    assert unmet(case) == ()
    if "outcome" in case.expected or "silent" in case.expected:
        return
    assert found.verdict == "open"
    assert set(found.open_rule.facts) == set(case.expected.get("asks", found.unknown))
    assert found.open_rule.outcome is shipped_library().rules[case.rule].outcome
    if found.open_rule.blocks_start:
        assert set(found.open_rule.facts) <= found.obstacles("fact")
        assert not found.screening.may_start


@of_kind("unknown")
def test_a_rule_that_refuses_or_defers_never_lets_a_session_start_while_it_is_open(case):
    found = Found(case)
    if found.verdict == "open" and found.open_rule.outcome >= Outcome.DOCTOR:
        assert not found.screening.may_start


def test_every_rule_has_cases_and_every_case_a_rule():
    assert set(rule_cases()) == set(shipped_library().rules)


@of_each("cases", rule_cases().values(), ids=lambda cases: cases.rule)
def test_a_rule_stands_in_the_file_of_its_group(cases):
    assert cases.file.startswith(shipped_library().rules[cases.rule].group)


@of_each("cases", rule_cases().values(), ids=lambda cases: cases.rule)
def test_a_rule_without_a_case_of_a_kind_says_why_and_it_is_so(cases):
    assert set(cases.because) <= {"unknown"}
    if cases.because:
        assert facts_of(shipped_library().rules[cases.rule].when) <= ALWAYS_KNOWN
        assert len(cases.because["unknown"]) > 20


@of_each("cases", rule_cases().values(), ids=lambda cases: cases.rule)
def test_the_cases_of_a_rule_tell_everything_it_does(cases):
    told = {word for case in cases.fires for word in case.expected}
    rule = shipped_library().rules[cases.rule]
    assert [effect.type for effect in rule.effects if not WORD_OF_EFFECT[effect.type] & told] == []
    assert "document" in told or rule.outcome < Outcome.DOCTOR


@of_each("cases", rule_cases().values(), ids=lambda cases: cases.rule)
def test_every_fact_that_a_rule_reads_is_stated_in_one_of_its_cases(cases):
    stated = {fact for case in cases.all for fact in (*case.stated["facts"], *case.stated["unknown"])} | ALWAYS_KNOWN
    assert facts_of(shipped_library().rules[cases.rule].when) - stated == set()


@of_each("cases", rule_cases().values(), ids=lambda cases: cases.rule)
def test_a_near_miss_speaks_of_something_that_the_rule_reads(cases):
    read = facts_of(shipped_library().rules[cases.rule].when)
    assert all(read & (set(case.stated["facts"]) | ALWAYS_KNOWN) for case in cases.spares)


def test_every_case_is_a_sentence_of_its_own():
    said = [case.says for cases in rule_cases().values() for case in cases.all]
    assert [sentence for sentence, times in Counter(said).items() if times > 1] == []
    assert [sentence for sentence in said if not (sentence.endswith(".") and 15 < len(sentence) < 200 and not sentence[0].islower())] == []


def test_every_word_is_explained_and_checked():
    assert EXPECTATIONS.keys() == WORDS.keys()
    used = {word for cases in rule_cases().values() for case in cases.all for word in case.expected}
    assert WORDS.keys() - used == set()


def test_the_cases_are_no_part_of_the_library_itself():
    assert not [stem for stem in read_tables() if stem.startswith("cases")]


# Each word with something that is not so of a woman of 30 with a reading of 140 over 85: what can never fail proves nothing.
NOT_SO = {
    "outcome": "defer",
    "may_start": False,
    "asks": ["today.pulse"],
    "silent": True,
    "document": "doctor-referral",
    "cleared_by": "doctor-referral",
    "instead": ["ca-03"],
    "zones_out": ["nape"],
    "left_out": ["abdomen"],
    "spots": ["nape"],
    "families_out": {"all": ["kneading"]},
    "families_kept": {"gluteal": ["percussion"]},
    "techniques_out": ["kneading-pincer"],
    "pressure_at_most": {"all": 1},
    "minutes_at_most": 10,
    "positions_out": ["prone"],
    "positions_kept": ["head-down"],
    "supplements_out": ["heat"],
    "points_out": ["li4"],
    "dose_steps_back": 1,
    "measure": ["today.pulse"],
    "advice": ["no oil"],
}


@of_each("word", NOT_SO)
def test_an_expectation_that_is_not_met_is_told_in_words(word):
    case = RuleCase("ca-04", "fires", 1, "", _stated({"today.systolic": 140, "today.diastolic": 85}), {word: NOT_SO[word]})
    (sentence,) = unmet(case)
    assert len(sentence) > 6


@pytest.mark.parametrize(("word", "wanted"), [("zones_kept", ["colon-path"]), ("calm", ["nape"])])
def test_an_expectation_about_places_that_is_not_met_is_told_in_words(word, wanted):
    case = RuleCase("gi-09", "fires", 1, "", _stated({"history.stoma-or-tube": True}), {word: wanted})
    (sentence,) = unmet(case)
    assert len(sentence) > 6


def _stated(facts):
    return shelf._stated({"facts": facts})


SOUND = """
[[rule]]
code = "em-01"
[[rule.fires]]
says = "a"
expect = { outcome = "emergency" }
[[rule.spares]]
says = "b"
[[rule.unknown]]
says = "c"
unknown = ["today.chest-pain"]
expect = { may_start = false }
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SOUND + "[other]", "unknown other"),
        (SOUND.replace("[[rule.spares]]", "[[rule.saves]]"), "unknown saves"),
        (SOUND.replace('says = "b"', 'tells = "b"'), "spares 1: unknown tells"),
        (SOUND.replace('says = "b"', ""), "spares 1: lacks says"),
        (SOUND.replace("outcome", "mood"), "fires 1: unknown mood"),
        (SOUND.replace('{ outcome = "emergency" }', "{ may_start = false }"), "fires 1: lacks outcome"),
        (SOUND.replace("{ may_start = false }", "{}"), "unknown 1: lacks may_start"),
        (SOUND.replace('says = "b"', 'says = "b"\nunknown = ["today.chest-pain"]'), "belongs under unknown"),
        (SOUND.replace('[[rule.spares]]\nsays = "b"', ""), "spares needs either cases or a reason"),
        (SOUND.replace('code = "em-01"', 'code = "em-01"\nbecause = { fires = "no" }'), "fires needs either cases or a reason"),
        (SOUND.replace('code = "em-01"', 'code = "em-01"\nbecause = { never = "no" }'), "unknown never"),
        (SOUND + SOUND, "em-01 stands twice"),
    ],
)
def test_a_file_of_cases_that_is_not_sound_is_refused(text, message, tmp_path, monkeypatch):
    (tmp_path / "emergency.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(shelf, "RULE_CASES", tmp_path)
    with pytest.raises(CaseFaults, match=message):
        rule_cases.__wrapped__()
