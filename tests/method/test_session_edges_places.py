"""The body as bits at its edges: zones named as a whole, what a position reaches, what nobody has."""

from typing import Any

import pytest

from protocols.method.places import Place
from protocols.method.session.body import Body
from tests.method.drafted import simple
from tests.method.planned import LIBRARY

# A leg of two worked parts and one that is never worked, and a neck whose right side is never worked: one bit for a side of a part.
PARTS = {"a": (1, 2), "b": (4, 8), "never": (16, 32), "front": (64, 0), "vein": (0, 128)}
CHILDREN = {"leg": ("a", "b", "never"), "neck": ("front", "vein")}


def a_body(**more: Any) -> Any:
    """A body of which only the words for a mask, or only the reach, are looked at."""
    body: Any = Body.__new__(Body)
    sides = {**PARTS, **{zone: tuple(map(sum, zip(*(PARTS[child] for child in parts), strict=True))) for zone, parts in CHILDREN.items()}}
    body._zones = {Place(zone, "left"): left for zone, (left, _) in sides.items()}
    body._zones |= {Place(zone, "right"): right for zone, (_, right) in sides.items()}
    body._zones |= {Place(zone, "both"): left | right for zone, (left, right) in sides.items()}
    body.always_out = 16 | 32 | 128
    body.library = simple(
        zones={zone: simple(paired=True, parent=None if zone in CHILDREN else "parent") for zone in ("leg", "neck", *PARTS)},
        tree=simple(children=lambda zone: CHILDREN.get(zone, ())),
    )
    body._grouped = {}
    for name, value in more.items():
        setattr(body, name, value)
    return body


def test_a_mask_is_told_in_few_places_and_never_worked_parts_do_not_count() -> None:
    words = {
        15: ["leg both"],
        5: ["leg left"],
        7: ["a both", "b left"],
        5 + 32: ["leg left", "never right"],
        1: ["a left"],
        3: ["a both"],
        9: ["a left", "b right"],
        128: ["vein both"],
        64: ["neck both"],
        15 + 64: ["leg both", "neck both"],
        0: [],
    }
    assert {mask: [f"{place.zone} {place.side}" for place in a_body().grouped(mask)] for mask in words} == words


def test_a_position_reaches_a_step_with_half_of_its_zone_and_half_of_what_is_left_of_it() -> None:
    reaches = {
        (0b0011, 0b1111): True,
        (0b0011, 0b0001): True,
        (0b0001, 0b0001): False,
        (0b0011, 0b1100): False,
        (0b110000, 0b0001): False,
    }
    prone, leg = simple(code="prone", upper_side=None), Place("leg", "both")
    assert {(hands, mask): a_body(_reach={"prone": hands}).reaches(prone, leg, mask) for hands, mask in reaches} == reaches


def test_a_position_reaches_only_what_it_sees() -> None:
    places = Place("front", "left"), Place("vein", "right")
    library = simple(
        zones={"front": simple(view="front"), "vein": simple(view="back")}, tree=simple(ancestors=lambda zone: frozenset({zone}))
    )
    body = a_body(library=library, order=places, _bits={places[0]: 1, places[1]: 2})
    assert body._reached(simple(views=("back",), also=(), not_reached=())) == 2
    assert body._reached(simple(views=("back",), also=("front",), not_reached=("vein",))) == 1
    assert body._reached(simple(views=(), also=(), not_reached=())) == 0


@pytest.fixture
def shipped() -> Body:
    return Body(LIBRARY)


def test_everywhere_is_every_leaf_place_and_nothing_else(shipped: Body) -> None:
    assert shipped.everywhere == shipped.mask(shipped.order)
    assert shipped.leaf_places(shipped.everywhere) == shipped.order


def test_no_zone_and_a_zone_known_by_its_role_have_no_places(shipped: Body) -> None:
    assert "scar" not in LIBRARY.zones
    assert shipped.of_zones(("scar",)) == shipped.of_any(()) == shipped.mask(()) == 0


def test_spots_of_the_danger_map_are_its_rows_of_that_extent(shipped: Body) -> None:
    assert {row.code for _, row in shipped.spots} == {code for code, row in LIBRARY.dangers.items() if row.extent == "spot"}
