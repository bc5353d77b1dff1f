"""A plan is bent by hand: once with nothing but keys, once with a finger on a tablet. It stays safe, and nothing is lost."""

import re

from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from clinic.courses.models import Course, StudioDraft
from clinic.courses.queries import request_of
from clinic.staff.permissions import Actor
from tests.journeys.conftest import a_desk
from tests.journeys.desk import Desk
from tests.journeys.looks import faults_of
from tests.journeys.test_a_therapist_asks_what_if import LUMBAR, a_saved_course

TABLET = {"viewport": {"width": 1024, "height": 768}, "has_touch": True}


def in_the_studio(desk: Desk, actor: Actor) -> Course:
    """The studio of a course of ten sessions, at session 4."""
    course = a_saved_course(actor, "osteochondrosis-lumbar", "subacute", LUMBAR)
    desk.is_signed_in(actor, f"/courses/{course.pk}/studio/?session=4")
    expect(desk.page.get_by_role("slider", name="Session 4,")).to_be_visible()
    return course


def keys(page: Page, *pressed: str, at: Locator | None = None) -> None:
    """Presses keys, at that control where one is named."""
    if at is not None:
        at.focus()
    for key in pressed:
        page.keyboard.press(key)


def says(page: Page, words: str) -> None:
    """What whoever does not see the page is told."""
    expect(page.locator("[data-studio-live]")).to_contain_text(re.compile(words))


def zones(page: Page) -> list[str]:
    """The keys of the steps as they stand."""
    keys_in_order: list[str] = page.locator("#steps > [data-key]").evaluate_all("rows => rows.map(row => row.dataset.key)")
    return keys_in_order


def edits_kept(course: Course) -> set[str]:
    """The kinds of change that the course itself holds."""
    return {edit.kind for edit in request_of(Course.objects.get(pk=course.pk)).edits.edits}


def test_a_plan_is_bent_with_nothing_but_keys(desk: Desk, anna: Actor) -> None:
    course = in_the_studio(desk, anna)
    page = desk.page
    column = page.get_by_role("slider", name="Session 4,")
    was = column.get_attribute("aria-valuetext")
    keys(page, "ArrowDown", at=column)
    says(page, "other sessions too")
    expect(column).not_to_have_attribute("aria-valuetext", str(was))
    expect(column).to_be_focused()

    before = zones(page)
    step = page.locator(".studio-name").nth(2)
    keys(page, "Enter", at=step)
    expect(page.get_by_role("heading", name="Why: ")).to_be_visible()
    keys(page, "Alt+ArrowUp")
    says(page, "the order has changed")
    assert zones(page)[1:3] == before[2:0:-1]
    expect(page.locator(".studio-name").nth(1)).to_be_focused()

    expect(page.locator("#choices[hx-get]")).to_have_count(0)
    keys(page, "Enter", at=page.locator(".studio-swap summary").first)
    keys(page, "Enter", at=page.locator(".studio-swap").first.locator(".studio-option.is-free").first)
    expect(page.get_by_text(re.compile("^was "))).to_be_visible()

    expect(page.locator("#choices[hx-get]")).to_have_count(0)
    keys(page, "Enter", at=page.get_by_role("button", name=re.compile("^4 strong")))
    expect(page.get_by_role("alert")).to_contain_text("pressure 3 at most, not 4")

    expect(page.locator("#choices[hx-get]")).to_have_count(0)
    keys(page, "Enter", at=page.locator(".studio-seg.is-soft, .studio-option.is-soft").first)
    wanted = page.get_by_role("heading", name="1 reason is missing")
    expect(wanted).to_be_visible()
    expect(page.get_by_role("button", name="Keep the plan")).to_have_count(0)
    expect(page.locator("#choices[hx-get]")).to_have_count(0)
    assert faults_of(page) == []
    keys(page, "ArrowDown", at=page.get_by_label("Why is it right here?"))
    keys(page, *"It calms her", at=page.get_by_label("In your own words"))
    keys(page, "Enter", at=page.get_by_role("button", name="Give this reason"))
    expect(wanted).to_have_count(0)

    keys(page, "Control+z")
    expect(wanted).to_be_visible()
    keys(page, "Control+Shift+z")
    expect(wanted).to_have_count(0)
    assert edits_kept(course) == set()
    keys(page, "Enter", at=page.get_by_role("button", name="Keep the plan").first)
    desk.sees("What you changed by hand is kept")
    assert {"dose", "move", "technique"} <= edits_kept(course)
    assert not StudioDraft.objects.filter(course=course, position__gt=0).exists()


def test_a_finger_draws_the_curve_and_carries_a_step(browser: Browser, live_server: LiveServer, anna: Actor) -> None:
    with a_desk(browser, live_server, color_scheme="dark") as desk:
        desk.page.set_viewport_size(TABLET["viewport"])  # type: ignore[arg-type]
        course = in_the_studio(desk, anna)
        page = desk.page
        column = page.get_by_role("slider", name="Session 5,")
        percent = int(column.get_attribute("aria-valuenow") or 0)
        grip = page.locator("g:has(> #col-5) .sc-grip").bounding_box()
        assert grip is not None
        drag(page, (grip["x"] + grip["width"] / 2, grip["y"] + 4), (0, 30))
        says(page, "session ")
        assert int(page.get_by_role("slider", name="Session 5,").get_attribute("aria-valuenow") or 0) < percent
        before = zones(page)
        handle = page.locator("[data-grip]").nth(1)
        handle.scroll_into_view_if_needed()
        box, below = handle.bounding_box(), page.locator("#steps > [data-key]").nth(2).bounding_box()
        assert box is not None
        assert below is not None
        drag(page, (box["x"] + 8, box["y"] + 8), (0, below["y"] + below["height"] - box["y"] - 12))
        says(page, "the order has changed")
        assert zones(page)[1:3] == before[2:0:-1]
        page.reload()
        expect(page.locator("#steps")).to_be_visible()
        assert zones(page)[1:3] == before[2:0:-1]
        assert edits_kept(course) == set()
        assert all(target >= 43.9 for target in heights(page))
        assert faults_of(page) == []


def drag(page: Page, start: tuple[float, float], by: tuple[float, float]) -> None:
    """Puts the pointer down, moves it in steps, and lets go."""
    page.mouse.move(*start)
    page.mouse.down()
    for part in (0.3, 0.7, 1.0):
        page.mouse.move(start[0] + by[0] * part, start[1] + by[1] * part)
    page.mouse.up()


def heights(page: Page) -> list[float]:
    """The heights of everything on the desk that can be pressed."""
    pressed = page.locator("#act :is(button:not([hidden]), summary, .studio-name), .studio-bar .btn")
    measured: list[float] = pressed.evaluate_all("all => all.map(each => each.getBoundingClientRect().height).filter(height => height > 0)")
    return measured
