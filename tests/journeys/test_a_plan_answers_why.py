"""With the keyboard alone: why is there no percussion, and what does a row of the timeline stand on."""

import re

from playwright.sync_api import expect

from clinic.courses.demo_days import plan
from clinic.courses.demo_entries import DemoCourse
from clinic.staff.permissions import Actor
from tests.journeys.desk import Desk
from tests.journeys.patients import a_known_patient

FOCUSED = "document.activeElement"


def opened(desk: Desk, anna: Actor) -> None:
    patient = a_known_patient(actor=anna, age=40)
    course = plan(patient, DemoCourse("osteochondrosis-lumbar", "remission", 10), on=patient.clinic.today(), actor=anna)
    desk.page.emulate_media(reduced_motion="reduce")  # keys come faster than a page glides
    desk.is_signed_in(anna, f"/courses/{course.pk}/")


def tab_to(desk: Desk, test: str, limit: int = 250) -> None:
    """Presses Tab until the focused element meets the test."""
    for _press in range(limit):
        desk.page.keyboard.press("Tab")
        if desk.page.evaluate(f"(() => {{ const it = {FOCUSED}; return Boolean({test}); }})()"):
            return
    raise AssertionError(f"no element by Tab: {test}")


def test_why_percussion_is_missing_is_found_by_keyboard(desk: Desk, anna: Actor) -> None:
    opened(desk, anna)
    tab_to(desk, "it.matches('.page-sections a') && it.getAttribute('href') === '#omitted'")
    desk.page.keyboard.press("Enter")
    tab_to(desk, "it.matches('.left-out > summary') && it.innerText.includes('percussion')")
    desk.page.keyboard.press("Enter")
    entry = desk.section("Left out, and why").locator("details[open]")
    expect(entry).to_have_count(1)
    expect(entry).to_contain_text("No percussion in this phase of the course")
    expect(entry).to_contain_text("The dose of the build-up phase")
    kinds = entry.locator(".chain-kind").all_inner_texts()
    assert kinds == ["Protocol", "Stage", "Dose and phase"]


def test_a_segment_leads_to_its_row_and_lights_row_and_body(desk: Desk, anna: Actor) -> None:
    opened(desk, anna)
    tab_to(desk, "it.matches('.timeline-lying .timeline-row') && it.dataset.row === '3'")
    row = desk.page.locator("#row-3")
    expect(row).to_have_class(re.compile("is-lit"))
    assert desk.page.locator(".body-place.is-lit").count() > 0
    desk.page.keyboard.press("Enter")
    expect(row).to_be_in_viewport()
    tab_to(desk, "it.matches('summary') && it.closest('#row-3')", limit=5)
    desk.page.keyboard.press("Enter")
    expect(row.locator(".chain-kind").first).to_have_text("Protocol")


def test_a_session_is_chosen_on_the_curve_by_keyboard(desk: Desk, anna: Actor) -> None:
    opened(desk, anna)
    tab_to(desk, "it.matches('.curve-session') && it.getAttribute('href') === '?session=4#session'")
    assert desk.page.evaluate(f"{FOCUSED}.getAttribute('aria-label')").startswith("Session 4 of 10, working, ")
    desk.page.keyboard.press("Enter")
    desk.sees_heading("Session 4 of 10, working")
