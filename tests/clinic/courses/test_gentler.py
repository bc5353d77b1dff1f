"""Without a new word only the same is done with less: same family, place and side, no more pressure, no longer, nothing that is barred."""

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.courses.gentler import gentler_techniques
from protocols.method.course import plan_course
from protocols.method.findings import Limits
from protocols.method.places import Place
from protocols.method.plans import NO_ADAPTATION, Adaptation, Row, SessionPlan
from protocols.method.reasons import because
from protocols.method.whole_course import build_course
from tests.method.planned import LIBRARY, OPEN_STAGES, setting_of

TREE = LIBRARY.tree
LESS = (because("decided-less"),)


@cache
def course_of(stage: tuple[str, str], adaptation: Adaptation = NO_ADAPTATION) -> tuple[SessionPlan, ...]:
    setting = setting_of(*stage, limits=Limits())
    return build_course(setting, plan_course(setting, count=4, adaptation=adaptation), adaptation=adaptation, supplements=())


def leaves(row: Row) -> frozenset[Place]:
    return TREE.leaf_places(Place(row.zone, row.side)).difference(*(TREE.leaf_places(place) for place in row.avoid))


def with_row(plan: SessionPlan, at: int, row: Row) -> SessionPlan:
    rows = (*plan.rows[:at], row, *plan.rows[at + 1 :])
    return replace(plan, rows=rows, total_seconds=sum(each.seconds for each in rows), dose=None)


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(OPEN_STAGES), st.data())
def test_only_less_of_what_was_signed_at_that_place_is_admitted(stage, data):
    left_out = data.draw(st.sampled_from(sorted({row.technique for row in course_of(stage)[2].rows})))
    shift, out = data.draw(st.sampled_from([(-2, ()), (-1, ()), (-1, (left_out,)), (0, (left_out,))]))
    lasting = data.draw(st.sampled_from([1.0, 0.8]))
    now = course_of(stage, Adaptation("go-on", shift, (), lasting, leave_out=out, because=LESS))[2]
    signed = course_of(data.draw(st.sampled_from([stage, *OPEN_STAGES])))[2]
    admitted = gentler_techniques(now, (signed,), TREE)
    assert not admitted & set(out)
    for row in (row for row in now.rows if row.technique in admitted):
        assert row.family != "percussion"
        for leaf in leaves(row):
            there = [each for each in signed.rows if leaf in leaves(each)]
            assert any(each.family == row.family and each.pressure >= row.pressure for each in there)
            assert sum(each.seconds for each in now.rows if leaf in leaves(each)) <= sum(each.seconds for each in there)


def gentle() -> tuple[SessionPlan, SessionPlan, int]:
    """A signed session, the same with another technique in one row that hurt, and where that row is."""
    signed = course_of(OPEN_STAGES[0])[2]
    at = next(at for at, row in enumerate(signed.rows) if row.family == "rubbing")
    return signed, with_row(signed, at, replace(signed.rows[at], technique="rubbing-new", because=LESS)), at


def test_the_same_family_with_no_more_pressure_is_admitted():
    signed, now, _at = gentle()
    assert gentler_techniques(now, (signed,), TREE) >= {"rubbing-new"}


@pytest.mark.parametrize(
    "change",
    [
        {"pressure": 4},
        {"seconds": 600},
        {"family": "points"},
        {"family": "percussion"},
        {"because": ()},
        {"zone": "foot", "side": "left"},
        {"avoid": ()},
    ],
)
def test_more_than_that_is_not(change):
    signed, now, at = gentle()
    if "avoid" in change:
        part = next(iter(leaves(signed.rows[at])))
        signed = replace(signed, rows=tuple(replace(row, avoid=(*row.avoid, part)) for row in signed.rows))
    wider = with_row(now, at, replace(now.rows[at], **change))
    assert "rubbing-new" not in gentler_techniques(wider, (signed,), TREE)
    assert "rubbing-new" not in gentler_techniques(now, (), TREE)


def test_a_technique_that_stands_in_one_row_for_another_reason_is_not_admitted():
    signed, now, at = gentle()
    twice = with_row(now, at + 1, replace(now.rows[at], because=()))
    assert "rubbing-new" not in gentler_techniques(twice, (signed,), TREE)
