"""Which technique, which position, which reason: each at its edge, with techniques and steps made by hand."""

from typing import Any

import pytest

from protocols.method.places import Place
from protocols.method.session import choosing, explaining, positions
from protocols.method.session.body import at_least_half
from tests.method.drafted import CALF, Telling, a_draft, simple, why


def a_technique(code: str, tone: int = 0, *, main: bool = True, good: Any = (), pressure: Any = (1, 3)) -> Any:
    return simple(code=code, tone=tone, main=main, good=good, pressure=pressure)


# Rank -------------------------------------------------------------------------------------------------------------------------
def rank(technique: Any, *, mode: str = "neutral", tempo: str = "calm", good: int = 0, base: int = 0b1111) -> Any:
    ground: Any = simple(body=simple(good={technique.code: good}), setting=simple(treatment=simple(mode=mode)))
    return choosing._rank(ground, a_draft(base=base, stroking=100), technique, tempo, 7)  # type: ignore[arg-type]


def test_a_technique_suits_by_the_zone_it_names_or_by_half_of_the_parts() -> None:
    assert rank(a_technique("one", good=("calf",)))[0] is False
    assert rank(a_technique("one"), good=0b0011)[0] is False
    assert rank(a_technique("one"), good=0b110001)[0] is True
    assert rank(a_technique("one", good=("thigh",)))[0] is True


def test_the_tone_that_is_wanted_is_that_of_the_mode_and_a_calm_step_of_a_tonic_stage_calms() -> None:
    calming, tonic = a_technique("one", -2), a_technique("one", 2)
    distances = {(mode, tempo): (rank(calming, mode=mode, tempo=tempo)[1], rank(tonic, mode=mode, tempo=tempo)[1])
                 for mode in ("calming", "neutral", "tonic") for tempo in ("calm", "tonic")}  # fmt: skip
    assert distances == {
        ("calming", "calm"): (0, 4), ("calming", "tonic"): (0, 4),
        ("neutral", "calm"): (2, 2), ("neutral", "tonic"): (2, 2),
        ("tonic", "calm"): (0, 4), ("tonic", "tonic"): (4, 0),
    }  # fmt: skip


def test_a_principal_technique_goes_before_an_auxiliary_and_the_file_decides_last() -> None:
    assert rank(a_technique("one"))[2:] == (False, 7)
    assert rank(a_technique("one", main=False))[2:] == (True, 7)


# Options ----------------------------------------------------------------------------------------------------------------------
def options(monkeypatch: pytest.MonkeyPatch, *suited: tuple[str, int], tempo: str = "calm") -> Any:
    found = tuple((a_technique(code), mask) for code, mask in suited)
    monkeypatch.setattr(choosing, "_suited", lambda *_: found)
    ground: Any = simple(setting=simple(library=simple(families={"rubbing": simple(tempos=("calm",))})))
    chosen = choosing._options(ground, a_draft(base=0b1111, stroking=100), "rubbing", 2, tempo)  # type: ignore[arg-type]
    return [option.technique.code for option in chosen] if chosen else chosen


def test_techniques_on_half_of_the_parts_go_first_and_only_without_them_those_on_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    assert options(monkeypatch, ("few", 0b0001), ("half", 0b0011)) == ["half"]
    assert options(monkeypatch, ("few", 0b0001)) == ["few"]


def test_a_family_has_no_option_at_a_tempo_that_it_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    assert options(monkeypatch, ("half", 0b0011), tempo="tonic") == ()


def test_half_of_the_parts_is_half_and_nothing_is_never_half() -> None:
    assert at_least_half(0b0011, 0b1111)
    assert not at_least_half(0b0001, 0b1111)
    assert not at_least_half(0b0011, 0b11111)
    assert not at_least_half(0, 0)


def test_a_family_without_technique_has_no_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "usual_pick", lambda *_: None)
    assert choosing.places_of(None, a_draft(stroking=100), "rubbing") == 0  # type: ignore[arg-type]


# Turning ----------------------------------------------------------------------------------------------------------------------
def told_to_turn(position: str, side: Any, *, paired: bool = True) -> list[str]:
    places = {"lying": simple(upper_side=None), "right-side": simple(upper_side="left")}
    session: Any = simple(ground=simple(setting=simple(library=simple(positions=places, zones={"calf": simple(paired=paired)}))))
    draft = a_draft(stroking=100)
    draft.position, draft.place = position, Place("calf", side)
    return [f"{one.code} {dict(one.about)['side']}" for one in positions.turning(session, draft)]


def test_only_a_paired_zone_worked_on_both_sides_waits_for_the_turn_of_a_patient_on_the_side() -> None:
    assert told_to_turn("right-side", "both") == ["waits-for-turn left"]
    assert told_to_turn("right-side", "left") == told_to_turn("right-side", "both", paired=False) == []
    assert told_to_turn("lying", "both") == told_to_turn("lying", "left") == []


# Reasons ----------------------------------------------------------------------------------------------------------------------
def a_ground(*, caps: Any = (), spots: Any = (), own: Any = ()) -> Any:
    body = simple(mask_at=lambda _place: 0b0011, spots=spots, of_any=sum)
    provenance = simple(plan="plan", minutes="minutes")
    setting = simple(
        condition=simple(code="condition", sources=(), side_rule=()),
        stage=simple(code="stage"),
        treatment=simple(provenance=provenance, mode="calming"),
        library=simple(profiles={"deep": simple(pressure=(1, 3))}),
        screening=simple(limits=simple(spots=own)),
    )
    return Telling(ground=simple(body=body, setting=setting, protocol=simple(caps=caps), bases={}, variant=None))


def test_a_spot_is_told_only_where_the_hand_is() -> None:
    spots = [(0b0010, simple(code="here", sources=())), (0b0100, simple(code="elsewhere", sources=()))]
    own = (simple(places=(0b0001,), because=why("own-here")), simple(places=(0b1000,), because=why("own-elsewhere")))
    found = explaining._spots(a_ground(spots=spots, own=own), a_draft(stroking=100))
    assert [(one.code, dict(one.about).get("danger")) for one in found] == [("danger-spot", "here"), ("own-here", None)]


def test_only_a_named_ceiling_that_sets_the_pressure_of_this_step_is_told() -> None:
    caps = [
        simple(level=level, mask=mask, because=why(code))
        for level, mask, code in (
            (2, 1, "pressure-age"),
            (2, 1, "pressure-stage"),
            (3, 1, "pressure-danger"),
            (2, 2, "pressure-stage-zone"),
        )
    ]
    assert explaining._binding(a_ground(caps=caps), a_draft(level=2, stroking=100)) == (why("pressure-age"),)
    assert explaining._binding(a_ground(caps=caps), a_draft(level=3, stroking=100)) == ()


def test_the_row_of_the_protocol_is_counted_from_one() -> None:
    assert dict(explaining._base(a_ground(), a_draft(row=4, stroking=100))[0].about)["row"] == "5"


def test_the_first_and_the_last_step_are_ordered_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[bool, bool]] = []

    def order(_draft: object, *, first: bool, last: bool) -> tuple[()]:
        asked.append((first, last))
        return ()

    monkeypatch.setattr(explaining, "family_order", order)
    for name in ("_base", "turning", "_binding"):
        monkeypatch.setattr(explaining, name, lambda *_: ())
    session: Any = simple(ground=simple(adaptation=simple(because=())))
    for count in (1, 3):
        explaining.rows_of(session, [a_draft(stroking=100) for _ in range(count)])
    assert asked == [(True, True), (True, False), (False, False), (False, True)]


def test_the_ceiling_is_told_at_rows_of_the_full_pressure_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explaining, "avoided_places", lambda *_: ())
    monkeypatch.setattr(explaining, "reasons_for_avoided", lambda *_: ())
    draft = a_draft(level=2, stroking=100)
    for pressure, told in ((2, (why("pressure-age"),)), (1, ())):
        pick: Any = simple(technique=simple(family="stroking", code="one"), pressure=pressure)
        row = explaining._row(None, draft, 0, 60, pick, ((), (why("pressure-age"),)))  # type: ignore[arg-type]
        assert (row.because, row.zone) == (told, CALF.zone)
