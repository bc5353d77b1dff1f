"""A further finding only takes away (invariant 13), leaf by leaf, over random limits; percussion counts as vibration."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.method.findings import (
    FamilyOut,
    ForcedCalm,
    Limits,
    MinutesCap,
    PlacesOut,
    PositionOut,
    PressureCap,
    TechniqueOut,
)
from protocols.method.places import Place
from protocols.method.plans import SessionPlan
from protocols.method.reasons import because
from protocols.method.vocabulary import SIDES
from tests.method.planned import LIBRARY, OPEN_STAGES, session_of, setting_of

WHY = because("rule-excludes-zone", rule="va-03")
SOMEWHERE = st.builds(Place, st.sampled_from(list(LIBRARY.zones)), st.sampled_from(SIDES)).map(LIBRARY.tree.leaf_places)
ANYWHERE = st.none() | SOMEWHERE
LATE_FAMILIES = st.sampled_from(["rubbing", "kneading", "vibration", "percussion", "breathing-assist", "points"])
MORE = st.one_of(
    st.builds(lambda places: {"places_out": (PlacesOut(places, WHY),)}, SOMEWHERE),
    st.builds(lambda family, places: {"families_out": (FamilyOut(family, places, WHY),)}, LATE_FAMILIES, ANYWHERE),
    st.builds(
        lambda code, places: {"techniques_out": (TechniqueOut(code, places, WHY),)}, st.sampled_from(list(LIBRARY.techniques)), ANYWHERE
    ),
    st.builds(lambda level, places: {"pressure_caps": (PressureCap(level, places, WHY),)}, st.integers(1, 3), ANYWHERE),
    st.builds(lambda minutes: {"minutes_caps": (MinutesCap(minutes, WHY),)}, st.sampled_from([5, 8, 10, 15])),
    st.builds(lambda places: {"calm": (ForcedCalm(places, WHY),)}, ANYWHERE),
    st.builds(lambda code: {"positions_out": (PositionOut(code, WHY),)}, st.sampled_from(list(LIBRARY.positions))),
    st.builds(lambda: {"rungs_down": 1}),
)


def added(limits: Limits, more: dict[str, object]) -> Limits:
    """The limits with one more finding: lists grow, rungs add up."""
    return replace(limits, **{name: getattr(limits, name) + value for name, value in more.items()})


def work_at(plan: SessionPlan) -> dict[Place, tuple[frozenset[str], int]]:
    """Leaf place -> families worked there (percussion as vibration) and the strongest pressure."""
    found: dict[Place, tuple[frozenset[str], int]] = {}
    for row in plan.rows:
        avoided = frozenset(leaf for place in row.avoid for leaf in LIBRARY.tree.leaf_places(place))
        for leaf in LIBRARY.tree.leaf_places(Place(row.zone, row.side)) - avoided:
            families, pressure = found.get(leaf, (frozenset(), 0))
            family = "vibration" if row.family == "percussion" else row.family
            found[leaf] = (families | {family}, max(pressure, row.pressure))
    return found


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(OPEN_STAGES), st.sampled_from([8, 14, 40, 70, 80]), st.integers(1, 12), st.lists(MORE, min_size=1, max_size=4))
def test_a_further_finding_only_takes_away(stage, age, number, findings):
    limits = Limits(airway_clearance=True, variants_open=frozenset({"with-sputum"}))
    before = session_of(setting_of(*stage, age=age, limits=limits), number)
    for more in findings:
        limits = added(limits, more)
        after = session_of(setting_of(*stage, age=age, limits=limits), number)
        usual, left = work_at(before), work_at(after)
        assert set(left) <= set(usual)
        assert all(left[leaf][0] <= usual[leaf][0] and left[leaf][1] <= usual[leaf][1] for leaf in left)
        assert after.total_seconds <= before.total_seconds
        assert before.may_start or not after.may_start
        before = after
