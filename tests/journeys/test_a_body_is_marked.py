"""A body is marked with the keyboard alone, through the list, and then by tapping: both write the same chart."""

import re

from playwright.sync_api import Locator, expect

from clinic.courses.models import BodyChart
from clinic.courses.outcomes.marks import Mark, from_json
from clinic.staff.permissions import Actor
from tests.factories import a_running_course
from tests.journeys.desk import Desk
from tests.journeys.looks import ENDS, faults_of


def row(desk: Desk, number: int) -> Locator:
    return desk.page.locator("[data-row]").nth(number - 1)


def test_a_body_is_marked_by_keyboard_and_by_tapping(desk: Desk, anna: Actor) -> None:
    course = a_running_course(actor=anna, count=2)
    desk.is_signed_in(anna, f"/courses/{course.pk}/body/")
    keyboard = desk.page.keyboard
    # By keyboard: the list from its first field, and Enter saves.
    row(desk, 1).get_by_label("Place").focus()
    for key in ("Nape", "Tab", "l", "Tab", "p", "Tab", "6", "Tab", "at night"):
        keyboard.press(key) if key == "Tab" else keyboard.type(key)
    expect(desk.page.locator("[data-letters=nape-left]")).to_have_text("P6")
    with desk.page.expect_navigation(wait_until="load"):
        keyboard.press("Enter")
    expect(desk.page.get_by_role("status").filter(has_text="is kept")).to_be_visible()
    assert marks() == (Mark("nape", "left", "pain", 6, "at night"),)
    # By tapping: a tap writes a row, the second tap on the same place leads to its row, undoing takes the last one away.
    desk.page.get_by_label(re.compile("Tension")).check(force=True)
    back = desk.page.locator("[data-chart-map] .body-view").nth(1)
    for place in ("scapula-right", "gluteal-left"):
        back.locator(f"[data-place={place}]").click()
    expect(row(desk, 2).get_by_label("Place")).to_have_value("scapula")
    expect(row(desk, 3).get_by_label("Side")).to_have_value("left")
    back.locator("[data-place=scapula-right]").click()
    expect(row(desk, 2).get_by_label("Level, 0–10")).to_be_focused()
    desk.press("Undo the last mark")
    expect(desk.page.locator("[data-row]")).to_have_count(2)
    row(desk, 2).get_by_label("Level, 0–10").fill("4")
    expect(desk.page.locator("[data-letters=scapula-right]")).to_have_text("T4")
    desk.page.get_by_role("button", name="Save the chart").first.click()
    expect(desk.page.get_by_role("heading", name="New since")).to_contain_text("1")
    assert marks() == (Mark("nape", "left", "pain", 6, "at night"), Mark("scapula", "right", "tension", 4))
    is_fit_for_everybody(desk)


def marks() -> tuple[Mark, ...]:
    """What the newest chart keeps."""
    return from_json(BodyChart.objects.latest("pk").marks)


def is_fit_for_everybody(desk: Desk) -> None:
    """The page at hand in the widest light and the narrowest dark look: nothing for axe, nothing beyond the edge."""
    for width, colours in ENDS:
        desk.page.set_viewport_size({"width": width, "height": 900})
        desk.page.emulate_media(color_scheme=colours, reduced_motion="reduce")  # no colour half-way between two
        assert not faults_of(desk.page), f"{width}, {colours}"
