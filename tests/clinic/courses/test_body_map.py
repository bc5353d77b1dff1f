"""The body map of a session: what it lights, what it marks as out and why, and that left is never taken for right."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from clinic.courses.bodymap import body_map, highest, place_id, places_of_row
from clinic.courses.bodymap_svg import body_map_svg, legend_svg
from clinic.courses.reasons import Speaker
from protocols.cases import worked_cases
from protocols.method.case import parse_case
from protocols.method.findings import NO_LIMITS, Limits, PlacesOut, Screening, Spot
from protocols.method.places import Place
from protocols.method.planning import plan_session
from protocols.method.plans import Omission, PlannedSupplement, Row, SessionPlan
from protocols.method.reasons import because
from protocols.method.vocabulary import Outcome
from protocols.shelf import shipped_library, shipped_names
from tests.journeys.looks import faults_of

pytestmark = pytest.mark.same_everywhere

LIBRARY = shipped_library()
TREE = LIBRARY.tree
SCRIPT = Path(__file__).parents[3] / "static" / "js" / "body-map.js"
VEINS = because("rule-excludes-zone", rule="va-03")
CLEAR = Screening(Outcome.CLEAR, (), (), (), NO_LIMITS, ())


def a_row(zone, side="both", step=0, avoid=(), family="stroking", seconds=60):
    return Row(step, "main", zone, side, family, f"{family}-planar-deep", seconds, 2, "calm", "prone", avoid)


def a_plan(*rows, omissions=(), supplements=()):
    total = sum(row.seconds for row in rows)
    return SessionPlan(1, 10, "working", Outcome.CLEAR, bool(rows), rows, omissions, ("prone",), total, supplements)


def screened(*out, spots=()):
    return replace(CLEAR, limits=Limits(places_out=out, spots=spots))


def left_out(zone, side, why=VEINS):
    return PlacesOut(TREE.leaf_places(Place(zone, side)), why)


def mapped(plan, screening=CLEAR, language="en"):
    names = shipped_names(language)
    return body_map(plan, screening, library=LIBRARY, names=names, speaker=Speaker(LIBRARY, names))


def kinds(view):
    return {shape.place: shape.kind for figure in view.figures for shape in figure.shapes}


def titles(view):
    return {shape.place: shape.title for figure in view.figures for shape in figure.shapes}


def test_a_row_lights_the_leaves_of_its_zone_on_its_side_only():
    assert places_of_row(a_row("gluteal", "right"), LIBRARY) == ("gluteal-right",)
    assert set(places_of_row(a_row("lumbosacral"), LIBRARY)) == {
        place_id(place) for place in TREE.leaf_places(Place("lumbosacral", "both"))
    }


def test_a_row_lights_nothing_that_it_avoids_and_nothing_that_nobody_works():
    lit = places_of_row(a_row("lower-limb", "left", avoid=(Place("thigh", "left"),)), LIBRARY)
    assert "calf-left" in lit
    assert not {"thigh-posterior-left", "thigh-anterior-left", "popliteal-left", "groin-left"} & set(lit)


@pytest.mark.parametrize("case", worked_cases()[::9], ids=lambda case: case.code)
def test_the_rows_of_a_plan_light_exactly_what_the_map_shows_as_worked(case):
    planned = plan_session(parse_case(case.stated, LIBRARY), LIBRARY)
    lit = {place for row in planned.session.rows for place in places_of_row(row, LIBRARY)}
    shown = kinds(mapped(planned.session, planned.screening))
    assert {place for place, kind in shown.items() if kind == "worked"} == lit
    for bar in planned.screening.limits.places_out:
        assert {shown[place_id(place)] for place in bar.places} <= {"out", "never"}


def test_a_zone_that_a_finding_excludes_is_marked_on_its_side_only_and_gives_the_reason():
    view = mapped(a_plan(a_row("thigh-posterior", "right")), screened(left_out("thigh-posterior", "left")))
    assert kinds(view)["thigh-posterior-left"] == "out"
    assert kinds(view)["thigh-posterior-right"] == "worked"
    assert titles(view)["thigh-posterior-left"] == "Back of the thigh (left). Not worked: Varicose veins (with or without skin change)."
    [line] = view.excluded
    assert (line.name, line.side, line.side_word) == ("Back of the thigh", "left", "left")
    assert line.reasons == ("Not worked: Varicose veins (with or without skin change).",)


def test_a_whole_limb_that_is_out_shows_every_part_and_is_named_once():
    view = mapped(a_plan(), screened(left_out("lower-limb", "left")))
    leaves = TREE.leaf_places(Place("lower-limb", "left")) - TREE.always_out
    assert {kinds(view)[place_id(place)] for place in leaves} == {"out"}
    assert [(line.name, line.side) for line in view.excluded] == [("Lower limb", "left")]


def test_what_both_a_plan_and_a_finding_name_is_shown_as_out():
    view = mapped(a_plan(a_row("gluteal")), screened(left_out("gluteal", "right")))
    assert kinds(view)["gluteal-right"] == "out"
    assert kinds(view)["gluteal-left"] == "worked"


def test_places_that_nobody_works_are_marked_so_whatever_a_finding_says():
    view = mapped(a_plan(), screened(left_out("neck", "both")))
    assert kinds(view)["neck-anterior-left"] == "never"
    assert titles(view)["neck-anterior-left"] == "Front of the neck (left): never worked"
    assert "front of the neck" in view.never


def test_two_reasons_for_one_place_are_both_told():
    skin = because("rule-excludes-zone", rule="sk-04")
    view = mapped(None, screened(left_out("calf", "left"), left_out("calf", "left", skin)))
    assert len(view.excluded[0].reasons) == 2


def test_what_the_dose_leaves_out_is_told_apart_from_what_a_finding_takes():
    why = because("waits-for-session", zone="gluteal", session=4)
    view = mapped(a_plan(a_row("lumbar"), omissions=(Omission("zone", "gluteal", "both", why),)))
    assert kinds(view)["gluteal-left"] == "spared"
    assert titles(view)["gluteal-left"] == "Buttock (left). Buttock is worked from session 4 on."
    assert view.excluded == ()


def test_a_worked_place_names_its_steps_as_the_page_counts_them_and_its_main_family():
    rows = (a_row("lumbar", step=2), a_row("gluteal", "left", step=5), a_row("lumbar", step=7, family="kneading", seconds=90))
    view = mapped(a_plan(*rows, a_row("back-thoracic", step=8)))
    shape = next(shape for shape in view.figures[1].shapes if shape.place == "paravertebral-lumbar-right")
    assert (shape.steps, shape.family) == ((1, 3), "kneading")
    assert shape.title.endswith("(right): worked in steps 1, 3")
    assert titles(view)["gluteal-left"] == "Buttock (left): worked in step 2"


def test_a_marked_spot_stays_visible_inside_a_zone_that_is_worked():
    spot = Spot(TREE.leaf_places(Place("latissimus", "left")), because("rule-marks-spot", rule="sk-04"))
    view = mapped(a_plan(a_row("latissimus")), screened(spots=(spot,)))
    assert kinds(view)["latissimus-left"] == "worked"
    assert "marked spot is left out" in titles(view)["latissimus-left"]
    assert len(view.figures[1].spots) == 1
    assert [line.side for line in view.spots] == ["left"]


def test_segments_are_bands_on_the_back_and_words_where_they_depend_on_the_root():
    supplement = PlannedSupplement("segmental", 60, points=("gb20",), levels=("C3-C5", "T3-T9", "by nerve root"))
    view = mapped(a_plan(a_row("lumbar"), supplements=(supplement, PlannedSupplement("heat", 60))))
    assert [band.label for band in view.figures[1].bands] == ["C3–C5", "T3–T9"]
    assert view.figures[0].bands == ()
    assert len(view.segments) == 1
    assert view.segments[0].endswith("C3–C5, T3–T9, by nerve root")
    assert view.points[0].startswith("GB20: ")


def test_few_names_stand_for_many_places():
    both = TREE.leaf_places(Place("thigh", "both")) | TREE.leaf_places(Place("sacrum", "both"))
    assert highest(both, TREE) == (Place("sacrum", "both"), Place("thigh", "both"))


@pytest.mark.parametrize(("language", "words"), [("en", ("right", "left", "R", "L")), ("ru", ("справа", "слева", "П", "Л"))])
def test_each_view_says_which_side_is_which_with_word_and_letter(language, words):
    with translation.override(language):
        view = mapped(a_plan(a_row("lumbar")), language=language)
        html = render_to_string("_components/body_map.html", {"body": view})
        svg = body_map_svg(view)
    front, back = view.figures
    assert (front.at_left.side, front.at_right.side) == ("right", "left")
    assert (back.at_left.side, back.at_right.side) == ("left", "right")
    for word in words:
        assert html.count(f">{word}</text>") == 2
        assert svg.count(f">{word}</text>") == 2


def test_the_page_and_the_paper_escape_what_they_are_told():
    view = mapped(a_plan(a_row("lumbar")))
    figure = view.figures[0]
    shape = replace(figure.shapes[0], title="<b>&</b>")
    sharp = replace(view, figures=(replace(figure, shapes=(shape,), name="<b>", label='"<i>"'), view.figures[1]))
    for text in (render_to_string("_components/body_map.html", {"body": sharp}), body_map_svg(sharp)):
        assert "<b>" not in text
        assert "<i>" not in text


def test_the_words_beside_the_picture_are_complete_and_say_when_there_is_nothing():
    html = render_to_string("_components/body_map.html", {"body": mapped(a_plan(), screened(left_out("calf", "left")))})
    assert "Calf (left)" in html
    assert "Not worked: Varicose veins" in html
    assert "No place is left out" in render_to_string("_components/body_map.html", {"body": mapped(None)})


def test_the_paper_needs_nothing_from_outside():
    plan = a_plan(a_row("lumbar"), supplements=(PlannedSupplement("segmental", 60, levels=("T3-T9",)),))
    spot = Spot(TREE.leaf_places(Place("scapula", "left")), because("rule-marks-spot", rule="sk-04"))
    svg = body_map_svg(mapped(plan, screened(left_out("calf", "left"), spots=(spot,))))
    assert not re.search(r"var\(|class=|<style|foreignObject|href", svg)
    assert "T3–T9" in svg
    assert "url(#out)" in legend_svg("out")


@pytest.mark.browser
def test_rows_and_shapes_light_each_other_and_a_tap_leads_to_the_first_row(page):
    plan = a_plan(a_row("gluteal", "left"), a_row("lumbar", step=1), a_row("gluteal", "left", step=2))
    html = render_to_string("_components/body_map.html", {"body": mapped(plan)})
    rows = "".join(
        f'<li id="r{n}" data-places="{" ".join(places_of_row(row, LIBRARY))}"><a href="#r{n}">{n}</a></li>'
        for n, row in enumerate(plan.rows)
    )
    page.set_content(f'<!DOCTYPE html><html lang="en"><title>Map</title><body><main><h1>Map</h1><ul>{rows}</ul>{html}</main></body></html>')
    page.add_script_tag(path=str(SCRIPT))
    lit = "[...document.querySelectorAll('.is-lit')].map((each) => each.id || each.dataset.place)"
    page.focus("#r0 a")
    assert page.evaluate(lit) == ["r0", "gluteal-left"]
    page.evaluate("document.activeElement.blur()")
    assert page.evaluate(lit) == []
    page.dispatch_event('[data-place="gluteal-left"]', "click", {"bubbles": True})
    assert page.evaluate("document.activeElement.parentElement.id") == "r0"
    assert page.evaluate(lit) == ["r0", "r2", "gluteal-left"]
    assert faults_of(page) == []
