"""A test patient goes through an address unchanged; an expectation comes apart into items and back; a plan keeps what it gives."""

from functools import cache

import pytest
from django.http import QueryDict

from protocols.asking.picking import facts_to_pick
from protocols.cases import EXPECTATIONS, WorkedCase, unmet, worked_cases
from protocols.method.case import parse_case
from protocols.method.planning import PlannedSession, plan_session
from protocols.presentation.cases import EXPECTED
from protocols.presentation.reader import LibraryReader
from protocols.shelf import shipped_library, shipped_names
from protocols.testbench.addresses import address_of, read_rest
from protocols.testbench.expecting import ITEMS, SINGLE, as_expected, is_known, items_of, parts_of
from protocols.testbench.forms.patient import TriedPatient
from protocols.testbench.given import all_given, items_given, mended
from protocols.testbench.unmet import INSTEAD, expectation_in_words, unmet_in_words

LIBRARY = shipped_library()
SOMEBODY = "stage=calming&for=calming&patient-age=38&patient-sex=female"
SOME = worked_cases()[::13]
codes = pytest.mark.parametrize("case", SOME, ids=lambda case: case.code)


@cache
def planned(code: str) -> PlannedSession:
    case = next(case for case in worked_cases() if case.code == code)
    return plan_session(parse_case(case.stated, LIBRARY), LIBRARY)


def reader(language: str = "en") -> LibraryReader:
    return LibraryReader(LIBRARY, shipped_names(language))


def tried(address: str, condition: str) -> TriedPatient:
    return TriedPatient(QueryDict(address), condition=LIBRARY.conditions[condition], library=LIBRARY, names=shipped_names("en"))


def test_a_shipped_case_goes_through_an_address_and_is_the_same_patient():
    for case in worked_cases()[::2]:
        patient = tried(address_of(case.stated, LIBRARY), case.condition)
        assert patient.is_valid, (case.code, patient.faults, patient.person.errors, patient.inputs.errors, patient.facts.errors)
        there, back = parse_case(case.stated, LIBRARY), parse_case(patient.stated(), LIBRARY)
        assert (there.age, there.sex, there.stage.code, there.number, there.of) == (
            back.age,
            back.sex,
            back.stage.code,
            back.number,
            back.of,
        )
        assert there.answers.unknown == back.answers.unknown
        assert set(there.answers.known) == set(back.answers.known)
        assert set(there.clearances) == set(back.clearances)
        assert (there.records, there.supplements) == (back.records, back.supplements)


@codes
def test_the_patient_of_an_address_is_planned_like_the_patient_of_the_case(case: WorkedCase):
    patient = tried(address_of(case.stated, LIBRARY), case.condition)
    assert patient.is_valid
    assert unmet(WorkedCase(case.code, case.says, patient.stated(), case.expected), LIBRARY) == ()


def test_an_address_cannot_bring_in_what_no_case_may_hold():
    assert read_rest('{"records": [], "decided": {"action": "go-on"}, "edits": []}') == {"records": []}
    assert read_rest("[" * 5000) == {}
    assert read_rest('"x"') == {}
    patient = tried(f"{SOMEBODY}&session-number=1&session-of=10&fact=plan.zones", "neck-collar")
    assert not patient.is_valid
    assert not any(code.startswith(("plan.", "patient.")) for code in facts_to_pick(LIBRARY))


def test_a_session_after_the_last_one_is_refused():
    patient = tried(f"{SOMEBODY}&session-number=9&session-of=8", "neck-collar")
    assert not patient.is_valid
    assert patient.person.errors["session-number"] == ["This session is after the last one."]


def test_an_expectation_comes_apart_into_items_and_back_together():
    for case in worked_cases():
        single = {word: wanted for word, wanted in case.expected.items() if word in SINGLE}
        items = {word: items_of(word, case.expected) for word in ITEMS}
        assert as_expected(single, items) == case.expected, case.code
        assert all(is_known(word, item, LIBRARY) for word, found in items.items() for item in found), case.code


def test_the_form_knows_every_word_of_cases_and_each_can_be_said():
    assert set(SINGLE) | set(ITEMS) == set(EXPECTATIONS)
    assert set(EXPECTED) == set(EXPECTATIONS) - {"outcome"}
    assert set(INSTEAD) <= set(EXPECTATIONS)
    for case in SOME:
        for word, wanted, _item in parts_of(case.expected):
            assert expectation_in_words(word, wanted, reader("ru"))


@codes
def test_what_is_taken_from_a_plan_holds_in_that_plan(case: WorkedCase):
    made = planned(case.code)
    expected = all_given(made)
    assert {"outcome", "may_start"} <= set(expected)
    assert unmet(WorkedCase("", "", case.stated, expected), LIBRARY) == ()
    assert all(is_known(word, item, LIBRARY) for word, items in items_given(made).items() for item in items)


def test_what_is_not_met_is_said_with_what_came_instead():
    wanted = {
        "outcome": "doctor", "may_start": False, "findings": ["em-01"], "works": ["nape", "calf"], "never_works": ["nape"],
        "pressure_at_most": 1, "pressure_at": {"nape": 1}, "minutes_about": 12, "tempo": "tonic", "never_uses": {"all": ["stroking"]},
        "omitted": [{"zone": "face"}], "order": [["occiput", "nape"]], "no_steps": True, "replanned": True, "blocked_by": ["em-01"],
        "minutes_at_most": 5, "positions": ["supine"], "uses": {"nape both": ["percussion"]}, "open": ["em-01"],
    }  # fmt: skip
    assert set(wanted) == set(EXPECTATIONS)
    made = planned("collar-calming-for-poor-sleep")
    said = {each.expected: each.instead for each in unmet_in_words(wanted, made, reader())}
    assert len(said) == len(wanted)  # of the two places that must be worked one is
    assert said["about 12 minutes"] == "it lasts 15 min"
    assert said["outcome: A doctor must decide"] == "May go ahead"
    assert "worked: nape, C3 to C7" not in said
    assert unmet_in_words(all_given(made), made, reader()) == ()
    mend = mended(wanted, made)  # what is met stays, what is not is what the plan gives
    assert (mend["outcome"], mend["minutes_about"], mend["works"]) == ("clear", 15, ["nape"])
    assert unmet_in_words(mend, made, reader()) == ()
