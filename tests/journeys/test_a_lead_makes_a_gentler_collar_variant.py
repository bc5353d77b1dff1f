"""A lead makes the collar zone gentler; a case goes red and is mended; a doctor signs; three courses are moved, one needs a signature."""

import re

import pytest
from playwright.sync_api import Browser, Locator, expect
from pytest_django.live_server_helper import LiveServer

from clinic.courses.models import Course, EditionMove
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import Actor
from protocols.editions.content import shipped_digest
from protocols.editions.queries import library_in_force
from protocols.models import Publication, Variant
from protocols.states import VariantState
from tests.factories import PASSWORD, a_patient, a_running_course
from tests.journeys.conftest import a_desk
from tests.journeys.desk import Desk, people_of_the_clinic
from tests.journeys.looks import ENDS, faults_of

pytestmark = pytest.mark.django_db(transaction=True)
STAGE = "Calming (stress, irritability, poor sleep, headache at rest)"
CASE = "Poor sleep, nothing else"


@pytest.fixture
def david(transactional_db: None, clinic: Clinic) -> Actor:
    """The clinical lead."""
    return people_of_the_clinic(clinic, Role.CLINICAL_LEAD, "David Orlov")


def running(actor: Actor, family_name: str, stage: str) -> Course:
    return a_running_course(actor=actor, patient=a_patient(clinic=actor.clinic, family_name=family_name), stage=stage, count=3)


def is_fit_for_everybody(desk: Desk) -> None:
    """The page at hand in the widest light and the narrowest dark look: nothing for axe, nothing beyond the edge."""
    for width, colours in ENDS:
        desk.page.set_viewport_size({"width": width, "height": 900})
        desk.page.emulate_media(color_scheme=colours, reduced_motion="reduce")
        assert not faults_of(desk.page), f"{desk.page.url} at {width}, {colours}"
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= width, f"{desk.page.url} at {width}"
    desk.page.set_viewport_size({"width": ENDS[0][0], "height": 900})


def beside(desk: Desk) -> Locator:
    """What stands beside the forms."""
    return desk.page.get_by_role("complementary", name="Check and effect")


def saves(desk: Desk, section: str, **typed: str) -> None:
    """Fills in one section of the page of a stage and saves it alone."""
    for name, value in typed.items():
        desk.page.fill(f"#{section} [name='{name.replace('_', '-')}']", value)
    with desk.page.expect_navigation(wait_until="load"):
        desk.page.locator(f"#{section} button[type=submit]").last.click()
    assert desk.page.url.endswith(f"#{section}")


def changes_step(desk: Desk, number: int, minutes: str) -> None:
    desk.page.locator(f"#step-{number}").get_by_role("link", name=re.compile("^Change")).click()
    desk.page.get_by_label("Minutes").first.fill(minutes)
    desk.press_and_arrive("Save this step")


def the_lead_writes(desk: Desk) -> None:
    """Twelve minutes instead of fifteen, less on the trapezius, and the girdle beside it, lightly."""
    desk.follow("Make our own variant")
    desk.fill({"Title": "Gentler collar for anxious patients"})
    desk.press_and_arrive("Begin the variant")
    expect(beside(desk)).to_contain_text("Nothing is changed yet")
    desk.follow(STAGE)
    saves(desk, "dose", minutes_first="8", minutes_full="12", minutes_max="12")
    desk.sees("The steps take 15 minutes, and a full session is 12.")
    is_fit_for_everybody(desk)
    desk.page.get_by_role("navigation", name="Parts of the variant").get_by_role("link", name="Steps").click()
    changes_step(desk, 2, "1")
    changes_step(desk, 3, "2")
    desk.page.get_by_text("Add a step", exact=True).click()
    new = desk.page.locator("#new-step")
    new.get_by_label("Zone", exact=True).select_option("shoulder-girdle")
    new.get_by_label("Minutes", exact=True).fill("1")
    new.get_by_label("Mix of techniques").select_option("relaxing-light")
    desk.press_and_arrive("Add this step")
    expect(desk.page.locator(".steps-sum")).to_contain_text("12 of 12 minutes")
    is_fit_for_everybody(desk)


def a_case_is_red_and_is_mended(desk: Desk) -> None:
    panel = beside(desk)
    expect(panel).to_contain_text("Not ready yet")
    expect(panel.locator(".panel-red")).to_contain_text(CASE)
    panel.get_by_role("link", name="The cases").click()
    desk.sees_heading("1 case does not hold")
    desk.page.locator("details.case-broken").get_by_role("link", name="Change the case").click()
    desk.fill({
        "What the case says, in English": "Poor sleep, nothing else: twelve calm minutes, no blows, never the front or side of the neck.",
        "What the case says, in Russian": "Плохой сон, больше ничего: двенадцать спокойных минут, без ударов, никогда спереди и сбоку шеи.",
        "Minutes, half a minute up or down": "12",
    })  # fmt: skip
    desk.press_and_arrive("Keep the case")
    desk.sees_heading("Every case holds")


def is_sent(desk: Desk, variant: Variant) -> None:
    desk.open(f"/library/variants/{variant.pk}/")
    expect(beside(desk)).to_contain_text("Ready for the doctor")
    is_fit_for_everybody(desk)
    desk.page.get_by_role("link", name="Send to the doctor").click()
    desk.fill({"Why it is changed": "Anxious patients tense up under a long session."})
    desk.press_and_arrive("Send to the doctor")
    desk.sees("This variant lies with the doctor")


def the_doctor_publishes(doctor: Desk, clara: Actor) -> None:
    doctor.is_signed_in(clara, "/inbox/")
    doctor.sees("Gentler collar for anxious patients")
    doctor.follow("Read and answer")
    doctor.sees("Anxious patients tense up under a long session.")
    doctor.press("Enter your password to sign")
    doctor.page.fill("input[name=password]", PASSWORD)
    doctor.page.press("input[name=password]", "Enter")
    doctor.press_and_arrive("Sign and publish")


def three_courses_are_moved(desk: Desk, david: Actor) -> None:
    desk.open("/courses/editions/")
    desk.sees("Courses by edition")
    desk.press_and_arrive("Move all 2 unaffected courses")
    desk.follow("Look and move")
    desk.sees("A doctor has to sign the new plan")
    desk.press_and_arrive("Move the course")
    assert EditionMove.objects.filter(by=david.user).count() == 3


@pytest.mark.slow
def test_a_lead_makes_a_gentler_collar_variant(
    browser: Browser, live_server: LiveServer, desk: Desk, anna: Actor, clara: Actor, david: Actor
) -> None:
    courses = [running(anna, "Sommer", "tonic"), running(anna, "Winter", "tonic"), running(anna, "Herbst", "calming")]
    desk.is_signed_in(david, "/library/conditions/neck-collar/")
    the_lead_writes(desk)
    a_case_is_red_and_is_mended(desk)
    variant = Variant.objects.get()
    is_sent(desk, variant)
    with a_desk(browser, live_server) as doctor:
        the_doctor_publishes(doctor, clara)
    variant.refresh_from_db()
    publication = Publication.objects.get()
    assert (variant.state, publication.edition.name) == (VariantState.PUBLISHED, "2026-11.1")
    clinic = Clinic.objects.get(pk=david.clinic.pk)
    stage = library_in_force(clinic).conditions["neck-collar"].stages["calming"]
    assert stage.treatment is not None
    assert stage.treatment.minutes.full == 12
    assert all(Course.objects.get(pk=course.pk).pinned_id == shipped_digest() for course in courses)
    three_courses_are_moved(desk, david)
    moved = EditionMove.objects.get(course=courses[2])
    assert (moved.needs_signature, moved.after_id) == (True, publication.edition_id)
    assert not EditionMove.objects.exclude(course=courses[2]).filter(needs_signature=True).exists()
    desk.open("/library/conditions/neck-collar/")
    desk.sees("changed by our clinic")
