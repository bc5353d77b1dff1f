"""A form can make a rule stricter and never milder; a rule of the clinic's own is sound, tried, and has an honest source."""

from datetime import date
from typing import Any

import pytest

from protocols.editions.addresses import entries_of, with_changes
from protocols.editions.content import EditionContent, library_from, names_from, shipped_content
from protocols.method.vocabulary import Outcome
from protocols.rule_cases import rule_cases_in
from protocols.rule_verdicts import not_as_said
from protocols.rulebook.changing import NotStricter
from protocols.rulebook.changing_cases import CasesOfRule, with_case, with_case_as_found, without_case
from protocols.rulebook.changing_own import Asked, NoComparison, comparison, condition, own_rule, own_russian, own_source
from protocols.rulebook.changing_rules import (
    is_fixed,
    numbers_not_named,
    outcomes_open,
    own_effects,
    thresholds,
    with_advice_said,
    with_effect,
    with_outcome,
    with_texts,
    with_threshold,
    with_valid_days,
    without_effect,
)
from protocols.rulebook.found import as_found
from protocols.shelf import shipped_library
from protocols.variants.strictness import loosened

PARTS = shipped_content().parts
ENTRIES = entries_of(PARTS)
HEAD = "library/contraindications:rule/"
RULES = {address.removeprefix(HEAD): entry for address, entry in ENTRIES.items() if address.startswith(HEAD)}
FACTS = shipped_library().facts
FEVER = next(rule for rule in RULES.values() if any(each.fact == "today.temperature-c" for each in thresholds(rule, FACTS)))
EFFECTS: dict[str, dict[str, Any]] = {
    "exclude-zones": {"zones": ["calf"]},
    "exclude-families": {"families": ["percussion"]},
    "max-pressure": {"level": 1},
    "exclude-techniques": {"techniques": ["kneading-pincer"]},
    "exclude-supplements": {"supplements": ["vacuum"]},
    "max-minutes": {"minutes": 5},
    "force-mode": {"mode": "calming"},
    "forbid-positions": {"positions": ["prone"]},
    "lower-dose": {"steps": 1},
    "require-measure": {"facts": ["today.pulse"]},
    "advice": {"topic": "note", "text": "ask twice"},
}


def edition(changes):
    return EditionContent("2026-11.own", with_changes(PARTS, changes))


def test_every_number_of_every_rule_at_its_strictest_makes_a_sound_library_that_loosens_nothing():
    changed: dict[str, Any] = {}
    for code, rule in RULES.items():
        for threshold in thresholds(rule, FACTS):
            value = threshold.low if threshold.way == "lower" else threshold.high
            changed[f"{HEAD}{code}"] = with_threshold(changed.get(f"{HEAD}{code}", rule), threshold, value, FACTS[threshold.fact])
    assert len(changed) > 20
    assert loosened(shipped_library(), library_from(edition(changed))) == ()


@pytest.mark.parametrize("step", [-0.5, 0.5])
def test_a_number_can_only_be_set_the_strict_way(step):
    (threshold,) = (each for each in thresholds(FEVER, FACTS) if each.fact == "today.temperature-c")
    assert (threshold.way, threshold.shipped) == ("lower", threshold.high)
    if step > 0:
        with pytest.raises(NotStricter):
            with_threshold(FEVER, threshold, threshold.shipped + step, FACTS[threshold.fact])
    else:
        assert with_threshold(FEVER, threshold, threshold.shipped + step, FACTS[threshold.fact]) != FEVER


def test_a_comparison_under_a_not_is_set_the_other_way():
    turned = {"outcome": "defer", "when": {"not": {"fact": "today.spo2", "op": "ge", "value": 95}}}
    (threshold,) = thresholds(turned, FACTS)
    assert (threshold.way, threshold.low, threshold.high) == ("higher", 95, 100)


def test_an_emergency_and_a_rule_that_forbids_massage_have_nothing_to_set_but_may_gain_effects():
    for rule in RULES.values():
        if rule["outcome"] in ("emergency", "absolute"):
            assert is_fixed(rule)
            assert thresholds(rule, FACTS) == ()
            assert outcomes_open(rule, rule, FACTS) == (Outcome.from_code(rule["outcome"]),)
            with pytest.raises(NotStricter):
                with_texts(rule, {"title": "It is nothing"})
            with pytest.raises(NotStricter):
                with_valid_days(rule, rule, 1)
    assert with_effect(RULES["em-01"], {"type": "advice", "topic": "note", "text": "call 112"})["outcome"] == "emergency"


def test_every_graver_outcome_that_is_offered_is_sound_and_none_is_milder():
    changed = {}
    for code, rule in RULES.items():
        open_to = outcomes_open(rule, rule, FACTS)
        assert open_to[0].code == rule["outcome"]
        if len(open_to) > 1:
            changed[f"{HEAD}{code}"] = with_outcome(rule, rule, open_to[-1], FACTS)
    assert len(changed) > 40
    assert loosened(shipped_library(), library_from(edition(changed))) == ()
    with pytest.raises(NotStricter):
        with_outcome(FEVER, FEVER, Outcome.CAUTION, FACTS)


def test_every_effect_that_can_be_added_only_narrows_and_can_be_taken_back():
    changed = {}
    for code, (kind, told) in zip([code for code, rule in RULES.items() if rule["outcome"] != "caution"], EFFECTS.items(), strict=False):
        changed[f"{HEAD}{code}"] = with_effect(RULES[code], {"type": kind, **told})
    assert loosened(shipped_library(), library_from(edition(changed))) == ()
    for address, rule in changed.items():
        shipped = RULES[address.removeprefix(HEAD)]
        ((number, _effect),) = own_effects(rule, shipped)
        assert without_effect(rule, shipped, number) == {**shipped, "effects": list(shipped["effects"])}
        if shipped["effects"]:
            with pytest.raises(NotStricter):
                without_effect(rule, shipped, 0)


def test_a_rule_of_care_that_gains_an_effect_changes_the_plan_and_is_care_again_without_it():
    rule = next(rule for rule in RULES.values() if rule["outcome"] == "caution")
    changed = with_effect(rule, {"type": "max-pressure", "level": 2})
    assert changed["outcome"] == "modify"
    assert without_effect(changed, rule, len(rule["effects"]))["outcome"] == "caution"


def test_a_document_holds_fewer_days_and_never_more():
    rule = next(rule for rule in RULES.values() if "clearance" in rule and not is_fixed(rule) and rule["clearance"]["valid_days"] > 20)
    days = rule["clearance"]["valid_days"]
    assert with_valid_days(rule, rule, 7)["clearance"]["valid_days"] == 7
    for wrong in (days + 1, 0):
        with pytest.raises(NotStricter):
            with_valid_days(rule, rule, wrong)


def test_words_that_still_name_the_old_number_are_found():
    assert numbers_not_named(["BP 160-179 / 100-109 today"], 160, 150)
    assert not numbers_not_named(["BP 150–179 / 100–109 today"], 160, 150)
    assert numbers_not_named(["с 37,2 °C"], 37.2, 37)
    assert not numbers_not_named(["Pressure is too high today"], 160, 150)


# A rule of the clinic's own -----------------------------------------------------------------------------------------------------------
TOLD = {
    "group": "nerves", "title": "Migraine", "kind": "relative", "outcome": "doctor", "explanation": "A head that aches is not massaged.",
    "title_ru": "Мигрень", "explanation_ru": "Голову при боли не массируют.", "document": "neurologist-note", "valid_days": 14,
}  # fmt: skip


def own():
    asked = [Asked("today.pain-nrs", "ge", "7"), Asked("today.feverish", "yes")]
    when = condition("any", [comparison(each, FACTS[each.fact]) for each in asked])
    return own_rule("own-migraine", TOLD, when, None)


def own_changes(rule):
    return {
        f"{HEAD}own-migraine": with_effect(rule, {"type": "advice", "topic": "note", "text": "dim the light"}),
        "ru/contraindications:contraindications/own-migraine": with_advice_said(own_russian(TOLD, {}), ["приглушить свет"]),
        "library/sources:source/own-migraine": own_source("own-migraine", "The clinic's own protocol", date(2026, 11, 22)),
    }


def test_a_rule_of_the_clinics_own_is_sound_in_both_languages_and_names_its_own_protocol():
    content = edition(own_changes(own()))
    library = library_from(content)
    rule = library.rules["own-migraine"]
    assert (rule.outcome, rule.clearance and rule.clearance.valid_days, rule.sources) == (Outcome.DOCTOR, 14, ("own-migraine",))
    assert library.sources["own-migraine"].address == ""
    assert names_from(content, library, "ru").lines("rules", "own-migraine", "advice") == ("приглушить свет",)
    assert loosened(shipped_library(), library) == ()


@pytest.mark.parametrize(
    "asked",
    [
        Asked("today.pain-nrs", "yes"),
        Asked("today.pain-nrs", "ge", "11"),
        Asked("today.feverish", "ge", "1"),
        Asked("patient.sex", "one-of", "x"),
    ],
)
def test_a_comparison_that_its_fact_cannot_answer_is_refused(asked):
    with pytest.raises(NoComparison):
        comparison(asked, FACTS[asked.fact])


def test_what_was_tried_is_kept_as_the_case_that_it_turned_out_to_be():
    library = library_from(edition(own_changes(own())))
    cases = CasesOfRule("own-migraine")
    for stated in (
        {"says": "A head that aches 8 of 10 is sent to the doctor.", "facts": {"today.pain-nrs": 8}},
        {"says": "A head that aches 3 of 10 is no migraine here.", "facts": {"today.pain-nrs": 3}},
        {"says": "Nobody knows whether there was a shiver today.", "unknown": ["today.feverish"]},
    ):
        kind = "unknown" if "unknown" in stated else "fires"
        expect = {"may_start": False} if kind == "unknown" else {"outcome": "clear"}
        cases = with_case(cases, kind, {**stated, "expect": expect}, "по-русски")
        (*_rest, case) = getattr(rule_cases_in({"own": {"rule": [cases.row]}})["own-migraine"], kind)
        cases = with_case_as_found(cases, kind, case.number, *as_found(case, library))
    read = rule_cases_in({"own": {"rule": [cases.row]}})["own-migraine"]
    assert [len(read.fires), len(read.spares), len(read.unknown)] == [1, 1, 1]
    assert [not_as_said(case, library) for case in read.all] == [(), (), ()]
    assert cases.russian["spares"] == {"1": {"says": "по-русски"}}


def test_a_case_that_a_stricter_rule_turns_round_is_mended_to_what_is_found():
    (threshold,) = (each for each in thresholds(FEVER, FACTS) if each.fact == "today.temperature-c")
    stricter = with_threshold(FEVER, threshold, 36.0, FACTS[threshold.fact])
    library = library_from(edition({f"{HEAD}{FEVER['code']}": stricter}))
    address = next(each for each in ENTRIES if each.startswith("rule-cases/") and each.endswith(f"/{FEVER['code']}"))
    cases = CasesOfRule(FEVER["code"], ENTRIES[address], {})
    read = rule_cases_in({"x": {"rule": [cases.row]}})[FEVER["code"]]
    red = next(case for case in read.spares if not_as_said(case, library))
    mended = with_case_as_found(cases, red.kind, red.number, *as_found(red, library))
    again = rule_cases_in({"x": {"rule": [mended.row]}})[FEVER["code"]]
    assert (len(again.fires), len(again.spares)) == (len(read.fires) + 1, len(read.spares) - 1)
    assert not_as_said(again.fires[-1], library) == ()


def test_a_case_is_taken_away_with_its_russian_and_the_others_are_numbered_anew():
    cases = CasesOfRule("own-x")
    for number in (1, 2, 3):
        cases = with_case(cases, "spares", {"says": f"Case {number}.", "facts": {}}, f"Случай {number}.")
    cases = without_case(cases, "spares", 2)
    assert [case["says"] for case in cases.row["spares"]] == ["Case 1.", "Case 3."]
    assert cases.russian == {"spares": {"1": {"says": "Случай 1."}, "2": {"says": "Случай 3."}}}
    assert set(cases.row["because"]) == {"fires", "unknown"}
    with pytest.raises(LookupError):
        without_case(cases, "spares", 3)
