"""The steps of one dose before any finding, at the edges: 30 s and 15 s exactly, the first of a kind, what stroking takes."""

from typing import Any

import pytest

from protocols.method.places import Place
from protocols.method.session import opening_steps
from tests.method.drafted import CALF, Telling, a_draft, simple, why


@pytest.fixture
def ground(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Every family is open where ``PLACES`` says, and nothing has to wait."""
    monkeypatch.setattr(opening_steps, "_closed", lambda *_: None)
    monkeypatch.setattr(opening_steps, "family_begun", lambda *_: True)
    monkeypatch.setattr(opening_steps, "places_of", lambda _ground, _draft, family: {"percussion": 0b0110, "vibration": 0b0011}[family])


def settled(seconds: int, **shares: Any) -> Any:
    draft = a_draft(seconds, **shares)
    opening_steps.settle_families(Telling(ground=None), draft)  # type: ignore[arg-type]
    return draft


def filled(seconds: int, **shares: Any) -> Any:
    draft = a_draft(seconds, **shares)
    opening_steps._fill_stroking(Telling(), draft)  # type: ignore[arg-type]
    return draft.shares


# Steps ------------------------------------------------------------------------------------------------------------------------
def test_a_step_of_half_a_minute_is_worked_and_one_of_a_second_less_is_not() -> None:
    assert not opening_steps.is_too_short(a_draft(30, stroking=100))
    assert opening_steps.is_too_short(a_draft(29.5, stroking=100))


def test_what_the_stage_forbids_elsewhere_is_not_told_at_a_step() -> None:
    bars = simple(mask=0b0110, because=why("here")), simple(mask=0b1000, because=why("elsewhere"))
    body = simple(mask_at=lambda _place: 0b0011, always_out=0, grouped=lambda mask: [Place(f"zone-{mask}", "left")] if mask else [])
    session: Any = Telling(ground=simple(body=body, protocol=simple(places=bars, out=0b1111)))
    assert opening_steps.draft_of(session, a_draft(stroking=100).step) is None
    assert session.left_out == [("zone", "zone-2", "here")]


def test_a_zone_that_nobody_works_is_told_with_the_rows_that_never_allow_it_alone() -> None:
    rows = {
        "always": simple(code="always", always_excluded=True, zones=("shin", "leg")),
        "elsewhere": simple(code="elsewhere", always_excluded=True, zones=("arm",)),
        "sometimes": simple(code="sometimes", always_excluded=False, zones=("leg",)),
    }
    library = simple(tree=simple(ancestors=lambda zone: {zone, "leg"}), dangers=rows)
    told: list[str] = []
    session: Any = simple(
        ground=simple(setting=simple(library=library)), omit_place=lambda _, reason: told.append(dict(reason.about)["danger"])
    )
    opening_steps._tell_never_worked(session, simple(place=CALF))
    assert told == ["always"]


# Families ---------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("code", ["family-waits", None])
def test_a_family_of_one_percent_is_asked_and_one_that_the_profile_has_not_is_not(
    code: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def closed(_session: object, _draft: object, family: str) -> str | None:
        asked.append(family)
        return code

    monkeypatch.setattr(opening_steps, "_closed", closed)
    settled(6000, stroking=98, vibration=1, rubbing=0.5, kneading=0.5)
    assert asked == ["vibration", "kneading", "rubbing"]


@pytest.mark.usefixtures("ground")
def test_vibration_that_lasts_thanks_to_percussion_stays_on_the_struck_places() -> None:
    draft = settled(100, stroking=40, rubbing=40, vibration=10, percussion=10)
    assert draft.shares == {"stroking": 40, "rubbing": 40, "vibration": 20}
    assert draft.places == {"vibration": 0b0010}


@pytest.mark.usefixtures("ground")
def test_vibration_that_the_step_had_not_stays_on_the_struck_places_however_long_the_step_is() -> None:
    draft = a_draft(1600, stroking=60, rubbing=39.1, percussion=0.9)
    opening_steps.settle_families(Telling(ground=None), draft)  # type: ignore[arg-type]
    assert draft.places == {"vibration": 0b0010}


@pytest.mark.usefixtures("ground")
def test_vibration_that_lasts_by_itself_stays_where_it_was() -> None:
    draft = settled(100, stroking=40, rubbing=35, vibration=15, percussion=10)
    assert draft.shares == {"stroking": 40, "rubbing": 35, "vibration": 25}
    assert draft.places == {}


@pytest.mark.usefixtures("ground")
def test_another_short_family_does_not_keep_vibration_to_the_struck_places() -> None:
    draft = settled(100, stroking=40, rubbing=10, vibration=15, kneading=35)
    assert draft.shares == {"stroking": 50, "vibration": 15, "kneading": 35}
    assert draft.places == {}
    assert settled(100, stroking=85, rubbing=5, vibration=10).places == {}


@pytest.mark.usefixtures("ground")
def test_an_heir_that_had_nothing_gets_the_share_and_no_more() -> None:
    draft = a_draft(100, stroking=80, percussion=20)
    opening_steps.give_away(Telling(ground=None), draft, "percussion", "percussion-closed")  # type: ignore[arg-type]
    assert draft.shares == {"stroking": 80, "vibration": 20}
    draft = a_draft(100, rubbing=90, kneading=10)
    opening_steps.give_away_to_stroking(Telling(), draft, "kneading")  # type: ignore[arg-type]
    assert draft.shares == {"rubbing": 90, "stroking": 10}


# Stroking of at least 15 s ----------------------------------------------------------------------------------------------------
def test_the_largest_family_gives_stroking_what_it_lacks_to_15_seconds() -> None:
    assert filled(100, stroking=5, rubbing=60, kneading=35) == {"stroking": 15, "rubbing": 50, "kneading": 35}
    assert filled(100, rubbing=60, kneading=40) == {"stroking": 15, "rubbing": 45, "kneading": 40}


def test_stroking_of_a_long_step_is_brought_to_15_seconds_too() -> None:
    assert filled(3000, rubbing=60, kneading=40) == {"stroking": 0.5, "rubbing": 59.5, "kneading": 40}


def test_a_family_gives_only_what_leaves_it_16_seconds_else_the_smallest_goes_whole() -> None:
    assert filled(100, stroking=5, rubbing=26, kneading=24, vibration=22, points=23) == {
        "stroking": 15, "rubbing": 16, "kneading": 24, "vibration": 22, "points": 23,
    }  # fmt: skip
    assert filled(100, stroking=5, rubbing=25, kneading=24, vibration=22, points=24) == {
        "stroking": 27, "rubbing": 25, "kneading": 24, "points": 24,
    }  # fmt: skip
