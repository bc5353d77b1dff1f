"""Whatever a variant holds, its check answers: what is wrong with it has a place, and what is right needs nothing more."""

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from clinic.staff.models import Clinic
from protocols.editions.addresses import entries_of
from protocols.editions.content import shipped_content
from protocols.models import Edition, Variant
from protocols.shelf import shipped_library
from protocols.variants.changes import changes_text
from protocols.variants.checking import VariantCheck, check_variant, first_objection, library_of_variant, names_of_variant
from protocols.variants.fault_places import Place, place_of
from protocols.variants.trying import TriedCase, untried_rules

COLLAR = "library/conditions/neck-collar:stage/calming"
CASE = "cases/neck-collar:case/collar-calming-for-poor-sleep"
WORDS = "ru/conditions:conditions/neck-collar"
ENTRIES = entries_of(shipped_content().parts)


def checked(changes: dict[str, Any], subject: str = "conditions/neck-collar") -> VariantCheck:
    """The check of a variant of a clinic that follows the shipped edition; nothing is asked of the database."""
    return check_variant(a_draft(changes, subject))


def a_draft(changes: dict[str, Any], subject: str = "conditions/neck-collar") -> Variant:
    base = Edition(pk=shipped_content().digest, name="2026-11")
    return Variant(clinic=Clinic(), subject=subject, base=base, changes=changes_text(changes))


def with_steps(minutes: float) -> dict[str, Any]:
    """The collar with its first step longer by so many minutes."""
    stage: dict[str, Any] = ENTRIES[COLLAR]
    first, *rest = stage["steps"]
    return stage | {"steps": [first | {"minutes": first["minutes"] + minutes}, *rest]}


def test_a_gentler_stage_is_publishable_and_one_that_changes_nothing_is_not() -> None:
    assert checked({COLLAR: ENTRIES[COLLAR] | {"pressure_max": 2}}).is_publishable
    assert not checked({}).is_publishable
    assert first_objection(checked({}))


def test_what_the_library_refuses_has_the_address_of_its_entry() -> None:
    check = checked({COLLAR: with_steps(1)})
    assert {place.address for place in check.faults} == {COLLAR}
    assert any("16" in place.sentence for place in check.faults)
    assert library_of_variant(a_draft({COLLAR: with_steps(1)})) is None
    assert names_of_variant(a_draft({COLLAR: with_steps(1)})) is None


def test_a_text_without_its_russian_is_a_fault_at_the_translation() -> None:
    check = checked({COLLAR: ENTRIES[COLLAR] | {"warnings": [*ENTRIES[COLLAR]["warnings"], "no draught"]}})
    assert {place.address for place in check.faults} == {WORDS}


def test_a_warning_that_stays_in_english_is_not_said_otherwise_in_russian() -> None:
    words: dict[str, Any] = ENTRIES[WORDS]
    first, *rest = words["stages"]["calming"]["warnings"]
    stages = {**words["stages"], "calming": words["stages"]["calming"] | {"warnings": [f"почти {first}", *rest]}}
    assert [(each.address, each.code) for each in checked({WORDS: words | {"stages": stages}}).loosened] == [(WORDS, "safety-words")]


def test_a_text_that_nobody_can_see_is_a_fault() -> None:
    check = checked({COLLAR: ENTRIES[COLLAR] | {"position_note": "sitting \u202eenorp\u202c"}})
    assert COLLAR in {place.address for place in check.faults}


def test_a_case_that_goes_red_says_what_is_not_as_expected_and_is_mended_in_the_variant() -> None:
    gentler = ENTRIES[COLLAR] | {"pressure_max": 2}
    check = checked({COLLAR: gentler, CASE: ENTRIES[CASE] | {"expect": {"minutes_about": 9}}})
    (result,) = check.red
    assert (result.code, result.is_changed, result.is_new) == ("collar-calming-for-poor-sleep", True, False)
    assert result.unmet
    assert not check.is_publishable
    assert checked({COLLAR: gentler, CASE: ENTRIES[CASE] | {"expect": {"minutes_about": 15, "pressure_at_most": 2}}}).is_publishable


def test_a_case_of_its_own_is_new_and_one_that_cannot_be_read_has_a_place() -> None:
    new = ENTRIES[CASE] | {"code": "own-case"}
    address = "cases/neck-collar:case/own-case"
    words = {"ru/cases:cases/own-case": {"says": ENTRIES["ru/cases:cases/collar-calming-for-poor-sleep"]["says"]}}
    assert [case.code for case in checked({address: new, **words}).cases if case.is_new] == ["own-case"]
    assert {place.address for place in checked({address: new | {"expect": {"mood": 1}}, **words}).faults} >= {address}
    unread = checked({address: new | {"input": new["input"] | {"stage": "nowhere"}}, **words})
    assert [case.code for case in unread.red] == ["own-case"]


def test_what_belongs_to_another_subject_is_a_fault_and_changes_nothing() -> None:
    check = checked({"library/contraindications:rule/em-01": None})
    assert [place.address for place in check.faults] == ["library/contraindications:rule/em-01"]
    assert check.loosened == ()


@pytest.mark.parametrize(
    ("fault", "address"),
    [
        ("conditions/neck-collar: stage calming step 3 (nape, both): unknown code 'x'", COLLAR),
        ("conditions/neck-collar: stage calming: no steps", COLLAR),
        ("conditions/neck-collar: never is empty", "library/conditions/neck-collar:never"),
        ("contraindications: rule em-01 when: unknown fact", "library/contraindications:rule/em-01"),
        ("profiles: profile own-x shares: not 100", "library/profiles:profile/own-x"),
        ("course-rules: gap: hole or overlap at 5", "library/course-rules:gap"),
        ("translations/ru/conditions: conditions.neck-collar.stages.calming.warnings: 3 texts for 2", WORDS),
    ],
)
def test_a_fault_of_the_library_is_found_at_its_entry(fault: str, address: str) -> None:
    found = place_of(fault)
    assert found.address == address
    assert found.sentence


def test_a_fault_of_no_known_place_is_told_whole() -> None:
    assert place_of("something is wrong") == Place("", "something is wrong")


JUNK: tuple[Any, ...] = (None, True, -1, 0.5, "", "x", [], {}, [[]], [{}], {"a": 1}, 10**30, "9" * 500)


def spoilt(chance: Random, value: Any) -> Any:
    """The value with one thing in it replaced by something that has no business there."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        key = chance.choice(sorted(value))
        return {**value, key: spoilt(chance, value[key])}
    if isinstance(value, list) and value and chance.random() < 0.8:
        place = chance.randrange(len(value))
        return [*value[:place], spoilt(chance, value[place]), *value[place + 1 :]]
    return chance.choice(JUNK)


@pytest.mark.parametrize("seed", range(8))
def test_nothing_that_a_variant_may_hold_makes_its_check_fail(seed: int) -> None:
    chance = Random(seed)  # noqa: S311
    subject, addresses = chance.choice([
        ("conditions/neck-collar", [COLLAR, CASE, WORDS, "library/conditions/neck-collar:never"]),
        ("conditions/scoliosis", [address for address in ENTRIES if "conditions/scoliosis:" in address]),
        ("course-rules", [address for address in ENTRIES if address.startswith("library/course-rules:")]),
    ])  # fmt: skip
    address = chance.choice(addresses)
    entry = spoilt(chance, ENTRIES[address])
    if isinstance(entry, dict) and "code" in ENTRIES[address]:
        entry["code"] = ENTRIES[address]["code"]
    assert isinstance(checked({address: entry}, subject), VariantCheck)


def test_a_rule_of_a_clinics_own_needs_a_case_that_it_stops_and_one_that_it_spares() -> None:
    rule = shipped_library().rules["sk-07"]
    own = replace(shipped_library(), rules={"own-heat": replace(rule, code="own-heat")})
    fires, spares = (TriedCase("rule-cases", f"own-heat/{kind}/1", "", "", "", "", ()) for kind in ("fires", "spares"))
    assert untried_rules((fires,), own) == untried_rules((spares,), own) == untried_rules((), own) == ("own-heat",)
    assert untried_rules((fires, spares), own) == ()
