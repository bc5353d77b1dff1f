"""Another language, a keyboard only, no JavaScript, on paper."""

import re

from playwright.sync_api import expect

from clinic.courses.demo_days import plan
from clinic.courses.demo_entries import DemoCourse
from clinic.staff.permissions import Actor
from tests.journeys.desk import Desk
from tests.journeys.patients import a_known_patient

LATIN = re.compile(r"[A-Za-z]{3,}")
OWN_NAMES = {"Tactus", "Lindenhof", "Anna", "Bergmann", "Weber", "Kim", "PDF"}


def test_the_plan_reads_in_russian_without_english_left(desk: Desk, anna: Actor) -> None:
    patient = a_known_patient(actor=anna, age=66, has={"medicine.anticoagulant": True})
    course = plan(patient, DemoCourse("osteochondrosis-lumbar", "remission", 10), on=patient.clinic.today(), actor=anna)
    desk.is_signed_in(anna, f"/courses/{course.pk}/")
    desk.page.get_by_role("button", name="RU Русский").first.click()
    expect(desk.page.locator("html")).to_have_attribute("lang", "ru")
    main = desk.page.get_by_role("main")
    shown = [
        *main.get_by_role("heading").all_inner_texts(),
        *main.get_by_role("button").all_inner_texts(),
        *main.locator(".family, .tempo, .side, .step-zone, .step-position, .step-part").all_inner_texts(),
        *main.locator(".chain-kind, summary, .step-limits").all_inner_texts(),
    ]
    left = {word for text in shown for word in LATIN.findall(text)} - OWN_NAMES
    assert not {word for word in left if not re.fullmatch(r"[A-Z]{2,}|[IVX]+", word)}, left


def test_a_patient_is_registered_with_the_keyboard_alone(desk: Desk, anna: Actor) -> None:
    desk.is_signed_in(anna, "/patients/new/")
    keys = desk.page.keyboard
    desk.page.get_by_label("Family name*", exact=True).focus()
    for text in ("Novak", "Eva", ""):
        keys.type(text)
        keys.press("Tab")
    keys.type("03121971")  # day, month and year, each a stop of the date field
    while not desk.page.evaluate("document.activeElement.type === 'radio'"):
        keys.press("Tab")
    keys.press("Space")
    keys.press("Enter")
    desk.sees("Novak Eva is registered")
    desk.sees("1971")


def test_planning_works_without_javascript(plain_desk: Desk, anna: Actor) -> None:
    desk = plain_desk
    desk.sign_in(anna)
    desk.follow("Patients")
    desk.follow("Register a patient")
    desk.register("Jansen", "Pieter", "1985-06-01", "Male")
    desk.follow("Take the intake")
    desk.answer_gate()
    desk.answer_details()
    desk.declare()
    desk.choose_condition("M54", "Lumbosacral osteochondrosis", "remission")
    desk.plan({}, count=8)
    seen = desk.show_session(4)
    assert seen.rows
    desk.follow("Today's questions")
    desk.choose("Pressure or pain in the chest", "Yes")
    desk.press("Keep the answers and plan again")
    desk.sees_heading("Call for help now")


def test_the_printed_plan_leaves_the_navigation_out_and_says_that_it_is_a_draft(desk: Desk, anna: Actor) -> None:
    patient = a_known_patient(actor=anna)
    course = plan(patient, DemoCourse("neck-collar", "calming", 6), on=patient.clinic.today(), actor=anna)
    desk.is_signed_in(anna, f"/courses/{course.pk}/")
    desk.page.emulate_media(media="print")
    for part in (".rail", ".topbar", ".tabbar", ".breadcrumbs", ".page-head-actions"):
        for piece in desk.page.locator(part).all():
            expect(piece).to_be_hidden()
    expect(desk.page.locator(".print-header")).to_be_visible()
    expect(desk.page.locator(".print-draft")).to_be_visible()
    assert desk.read_session().rows
