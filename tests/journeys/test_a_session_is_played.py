"""A session runs by itself, and what the hands do otherwise is kept whatever the connection does: in a browser, at the size of a tablet."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from clinic.courses.models import SessionEvent, SessionStart
from clinic.staff.permissions import Actor
from tests.clinic.day.starting import a_bare_start
from tests.journeys.desk import Desk
from tests.journeys.looks import faults_of, turn

# Every change of what a screen reader is told.
HEARD = """() => {
  window.heard = [];
  const line = document.querySelector("[data-say]");
  const seen = new MutationObserver(() => heard.push(line.textContent));
  seen.observe(line, {childList: true, characterData: true, subtree: true});
}"""


def begun_at_row(anna: Actor, row: int, seconds_before: float = -1) -> SessionStart:
    """A session whose clock stands a second into that row, or so many seconds before it."""
    start = a_bare_start(actor=anna)
    before = sum(each["seconds"] for each in start.plan["rows"][:row])
    start.started_at -= timedelta(seconds=before - seconds_before)
    start.save(update_fields=["started_at"])
    return start


def opened(desk: Desk, anna: Actor, start: SessionStart) -> Page:
    """The player on a tablet, once it has told the server that it is there."""
    desk.page.set_viewport_size({"width": 1024, "height": 768})
    desk.is_signed_in(anna, None)
    desk.page.goto(f"{desk.base}/starts/{start.pk}/")
    is_saved(desk.page)
    return desk.page


def is_saved(page: Page) -> None:
    expect(page.locator(".player.is-live")).to_be_visible()
    expect(page.locator("[data-when=saved]")).to_be_visible()


def kinds(start: SessionStart) -> list[str]:
    return list(SessionEvent.objects.filter(start=start).order_by("at_ms", "seq").values_list("kind", flat=True))


def row_shown(page: Page) -> int:
    return int(page.locator("[data-row]:visible").get_attribute("data-row") or -1)


def test_rows_follow_each_other_without_a_touch_and_are_said_once(desk: Desk, anna: Actor) -> None:
    start = begun_at_row(anna, 2)
    desk.page.clock.install()
    page = opened(desk, anna, start)
    page.evaluate(HEARD)
    page.clock.fast_forward(start.plan["rows"][2]["seconds"] * 1000)
    expect(page.locator("[data-row='3']")).to_be_visible()
    expect(page.locator(".player-item[aria-current=step]")).to_have_count(1)
    assert page.locator(".player-map .is-lit").count() > 0
    page.clock.run_for(3000)  # twelve more looks at the clock
    assert len([words for words in page.evaluate("heard") if words.startswith("Row 4")]) == 1
    page.clock.fast_forward(3_600_000)
    expect(page.get_by_role("heading", name="Everything is given")).to_be_visible()
    assert kinds(start) == []


def test_the_connection_is_cut_in_the_middle_and_nothing_is_lost_or_doubled(desk: Desk, anna: Actor) -> None:
    start = begun_at_row(anna, 4)
    page = opened(desk, anna, start)
    page.context.set_offline(True)
    for name in ("Pause", "Go on", "1 min more"):
        page.get_by_role("button", name=name).click()
    page.keyboard.press("h")
    page.get_by_role("button", name=re.compile("^Here:")).click()
    expect(page.locator("[data-when=offline]")).to_contain_text("kept on this device (4)")
    here, shown = page.locator("[data-row]:visible").get_attribute("data-here"), row_shown(page)
    page.context.set_offline(False)
    is_saved(page)
    assert kinds(start) == ["paused", "resumed", "longer", "hurt"]
    told = SessionEvent.objects.get(start=start, kind="hurt").value
    assert (f"{told['zone']}/{told['side']}", told["row"]) == (here, 4)
    page.context.set_offline(True)
    page.get_by_role("button", name="1 min less").click()
    expect(page.locator("[data-when=offline]")).to_contain_text("(1)")
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto(f"{desk.base}/today/")  # whatever page of the day is opened next sends what is left
    page.wait_for_function("() => !Object.keys(localStorage).some(name => name.startsWith('tactus-event:'))")
    assert kinds(start) == ["paused", "resumed", "longer", "hurt", "shorter"]
    page.goto(f"{desk.base}/starts/{start.pk}/")
    is_saved(page)
    assert row_shown(page) == shown


def test_a_locked_screen_keeps_what_was_pressed_until_the_pin_is_entered(desk: Desk, anna: Actor) -> None:
    start = begun_at_row(anna, 4)
    page = opened(desk, anna, start)
    page.route("**/events/", lambda route: route.fulfill(status=423, json={"locked": True}))
    with desk.watch.expecting(423):
        page.get_by_role("button", name="Pause").click()
        expect(page.locator("[data-when=locked]")).to_contain_text("kept on this device (1)")
        assert kinds(start) == []
        page.unroute("**/events/")
        page.get_by_role("link", name="Enter the PIN").click()
    is_saved(page)
    expect(page.get_by_role("button", name="Go on")).to_be_visible()
    assert kinds(start) == ["paused"]


def test_a_second_window_reads_along_until_it_takes_over(desk: Desk, anna: Actor) -> None:
    start = begun_at_row(anna, 2)
    first = opened(desk, anna, start)
    second = first.context.new_page()
    second.goto(f"{desk.base}/starts/{start.pk}/")
    expect(second.get_by_text("Another window or device plays this session.")).to_be_visible()
    expect(second.locator("[data-controls]")).to_be_hidden()
    with second.expect_navigation(wait_until="load"):
        second.get_by_role("button", name="Take over here").click()
    is_saved(second)
    expect(second.locator("[data-controls]")).to_be_visible()
    first.get_by_role("button", name="Pause").click()  # kept all the same, and answered with the news
    expect(first.get_by_text("Another window or device plays this session.")).to_be_visible()
    expect(first.locator("[data-controls]")).to_be_hidden()
    assert kinds(start) == ["taken-over", "paused"]
    second.close()


def test_everything_is_done_from_the_keyboard(desk: Desk, anna: Actor) -> None:
    start = begun_at_row(anna, 4)
    page = opened(desk, anna, start)
    for key in ("Space", "Space", "+", "-", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
    expect(page.locator("[data-row='4']")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("h")
    expect(page.get_by_role("dialog", name="Where does it hurt?")).to_be_visible()
    page.locator("#sheet-hurt .player-choice:visible").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("s")
    page.get_by_role("dialog").get_by_role("button", name="The skin there").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-row='5']")).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("x")
    page.get_by_role("dialog", name="Stop the session").get_by_role("button", name="The patient asked to stop").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Stopped")).to_be_visible()
    expect(page.get_by_role("link", name="Finish")).to_have_attribute("href", f"/starts/{start.pk}/record/")
    is_saved(page)
    assert kinds(start) == ["paused", "resumed", "longer", "shorter", "begun", "begun", "hurt", "skipped", "stopped"]
    assert SessionEvent.objects.get(start=start, kind="hurt").value["row"] == 4


def test_a_grave_sign_leads_to_the_emergency_page(desk: Desk, anna: Actor) -> None:
    start = begun_at_row(anna, 1)
    page = opened(desk, anna, start)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("dialog", name="Stop the session")).to_contain_text("chest pain")
    with page.expect_navigation(url=re.compile("/emergency/")):
        page.get_by_role("dialog").get_by_role("button", name="Breathlessness").click()
    assert kinds(start) == ["stopped"]


def test_a_place_is_touched_on_the_map_and_what_ran_out_is_finished_in_one_tap(desk: Desk, anna: Actor) -> None:
    start = begun_at_row(anna, 4)
    desk.page.clock.install()
    page = opened(desk, anna, start)
    page.get_by_role("button", name="Hurts here").click()
    page.locator("[data-hurt-map] [data-place='calf-left'] .body-area").first.click()
    expect(page.locator("[data-toast]")).to_contain_text("Calf (left)")
    page.clock.fast_forward(3_600_000)
    expect(page.get_by_role("heading", name="Everything is given")).to_be_visible()
    with page.expect_navigation(url=re.compile(rf"/starts/{start.pk}/record/")):
        page.get_by_role("link", name="Finish").click()
    assert [(event.value["zone"], event.value["row"]) for event in SessionEvent.objects.filter(start=start)] == [("calf", 4)]


@pytest.mark.slow
def test_the_player_is_accessible_in_every_state(desk: Desk, anna: Actor) -> None:
    start = begun_at_row(anna, 4)
    page = opened(desk, anna, start)
    page.get_by_role("button", name="Pause").click()
    trouble: list[str] = []

    def look(state: str, width: int, colours: Any) -> None:
        turn(page, width, colours)
        trouble.extend(f"{state} at {width}, {colours}: {line}" for line in faults_of(page))

    look("paused", 1024, "light")
    page.get_by_role("button", name="Go on").click()
    look("running", 390, "dark")
    for key, colours in (("s", "light"), ("x", "dark"), ("h", "light")):
        page.keyboard.press(key)
        expect(page.get_by_role("dialog")).to_be_visible()
        look(f"dialog of {key}", 1024, colours)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("x")
    page.get_by_role("dialog").get_by_role("button", name="Dizziness").click()
    look("stopped", 1024, "dark")
    assert not trouble, "\n".join(trouble)


def test_without_scripts_the_page_shows_the_row_of_this_moment_and_keeps_what_is_pressed(plain_desk: Desk, anna: Actor) -> None:
    start = begun_at_row(anna, 2)
    plain_desk.is_signed_in(anna, None)
    plain_desk.page.goto(f"{plain_desk.base}/starts/{start.pk}/")
    expect(plain_desk.page.locator("[data-row='2']")).to_be_visible()
    plain_desk.press_and_arrive("It hurt")
    plain_desk.press_and_arrive("Pause")
    expect(plain_desk.page.get_by_role("button", name="Go on")).to_be_visible()
    assert kinds(start) == ["skipped", "paused"]
