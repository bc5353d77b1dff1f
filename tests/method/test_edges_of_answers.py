"""What the method says to others, at its edges: doses, names, the answer of the command, words of a refusal."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from protocols.method import names
from protocols.method.case import parse_case
from protocols.method.course import plan_course
from protocols.method.findings import FamilyOut, Finding, Limits, PressureCap
from protocols.method.names import Names, _is_sound, _translated, build_names
from protocols.method.output import (
    _blocking,
    _finding,
    _omission,
    _row,
    course_as_json,
    highest_pressure,
    measures,
    percussion_is_open,
)
from protocols.method.parsing import FaultList, LibraryFaults
from protocols.method.places import Place
from protocols.method.planning import PlannedCourse, adaptation_of, setting_of
from protocols.method.plans import NO_ADAPTATION, CoursePlan, Omission, UnsafePlan
from protocols.method.reader import _digits, short
from protocols.method.reasons import because
from protocols.method.texts import Text
from protocols.method.vocabulary import Outcome
from protocols.method.whole_course import _waits
from tests.method.cases import a_case
from tests.method.hand_made import ATTACK, ATTACK_DOSE, ATTACK_PLAN, BRISK, BRISK_DOSE, WHY, a_row, a_setting, with_limits
from tests.method.planned import LIBRARY

RULE = next(iter(LIBRARY.rules))
TOLD = because("rule-excludes-zone", rule=RULE)


def with_treatment(setting, **changes):
    return replace(setting, stage=replace(setting.stage, treatment=replace(setting.treatment, **changes)))


# Doses ----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("cap", "level"), [(0, 1), (1, 1), (2, 2)])
def test_a_cap_holds_for_every_dose_and_the_lightest_hand_stays_allowed(cap, level):
    capped = with_limits(BRISK, Limits(pressure_caps=(PressureCap(cap, None, WHY),)))
    assert {dose.pressure_max for dose in plan_course(capped, count=3).doses} == {level}


@pytest.mark.parametrize(("age", "said"), [(40, False), (9, True), (80, True)])
def test_only_an_age_that_shortens_the_session_is_given_as_a_reason(age, said):
    dose = plan_course(a_setting("scoliosis", "postural", age=age), count=3).doses[1]
    assert any(reason.code == "dose-age" for reason in dose.because) is said


# Planning -------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("number", "first"), [(1, True), (2, False), (6, False)])
def test_only_the_first_session_is_the_first(monkeypatch, number, first):
    seen = []
    monkeypatch.setattr("protocols.method.planning.screen", lambda *_, plan, **__: seen.append(plan))
    setting_of(parse_case(a_case(session={"number": number, "of": 12}), LIBRARY), LIBRARY)
    assert [plan.first_session for plan in seen] == [first]


def test_without_records_or_without_massage_the_records_propose_nothing():
    case = parse_case(a_case(records=[{"number": 5, "comfort": 1}, {"number": 4, "comfort": 1}][::-1]), LIBRARY)
    assert adaptation_of(case, LIBRARY) != NO_ADAPTATION
    assert adaptation_of(replace(case, records=()), LIBRARY) is NO_ADAPTATION
    assert adaptation_of(replace(case, stage=replace(case.stage, treatment=None)), LIBRARY) is NO_ADAPTATION


@pytest.mark.parametrize("calm_until", [0, 1, 4])
def test_something_begins_with_the_session_after_the_last_calm_one(calm_until):
    calm = with_treatment(BRISK, steps=(), family_from={}, variants=(), calm_until_session=calm_until)
    assert _waits(calm.stage) == (calm_until + 1,)


@pytest.mark.parametrize(("pressure", "sound"), [(0, False), (1, True), (4, True), (5, False)])
def test_a_row_has_a_pressure_of_one_to_four(pressure, sound):
    if sound:
        assert a_row(0, "main", "calf", "stroking-planar-superficial", 60, pressure=pressure).pressure == pressure
    else:
        with pytest.raises(UnsafePlan):
            a_row(0, "main", "calf", "stroking-planar-superficial", 60, pressure=pressure)


# The answer of the command --------------------------------------------------------------------------------------------------
def test_a_course_shows_its_first_middle_and_last_session_under_their_own_numbers():
    sessions = tuple(
        replace(
            ATTACK_PLAN, number=number, rows=(), omissions=(), total_seconds=0, may_start=False, dose=replace(ATTACK_DOSE, number=number)
        )
        for number in (1, 2, 3, 4)
    )
    told = course_as_json(PlannedCourse(ATTACK, ATTACK.screening, CoursePlan((), 2, "", 1.0), sessions))
    assert {key: shown["session"]["number"] for key, shown in told["sessions"].items()} == {"1": 1, "2": 2, "4": 4}


@pytest.mark.parametrize(("level", "shift", "ceiling", "wanted"), [(3, 0, 4, 3), (3, -1, 4, 2), (2, -3, 4, 1), (4, 0, 2, 2), (2, 1, 4, 3)])
def test_the_highest_pressure_is_the_stages_shifted_under_the_ceiling_and_never_below_one(level, shift, ceiling, wanted):
    setting = with_treatment(BRISK, pressure_max=level, pressure=None)
    assert highest_pressure(replace(BRISK_DOSE, pressure_shift=shift, pressure_max=ceiling), setting) == wanted


@pytest.mark.parametrize(
    ("family", "places", "is_open"),
    [("percussion", None, False), ("percussion", frozenset({Place("calf", "left")}), True), ("kneading", None, True)],
)
def test_percussion_is_told_closed_only_where_findings_bar_it_everywhere(family, places, is_open):
    setting = with_limits(BRISK, Limits(families_out=(FamilyOut(family, places, WHY),)))
    assert percussion_is_open(BRISK_DOSE, BRISK) is True
    assert percussion_is_open(BRISK_DOSE, setting) is is_open


@pytest.mark.parametrize(
    ("found", "planned", "told"),
    [
        (Outcome.MODIFY, Outcome.MODIFY, False),
        (Outcome.MODIFY, Outcome.DOCTOR, True),
        (Outcome.MODIFY, Outcome.DEFER, True),
        (Outcome.DOCTOR, Outcome.DOCTOR, False),
        (Outcome.DOCTOR, Outcome.DEFER, False),
    ],
)
def test_what_took_the_session_is_told_where_the_plan_and_not_the_findings_needs_the_doctor(found, planned, told):
    setting = replace(ATTACK, screening=replace(ATTACK.screening, outcome=found))
    omitted = Omission("zone", "calf", "left", TOLD)
    plan = replace(ATTACK_PLAN, rows=(), total_seconds=0, outcome=planned, may_start=False, omissions=(omitted,))
    assert [row.get("rule") for row in _blocking(plan, setting)] == ([RULE] if told else [])


def test_a_row_is_told_field_for_field_with_the_places_it_avoids():
    row = replace(ATTACK_PLAN.rows[0], because=(TOLD,), avoid=(Place("calf", "left"), Place("sacrum", "both")))
    told = _row(row, LIBRARY)
    assert {key: told[key] for key in ("zone", "side", "technique", "family", "seconds", "pressure", "tempo", "position", "part")} == {
        key: getattr(row, key) for key in ("zone", "side", "technique", "family", "seconds", "pressure", "tempo", "position", "part")
    }
    assert told["avoid"] == [{"zone": "calf", "side": "left"}, {"zone": "sacrum", "side": "both"}]
    assert told["because"]


def test_a_finding_is_told_with_its_outcome_and_sources():
    found = Finding("rf-07", "relative", Outcome.DOCTOR, "why", ("s-1",), (), cleared=True)
    assert _finding(found) == {
        "rule": "rf-07",
        "kind": "relative",
        "outcome": "doctor",
        "cleared": True,
        "explanation": "why",
        "sources": ["s-1"],
    }


def test_an_omission_names_a_side_only_where_it_has_one():
    assert _omission(Omission("zone", "calf", "left", TOLD), LIBRARY).keys() == {"zone", "side", "because"}
    assert _omission(Omission("zone", "calf", "left", TOLD), LIBRARY)["side"] == "left"
    assert _omission(Omission("family", "rubbing", None, TOLD), LIBRARY).keys() == {"family", "because"}


@pytest.mark.parametrize(("of_stage", "wanted"), [(("first",), ["first"]), ((), ["general"])])
def test_a_stage_without_measures_takes_those_of_its_condition(of_stage, wanted):
    setting = replace(with_treatment(ATTACK, measures=of_stage), condition=replace(ATTACK.condition, measures=("general",)))
    assert measures(setting) == wanted
    assert measures(replace(setting, stage=replace(setting.stage, treatment=None))) == ["general"]


# Names ----------------------------------------------------------------------------------------------------------------------
LINES = Text("facts", "mood", "values", "facts", ("facts", "mood"), ("good", "of 2 kinds"))
LINE = Text("facts", "mood", "question", "facts", ("facts", "mood"), "How?")
MOOD = {"values": ["gut", "von 2 Arten"], "question": "Wie?"}
TABLES: Mapping[str, Mapping[str, Any]] = {"facts": {"facts": {"mood": MOOD}}, "labels": {"labels": {"mood": {"good": "gut"}}}}


@pytest.fixture
def no_library(monkeypatch):
    monkeypatch.setattr(names, "library_texts", lambda _library: ())


@pytest.mark.usefixtures("no_library")
def test_a_whole_translation_gives_every_text_and_label():
    found = build_names(LIBRARY, TABLES, language="de", also=(LINES, LINE))
    assert found.language == "de"
    assert found.lines("facts", "mood", "values") == ("gut", "von 2 Arten")
    assert found.of("facts", "mood", "question") == "Wie?"
    assert found.label("mood", "good") == "gut"


@pytest.mark.usefixtures("no_library")
@pytest.mark.parametrize(
    ("values", "words"),
    [(["gut", "von 3 Arten"], "numbers differ"), (["gut"], "1 texts for 2"), ("gut", "a list on one side"), (["gut", 2], "is no text")],
)
def test_a_translation_of_another_shape_or_with_another_number_is_refused(values, words):
    spoilt = {"facts": {"facts": {"mood": {**MOOD, "values": values}}}}
    with pytest.raises(LibraryFaults, match=words):
        build_names(LIBRARY, spoilt, language="de", also=(LINES, LINE))


@pytest.mark.parametrize("word", ["of 3 kinds", 2, "   ", None])
def test_an_unsound_translation_gives_no_words_and_one_fault(word):
    faults = FaultList()
    assert _is_sound("of 2 kinds" if word != "   " else "kinds", word, "here", faults) is False
    assert len(list(faults.faults)) == 1
    one = replace(LINE, words="of 2 kinds")
    assert _translated(one, {"facts": {"facts": {"mood": {"question": word}}}}, "here", FaultList()) is None


def test_a_sound_translation_gives_its_words_in_the_shape_of_the_english_text():
    faults = FaultList()
    assert _is_sound("of 2 kinds", "von 2 Arten", "here", faults) is True
    assert _translated(LINE, TABLES, "here", faults) == "Wie?"
    assert _translated(LINES, TABLES, "here", faults) == ("gut", "von 2 Arten")
    assert not faults.faults


def test_a_value_beyond_the_translated_ones_keeps_its_code():
    few = Names("de", {("facts", "mood", "values"): ("gut",)}, {})
    assert [few.value("facts", "mood", value, ("good", "bad")) for value in ("good", "bad")] == ["gut", "bad"]


# Words of a refusal ---------------------------------------------------------------------------------------------------------
def test_a_value_of_forty_signs_is_shown_whole_and_a_longer_one_cut_to_forty():
    assert short("x" * 40) == "x" * 40
    assert short("x" * 41) == "x" * 37 + "..."


def test_a_number_of_many_digits_is_not_written_out():
    assert _digits(12) == "12"
    assert _digits(2**199 - 1) == short(2**199 - 1)
    assert _digits(2**199) == "a number of many digits"
