"""The reception, the doctor, the auditor and nobody at all."""

from playwright.sync_api import expect

from clinic.courses.demo_days import plan
from clinic.courses.demo_entries import DemoCourse
from clinic.courses.models import Course
from clinic.staff.permissions import Actor
from patients.models import Patient
from tests.journeys.desk import Desk
from tests.journeys.patients import a_known_patient


def a_planned_course(actor: Actor) -> Course:
    patient = a_known_patient(actor=actor, has={"medicine.anticoagulant": True})
    wanted = DemoCourse("neck-collar", "calming", 6)
    return plan(patient, wanted, on=patient.clinic.today(), actor=actor)


def test_the_reception_registers_but_sees_neither_answers_nor_plans(desk: Desk, anna: Actor, boris: Actor) -> None:
    course = a_planned_course(anna)
    desk.sign_in(boris)
    desk.follow("Patients")
    desk.follow("Register a patient")
    desk.register("Okafor", "Samuel", "1990-02-03", "Male")
    desk.sees("Okafor Samuel is registered")

    desk.open(f"/patients/{course.patient_id}/")
    desk.sees_heading("Weber Kim")
    for words in ("blood thinner", "New course", "Take the intake"):
        desk.sees_no(words)
    expect(desk.page.get_by_role("heading", name="Health")).to_have_count(0)
    for path in (f"/courses/{course.pk}/", f"/patients/{course.patient_id}/intake/", f"/patients/{course.patient_id}/courses/new/"):
        with desk.watch.expecting(403):
            desk.open(path)
            desk.sees_heading("This is not open to you")
            expect(desk.page.get_by_role("link", name="To the start page")).to_be_visible()


def test_a_doctor_reads_the_plan(desk: Desk, anna: Actor, clara: Actor) -> None:
    a_planned_course(anna)
    desk.is_signed_in(clara)
    desk.follow("Courses")
    desk.follow("Weber Kim")
    desk.sees_heading("A doctor must decide")
    assert desk.read_session().rows
    desk.sees("Planned by Anna Bergmann")


def test_the_auditor_sees_who_did_and_saw_what_but_no_patient(desk: Desk, anna: Actor, clara: Actor, eva: Actor) -> None:
    course = a_planned_course(anna)
    desk.is_signed_in(clara, f"/courses/{course.pk}/")
    desk.is_signed_in(eva)
    expect(desk.page.get_by_role("navigation").first).to_contain_text("Audit")
    desk.open("/audit/")
    expect(desk.page.get_by_role("main").get_by_role("row").filter(has_text="Anna Bergmann").first).to_be_visible()
    desk.open("/audit/reads/")
    expect(desk.page.get_by_role("main").get_by_role("row").filter(has_text="Clara Weiss").first).to_be_visible()
    with desk.watch.expecting(403):
        desk.open(f"/patients/{course.patient_id}/")
        desk.sees_heading("This is not open to you")


def test_whoever_is_not_signed_in_is_led_to_sign_in_and_back(desk: Desk, anna: Actor) -> None:
    course = a_planned_course(anna)
    desk.open(f"/courses/{course.pk}/")
    desk.sees_heading("Sign in")
    desk.page.get_by_role("textbox", name="Email").fill(anna.user.email)
    desk.page.get_by_role("textbox", name="Password").fill("correct horse battery staple")
    desk.press("Sign in")
    desk.sees_heading("Neck-collar zone programmes")


def test_a_record_that_does_not_exist_is_said_in_a_friendly_way(desk: Desk, anna: Actor) -> None:
    desk.is_signed_in(anna, None)
    with desk.watch.expecting(404):
        desk.open(f"/patients/{Patient.objects.count() + 99}/")
        expect(desk.page.get_by_role("link", name="To the start page")).to_be_visible()
