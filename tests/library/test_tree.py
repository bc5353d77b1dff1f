"""The zone tree: leaf places are the atoms of every limit."""

import pytest

from protocols.method.places import Place
from protocols.shelf import shipped_library

TREE = shipped_library().tree


def test_a_paired_leaf_has_two_sides() -> None:
    assert TREE.leaf_places(Place("knee", "both")) == {Place("knee", "left"), Place("knee", "right")}
    assert TREE.leaf_places(Place("knee", "left")) == {Place("knee", "left")}


@pytest.mark.parametrize("side", ["left", "right", "both"])
def test_an_unpaired_leaf_has_the_side_both_whatever_is_asked(side: str) -> None:
    assert TREE.leaf_places(Place("sacrum", side)) == {Place("sacrum", "both")}  # type: ignore[arg-type]


def test_one_side_of_an_inner_zone_holds_its_unpaired_leaves_whole() -> None:
    places = TREE.leaf_places(Place("lumbosacral", "left"))
    assert Place("sacrum", "both") in places
    assert not any(place.side == "right" for place in places)


def test_an_inner_zone_is_exactly_its_leaves() -> None:
    for zone in shipped_library().zones:
        parts = frozenset().union(*(TREE.leaf_places(Place(leaf, "both")) for leaf in TREE.leaves(zone)))
        assert TREE.leaf_places(Place(zone, "both")) == parts
        assert {place.zone for place in parts} == set(TREE.leaves(zone))


def test_all_places_are_the_leaves_of_the_body() -> None:
    leaves = [zone for zone in shipped_library().zones.values() if not TREE.children(zone.code)]
    assert len(TREE.all_places()) == sum(2 if zone.paired else 1 for zone in leaves)
    assert TREE.always_out < TREE.all_places()


def test_what_is_always_excluded_is_no_workable_leaf() -> None:
    assert {place.zone for place in TREE.always_out} == {"axilla", "breast", "groin", "neck-anterior", "popliteal"}
    for zone in shipped_library().zones:
        assert not {place.zone for place in TREE.always_out} & set(TREE.workable_leaves(zone))


def test_ancestors_begin_with_the_zone_itself() -> None:
    assert {"calf", "lower-limb"} <= TREE.ancestors("calf")
    assert TREE.ancestors("lower-limb") == {"lower-limb"}


def test_limb_and_rank_are_inherited() -> None:
    assert TREE.limb("calf") == "lower"
    assert TREE.limb("sacrum") is None
    ranks = [TREE.limb_rank(zone) for zone in ("thigh", "knee", "calf", "foot")]
    assert None not in ranks
    assert ranks == sorted(ranks, key=lambda rank: rank or 0)
    for leaf in TREE.leaves("thigh"):
        assert TREE.limb_rank(leaf) == TREE.limb_rank("thigh")


def test_a_role_zone_is_no_place() -> None:
    with pytest.raises(KeyError):
        TREE.leaf_places(Place("limb-injured", "left"))
