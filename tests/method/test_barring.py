"""Bars of a referral or of the patient: read strictly, checked against the library, merged into limits, kept with the screening."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.method.answers import Faults
from protocols.method.barring import check_bars, gather_barred, in_order, parse_bars
from protocols.method.case import parse_case
from protocols.method.findings import NO_LIMITS, Bar, FamilyOut, Limits, PlacesOut, PressureCap, Screening, TechniqueOut
from protocols.method.output import session_as_json
from protocols.method.places import Place
from protocols.method.planning import plan_session, plan_whole_course
from protocols.method.plans import CoursePlan
from protocols.method.reader import Reader
from protocols.method.reasons import because
from protocols.method.storage import NotStored, from_json, plan_digest, plan_from_json, plan_to_json
from protocols.method.wording import SENTENCES
from tests.method.cases import a_case
from tests.method.planned import LIBRARY, leaves

REFERRAL = because("barred-by-referral")
CONSENT = because("consent-withdrawn")
BEFORE_BARS = json.loads((Path(__file__).parent / "stored_before_bars.json").read_text(encoding="ascii"))


def limits_of(*bars: Bar) -> Limits:
    return gather_barred(bars, LIBRARY).freeze(max_down=2, airway_clearance=False)


def a_bar(**parts: object) -> Bar:
    return Bar("referral", **parts)  # type: ignore[arg-type]


def bars() -> st.SearchStrategy[Bar]:
    def some(codes: object) -> st.SearchStrategy[frozenset[str]]:
        return st.frozensets(st.sampled_from(sorted(codes)), max_size=2)  # type: ignore[call-overload]

    places = st.builds(Place, st.sampled_from(sorted(LIBRARY.zones)), st.sampled_from(["left", "right", "both"]))
    return st.builds(
        Bar,
        st.sampled_from(["referral", "consent"]),
        st.lists(places, max_size=3).map(tuple),
        some(LIBRARY.families),
        some(LIBRARY.techniques),
        some(LIBRARY.supplements),
        st.none() | st.integers(1, 5),
    )


# Built ------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "parts", [{"source": "rumour"}, {"source": "referral", "pressure_max": 0}, {"source": "consent", "pressure_max": 6}]
)
def test_a_bar_of_nobody_or_of_no_pressure_level_cannot_be_built(parts):
    with pytest.raises(ValueError, match="bar"):
        Bar(**parts)


@pytest.mark.parametrize("level", [None, 1, 5])
def test_every_pressure_level_can_be_a_bar(level):
    assert a_bar(pressure_max=level).pressure_max == level


# Read -------------------------------------------------------------------------------------------------------------------------
def read(*raw: object) -> tuple[tuple[Bar, ...], list[str]]:
    reader = Reader()
    return parse_bars(list(raw), LIBRARY, reader), [str(fault) for fault in reader.faults]


def test_a_bar_is_read_whole_and_a_zone_without_a_side_means_both():
    raw = {
        "source": "referral",
        "zones": ["nape", {"zone": "calf", "side": "left"}],
        "families": ["percussion"],
        "techniques": ["kneading-circular"],
        "supplements": ["vacuum"],
        "pressure_max": 2,
    }
    wanted = Bar(
        "referral",
        (Place("calf", "left"), Place("nape", "both")),
        frozenset({"percussion"}),
        frozenset({"kneading-circular"}),
        frozenset({"vacuum"}),
        2,
    )
    assert read(raw, {"source": "consent"}) == ((wanted, Bar("consent")), [])
    assert read({"source": "consent", "pressure_max": None}) == ((Bar("consent"),), [])


@pytest.mark.parametrize(
    ("raw", "named"),
    [
        ("calf", "bars[0]: must be an object"),
        ({}, "bars[0].source: is missing"),
        ({"source": "rumour"}, "bars[0].source: rumour is not referral or consent"),
        ({"source": 3}, "bars[0].source: must be text"),
        ({"source": "consent", "zone": "calf"}, "bars[0].zone: is not a field"),
        ({"source": "consent", "zones": "calf"}, "bars[0].zones: must be a list"),
        ({"source": "consent", "zones": ["tail"]}, 'bars[0].zones: unknown zone "tail"'),
        ({"source": "consent", "zones": [{"zone": "calf", "side": "upper"}]}, "bars[0].zones: must be one of"),
        ({"source": "consent", "families": ["tickling"]}, "bars[0].families[0]: tickling is not a code of the library"),
        ({"source": "consent", "techniques": ["stroking-planar-superficial", "tickling"]}, "bars[0].techniques[1]: tickling is not"),
        ({"source": "consent", "supplements": ["points"]}, "bars[0].supplements[0]: points is not"),
        ({"source": "consent", "supplements": {}}, "bars[0].supplements: must be a list"),
        ({"source": "consent", "pressure_max": 0}, "bars[0].pressure_max: must be from 1 to 5"),
        ({"source": "consent", "pressure_max": 6}, "bars[0].pressure_max: must be from 1 to 5"),
        ({"source": "consent", "pressure_max": True}, "bars[0].pressure_max: must be a whole number"),
    ],
)
def test_a_bar_that_cannot_be_read_is_a_fault_that_names_its_field_and_is_never_passed_over(raw, named):
    found, faults = read(raw)
    assert found == ()
    assert [fault[: len(named)] for fault in faults] == [named]


def test_every_fault_is_told_at_once_and_sound_bars_are_read_beside_them():
    found, faults = read({"source": "consent", "families": ["a"], "zones": ["b"]}, {"source": "consent"}, {"source": "c"})
    assert found == (Bar("consent"),)
    assert [fault.partition(":")[0] for fault in faults] == ["bars[0].families[0]", "bars[0].zones", "bars[2].source"]


def test_bars_of_a_case_are_optional_and_must_be_a_list():
    assert parse_case(a_case(), LIBRARY).bars == ()
    assert parse_case(a_case(bars=[{"source": "consent", "zones": ["calf"]}]), LIBRARY).bars == (Bar("consent", (Place("calf", "both"),)),)
    with pytest.raises(Faults, match="bars"):
        parse_case(a_case(bars={"source": "consent"}), LIBRARY)


# Checked ----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("bar", "named"),
    [
        (a_bar(places=(Place("calf", "both"), Place("tail", "both"))), "bars[1].zones: tail is not a code of the library"),
        (a_bar(families=frozenset({"tickling"})), "bars[1].families: tickling is not"),
        (a_bar(techniques=frozenset({"tickling"})), "bars[1].techniques: tickling is not"),
        (a_bar(supplements=frozenset({"points"})), "bars[1].supplements: points is not"),
    ],
)
def test_a_bar_with_a_code_that_the_library_does_not_hold_is_refused(bar, named):
    with pytest.raises(Faults) as caught:
        check_bars((Bar("consent"), bar), LIBRARY)
    assert [str(fault)[: len(named)] for fault in caught.value.faults] == [named]
    case = parse_case(a_case(), LIBRARY)
    with pytest.raises(Faults, match="is not a code"):
        plan_session(replace(case, bars=(bar,)), LIBRARY)


def test_every_unknown_code_is_told():
    strange = a_bar(places=(Place("tail", "both"),), families=frozenset({"b", "a"}), supplements=frozenset({"c"}))
    with pytest.raises(Faults) as caught:
        check_bars((strange,), LIBRARY)
    assert [(fault.field, fault.message.split()[0]) for fault in caught.value.faults] == [
        ("bars[0].zones", "tail"),
        ("bars[0].families", "a"),
        ("bars[0].families", "b"),
        ("bars[0].supplements", "c"),
    ]


@given(st.lists(bars(), max_size=4))
def test_codes_of_the_library_are_accepted(found):
    check_bars(found, LIBRARY)


# Limits -----------------------------------------------------------------------------------------------------------------------
def test_no_bars_set_no_limits():
    assert limits_of() == limits_of(Bar("consent"), a_bar()) == NO_LIMITS


def test_the_parts_of_a_bar_become_limits_with_the_reason_of_its_source():
    assert limits_of(a_bar(families=frozenset({"rubbing", "kneading"}))).families_out == (
        FamilyOut("kneading", None, REFERRAL),
        FamilyOut("rubbing", None, REFERRAL),
    )
    by_patient = limits_of(Bar("consent", techniques=frozenset({"kneading-circular"}), pressure_max=2))
    assert by_patient.techniques_out == (TechniqueOut("kneading-circular", None, CONSENT),)
    assert by_patient.pressure_caps == (PressureCap(2, None, because("consent-caps-pressure", level=2)),)
    by_doctor = limits_of(a_bar(pressure_max=1, supplements=frozenset({"segmental"})))
    assert by_doctor.pressure_caps == (PressureCap(1, None, because("referral-caps-pressure", level=1)),)
    assert [(out.supplement, out.points, out.places, out.because) for out in by_doctor.supplements_out] == [
        ("segmental", None, None, REFERRAL)
    ]


def test_a_zone_of_any_level_bars_its_leaves_on_its_side():
    found = limits_of(a_bar(places=(Place("back", "left"),)))
    assert found.places_out == (PlacesOut(leaves("back", side="left"), REFERRAL),)


def test_bars_of_one_source_are_merged_and_those_of_two_are_told_apart():
    one, other = a_bar(places=(Place("calf", "left"),), pressure_max=3), a_bar(places=(Place("nape", "both"),), pressure_max=2)
    withdrawn = Bar("consent", (Place("calf", "both"),), pressure_max=1)
    found = limits_of(one, withdrawn, other)
    assert found.places_out == (PlacesOut(leaves("calf", side="left") | leaves("nape"), REFERRAL), PlacesOut(leaves("calf"), CONSENT))
    assert [cap.level for cap in found.pressure_caps] == [2, 1]


def test_where_a_zone_is_barred_only_segmental_work_stays_open_for_its_levels_say_where_it_is_done():
    assert limits_of(a_bar(families=frozenset({"rubbing"}))).supplements_out == ()
    out = {row.supplement: row for row in limits_of(a_bar(places=(Place("calf", "left"),))).supplements_out}
    assert set(LIBRARY.supplements) - set(out) == {"segmental", "connective-tissue"}
    assert all(row.points is None and row.places is None and row.because.code == "barred-zone-supplement" for row in out.values())


@given(st.lists(bars(), max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_bars_does_not_matter_and_neither_does_saying_them_twice(found, chance):
    again = [replace(bar, places=bar.places[::-1]) for bar in (*found, *found)]
    chance.shuffle(again)
    assert in_order(again) == in_order(found)
    assert gather_barred(tuple(again), LIBRARY) == gather_barred(tuple(found), LIBRARY)
    assert {replace(bar, places=tuple(sorted(set(bar.places)))) for bar in found} == set(in_order(found))


@given(st.lists(bars(), max_size=3), bars())
def test_a_further_bar_is_never_looser(found, more):
    before, after = limits_of(*found), limits_of(*found, more)
    assert out_of(before) <= out_of(after)
    assert lowest(after) <= lowest(before)


def out_of(limits: Limits) -> set[object]:
    whole: set[object] = {place for out in limits.places_out for place in out.places}
    whole |= {out.family for out in limits.families_out} | {out.technique for out in limits.techniques_out}
    return whole | {out.supplement for out in limits.supplements_out}


def lowest(limits: Limits) -> int:
    return min((cap.level for cap in limits.pressure_caps), default=9)


def test_bars_stand_in_an_order_of_their_own():
    free, low, high = a_bar(), a_bar(pressure_max=1), a_bar(pressure_max=5)
    withdrawn, on_the_calf = Bar("consent"), a_bar(places=(Place("calf", "both"),))
    assert in_order([withdrawn, on_the_calf, free, high, low]) == (low, high, free, on_the_calf, withdrawn)


# Kept -------------------------------------------------------------------------------------------------------------------------
BARRED = [{"source": "consent", "zones": ["abdomen"]}, {"source": "referral", "techniques": ["kneading-circular"], "pressure_max": 2}]


def test_a_screening_keeps_its_bars_and_comes_back_with_them():
    case = parse_case(a_case(bars=BARRED), LIBRARY)
    screening = plan_session(case, LIBRARY).screening
    assert screening.bars == in_order(case.bars) == case.bars[::-1]
    stored = json.loads(json.dumps(plan_to_json(screening)))
    assert from_json(Screening, stored) == screening
    assert stored["bars"][1] == {
        "source": "consent",
        "places": [{"zone": "abdomen", "side": "both"}],
        "families": [],
        "techniques": [],
        "supplements": [],
        "pressure_max": None,
    }


@settings(max_examples=40)
@given(st.lists(bars(), min_size=1, max_size=3))
def test_any_bars_come_back_equal_from_json(found):
    screening = replace(from_json(Screening, BEFORE_BARS["screening"]), bars=in_order(found))
    assert from_json(Screening, json.loads(json.dumps(plan_to_json(screening)))) == screening


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"bars": None}, "bars"),
        ({"bars": [{"source": "referral"}]}, "missing"),
        ({"bars": [{"source": "rumour"}]}, "bars"),
        ({"bar": []}, "bar"),
        ({"facts": None}, "facts"),
    ],
)
def test_stored_bars_that_are_not_whole_are_refused(change, named):
    with pytest.raises(NotStored, match=named):
        from_json(Screening, BEFORE_BARS["screening"] | change)


def test_a_screening_of_another_missing_key_is_still_refused():
    for key in BEFORE_BARS["screening"]:
        with pytest.raises(NotStored, match=key):
            from_json(Screening, {name: value for name, value in BEFORE_BARS["screening"].items() if name != key})


def test_what_was_stored_before_there_were_bars_is_read_and_written_as_it_was():
    screening = from_json(Screening, BEFORE_BARS["screening"])
    assert screening.bars == ()
    assert plan_to_json(screening) == BEFORE_BARS["screening"]
    assert plan_digest(screening) == BEFORE_BARS["digests"]["screening"]
    assert plan_digest(plan_from_json(BEFORE_BARS["session"])) == BEFORE_BARS["digests"]["session"]
    assert plan_to_json(from_json(CoursePlan, BEFORE_BARS["course"])) == BEFORE_BARS["course"]


def test_a_case_without_bars_is_planned_as_before_there_were_any():
    planned = plan_whole_course(parse_case(BEFORE_BARS["case"], LIBRARY), LIBRARY)
    assert plan_to_json(planned.screening) == BEFORE_BARS["screening"]
    assert plan_to_json(planned.sessions[5]) == BEFORE_BARS["session"]
    assert plan_to_json(planned.course) == BEFORE_BARS["course"]


# Told -------------------------------------------------------------------------------------------------------------------------
def test_a_plan_that_bars_defer_names_whoever_bars_and_tells_every_zone():
    told = session_as_json(plan_session(parse_case(a_case(bars=[everything("referral")]), LIBRARY), LIBRARY))
    assert (told["outcome"], told["may_start"], told["steps"]) == ("defer", False, [])
    assert {"bar": "referral", "because": "Left out: the referral bars it."} in told["blocking"]
    assert {row["because"] for row in told["omitted"] if "zone" in row} == {"Left out: the referral bars it."}


def everything(source: str) -> dict[str, object]:
    roots = [zone.code for zone in LIBRARY.zones.values() if zone.parent is None]
    return {"source": source, "zones": roots}


def test_the_patient_is_named_where_consent_was_withdrawn():
    told = session_as_json(plan_session(parse_case(a_case(bars=[everything("consent")]), LIBRARY), LIBRARY))
    assert {"bar": "consent", "because": "Left out: the patient has withdrawn consent."} in told["blocking"]


def test_every_reason_of_a_bar_has_its_sentence():
    codes = {out.because.code for out in limits_of(a_bar(places=(Place("calf", "left"),))).supplements_out}
    codes |= {cap.because.code for cap in limits_of(a_bar(pressure_max=1), Bar("consent", pressure_max=1)).pressure_caps}
    assert codes | {"barred-by-referral", "consent-withdrawn"} <= set(SENTENCES)
