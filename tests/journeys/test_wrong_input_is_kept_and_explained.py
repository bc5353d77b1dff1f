"""Nothing that was typed is lost, and each mistake says what to do."""

from django.utils import timezone
from playwright.sync_api import expect

from clinic.courses.demo_days import start_intake
from clinic.staff.permissions import Actor
from patients.actions import register_patient
from tests.journeys.desk import Desk
from tests.journeys.patients import a_known_patient, details


def test_at_registration(desk: Desk, anna: Actor) -> None:
    desk.is_signed_in(anna, "/patients/new/")
    desk.register("Müller", "", "2030-01-01", "Male", Telephone="+49 555 010")
    alert = desk.page.get_by_role("alert")
    expect(alert).to_contain_text("Everything you typed is still here.")
    expect(alert).to_contain_text("The date of birth lies in the future. Check the year.")
    expect(desk.page.get_by_label("Family name*", exact=True)).to_have_value("Müller")
    expect(desk.page.get_by_label("Telephone", exact=True)).to_have_value("+49 555 010")
    expect(desk.page.get_by_label("Male", exact=True)).to_be_checked()
    desk.fill({"Given name*": "Jan", "Date of birth*": "1980-01-01"})
    desk.press("Register")
    desk.sees("Müller Jan is registered")


def test_somebody_who_may_be_on_the_register_already_is_shown_first(desk: Desk, anna: Actor) -> None:
    patient = a_known_patient(actor=anna)
    desk.is_signed_in(anna, "/patients/new/")
    desk.register("Weber", "Kim", patient.born_on.isoformat(), "Female")
    desk.sees_heading("Is it one of these people?")
    desk.page.get_by_label("This is a different person").check()
    desk.press("Register")
    desk.sees("Weber Kim is registered with card 1002.")


def test_in_the_details_of_the_intake(desk: Desk, anna: Actor) -> None:
    on = timezone.localdate(timezone=anna.clinic.zone)
    patient = register_patient(details=details(age=50, sex="male", on=on), actor=anna)
    start_intake(patient, has={"history.stroke-weeks": 12}, on=on, actor=anna)
    desk.is_signed_in(anna, f"/patients/{patient.pk}/intake/details/")
    weeks = desk.page.get_by_label("If yes: how much? (weeks) Weeks since the stroke?")
    expect(weeks).to_have_value("12")
    weeks.fill("")
    desk.choose("Have you had epileptic fits", "Don't know")
    desk.press("Go on")
    expect(desk.page.get_by_role("alert")).to_contain_text("Write the number. If nobody can say, answer “Don't know”.")
    expect(desk.group("Weeks since the stroke").get_by_role("radio", name="Yes", exact=True)).to_be_checked()
    expect(desk.group("Have you had epileptic fits").get_by_role("radio", name="Don't know", exact=True)).to_be_checked()


def test_in_the_form_of_a_course(desk: Desk, anna: Actor) -> None:
    patient = a_known_patient(actor=anna, age=30)
    desk.is_signed_in(anna, f"/patients/{patient.pk}/courses/new/scoliosis/degree-2/")
    desk.plan({"C-shaped or S-shaped curve?": "S", "Convex side of the single curve": "right", "Cobb angle": "45"}, count=12)
    alert = desk.page.get_by_role("alert")
    expect(alert).to_contain_text("The plan needs this answer.")
    expect(desk.page.get_by_label("Cobb angle")).to_have_value("45")
    expect(desk.group("Convex side of the single curve").get_by_role("radio", name="right", exact=True)).to_be_checked()
    desk.plan({"Convex side of the lower curve": "left", "Cobb angle": "20"}, count=90)
    expect(alert).to_contain_text("60")
    expect(desk.page.get_by_label("Number of sessions")).to_have_value("90")


def test_of_two_people_who_change_one_record_the_second_is_told(desk: Desk, anna: Actor) -> None:
    patient = a_known_patient(actor=anna)
    desk.is_signed_in(anna, f"/patients/{patient.pk}/edit/")
    patient.refresh_from_db()
    patient.version += 1
    patient.save()
    desk.fill({"Telephone": "555 0177"})
    desk.press("Save")
    desk.sees("Somebody else has saved this record in the meantime.")
    expect(desk.page.get_by_label("Telephone", exact=True)).to_have_value("555 0177")
