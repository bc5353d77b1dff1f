"""The drawing of the body fits the library, and its two sides are one another's mirror image."""

import copy
import tomllib

import pytest

from protocols.body_map import FILE, LEVELS, VIEWS, BodyMapFaults, build_body_map, points_of, shipped_body_map
from protocols.method.places import Place
from protocols.method.vocabulary import Side
from protocols.shelf import shipped_library

TREE = shipped_library().tree
OTHER: dict[Side, Side] = {"left": "right", "right": "left", "both": "both"}
LEAVES = [zone for code, zone in TREE.zones.items() if not TREE.children(code)]


@pytest.fixture
def data():
    return copy.deepcopy(tomllib.loads(FILE.read_text(encoding="utf-8")))


@pytest.mark.parametrize("view", VIEWS)
def test_each_leaf_zone_is_drawn_in_each_of_its_views_and_in_no_other(view):
    drawn = {each.place for each in shipped_body_map().views[view].places}
    wanted = (place for zone in LEAVES if zone.view in (view, "both") for place in TREE.leaf_places(Place(zone.code, "both")))
    assert drawn == set(wanted)


@pytest.mark.parametrize("view", VIEWS)
def test_left_is_the_exact_mirror_image_of_right(view):
    body = shipped_body_map()
    drawn = {each.place: each for each in body.views[view].places}
    for place, each in drawn.items():
        twin = drawn[Place(place.zone, OTHER[place.side])]
        there = {(round(2 * body.middle - x, 1), y) for x, y in points_of(twin.path)}
        assert set(points_of(each.path)) == there


@pytest.mark.parametrize(("view", "viewers_left"), [("front", "right"), ("back", "left")])
def test_the_front_shows_the_patients_right_at_the_viewers_left_and_the_back_the_other_way_round(view, viewers_left):
    body = shipped_body_map()
    for each in body.views[view].places:
        if each.place.side != "both":
            is_left_of_middle = all(x < body.middle for x, _y in points_of(each.path))
            assert is_left_of_middle == (each.place.side == viewers_left)


def test_every_line_lies_on_the_canvas():
    body = shipped_body_map()
    for view in body.views.values():
        paths = [view.outline, *view.details, *view.spine, *(each.path for each in view.places)]
        assert all(0 <= x <= body.width and 0 <= y <= body.height for path in paths for x, y in points_of(path))


@pytest.mark.parametrize("view", VIEWS)
def test_a_label_lies_within_the_bounds_of_its_zone(view):
    for each in shipped_body_map().views[view].places:
        xs, ys = zip(*points_of(each.path), strict=True)
        assert min(xs) < each.label[0] < max(xs)
        assert min(ys) < each.label[1] < max(ys)


def test_the_levels_follow_one_another_down_the_back():
    body = shipped_body_map()
    heights = [body.levels[code] for code in LEVELS]
    assert heights == sorted(heights)
    assert len(set(heights)) == len(LEVELS)


def test_a_band_reaches_from_the_first_level_to_the_last_in_either_order():
    body = shipped_body_map()
    band = body.band("T3", "T9")
    assert band == body.band("T9", "T3")
    assert band.y < body.levels["T3"] < body.levels["T9"] < band.y + band.height
    assert band.y > body.levels["T2"]
    assert band.x + band.width / 2 == body.middle
    with pytest.raises(KeyError, match="T99"):
        body.band("T3", "T99")


def _faults(data):
    with pytest.raises(BodyMapFaults) as caught:
        build_body_map(data, TREE)
    return str(caught.value)


def test_an_unknown_zone_is_refused(data):
    data["front"]["zone"][0]["code"] = "tail"
    assert "front: zone 'tail' is no leaf of the library that is seen from here" in _faults(data)


def test_a_zone_in_the_wrong_view_is_refused(data):
    data["front"]["zone"].append(next(row for row in data["back"]["zone"] if row["code"] == "scapula"))
    assert "front: zone 'scapula' is no leaf" in _faults(data)


def test_a_missing_zone_is_refused(data):
    data["back"]["zone"] = [row for row in data["back"]["zone"] if row["code"] != "scapula"]
    assert _faults(data) == "back: zone 'scapula' is missing"


def test_a_zone_drawn_twice_is_refused(data):
    data["back"]["zone"].append(data["back"]["zone"][0])
    assert "is drawn twice" in _faults(data)


def test_a_paired_zone_must_be_closed_and_another_one_a_half(data):
    row = next(row for row in data["back"]["zone"] if row["code"] == "scapula")
    row["path"] = row["path"].removesuffix("Z")
    assert "the path of 'scapula' does not fit" in _faults(data)


def test_missing_and_unknown_levels_are_refused(data):
    data["levels"]["y"]["T13"] = data["levels"]["y"].pop("T4")
    assert _faults(data) == "level T4 is missing; level T13 is unknown"
