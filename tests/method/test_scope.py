"""Scope: what goes beyond a signed plan is named; what stays within it or takes away is not."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.method.course import plan_course
from protocols.method.findings import Limits
from protocols.method.places import Place
from protocols.method.plans import NO_ADAPTATION, PlannedSupplement, Row, SessionPlan
from protocols.method.scope import DETAILS, Growth, growth_reason, scope_growth
from protocols.method.whole_course import build_course
from protocols.method.wording import in_english
from protocols.method.wording_scope import SENTENCES_SCOPE
from protocols.proving import signatures
from tests.method.hand_made import ATTACK_PLAN, BRISK_PLAN, ONE_SIDED_PLAN
from tests.method.planned import LIBRARY, OPEN_STAGES, session_of, setting_of

HAND_MADE = (ATTACK_PLAN, ONE_SIDED_PLAN, BRISK_PLAN)
# What findings may never add (invariant 13). A barred technique may be replaced by another, which is a growth.
NEVER_ADDED = {"session", "seconds", "zone", "pressure", "percussion", "supplement", "supplement-seconds", "point", "level"}
VACUUM = PlannedSupplement("vacuum", 120, side="left")
POINTS = PlannedSupplement("points-inhibitory", 90, ("LI4", "ST36"), "both")
SEGMENTAL = PlannedSupplement("segmental", 300, side="both", levels=("L5", "L4"))


def grown(signed: SessionPlan, now: SessionPlan) -> tuple[Growth, ...]:
    return scope_growth((signed,), (now,), library=LIBRARY)


def told(signed: SessionPlan, now: SessionPlan) -> list[tuple[str, str, str | None, int, int]]:
    return [(growth.kind, growth.code, growth.side, growth.signed, growth.now) for growth in grown(signed, now)]


def with_row(plan: SessionPlan, at: int, **changes: object) -> SessionPlan:
    """The plan with one row changed; the dose is left aside, since a longer row would not fit it."""
    rows = (*plan.rows[:at], replace(plan.rows[at], **changes), *plan.rows[at + 1 :])  # type: ignore[arg-type]
    return with_rows(plan, rows)


def with_rows(plan: SessionPlan, rows: tuple[Row, ...]) -> SessionPlan:
    return replace(plan, rows=rows, total_seconds=sum(row.seconds for row in rows), dose=None)


def course_of(condition: str, stage: str, limits: Limits | None = None) -> tuple[SessionPlan, ...]:
    setting = setting_of(condition, stage, limits=limits)
    return build_course(setting, plan_course(setting, count=10), adaptation=NO_ADAPTATION, supplements=())


# Within the signature -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("condition", "stage"), OPEN_STAGES)
def test_a_plan_never_grows_against_itself(condition, stage):
    course = course_of(condition, stage)
    assert scope_growth(course, course, library=LIBRARY) == ()
    assert scope_growth(course, course[4:], library=LIBRARY) == ()


def test_sessions_that_were_given_are_not_compared():
    assert scope_growth(HAND_MADE, (), library=LIBRARY) == ()


def test_minutes_that_move_between_rows_and_families_already_signed_are_no_growth():
    rows = list(ATTACK_PLAN.rows)
    rows[1], rows[2] = replace(rows[1], seconds=rows[1].seconds - 40), replace(rows[2], seconds=rows[2].seconds + 40)
    assert grown(ATTACK_PLAN, with_rows(ATTACK_PLAN, tuple(rows))) == ()


def test_another_order_and_another_position_are_no_growth():
    backwards = tuple(replace(row, position="seated") for row in reversed(ONE_SIDED_PLAN.rows) if row.family == "stroking")
    assert grown(ONE_SIDED_PLAN, with_rows(ONE_SIDED_PLAN, backwards)) == ()


def test_a_part_of_a_signed_zone_is_within_it():
    plan = with_rows(BRISK_PLAN, tuple(replace(row, zone="paravertebral-lumbar") for row in BRISK_PLAN.rows if row.zone == "back"))
    assert grown(BRISK_PLAN, plan) == ()


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(OPEN_STAGES), st.data())
def test_taking_anything_away_never_grows(stage, data):
    plan = session_of(setting_of(*stage), data.draw(st.integers(1, 12)))
    kept = [row for row in plan.rows[1:-1] if data.draw(st.booleans())]
    gentler = [replace(row, pressure=max(1, row.pressure - 1), seconds=max(15, row.seconds - 5)) for row in kept]
    less = with_rows(plan, (plan.rows[0], *gentler, plan.rows[-1])) if plan.rows else plan
    assert grown(plan, less) == ()


@settings(deadline=None, max_examples=80)
@given(st.sampled_from(OPEN_STAGES), st.sampled_from(signatures(LIBRARY)), st.integers(1, 12))
def test_a_further_finding_adds_no_zone_pressure_percussion_or_time(stage, signature, number):
    plan = session_of(setting_of(*stage), number)
    again = session_of(setting_of(*stage, limits=signature.limits), number)
    assert {growth.kind for growth in grown(plan, again)} & NEVER_ADDED == set()


@settings(deadline=None, max_examples=80)
@given(st.lists(st.sampled_from(OPEN_STAGES), min_size=3, max_size=3), st.integers(1, 12))
def test_what_stays_within_a_plan_that_stays_within_another_stays_within_that_one(stages, number):
    one, two, three = (replace(session_of(setting_of(*stage), number), dose=None) for stage in stages)
    if not grown(one, two) and not grown(two, three):
        assert not grown(one, three)
    assert not any(growth.kind == "seconds" for growth in grown(one, two)) or not any(
        growth.kind == "seconds" for growth in grown(two, one)
    )


@settings(deadline=None, max_examples=80)
@given(st.sampled_from(OPEN_STAGES), st.integers(1, 12), st.data())
def test_what_is_put_back_is_a_growth_of_what_was_without_it(stage, number, data):
    plan = session_of(setting_of(*stage), number)
    zone = data.draw(st.sampled_from(sorted({row.zone for row in plan.rows})))
    rest = tuple(row for row in plan.rows if not LIBRARY.tree.ancestors(row.zone) & {zone} and zone not in LIBRARY.tree.ancestors(row.zone))
    rest = tuple(row for row in rest if row.zone not in LIBRARY.tree.ancestors(zone))
    without = replace(plan, rows=(), total_seconds=0, may_start=False, dose=None)
    back = grown(without, plan)
    assert {growth.kind for growth in back} >= {"seconds", "zone", "family", "technique"}
    if rest and rest[0].family == rest[-1].family == "stroking":
        kinds = {growth.kind for growth in grown(with_rows(plan, rest), plan)}
        assert {"seconds", "zone"} <= kinds


# Beyond the signature -------------------------------------------------------------------------------------------------------
def test_a_session_that_was_not_signed_is_a_growth_and_is_not_compared_further():
    extra = replace(ATTACK_PLAN, number=9)
    assert scope_growth(HAND_MADE, (extra,), library=LIBRARY) == (Growth("session", "", None, 9, 3, 9),)
    assert scope_growth((), (extra,), library=LIBRARY) == (Growth("session", "", None, 9, 0, 9),)


def test_sessions_are_compared_by_their_numbers_in_order():
    later = replace(ATTACK_PLAN, number=20)
    signed = (later, ATTACK_PLAN)
    longer = with_row(ATTACK_PLAN, 1, seconds=160)
    found = scope_growth(signed, (replace(longer, number=20), longer), library=LIBRARY)
    assert [(growth.kind, growth.session, growth.signed, growth.now) for growth in found] == [
        ("seconds", 3, 600, 616),
        ("seconds", 20, 600, 616),
    ]


@pytest.mark.parametrize("twice", [(True, False), (False, True)])
def test_a_number_that_stands_twice_is_refused(twice):
    signed, now = ((ATTACK_PLAN,) * (2 if doubled else 1) for doubled in twice)
    with pytest.raises(ValueError, match="session 3 stands twice"):
        scope_growth(signed, now, library=LIBRARY)


def test_one_second_more_is_a_growth():
    assert told(ATTACK_PLAN, with_row(ATTACK_PLAN, 1, seconds=145)) == [("seconds", "", None, 600, 601)]


def test_a_new_zone_is_named_as_the_row_names_it():
    assert told(ATTACK_PLAN, with_row(ATTACK_PLAN, 4, zone="calf", side="left")) == [("zone", "calf", "left", 0, 2)]


def test_a_zone_that_grows_on_one_side_is_named_on_that_side():
    one = with_row(ATTACK_PLAN, 4, zone="calf", side="left")
    assert told(one, with_row(one, 4, side="both")) == [("zone", "calf", "right", 0, 2)]
    assert told(with_row(one, 4, side="both"), one) == []


def test_only_the_parts_of_a_zone_that_are_new_are_named_left_and_right_together():
    avoiding = with_row(ATTACK_PLAN, 1, zone="back", avoid=(Place("paravertebral-lumbar", "both"), Place("sacrum", "both")))
    without = replace(avoiding.rows[1], avoid=())
    found = told(avoiding, with_rows(avoiding, (avoiding.rows[0], without, *avoiding.rows[2:])))
    assert ("zone", "paravertebral-lumbar", "both", 0, 2) in found
    assert {kind for kind, *_ in found} == {"zone"}
    assert len(found) == len({code for _, code, *_ in found})


def test_a_leaf_that_several_rows_work_is_told_once():
    rows = tuple(replace(row, zone="calf") for row in ATTACK_PLAN.rows)
    assert told(ATTACK_PLAN, with_rows(ATTACK_PLAN, rows)) == [("zone", "calf", "both", 0, 2)]


def test_more_pressure_than_the_signed_session_had_anywhere_on_the_place_is_a_growth():
    harder = with_row(ATTACK_PLAN, 5, pressure=3)
    assert told(ATTACK_PLAN, harder) == [("pressure", "trapezius-upper", "both", 2, 3)]
    assert told(harder, ATTACK_PLAN) == []
    assert told(harder, with_row(ATTACK_PLAN, 4, pressure=3)) == []


def test_the_strongest_row_of_the_present_plan_counts():
    harder = with_row(with_row(ATTACK_PLAN, 4, pressure=3), 5, pressure=4)
    assert told(ATTACK_PLAN, harder) == [("pressure", "trapezius-upper", "both", 2, 4)]


def test_a_family_and_a_technique_that_the_signed_session_had_nowhere_are_growths():
    kneaded = with_row(ATTACK_PLAN, 2, family="kneading", technique="kneading-circular")
    assert told(ATTACK_PLAN, kneaded) == [("family", "kneading", None, 0, 72), ("technique", "kneading-circular", None, 0, 72)]
    other = with_row(ATTACK_PLAN, 2, technique="rubbing-planar")
    assert told(ATTACK_PLAN, other) == [("technique", "rubbing-planar", None, 0, 72)]


def test_a_family_signed_for_one_zone_is_no_growth_on_another_but_percussion_is():
    rubbed = replace(BRISK_PLAN.rows[0], family="rubbing", technique="rubbing-circular", seconds=60)
    assert grown(BRISK_PLAN, with_rows(BRISK_PLAN, (replace(BRISK_PLAN.rows[0], seconds=60), rubbed, *BRISK_PLAN.rows[1:]))) == ()
    at = next(place for place, row in enumerate(BRISK_PLAN.rows) if row.family == "percussion")
    moved = with_row(BRISK_PLAN, at, zone="paravertebral-lumbar", side="left")
    assert told(BRISK_PLAN, moved) == [("percussion", "paravertebral-lumbar", "left", 0, 2)]
    assert told(BRISK_PLAN, with_row(BRISK_PLAN, at, pressure=3)) == []


def test_percussion_that_was_signed_nowhere_is_told_with_its_place():
    without = with_rows(BRISK_PLAN, tuple(row for row in BRISK_PLAN.rows if row.family != "percussion"))
    kinds = [(kind, code) for kind, code, *_ in told(without, BRISK_PLAN)]
    assert kinds == [
        ("seconds", ""),
        ("percussion", "interscapular"),
        ("family", "percussion"),
        ("technique", "percussion-tapping"),
    ]


def test_a_brisker_tempo_than_any_that_was_signed_is_a_growth():
    calm = with_rows(BRISK_PLAN, tuple(replace(row, tempo="calm") for row in BRISK_PLAN.rows))
    assert told(calm, BRISK_PLAN) == [("tempo", "tonic", None, 0, 2)]
    nothing = replace(BRISK_PLAN, rows=(), total_seconds=0, may_start=False)
    assert ("tempo", "tonic", None, 0, 2) in told(nothing, BRISK_PLAN)
    assert told(BRISK_PLAN, calm) == []
    assert told(BRISK_PLAN, with_row(BRISK_PLAN, 0, tempo="tonic")) == []


# Supplements ----------------------------------------------------------------------------------------------------------------
def beside(*supplements: PlannedSupplement) -> SessionPlan:
    return replace(ATTACK_PLAN, supplements=supplements)


def test_a_supplement_on_a_new_side_a_new_point_and_a_new_level_are_growths():
    assert told(beside(), beside(VACUUM)) == [("supplement", "vacuum", "left", 0, 1)]
    assert told(beside(VACUUM), beside(replace(VACUUM, side="both"))) == [("supplement", "vacuum", "right", 0, 1)]
    assert told(beside(), beside(POINTS)) == [
        ("supplement", "points-inhibitory", "both", 0, 1),
        ("point", "LI4", "both", 0, 1),
        ("point", "ST36", "both", 0, 1),
    ]
    assert told(beside(replace(POINTS, points=("LI4",))), beside(POINTS)) == [("point", "ST36", "both", 0, 1)]
    assert told(beside(replace(SEGMENTAL, levels=("L5",))), beside(SEGMENTAL)) == [("level", "L4", "both", 0, 1)]


def test_a_supplement_on_both_sides_may_be_signed_in_two_rows():
    split = beside(VACUUM, replace(VACUUM, side="right"))
    assert told(split, beside(replace(VACUUM, side="both", seconds=240))) == []
    assert told(beside(replace(VACUUM, side="both", seconds=240)), split) == []


def test_more_seconds_of_a_signed_supplement_are_a_growth_fewer_are_none():
    assert told(beside(VACUUM), beside(replace(VACUUM, seconds=121))) == [("supplement-seconds", "vacuum", None, 120, 121)]
    assert told(beside(VACUUM), beside(VACUUM, VACUUM)) == [("supplement-seconds", "vacuum", None, 120, 240)]
    assert told(beside(replace(VACUUM, seconds=0)), beside(VACUUM)) == [("supplement-seconds", "vacuum", None, 0, 120)]
    assert told(beside(VACUUM), beside(replace(VACUUM, seconds=119))) == []
    assert told(beside(VACUUM, POINTS), beside()) == []


# Another library ------------------------------------------------------------------------------------------------------------
def test_what_was_signed_under_another_zone_tree_covers_nothing():
    strange = with_row(ATTACK_PLAN, 4, zone="zone-of-yesterday")
    strange = with_row(with_row(strange, 5, zone="zone-of-yesterday"), 6, avoid=(Place("zone-of-yesterday", "both"),))
    assert told(strange, ATTACK_PLAN) == [("zone", "trapezius-upper", "both", 0, 2)]
    assert told(strange, strange) == [("zone", "zone-of-yesterday", "both", 0, 2), ("zone", "trapezius-upper", "both", 0, 2)]


# Words ----------------------------------------------------------------------------------------------------------------------
def test_every_kind_of_growth_has_its_sentence():
    assert {f"grows-{kind}" for kind in DETAILS} == set(SENTENCES_SCOPE)
    named = {"zone": "calf", "family": "kneading", "technique": "kneading-circular", "supplement": "vacuum"}
    for kind, detail in DETAILS.items():
        code = named.get(detail, "LI4")
        said = in_english(growth_reason(Growth(kind, code, "left", 3, 1, 2)), LIBRARY)
        assert said.startswith("Session 3")
        assert "{" not in said


def test_a_growth_is_said_with_its_numbers():
    harder = Growth("pressure", "calf", "left", 3, 2, 4)
    assert in_english(growth_reason(harder), LIBRARY) == "Session 3: pressure 4 on calf (left), at most 2 was signed."
    longer = Growth("seconds", "", None, 3, 600, 601)
    assert in_english(growth_reason(longer), LIBRARY) == "Session 3: 601 s of work, 600 s were signed."
    assert dict(growth_reason(longer).about) == {"session": "3", "signed": "600", "now": "601"}
