"""A session as a whole, its supplements and its bars, at the edges: half of it gone, no room left, a row that is for a spot only."""

from dataclasses import replace
from typing import Any

import pytest

from protocols.method.course import plan_course
from protocols.method.findings import Limits, MinutesCap, SupplementOut
from protocols.method.places import Place
from protocols.method.plans import NO_ADAPTATION
from protocols.method.session import bars, build_session, builder, supplements
from tests.method.drafted import Telling, a_draft, simple, why
from tests.method.planned import LIBRARY, setting_of

SETTING = setting_of("osteochondrosis-lumbar", "subacute")
DOSE = plan_course(SETTING, count=12).doses[5]


# Start ------------------------------------------------------------------------------------------------------------------------
def test_a_session_that_waits_for_the_doctor_may_not_start() -> None:
    assert build_session(SETTING, dose=DOSE).may_start is True
    assert build_session(SETTING, dose=DOSE, adaptation=replace(NO_ADAPTATION, action="doctor")).may_start is False


def test_without_forced_calm_no_place_is_calm() -> None:
    assert builder.lay_ground(SETTING, 6, NO_ADAPTATION).calm == 0


def test_a_row_for_one_side_is_left_out_by_its_number_counted_from_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builder, "left_out_by_roles", lambda *_: (2,))
    found = [one for one in build_session(SETTING, dose=DOSE).omissions if one.kind == "step"]
    assert [(one.code, one.because.code, one.because.about) for one in found] == [("3", "both-sides-affected", (("row", "3"),))]


def test_a_step_of_which_findings_leave_nothing_does_not_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builder, "settle_families", lambda *_: None)
    monkeypatch.setattr(builder, "leave_out_places", lambda *_: False)
    assert builder._stays(Telling(), a_draft(60, stroking=100)) is False  # type: ignore[arg-type]


# Target gone ------------------------------------------------------------------------------------------------------------------
def gone(*minutes: float, drafts: Any = None, number: int = 3) -> str | None:
    """Steps of 10, 6 and 4 minutes of twenty, the last from session 3 on; those of these minutes are gone."""
    steps = [simple(row=row, place=Place("calf", "both"), minutes=lasts, from_session=first) for row, (lasts, first) in
             enumerate(((10, 1), (6, 1), (4, 3)))]  # fmt: skip
    lost = {(step.row, step.place) for step in steps if step.minutes in minutes}
    session: Any = simple(ground=simple(steps=steps), dose=simple(number=number), gone=lost, minutes=20)
    found = builder._target_gone(session, [a_draft(stroking=100)] if drafts is None else drafts)
    return found.code if found else None


def test_the_target_is_gone_when_no_main_step_is_left_or_more_than_half_of_the_minutes_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builder, "_excluded", lambda *_: False)
    assert gone(10) is None
    assert gone(6, 4) is None
    assert gone(10, 4) == "half-gone"
    assert gone(10, 4, number=2) is None
    assert gone(drafts=[]) == gone(drafts=[a_draft(part="closing", stroking=100)]) == "target-gone"


# Supplements ------------------------------------------------------------------------------------------------------------------
def test_supplements_have_the_room_between_the_cap_and_the_full_dose_and_each_takes_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    rooms: list[int | None] = []

    def plan_one(_session: object, _row: object, room: int | None, *, taken: int) -> Any:
        assert taken == 0
        rooms.append(room)
        return simple(seconds=100, points=(), supplement="other")

    monkeypatch.setattr(supplements, "_open_rows", lambda _session, code: (code,))
    monkeypatch.setattr(supplements, "_plan_one", plan_one)
    full = int(SETTING.treatment.minutes.full)
    for caps, seconds, first in ((((full + 8), full + 9), 60, 480), ((full + 8,), 60 * full + 60, 420), ((), 60, None)):
        screening = replace(SETTING.screening, limits=Limits(minutes_caps=tuple(MinutesCap(cap, why("cap")) for cap in caps)))
        session: Any = simple(ground=simple(setting=replace(SETTING, screening=screening)), dose=simple(seconds=seconds))
        rooms.clear()
        assert len(supplements.plan_supplements(session, ("one", "two", "one"))) == 2
        assert rooms == ([first, first - 100] if first else [None, None])


def test_barred_points_are_barred_for_every_point_method_and_for_no_other() -> None:
    out = SupplementOut("points-inhibitory", frozenset({"bl28"}), None, why("out"))
    setting = replace(SETTING, screening=replace(SETTING.screening, limits=Limits(supplements_out=(out,))))
    touched = {code for code, entry in LIBRARY.supplements.items() if list(supplements._outs(setting, entry))}
    assert touched == {code for code, entry in LIBRARY.supplements.items() if entry.supplement_class == "points"}


# Bars -------------------------------------------------------------------------------------------------------------------------
def test_a_forbidden_spot_bars_no_zone_and_a_lifted_family_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        simple(scope="spot", family="all", technique=None, zone="spot"),
        simple(scope=None, family="percussion", technique=None, zone="lifted"),
        simple(scope=None, family="rubbing", technique=None, zone="family"),
        simple(scope=None, family="all", technique=None, zone="all"),
        simple(scope=None, family=None, technique="one", zone="technique"),
    ]
    monkeypatch.setattr(bars, "forbid_places", lambda *_: ())
    setting: Any = simple(
        treatment=simple(forbid=rows), library=None, condition=simple(code="condition"), stage=simple(code="stage"), inputs={}
    )
    found = bars.Bars()
    bars._forbid_rows(setting, simple(mask=lambda _: 1), simple(lifts_forbid=("percussion",)), found)
    assert [dict(bar.because.about)["zone"] for bar in found.places] == ["all"]
    assert (list(found.families), list(found.techniques)) == (["rubbing"], ["one"])


def test_a_technique_is_barred_at_the_zones_that_a_fact_names_and_at_none_when_it_names_none() -> None:
    technique = simple(code="one", avoid_when=(), avoid_at=("fact",))
    for fact, masks in (((Place("calf", "left"),), [1]), ((), []), (None, []), (True, [])):
        setting: Any = simple(screening=simple(facts={"fact": fact}), library=simple(techniques={"one": technique}))
        found = bars.Bars()
        bars._avoided(setting, simple(of_any=len), found)
        assert [bar.mask for bar in found.techniques.get("one", [])] == masks
