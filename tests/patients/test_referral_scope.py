"""What is left of a referral, what goes beyond it, and which words are one. Nothing here asks the database."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.models import Referral
from patients.referrals import (
    Counts,
    Outside,
    Wanted,
    balance_of,
    doubts_about,
    icd10_fits,
    outside_scope,
    state_on,
    trouble_with_referral,
    usual_last_day,
)
from protocols.method.places import Place
from protocols.shelf import shipped_library, shipped_names
from tests.papers import an_unsaved_referral as unsaved
from tests.papers import words

LIBRARY, NAMES = shipped_library(), shipped_names("en")
DAY = date(2026, 5, 4)


# Balance and days ----------------------------------------------------------------------------------------------------------
@given(st.integers(1, 60), st.integers(0, 70), st.integers(0, 70))
def test_a_balance_adds_up_and_never_owes(authorised: int, done: int, booked: int) -> None:
    balance = balance_of(unsaved(session_count=authorised), counts=Counts(done, booked))
    assert balance.left == max(0, authorised - done - booked)
    assert balance.left <= authorised


@given(st.integers(-5, 200), st.integers(0, 12))
def test_the_calendar_and_the_count_decide_whatever_is_stored(days: int, done: int) -> None:
    on = DAY + timedelta(days=days)
    seen = {state_on(unsaved(state), on=on, counts=Counts(done, 0)) for state in ("signed", "exhausted", "expired")}
    expected = "expired" if days > 90 else "exhausted" if done >= 10 else "signed"
    assert seen == {expected}
    for state in ("draft", "revoked", "superseded", "refused"):
        assert state_on(unsaved(state), on=on, counts=Counts(done, 0)) == state


# Scope ---------------------------------------------------------------------------------------------------------------------
def beyond(referral: Referral, on: date = DAY, **wanted: Any) -> tuple[Outside, ...]:
    asked: dict[str, Any] = {"condition": "neck-collar", "stage": "calming", "count": 10} | wanted
    return outside_scope(referral, Wanted(**asked), library=LIBRARY, names=NAMES, on=on)


def test_a_plan_within_the_referral_is_not_marked() -> None:
    assert beyond(unsaved(), pressure_max=4, families=frozenset({"percussion"}), places=frozenset({Place("neck", "both")})) == ()


@pytest.mark.parametrize(
    ("said", "wanted", "kind"),
    [
        ({}, {"condition": "scoliosis"}, "condition"),
        ({}, {"stage": "toning"}, "stage"),
        ({}, {"count": 11}, "count"),
        ({"zones_barred": [["neck", "both"]]}, {"places": frozenset({Place("neck", "left")})}, "zone"),
        ({"zones_barred": [["calf", "left"]]}, {"places": frozenset({Place("lower-limb", "both")})}, "zone"),
        ({"zones_barred": [["no-such-zone", "both"]]}, {}, "zone"),
        ({"zones_barred": [["calf", "left"]]}, {"places": frozenset({Place("no-such-zone", "both")})}, "zone"),
        ({"families_barred": ["percussion"]}, {"families": frozenset({"percussion"})}, "family"),
        ({"techniques_barred": ["kneading-longitudinal"]}, {"techniques": frozenset({"kneading-longitudinal"})}, "technique"),
        ({"pressure_max": 2}, {"pressure_max": 3}, "pressure"),
        ({}, {"on": DAY - timedelta(days=1)}, "day"),
        ({}, {"on": DAY + timedelta(days=91)}, "day"),
    ],
)
def test_each_way_beyond_the_referral_is_told(said: dict[str, Any], wanted: dict[str, Any], kind: str) -> None:
    (found,) = beyond(unsaved(**said), **wanted)
    assert found.kind == kind
    assert found.sentence.endswith(".")


def test_the_other_side_of_a_barred_zone_may_be_worked() -> None:
    assert beyond(unsaved(zones_barred=[["calf", "left"]]), places=frozenset({Place("calf", "right")})) == ()


# Words ---------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("place", {"condition": "gout"}),
        ("place", {"stage": "acute"}),
        ("diagnosis", {"diagnosis": " "}),
        ("icd10", {"icd10": "54.2"}),
        ("icd10", {"icd10": "M54.2; DROP"}),
        ("session_count", {"session_count": 0}),
        ("session_count", {"session_count": 61}),
        ("valid_until", {"valid_until": DAY - timedelta(days=1)}),
        ("valid_until", {"valid_until": DAY + timedelta(days=400)}),
        ("valid_until", {"valid_from": DAY - timedelta(days=60), "valid_until": DAY - timedelta(days=1)}),
        ("zones_barred", {"zones_barred": [["heart", "left"]]}),
        ("zones_barred", {"zones_barred": [["neck", "up"]]}),
        ("families_barred", {"families_barred": ["cupping"]}),
        ("techniques_barred", {"techniques_barred": ["x"]}),
        ("pressure_max", {"pressure_max": 5}),
        ("rules", {"rules": ["em-01"]}),
    ],
)
def test_words_that_are_no_referral_are_refused_by_field(field: str, changed: dict[str, Any]) -> None:
    found = trouble_with_referral(words(on=DAY, **changed), LIBRARY, on=DAY)
    assert list(found) == [field]
    assert found[field].endswith(".")


def test_plain_words_are_a_referral_and_the_unusual_is_told() -> None:
    assert trouble_with_referral(words(on=DAY), LIBRARY, on=DAY) == {}
    assert list(doubts_about(words(on=DAY), LIBRARY)) == []
    doubts = list(doubts_about(words(on=DAY, icd10="M41.1", session_count=40), LIBRARY))
    assert len(doubts) == 2
    assert usual_last_day(LIBRARY, DAY) == DAY + timedelta(days=90)


@pytest.mark.parametrize(
    ("code", "fits"), [("M41", True), ("M41.1", True), ("M41.12", True), ("M42.1", False), ("M4", False), ("N41", False)]
)
def test_a_code_fits_its_condition(code: str, fits: bool) -> None:
    assert icd10_fits(code, LIBRARY.conditions["scoliosis"]) is fits
