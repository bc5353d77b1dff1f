"""Seconds, the room of supplements and what a step begins with, at their edges."""

from dataclasses import fields
from typing import Any

import pytest

from protocols.method.session import bars, choosing, supplements
from protocols.method.session.body import body_of
from protocols.method.session.draft import Draft, Ground, Session
from protocols.method.session.timing import EPSILON, family_seconds, share_seconds
from tests.method.drafted import Telling, a_draft, simple
from tests.method.planned import LIBRARY, setting_of


# Seconds ----------------------------------------------------------------------------------------------------------------------
def test_the_largest_part_of_a_second_is_made_whole_first_and_of_equal_parts_the_earlier() -> None:
    assert share_seconds(10, [3.6, 6.4], [100, 100]) == [4, 6]
    assert share_seconds(3, [1, 1], [100, 100]) == [2, 1]
    assert share_seconds(3, [1.4999998, 1.5000002], [100, 100]) == [2, 1]
    assert share_seconds(3, [1.49999, 1.50001], [100, 100]) == [1, 2]


def test_what_is_over_a_ceiling_goes_to_the_others_by_their_weight() -> None:
    assert share_seconds(100, [1, 4], [15, 100]) == [15, 85]
    assert share_seconds(100, [1, 1, 2], [10, 100, 100]) == [10, 30, 60]
    for weight in (0.5, 1, 2):
        assert share_seconds(10, [weight, weight], [6, 6]) == [5, 5]


def test_time_for_all_ceilings_gives_them_and_no_time_gives_none() -> None:
    assert share_seconds(30, [1, 2], [10, 20]) == share_seconds(31, [1, 2], [10, 20]) == [10, 20]
    assert share_seconds(0, [0.0], [0]) == [0]
    assert EPSILON == 1e-9


def test_a_family_of_half_a_percent_has_its_seconds() -> None:
    assert family_seconds(a_draft(6000, stroking=99.5, rubbing=0.5)) == {"stroking": 5970, "rubbing": 30}


# Supplements ------------------------------------------------------------------------------------------------------------------
def test_the_full_minutes_of_an_age_hold_from_its_first_to_its_last_year() -> None:
    row = simple(age_min=5, age_max=7, minutes=6)
    treatment = simple(minutes_by_age=[row], minutes=simple(full=20))
    found = [supplements._full_minutes(simple(treatment=treatment, age=age)) for age in (4, 5, 6, 7, 8)]
    assert found == [20, 6, 6, 6, 20]


def test_a_supplement_may_fill_its_room_and_no_more_and_lies_where_the_first_step_lies(monkeypatch: pytest.MonkeyPatch) -> None:
    zones: list[str] = []

    def side_of(_library: object, _condition: object, _inputs: object, _side: object, zone: str) -> str:
        zones.append(zone)
        return "left"

    for name, value in (("_open_points", ("one",)), ("_open_levels", ()), ("_because", ())):
        monkeypatch.setattr(supplements, name, lambda *_, value=value: value)
    monkeypatch.setattr(supplements, "resolve_side", side_of)
    setting = simple(
        library=simple(supplements={"points": simple(supplement_class="points")}),
        treatment=simple(steps=(simple(zone="first"), simple(zone="second"))),
        condition=None,
        inputs={},
    )
    row: Any = simple(supplement="points", side="both", points=("one",))
    session: Any = Telling(ground=simple(setting=setting))
    fits = {(60, 60): True, (61, 60): False, (1, 0): False, (1, -5): False, (0, 0): True, (999, None): True}
    for (seconds, room), planned in fits.items():
        monkeypatch.setattr(supplements, "_seconds", lambda *_, seconds=seconds: seconds)
        assert (supplements._plan_one(session, row, room, taken=0) is not None) is planned
    assert set(zones) == {"first"}
    assert session.left_out == [("supplement", "points", "supplement-no-room")] * 3


def test_rows_of_one_method_share_its_points_and_a_dose_without_points_takes_all() -> None:
    setting = setting_of("osteochondrosis-lumbar", "subacute")
    session: Any = Telling(ground=simple(setting=setting))
    row: Any = simple(points=("bl22", "gv4"))
    low: Any = simple(code="points-inhibitory", supplement_class="points", dose={"points": (3, 5)})
    every: Any = simple(code="points-inhibitory", supplement_class="points", dose={})
    assert [len(supplements._open_points(session, low, row, taken)) for taken in (0, 1, 2, 3, 4)] == [2, 2, 1, 0, 0]
    assert [len(supplements._open_points(session, every, row, taken)) for taken in (0, 1, 5)] == [2, 2, 2]


def test_a_level_that_no_zone_holds_has_no_place() -> None:
    assert supplements._place_of_level(setting_of("osteochondrosis-lumbar", "subacute"), body_of(LIBRARY), "T99", "both") == 0


def test_the_spine_has_five_sacral_five_lumbar_twelve_thoracic_levels_and_eight_cervical_roots() -> None:
    ends = "S5-S5", "S6-S6", "L5-L5", "L6-L6", "T12-T12", "T13-T13", "C8-C8", "C9-C9", "C1-C1", "C0-C0", "S1-L5"
    assert supplements.levels_upwards(ends) == ("S5", "S1", "L5", "T12", "C8", "C1")
    assert len(supplements.UPWARDS) == 30


# What things begin with -------------------------------------------------------------------------------------------------------
def beginnings(kind: Any) -> dict[str, object]:
    return {field.name: field.default for field in fields(kind) if isinstance(field.default, int | float)}


def test_a_ground_a_session_and_a_step_begin_with_nothing() -> None:
    assert beginnings(Ground) == {"calm": 0}
    assert beginnings(Session) == {"minutes": 0.0, "points_on": False}
    assert beginnings(Draft) == {"seconds": 0, "tonic": False, "stretched_from": 0.0}
    assert bars.Bars().out == 0


def test_strokes_blows_and_tones_have_these_figures() -> None:
    assert (bars.LIGHT_PRESSURE, bars.MUSCLE_PRESSURE, bars.STROKING_PRESSURE) == (2, 3, 3)
    assert choosing.WANTED_TONE == {"calming": -2, "neutral": 0, "tonic": 2}
