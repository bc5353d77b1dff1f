"""What if the stage were another, or a fact: the therapist reads the difference and its reasons, and nothing has moved."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from clinic.courses.demo_days import plan
from clinic.courses.demo_entries import DemoCourse
from clinic.courses.models import Course, Session
from clinic.staff.permissions import Actor
from patients.models import FactAnswer, Intake
from tests.journeys.desk import Desk
from tests.journeys.looks import faults_in, unfold
from tests.journeys.patients import a_known_patient, percussion_names

LUMBAR = {"affected_side": "right", "pain_nrs": 5}


def a_saved_course(actor: Actor, condition: str, stage: str, inputs: dict[str, Any]) -> Course:
    patient = a_known_patient(actor=actor, age=52)
    on = patient.clinic.today()
    return plan(patient, DemoCourse(condition, stage, 10, inputs=inputs, is_asked_today=True), on=on, actor=actor)


def state_of(course: Course) -> dict[str, Any]:
    """All that a plan could change."""
    fresh = Course.objects.get(pk=course.pk)
    kept = (fresh.version, fresh.digest, fresh.stage, fresh.request, fresh.planned_at, fresh.state)
    counts = tuple(model.objects.count() for model in (Course, Session, FactAnswer, Intake))
    return {"course": kept, "sessions": list(Session.objects.filter(course=course).values_list("number", "digest")), "counts": counts}


def figure(desk: Desk, label: str) -> tuple[str, str]:
    """What the two plans say: saved, what if."""
    row = desk.page.locator(".two-plans tr").filter(has=desk.page.get_by_role("rowheader", name=label, exact=True)).first
    cells = row.get_by_role("cell").all_inner_texts()
    return cells[0].strip(), cells[1].splitlines()[0].strip()


def part(desk: Desk, heading: str) -> list[Locator]:
    """The groups of rows under a heading of the session."""
    kind = {"What goes": "go", "What comes": "come", "What changes": "changed"}[heading]
    expect(desk.page.get_by_role("heading", name=heading)).to_be_visible()
    return desk.page.locator(f".row-group-{kind}").all()


def test_acute_and_subacute_are_compared_and_the_reasons_are_read(desk: Desk, anna: Actor) -> None:
    course = a_saved_course(anna, "osteochondrosis-lumbar", "subacute", LUMBAR)
    before = state_of(course)
    desk.is_signed_in(anna, f"/courses/{course.pk}/")
    desk.page.get_by_text("More", exact=True).click()
    desk.follow("What if")
    desk.sees("Nothing is saved")
    desk.page.get_by_role("radio", name=re.compile("^acute")).check()
    desk.press("Show the difference")
    desk.sees_heading("What goes")
    assert figure(desk, "Pressure at most") == ("moderate", "light")
    assert figure(desk, "Sessions") == ("10", "4")
    gone = [group.inner_text() for group in part(desk, "What goes")]
    assert any("T7 to T12" in text and "Part of the protocol" in text and "subacute" in text for text in gone)
    come = [group.inner_text() for group in part(desk, "What comes")]
    assert any("upper trapezius" in text and "acute" in text for text in come)
    assert all(group.locator(".why-list").count() for group in (*part(desk, "What goes"), *part(desk, "What comes")))
    _sees_the_session_of(desk, 1)
    assert state_of(course) == before


def _sees_the_session_of(desk: Desk, number: int) -> None:
    """Another session of the same comparison: the address carries what is supposed."""
    desk.page.get_by_role("navigation", name="Sessions").get_by_role("link").nth(number - 1).click()
    desk.sees_heading(f"Session {number}")
    assert "stage=acute" in desk.page.url
    assert desk.page.get_by_role("radio", name=re.compile("^acute")).is_checked()


def test_data_against_the_supposed_stage_are_named_with_their_source_and_bar_nothing(desk: Desk, anna: Actor) -> None:
    course = a_saved_course(anna, "osteochondrosis-lumbar", "subacute", {**LUMBAR, "days_since_onset": 20})
    desk.is_signed_in(anna, f"/courses/{course.pk}/what-if/?stage=acute")
    warning = desk.section("The course").get_by_role("group", name="What speaks against this stage")
    expect(warning).to_contain_text("no longer the acute stage")
    expect(warning).to_contain_text("Days since the attack began? 20")
    expect(warning.get_by_role("link").first).to_have_attribute("href", re.compile("^https?://"))
    desk.sees_heading("What goes")


def test_a_blood_thinner_takes_percussion_away_and_lightens_kneading_and_the_rule_is_read(desk: Desk, anna: Actor) -> None:
    course = a_saved_course(anna, "neck-collar", "tonic", {})
    before = state_of(course)
    desk.is_signed_in(anna, f"/courses/{course.pk}/what-if/")
    desk.page.get_by_label("Find a fact").fill("blood thinner")
    desk.press("Search")
    desk.page.get_by_label("Add or change a fact").select_option("medicine.anticoagulant")
    desk.press("Add")
    expect(desk.group("Do you take a blood thinner").get_by_role("radio", name="Yes", exact=True)).to_be_checked()
    desk.sees("On record:")
    desk.sees_heading("New findings")
    gone = [group for group in part(desk, "What goes") if any(name in group.inner_text() for name in percussion_names())]
    assert gone
    assert all("Blood-thinning medicine" in group.locator(".why-list").first.inner_text() for group in gone)
    lighter = [group for group in part(desk, "What changes") if "pressure" in group.inner_text()]
    assert any("knead" in group.inner_text() and "Blood-thinning medicine" in group.inner_text() for group in lighter)
    desk.follow("Leave as it is")
    expect(desk.page.get_by_role("heading", name="New findings")).to_have_count(0)
    assert state_of(course) == before


def test_a_wrong_figure_is_explained_and_what_else_was_supposed_stays(desk: Desk, anna: Actor) -> None:
    course = a_saved_course(anna, "osteochondrosis-lumbar", "subacute", LUMBAR)
    desk.is_signed_in(anna, f"/courses/{course.pk}/what-if/?stage=remission&fact=today.temperature-c")
    desk.page.get_by_label(re.compile("^Temperature now")).fill("99")
    desk.press("Show the difference")
    desk.sees("Write a number from 34 to 43.")
    assert desk.page.get_by_role("radio", name=re.compile("^remission")).is_checked()
    assert desk.page.get_by_label(re.compile("^Temperature now")).input_value() == "99"


def test_what_was_supposed_is_planned_in_the_form_that_plans(desk: Desk, anna: Actor) -> None:
    course = a_saved_course(anna, "osteochondrosis-lumbar", "subacute", LUMBAR)
    desk.is_signed_in(anna, f"/courses/{course.pk}/what-if/?affected_side=left&count=11")
    desk.follow("Plan it so")
    assert desk.group("Which side is affected").get_by_role("radio", name="left", exact=True).is_checked()
    assert desk.page.get_by_label("Number of sessions").input_value() == "11"
    desk.press("Plan again")
    assert Course.objects.get(pk=course.pk).session_count == 11


@pytest.mark.slow
def test_the_page_is_accessible_full_and_empty(desk: Desk, anna: Actor) -> None:
    course = a_saved_course(anna, "osteochondrosis-lumbar", "subacute", LUMBAR)
    desk.is_signed_in(anna, None)
    address = f"/courses/{course.pk}/what-if/"
    for query in (
        "",
        "?stage=acute",
        "?stage=prevention&fact=medicine.anticoagulant&fact=history.varicose-zones",
        "?stage=nowhere&count=0",
    ):
        desk.open(address + query)
        unfold(desk.page)
        assert not faults_in(desk.page), query


BROKEN_WORDS = """() => [...document.querySelectorAll('.two-plans :is(th, td)')].flatMap(cell => {
  const found = [], texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (text.parentElement.closest('.visually-hidden-word')) continue;
    for (const word of text.data.matchAll(/[\\p{L}\\p{N}]+/gu)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1) found.push(word[0]);
    }
  }
  return found;
})"""


def test_on_a_phone_no_word_of_the_two_plans_is_broken_in_russian(desk: Desk, anna: Actor) -> None:
    course = a_saved_course(anna, "osteochondrosis-lumbar", "subacute", LUMBAR)
    anna.user.language = "ru"
    anna.user.save(update_fields=["language"])
    desk.page.set_viewport_size({"width": 390, "height": 900})
    desk.is_signed_in(anna, f"/courses/{course.pk}/what-if/?stage=acute")
    unfold(desk.page)
    desk.sees("Давление")
    assert desk.page.evaluate(BROKEN_WORDS) == []
    assert desk.page.evaluate("document.documentElement.scrollWidth") == 390
