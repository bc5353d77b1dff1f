"""The reception on the telephone: found in no time whatever is typed, registered in a minute, and nobody registered twice for long."""

from datetime import date

import pytest
from playwright.sync_api import expect

from clinic.staff.permissions import Actor
from patients.models import Patient
from tests.factories import a_course, a_patient
from tests.journeys.desk import Desk
from tests.journeys.looks import ENDS, faults_of
from tests.journeys.patients import a_known_patient


def is_sound(desk: Desk) -> None:
    """The page at hand in the widest light and the narrowest dark look: nothing for axe, nothing beyond the edge."""
    for width, colours in ENDS:
        desk.page.set_viewport_size({"width": width, "height": 900})
        desk.page.emulate_media(color_scheme=colours, reduced_motion="reduce")  # no colour half-way between two
        assert not faults_of(desk.page), f"{desk.page.url} at {width}, {colours}"
    desk.page.set_viewport_size({"width": ENDS[0][0], "height": 900})


@pytest.fixture
def olga(boris: Actor) -> Patient:
    """Somebody whom the clinic knows since long, under a Russian spelling."""
    return a_patient(
        clinic=boris.clinic, family_name="Шевченко", given_name="Ольга", middle_name="Петровна", born_on=date(1977, 4, 9),
        phone="+49 30 1234567", card_number="A-77", registered_by=boris.user,
    )  # fmt: skip


def test_somebody_is_found_while_her_name_is_typed_with_a_slip_and_only_by_the_keyboard(desk: Desk, boris: Actor, olga: Patient) -> None:
    for number in range(30):
        a_patient(clinic=boris.clinic, family_name=f"Weber{number:02}")
    desk.is_signed_in(boris, "/patients/")
    with desk.does("find") as hand:
        desk.page.keyboard.type("Shevchneko")  # the cursor stands in the box
        found = desk.page.get_by_role("link", name="Шевченко Ольга Петровна")
        expect(found).to_be_visible()
        expect(desk.page.get_by_text("Similar spelling")).to_be_visible()
        hand.reads(found)
    is_sound(desk)
    desk.page.get_by_role("searchbox").focus()
    for typed in ("030 1234567", "9.4.1977", "a-77", "ольга шевч"):
        desk.page.get_by_role("searchbox").fill(typed)
        desk.page.keyboard.press("Enter")
        expect(desk.page.get_by_role("link", name="Шевченко Ольга Петровна")).to_be_visible()


def test_it_is_found_without_javascript_too(plain_desk: Desk, boris: Actor, olga: Patient) -> None:
    plain_desk.is_signed_in(boris, "/patients/")
    plain_desk.page.get_by_role("searchbox").fill("Шевчнеко")
    plain_desk.press("Search")
    expect(plain_desk.page.get_by_role("link", name="Шевченко Ольга Петровна")).to_be_visible()


def test_a_duplicate_is_caught_before_it_is_saved(desk: Desk, boris: Actor, olga: Patient) -> None:
    desk.is_signed_in(boris, "/patients/")
    with desk.does("register") as hand:
        desk.follow("Register a patient")
        desk.register("Shevchenko", "Olga", "1977-04-09", "Female", Telephone="030 1234567")
        desk.sees_heading("Is it one of these people?")
        hand.reads(desk.page.get_by_role("alert"))
    desk.sees("same telephone")
    is_sound(desk)
    desk.page.get_by_role("alert").get_by_role("link", name="Шевченко Ольга Петровна").click()
    desk.sees_heading("Шевченко Ольга Петровна")
    assert Patient.objects.count() == 1


def test_a_child_needs_a_guardian_and_a_message_an_address(desk: Desk, boris: Actor) -> None:
    desk.is_signed_in(boris, "/patients/new/")
    desk.choose("By text message", "Yes")
    desk.register("Weber", "Mia", "2018-05-01", "Female")
    desk.sees("The patient is under 18: write a telephone number of the parent or guardian.")
    desk.sees("Without a telephone number nobody can be reached this way.")
    is_sound(desk)
    desk.fill({"Parent or guardian": "Robin Weber", "Telephone of the parent or guardian": "030 55555"})
    desk.press("Register")
    desk.sees("Weber Mia is registered")
    expect(desk.page.get_by_role("region", name="Messages", exact=True)).to_contain_text("said on")
    is_sound(desk)


def test_two_records_become_one_and_two_again(desk: Desk, boris: Actor, anna: Actor, olga: Patient) -> None:
    second = a_known_patient(actor=anna)
    Patient.objects.filter(pk=second.pk).update(family_name="Shevchenko", given_name="Olga", born_on=date(1977, 9, 4))
    Patient.objects.get(pk=second.pk).save()
    a_course(patient=second, actor=anna)
    desk.is_signed_in(boris, f"/patients/{olga.pk}/")
    desk.sees("Same name:")
    desk.follow("This is a second record of somebody")
    is_sound(desk)
    desk.page.get_by_role("link", name="Compare").first.click()
    is_sound(desk)
    desk.page.get_by_label("Keep card A-77").check()
    desk.press("Make them one record")
    desk.sees("The two records are one now.")
    desk.sees_no("Same name:")
    is_sound(desk)
    desk.open(f"/patients/{second.pk}/")
    desk.sees("was a second record of this person")
    assert desk.page.url.endswith(f"/patients/{olga.pk}/")
    desk.press("They were two people: part them again")
    desk.sees("There are two records again.")
    assert Patient.objects.filter(merged_into=None).count() == 2


def test_a_doctor_reads_the_whole_patient_on_one_screen_and_the_reception_no_health(
    desk: Desk, anna: Actor, boris: Actor, clara: Actor
) -> None:
    patient = a_known_patient(actor=anna, has={"medicine.anticoagulant": True})
    a_course(patient=patient, actor=anna)
    desk.is_signed_in(clara, f"/patients/{patient.pk}/")
    for heading in ("Now", "Courses", "Health", "Referrals", "Documents", "Contacts", "Messages"):
        expect(desk.section(heading).first).to_be_visible()
    is_sound(desk)
    desk.is_signed_in(boris, f"/patients/{patient.pk}/")
    for heading in ("Now", "Courses", "Health", "Referrals", "Documents"):
        expect(desk.section(heading)).to_have_count(0)
    is_sound(desk)
