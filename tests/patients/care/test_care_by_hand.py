"""The panel "In care", colleagues put in and taken off, the clinic's rule, and lists of those who treat."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.audit.models import AuditLine
from clinic.courses.models import Course
from clinic.schedule.actions import book_places, move_bookings
from clinic.schedule.actions.wanting import Move
from clinic.staff.models import RecordAccess, Role
from clinic.staff.permissions import ActionDenied, Actor
from patients.care.actions import put_into_care, restore_to_care, set_record_access, take_off_care
from patients.care.queries import people_in_care
from patients.care.relation import OutsideCare, in_care
from patients.models import CareMember, Patient
from tests.clinic.calendar.a_calendar import open_clinic
from tests.factories import a_course, a_doctor, a_member, a_sent_intake, an_actor
from tests.papers import a_written_referral
from tests.patients.care.scene import a_care_clinic, an_opening, nobodys_patient
from tests.schedule_factories import a_booking, a_key, a_place, hours_of

pytestmark = [pytest.mark.django_db, pytest.mark.same_everywhere]
Browser = Callable[[Actor], Client]


@pytest.fixture
def anna() -> Actor:
    return an_actor(clinic=a_care_clinic())


@pytest.fixture
def lead(anna: Actor) -> Actor:
    return an_actor(clinic=anna.clinic, roles=(Role.CLINICAL_LEAD,))


@pytest.fixture
def patient(anna: Actor) -> Patient:
    return nobodys_patient(anna.clinic, family_name="Canarova")


def page_of(patient: Patient) -> str:
    return reverse("patients:detail", args=[patient.pk])


# Who is in care and why ---------------------------------------------------------------------------------------------------------
def test_the_panel_says_who_is_in_care_and_why(
    anna: Actor, lead: Actor, patient: Patient, signed_in: Browser, django_assert_num_queries: Any
) -> None:
    booking = a_booking(patient=patient, therapist=anna.user, day=anna.clinic.today() + timedelta(days=3))
    a_booking(patient=patient, therapist=anna.user, day=anna.clinic.today() + timedelta(days=1))
    greta = a_member(clinic=anna.clinic, full_name="Greta Inside")
    put_into_care(patient=patient, user=greta, actor=lead)
    a_written_referral(patient=patient, state="submitted", actor=lead)
    with django_assert_num_queries(1):
        people = people_in_care(patient)
    assert [(each.name, [word for word, _day in each.reasons]) for each in people] == [
        ("Greta Inside", ["put in by hand"]),
        (anna.user.full_name, ["has a date with the patient"]),
        ("", ["every doctor: a referral waits for an answer"]),
    ]
    assert people[1].reasons[0][1] == booking.day
    page = signed_in(anna).get(page_of(patient)).content.decode()
    assert all(words in page for words in ("In care", "Greta Inside", "has a date with the patient", "Put a colleague in"))


def test_the_day_of_a_reason_is_that_of_the_clinic(anna: Actor, lead: Actor, patient: Patient) -> None:
    anna.clinic.time_zone = "Pacific/Auckland"
    anna.clinic.save()
    patient.refresh_from_db()
    with time_machine.travel("2026-11-22T22:30:00Z", tick=False):
        put_into_care(patient=patient, user=anna.user, actor=lead)
        assert [str(each.reasons[0][1]) for each in people_in_care(patient)] == ["2026-11-23"]


# Put in and taken off -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [Role.ADMIN, Role.DOCTOR, Role.CLINICAL_LEAD])
def test_administrators_doctors_and_leads_put_in_whom_they_want(anna: Actor, patient: Patient, role: str, signed_in: Browser) -> None:
    actor = an_actor(clinic=anna.clinic, roles=(role,))
    client = signed_in(actor)
    put_in = reverse("care:put-in", args=[patient.pk])
    assert anna.user.full_name in client.get(put_in).content.decode()
    assert client.post(put_in, {"user": anna.user.pk})["Location"] == page_of(patient)
    assert in_care(anna, patient)
    member = CareMember.objects.get()
    client.post(reverse("care:take-off", args=[patient.pk, member.pk]))
    assert not in_care(anna, patient)
    assert "was taken off" in client.get(page_of(patient)).content.decode()
    client.post(reverse("care:put-back", args=[patient.pk, member.pk]))
    assert in_care(anna, patient)
    done = AuditLine.objects.filter(user=actor.user, subject_type="patients.patient").order_by("sequence")
    assert list(done.values_list("verb", flat=True)) == ["put-into-care", "took-off-care", "put-into-care"]


def test_a_therapist_puts_colleagues_in_only_where_in_care(anna: Actor, lead: Actor, patient: Patient, signed_in: Browser) -> None:
    greta = an_actor(clinic=anna.clinic)
    with pytest.raises(ActionDenied, match="Only who is in a patient’s care"):
        put_into_care(patient=patient, user=greta.user, actor=anna)
    assert signed_in(anna).get(reverse("care:put-in", args=[patient.pk])).status_code == 403
    an_opening(patient, anna)
    with pytest.raises(ActionDenied, match="Only who is in a patient’s care"):
        put_into_care(patient=patient, user=greta.user, actor=anna)
    put_into_care(patient=patient, user=anna.user, actor=lead)
    assert put_into_care(patient=patient, user=greta.user, actor=anna).user == greta.user


def test_nobody_puts_in_themselves_or_whoever_does_not_treat_here(anna: Actor, lead: Actor, patient: Patient) -> None:
    doctor = a_doctor(clinic=anna.clinic)
    with pytest.raises(ActionDenied, match="Nobody puts themselves"):
        put_into_care(patient=patient, user=doctor.user, actor=doctor)
    strangers = [a_member(clinic=anna.clinic, roles=(Role.ADMIN,)), a_member(clinic=a_care_clinic())]
    for stranger in strangers:
        with pytest.raises(ActionDenied, match="treats at this clinic"):
            put_into_care(patient=patient, user=stranger, actor=lead)
    member = put_into_care(patient=patient, user=doctor.user, actor=lead)
    take_off_care(member=member, actor=doctor)  # one may leave
    with pytest.raises(ActionDenied, match="Nobody puts themselves"):
        restore_to_care(member=member, actor=doctor)


def test_putting_somebody_in_twice_is_one_row(anna: Actor, lead: Actor, patient: Patient) -> None:
    one = put_into_care(patient=patient, user=anna.user, actor=lead)
    assert put_into_care(patient=patient, user=anna.user, actor=lead) == one
    take_off_care(member=one, actor=lead)
    take_off_care(member=one, actor=lead)
    assert AuditLine.objects.filter(verb__in=("put-into-care", "took-off-care")).count() == 2


def test_nobody_gives_themselves_a_date_with_a_patient_outside_of_their_care(anna: Actor, patient: Patient, lead: Actor) -> None:
    """A date brings its therapist into care: who could book one alone would need no reason ever."""
    open_clinic(anna)
    place = a_place(patient=patient, therapist=anna.user, room=anna.clinic.rooms.get(name="Blue room"))
    with pytest.raises(OutsideCare, match="let a colleague book"):
        book_places(clinic=anna.clinic, key=a_key(), places=[place], actor=anna)
    greta = an_actor(clinic=anna.clinic)
    hours_of(greta.user, site=anna.clinic.sites.get())
    hers = replace(place, therapist_id=greta.user.pk)
    booked = book_places(clinic=anna.clinic, key=a_key(), places=[hers], actor=anna)[0]
    to_me = Move(booked, booked.day, booked.clock, None, anna.user.pk, booked.room_id, None)
    with pytest.raises(OutsideCare, match="let a colleague book"):
        move_bookings(moves=[to_me], reason="patient-wish", note="", actor=anna)
    an_opening(patient, anna)
    assert move_bookings(moves=[to_me], reason="patient-wish", note="", actor=anna)[0].therapist_id == anna.user.pk


# The rule -----------------------------------------------------------------------------------------------------------------------
def test_an_administrator_changes_the_rule_and_the_lead_reads_it(anna: Actor, lead: Actor, patient: Patient, signed_in: Browser) -> None:
    admin = an_actor(clinic=anna.clinic, roles=(Role.ADMIN,))
    rule, facts = reverse("care:rule"), reverse("patients:facts", args=[patient.pk])
    therapist = signed_in(anna)
    assert therapist.get(facts).status_code == 403
    assert "takes a protection away" in signed_in(admin).get(rule).content.decode()
    wanted = {"rule": "every-treater", "before": "care-team"}
    assert signed_in(admin).post(rule, wanted).status_code == 303
    assert therapist.get(facts).status_code == 200
    assert "An administrator changes it." in signed_in(lead).get(rule).content.decode()
    assert signed_in(lead).post(rule, {"rule": "care-team", "before": "every-treater"}).status_code == 403
    stale = signed_in(admin).post(rule, wanted)
    assert (stale.status_code, "changed this rule" in stale.content.decode()) == (422, True)
    line = AuditLine.objects.get(verb="set-record-access")
    assert line.details == {"before": "care-team", "after": "every-treater"}
    with pytest.raises(ActionDenied, match="Only an administrator"):
        set_record_access(rule="care-team", before="every-treater", actor=lead)
    with pytest.raises(ActionDenied, match="one of the two"):
        set_record_access(rule="nobody", before=RecordAccess.EVERY_TREATER, actor=admin)


# Lists --------------------------------------------------------------------------------------------------------------------------
def test_lists_of_health_show_patients_in_care_and_contacts_show_everybody(
    anna: Actor, lead: Actor, patient: Patient, signed_in: Browser
) -> None:
    other = an_actor(clinic=anna.clinic)
    a_course(patient=patient, actor=other, count=2)
    a_sent_intake(patient=patient, actor=other)
    for name in ("courses:list", "patients:waiting"):
        assert "Canarova" not in signed_in(anna).get(reverse(name)).content.decode()
        assert "Canarova" in signed_in(other).get(reverse(name)).content.decode()
        assert "Canarova" in signed_in(lead).get(reverse(name)).content.decode()
    assert "Canarova" in signed_in(anna).get(reverse("patients:list"), {"q": "Canarova"}).content.decode()


def test_the_calendar_says_what_is_planned_only_of_the_own_dates(anna: Actor, patient: Patient, signed_in: Browser) -> None:
    day, greta = anna.clinic.today(), an_actor(clinic=anna.clinic)
    booking = a_booking(patient=patient, therapist=greta.user, day=day, hands_on_minutes=37)
    for name, args in (("calendar:day", []), ("calendar:day-sheet", []), ("calendar:booking", [booking.pk])):
        assert "37 min" not in signed_in(anna).get(reverse(name, args=args)).content.decode()
        assert "37 min" in signed_in(greta).get(reverse(name, args=args)).content.decode()


def test_a_course_names_its_condition_on_pages_of_dates_only_in_care(anna: Actor, patient: Patient, signed_in: Browser) -> None:
    other = an_actor(clinic=anna.clinic)
    course = a_course(patient=patient, actor=other, count=2)
    Course.objects.filter(pk=course.pk).update(state="running", started_on=anna.clinic.today())
    page = reverse("calendar:propose", args=[course.pk])
    condition = "collar"
    assert condition in signed_in(other).get(page).content.decode().lower()
    assert condition not in signed_in(anna).get(page).content.decode().lower()


def test_revoked_roles_and_closed_accounts_end_at_the_next_request(anna: Actor, lead: Actor, patient: Patient, signed_in: Browser) -> None:
    put_into_care(patient=patient, user=anna.user, actor=lead)
    client, facts = signed_in(anna), reverse("patients:facts", args=[patient.pk])
    assert client.get(facts).status_code == 200
    anna.user.staff_roles.update(role=Role.ADMIN)
    assert client.get(facts).status_code == 403
    CareMember.objects.update(removed_at=timezone.now(), removed_by=lead.user)
    anna.user.staff_roles.update(role=Role.THERAPIST)
    assert client.get(facts).status_code == 403
