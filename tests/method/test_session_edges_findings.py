"""What findings take from one step, at the edges: parts that they do not touch, ceilings that do not bind, a half of 15 s exactly."""

from typing import Any

import pytest

from protocols.method.places import Place
from protocols.method.session import restricting
from protocols.method.session.draft import Draft
from tests.method.drafted import CALF, Telling, a_draft, a_pick, simple, why

HERE, ELSEWHERE = 0b0011, 0b1100
OTHER = Place("thigh", "left")
MASKS = {CALF: HERE, OTHER: ELSEWHERE}
BODY = simple(
    mask_at=MASKS.__getitem__,
    of_any=lambda places: sum(MASKS[place] for place in places),
    grouped=lambda mask: tuple(place for place, bits in MASKS.items() if bits & mask),
    smallest=lambda place, mask: Place(f"{place.zone}-{mask}", place.side),
    of_family={"rubbing": (simple(code="one"), simple(code="two"))},
)


def a_bar(mask: int, code: str = "bar") -> Any:
    return simple(mask=mask, because=why(code))


def on_ground(*, findings: Any = None, limits: Any = None, shifts: Any = (), calm: int = 0, pressure_max: int = 4) -> Any:
    empty = {"places": (), "out": 0, "caps": (), "families": {}, "techniques": {}}
    ground = simple(
        body=BODY,
        findings=simple(**{**empty, **(findings or {})}),
        adaptation=simple(zone_shifts=shifts),
        calm=calm,
        setting=simple(screening=simple(limits=simple(calm=limits or ()))),
    )
    return Telling(ground=ground, dose=simple(pressure_max=pressure_max, percussion=True))


# Places and pressure ------------------------------------------------------------------------------------------------------------
def test_a_finding_elsewhere_leaves_a_step_without_a_word() -> None:
    session, draft = on_ground(findings={"places": (a_bar(ELSEWHERE),), "out": ELSEWHERE}), a_draft(base=HERE, stroking=100)
    assert restricting.leave_out_places(session, draft) is True
    assert (draft.mask, draft.reasons, session.left_out, draft.place) == (HERE, [], [], CALF)


def test_a_step_of_which_a_part_is_out_is_named_by_what_is_left() -> None:
    session, draft = on_ground(findings={"places": (a_bar(0b0110),), "out": 0b0110}), a_draft(base=HERE, stroking=100)
    assert restricting.leave_out_places(session, draft) is True
    assert (draft.mask, draft.reasons, draft.place.zone) == (0b0001, [why("bar")], "calf-1")
    assert session.left_out == [("zone", "calf", "bar")]


def test_a_step_of_which_nothing_is_left_is_lost() -> None:
    session, draft = on_ground(findings={"places": (a_bar(HERE),), "out": HERE}), a_draft(base=HERE, stroking=100)
    assert restricting.leave_out_places(session, draft) is False
    assert session.lost == [draft.step]


def capped(level: int, *caps: tuple[int, int, str], shifts: Any = ()) -> Draft:
    rows = tuple(simple(level=cap, mask=mask, because=why(code)) for cap, mask, code in caps)
    draft = a_draft(level=level, base=HERE, stroking=100)
    restricting.cap_pressure(on_ground(findings={"caps": rows}, shifts=shifts), draft)
    return draft


def test_only_a_ceiling_that_lowers_the_step_is_told() -> None:
    draft = capped(3, (3, HERE, "same"), (1, ELSEWHERE, "elsewhere"))
    assert (draft.level, draft.reasons) == (3, [])
    draft = capped(3, (2, HERE, "binds"), (3, HERE, "same"))
    assert (draft.level, draft.reasons) == (2, [why("binds")])


def test_a_marked_zone_is_told_at_its_own_step_only() -> None:
    assert [one.code for one in capped(3, shifts=((CALF, -1),)).reasons] == ["marked-zone"]
    assert capped(3, shifts=((OTHER, -1),)).reasons == []


# Forced calm --------------------------------------------------------------------------------------------------------------------
def calmed(seconds: int, **shares: Any) -> tuple[Draft, Any]:
    session, draft = on_ground(calm=HERE), a_draft(seconds, base=HERE, **shares)
    restricting.force_calm(session, draft)
    return draft, session


def test_half_of_the_kneading_stays_when_it_lasts_15_seconds_exactly() -> None:
    draft, session = calmed(100, stroking=70, kneading=30)
    assert draft.shares == {"stroking": 85, "kneading": 15}
    assert session.left_out == []


def test_half_of_the_kneading_under_15_seconds_is_stroked() -> None:
    draft, session = calmed(96, stroking=70, kneading=30)
    assert draft.shares == {"stroking": 100}
    assert session.left_out == [("family", "kneading", "kneading-halved")]


def test_halved_kneading_brings_a_step_its_first_stroking() -> None:
    assert calmed(100, rubbing=70, kneading=30)[0].shares == {"rubbing": 70, "stroking": 15, "kneading": 15}


def test_calm_forced_on_other_places_does_not_touch_the_step() -> None:
    for places, tempo in ((frozenset({OTHER}), "tonic"), (frozenset({CALF}), "calm"), (None, "calm")):
        draft = a_draft(base=HERE, stroking=100)
        draft.tempo = "tonic"
        restricting.force_calm(on_ground(limits=(simple(places=places, because=why("calm")),)), draft)
        assert (draft.tempo, draft.reasons) == (tempo, [why("calm")] if tempo == "calm" else [])


# Families -----------------------------------------------------------------------------------------------------------------------
def test_only_rubbed_or_kneaded_muscles_are_struck(monkeypatch: pytest.MonkeyPatch) -> None:
    dropped: list[str] = []
    monkeypatch.setattr(restricting, "drop_percussion", lambda _session, _draft, reason: dropped.append(reason.code))
    mixes: list[Any] = [{"rubbing": 50}, {"kneading": 50}, {}]
    for shares in mixes:
        restricting._unprepared_percussion(on_ground(), a_draft(stroking=30, percussion=20, **shares))
    restricting._unprepared_percussion(on_ground(), a_draft(stroking=100))
    assert dropped == ["percussion-unprepared"]


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What every choice gives."""
    pick = a_pick(code="new")
    monkeypatch.setattr(restricting, "choose", lambda *_: pick)
    return pick


def test_vibration_that_takes_the_share_of_percussion_gets_a_technique(chosen: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restricting, "_vibration_takes", lambda *_: True)
    draft = a_draft(stroking=60, rubbing=20, percussion=20)
    restricting.drop_percussion(on_ground(), draft, why("bar"))
    assert draft.shares == {"stroking": 60, "rubbing": 20, "vibration": 20}
    assert draft.picks["vibration"] is chosen
    assert "percussion" not in draft.picks


def test_without_a_share_vibration_gets_no_technique_and_one_that_it_has_stays(chosen: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restricting, "_vibration_takes", lambda *_: False)
    draft = a_draft(rubbing=80, percussion=20)
    restricting.drop_percussion(on_ground(), draft, why("bar"))
    assert draft.shares == {"rubbing": 80, "stroking": 20}
    assert "vibration" not in draft.picks
    draft = a_draft(stroking=60, vibration=20, percussion=20)
    restricting.drop_percussion(on_ground(), draft, why("bar"))
    assert draft.picks["vibration"] is not chosen


@pytest.mark.usefixtures("chosen")
def test_new_vibration_stays_on_the_struck_places_and_own_vibration_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restricting, "family_begun", lambda *_: True)
    monkeypatch.setattr(restricting, "places_of", lambda _ground, _draft, family: {"percussion": 0b0110, "vibration": 0b0011}[family])
    draft = a_draft(stroking=60, percussion=40)
    assert restricting._vibration_takes(on_ground(), draft) is True
    assert draft.places == {"vibration": 0b0010}
    draft = a_draft(stroking=60, vibration=20, percussion=20)
    assert restricting._vibration_takes(on_ground(), draft) is True
    assert draft.places == {}


# Reasons ------------------------------------------------------------------------------------------------------------------------
def barred(families: Any = (), techniques: Any = ()) -> str:
    draft = a_draft(base=HERE, stroking=50, rubbing=50)
    session = on_ground(findings={"families": {"rubbing": families}, "techniques": {"two": techniques}})
    return restricting._why_barred(session, draft, "rubbing").code


def test_a_family_is_left_out_for_the_bar_that_lies_on_the_step() -> None:
    assert barred([a_bar(ELSEWHERE, "elsewhere"), a_bar(HERE, "family")], [a_bar(HERE, "technique")]) == "family"
    assert barred([a_bar(ELSEWHERE, "elsewhere")], [a_bar(ELSEWHERE, "elsewhere"), a_bar(HERE, "technique")]) == "technique"
    assert barred([a_bar(ELSEWHERE, "elsewhere")], [a_bar(ELSEWHERE, "elsewhere")]) == "pressure-too-low"


def test_another_technique_is_told_with_the_bars_on_the_step_and_the_usual_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    bars = {"techniques": {"usual": (a_bar(HERE, "here"), a_bar(ELSEWHERE, "elsewhere"))}}
    for usual, told in (("usual", [("technique", "usual", "here")]), ("same", []), ("", [])):
        session, draft = on_ground(findings=bars), a_draft(base=HERE, stroking=100)
        same, other = a_pick(code="usual"), a_pick(code="usual")
        draft.picks["stroking"] = same
        found = {"usual": other, "same": same, "": None}[usual]
        monkeypatch.setattr(restricting, "usual_pick", lambda *_, found=found: found)
        restricting._tell_other_techniques(session, draft)
        assert session.left_out == told
