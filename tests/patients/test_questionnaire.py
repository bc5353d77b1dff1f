"""Which questions of the intake form are asked, and what an answer at the gate means for every fact behind it."""

from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from patients.questionnaire import (
    NORMAL_REPLY,
    STATED,
    UNKNOWN_REPLY,
    Person,
    Reply,
    answers_of,
    completed,
    facts_to_ask,
    gate_questions,
    intake_facts,
)
from protocols.shelf import shipped_library
from tests.method.strategies import fact_values

LIBRARY = shipped_library()
FORM = LIBRARY.intake
GATE = {row.code: row for row in (*FORM.gate, *FORM.staff)}
WOMAN, MAN, CHILD = Person(age=44, sex="female"), Person(age=44, sex="male"), Person(age=9, sex="female")
YES = Reply(STATED, value=True)
BOOLS = sorted(code for code in intake_facts(FORM) if LIBRARY.facts[code].type == "bool")

people = st.sampled_from([WOMAN, MAN, CHILD])
WHICH = st.sampled_from([0, 1, 2])
gates = st.fixed_dictionaries(dict.fromkeys(GATE, st.sampled_from(["yes", "no", "unknown"])))


@st.composite
def answered(draw: st.DrawFn, who: Person, gate: dict[str, str]) -> dict[str, Reply]:
    """The form filled in to the end: whatever is asked gets some reply, until nothing more is asked."""
    replies: dict[str, Reply] = {}
    while missing := [code for code in facts_to_ask(LIBRARY, who, gate, replies) if code not in replies]:
        for code in missing:
            value = YES if LIBRARY.facts[code].type == "bool" else Reply(STATED, draw(raw_values(code)))
            replies[code] = (NORMAL_REPLY, UNKNOWN_REPLY, value)[draw(WHICH)]
    return replies


@cache
def raw_values(code: str) -> st.SearchStrategy[object]:
    """Values of a fact in the form in which the form stores them."""
    fact = LIBRARY.facts[code]
    if fact.type == "zones":
        return st.sampled_from([[{"zone": "thigh-posterior", "side": "left"}], [{"zone": "back", "side": "both"}]])
    values = fact_values(fact)
    return values.map(sorted) if fact.type == "set" else values


def all_no(who: Person) -> dict[str, str]:
    return {row.code: "no" for row in gate_questions(LIBRARY, who)}


@st.composite
def forms(draw: st.DrawFn) -> tuple[Person, dict[str, str], dict[str, Reply]]:
    who, gate = draw(people), draw(gates)
    return who, gate, draw(answered(who, gate))


def test_fourteen_questions_and_the_reception_s_own_are_asked_of_a_woman() -> None:
    assert [row.code for row in gate_questions(LIBRARY, WOMAN)] == [*(row.code for row in FORM.gate), "capacity"]
    assert len(FORM.gate) == 14


def test_a_man_is_not_asked_about_pregnancy() -> None:
    missing = {row.code for row in gate_questions(LIBRARY, WOMAN)} - {row.code for row in gate_questions(LIBRARY, MAN)}
    assert missing == {"pregnancy-and-womens-health"}


def test_no_at_every_question_opens_only_what_this_patient_needs_anyway() -> None:
    opened = facts_to_ask(LIBRARY, WOMAN, all_no(WOMAN), {})
    assert all(LIBRARY.facts[code].required_when is not None for code in opened)


def test_yes_and_dont_know_open_the_same_details() -> None:
    for row in gate_questions(LIBRARY, WOMAN):
        asked = [facts_to_ask(LIBRARY, WOMAN, all_no(WOMAN) | {row.code: answer}, {}) for answer in ("yes", "unknown")]
        assert asked[0] == asked[1]
        assert set(row.opens) <= set(asked[0])


def test_what_a_no_closes_is_answered_no() -> None:
    required = dict.fromkeys(facts_to_ask(LIBRARY, WOMAN, all_no(WOMAN), {}), NORMAL_REPLY)
    assert set(completed(LIBRARY, WOMAN, all_no(WOMAN), required).values()) == {NORMAL_REPLY}


def test_what_was_asked_and_not_answered_is_unknown() -> None:
    required = facts_to_ask(LIBRARY, WOMAN, all_no(WOMAN), {})
    whole = completed(LIBRARY, WOMAN, all_no(WOMAN), {})
    assert required
    assert all(whole[code] == UNKNOWN_REPLY for code in required)


def test_a_follow_up_is_asked_after_a_yes_and_not_after_a_no() -> None:
    gate = all_no(WOMAN) | {"lungs": "yes"}
    assert "history.asthma" not in facts_to_ask(LIBRARY, WOMAN, gate, {"history.lung-disease": NORMAL_REPLY})
    assert "history.asthma" in facts_to_ask(LIBRARY, WOMAN, gate, {"history.lung-disease": YES})


def test_a_follow_up_of_weeks_is_asked_after_any_number_nought_included() -> None:
    gate = all_no(WOMAN) | {"bones-and-operations": "yes"}
    for weeks in (0, 5):
        assert "history.surgery-zones" in facts_to_ask(LIBRARY, WOMAN, gate, {"history.surgery-weeks": Reply(STATED, weeks)})


def test_the_follow_up_of_something_nobody_knows_is_unknown_too() -> None:
    whole = completed(LIBRARY, WOMAN, all_no(WOMAN) | {"lungs": "unknown"}, {"history.lung-disease": UNKNOWN_REPLY})
    assert whole["history.asthma"] == whole["history.bullae"] == UNKNOWN_REPLY


def test_a_reply_that_is_no_longer_asked_counts_as_no() -> None:
    kept = {"history.lung-disease": YES, "history.asthma": YES}
    whole = completed(LIBRARY, WOMAN, all_no(WOMAN), kept)
    assert whole["history.lung-disease"] == whole["history.asthma"] == NORMAL_REPLY


@given(forms())
def test_a_completed_form_has_one_reply_for_every_fact_of_the_form(form: tuple[Person, dict[str, str], dict[str, Reply]]) -> None:
    who, gate, replies = form
    whole = completed(LIBRARY, who, gate, replies)
    assert set(whole) == set(intake_facts(FORM))
    assert all(whole[code] == replies[code] for code in facts_to_ask(LIBRARY, who, gate, replies))


@given(forms())
def test_nothing_unknown_ever_becomes_a_no(form: tuple[Person, dict[str, str], dict[str, Reply]]) -> None:
    who, gate, replies = form
    whole = completed(LIBRARY, who, gate, replies)
    unknown = {code for code, reply in replies.items() if reply == UNKNOWN_REPLY}
    assert all(whole[code] == UNKNOWN_REPLY for code in unknown)
    behind = {code for row in FORM.follow_up if unknown & set(row.after) for code in row.opens}
    assert all(whole[code] != NORMAL_REPLY for code in behind - set(replies))


@given(forms())
def test_questions_are_asked_once_and_in_the_order_of_the_form(form: tuple[Person, dict[str, str], dict[str, Reply]]) -> None:
    asked = facts_to_ask(LIBRARY, *form)
    order = list(intake_facts(FORM))
    assert list(asked) == sorted(set(asked), key=order.index)


@given(forms())
def test_the_answers_of_a_form_are_what_rules_can_read(form: tuple[Person, dict[str, str], dict[str, Reply]]) -> None:
    who, gate, replies = form
    whole = completed(LIBRARY, who, gate, replies)
    answers = answers_of(LIBRARY, whole, who)
    assert set(answers.known) == {code for code, reply in whole.items() if reply.reply == STATED} | {"patient.age", "patient.sex"}
    assert {code for code, reply in whole.items() if reply == UNKNOWN_REPLY} <= answers.unknown


@given(forms(), st.sampled_from(BOOLS))
def test_a_yes_more_never_closes_a_question(form: tuple[Person, dict[str, str], dict[str, Reply]], code: str) -> None:
    who, gate, replies = form
    more = facts_to_ask(LIBRARY, who, gate, replies | {code: YES})
    required = {fact for fact in more if LIBRARY.facts[fact].required_when is not None}
    assert set(facts_to_ask(LIBRARY, who, gate, replies)) - set(more) <= set(intake_facts(FORM)) - required
