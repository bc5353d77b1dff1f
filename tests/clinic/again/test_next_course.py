"""A patient comes again: the course is planned from the referral and the last one, kept and booked from one page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from clinic.courses.calendar.slots import read_slot
from clinic.courses.models import Course, PlanEdit
from clinic.courses.queries import request_of
from clinic.courses.states import CourseState
from clinic.schedule.cells import clock_of
from clinic.schedule.models import Booking
from clinic.schedule.states import BookingState
from clinic.staff.permissions import Actor
from patients.actions import record_facts
from patients.models import FactAnswer, Patient, Referral
from patients.questionnaire import STATED, Reply
from patients.states import ReferralState
from protocols.method.edits import Edit, Edits
from tests.clinic.again.returning import BACK, a_last_course, a_returning_patient, referred
from tests.clinic.again.typed import fields_of
from tests.clinic.calendar.a_calendar import dates, open_clinic
from tests.factories import a_course, a_patient
from tests.schedule_factories import a_booking

SignedIn = Callable[[Actor], Client]
pytestmark = pytest.mark.django_db
PAIN = {"pain_nrs": "2"}


class Page:
    """The page of the next course as one therapist has it open."""

    def __init__(self, client: Client, patient: Patient, query: str = "") -> None:
        self.client, self.path = client, f"/patients/{patient.pk}/next-course/{query}"
        self.html = client.get(self.path).text
        self.fields = fields_of(self.html) if "again-form" in self.html else {}

    def send(self, do: str, **typed: Any) -> Any:
        """Sends the page as it stands, with these fields typed; the answer with its page."""
        self.fields |= typed | {"do": do}
        answer = self.client.post(self.path, self.fields)
        if answer.status_code in (200, 422):
            self.html, token = answer.text, self.fields["once"]
            self.fields = fields_of(self.html) | {"once": token}
        return answer

    def with_pain(self) -> "Page":
        """The pain of today typed, which is never taken over from last time, and the dates seen that come of it."""
        answer = self.send("look", **PAIN)
        assert answer.status_code == 200, [row for row in answer.text.splitlines() if "error" in row]
        return self


@pytest.fixture
def patient(therapist: Actor) -> Patient:
    open_clinic(therapist)
    return a_returning_patient(therapist)


@pytest.fixture
def form(patient: Patient, therapist: Actor, signed_in: SignedIn) -> Page:
    return Page(signed_in(therapist), patient)


def next_course(patient: Patient) -> Course:
    return Course.objects.filter(patient=patient).exclude(state=CourseState.FINISHED).get()


@pytest.mark.same_everywhere
def test_everything_is_as_last_time_but_for_what_only_holds_for_a_day(form: Page, patient: Patient, therapist: Actor) -> None:
    assert form.fields["therapist"] == str(therapist.user.pk)
    assert form.fields["count"] == "10"
    assert form.fields.get("pain_nrs", "") == ""
    assert "asked anew; last time: 3" in form.html
    assert "10 of 10 sessions left" in form.html
    assert "It ended well" in form.html
    form.with_pain()
    assert "Nothing new" in form.html
    assert len([name for name in form.fields if name.startswith("slot-")]) == 10


def test_one_press_keeps_the_course_and_books_what_stood_on_the_page(form: Page, patient: Patient) -> None:
    form.with_pain()
    seen = [read_slot(form.fields[f"slot-{number}"]) for number in range(1, 11)]
    answer = form.send("book", how="nothing-new")
    course = next_course(patient)
    assert answer.url == f"/courses/{course.pk}/kept/"
    assert dates(course) == [slot.day for slot in seen if slot]
    assert (course.session_count, course.request["inputs"], course.referral is not None) == (10, {"pain_nrs": 2}, True)
    assert FactAnswer.objects.filter(patient=patient, fact="today.health-change", answered_on=course.planned_on).exists()
    assert not FactAnswer.objects.filter(patient=patient, fact="today.temperature-c").exists()  # a reading is never made up
    again: Any = form.client.post(form.path, form.fields)  # a double click
    assert (again.url, Course.objects.filter(patient=patient).count()) == (answer.url, 2)
    kept = form.client.get(answer.url)
    assert kept.status_code == 200
    assert "10/10" in kept.text


@pytest.mark.same_everywhere
def test_without_dates_nothing_is_booked_and_by_hand_leads_to_the_studio(form: Page, patient: Patient) -> None:
    form.with_pain()
    assert form.send("save").status_code == 303
    course = next_course(patient)
    assert not any(dates(course))
    Course.objects.filter(pk=course.pk).update(state=CourseState.DISCARDED)
    other = Page(form.client, patient).with_pain()
    assert other.send("studio").url == f"/courses/{Course.objects.latest('pk').pk}/studio/"


def test_a_date_that_is_gone_meanwhile_books_none_and_the_course_stays(form: Page, patient: Patient, therapist: Actor) -> None:
    form.with_pain()
    third = read_slot(form.fields["slot-3"])
    assert third is not None
    a_booking(patient=a_patient(clinic=therapist.clinic), therapist=therapist.user, day=third.day, clock=clock_of(third.cell))
    answer = form.send("book")
    course = next_course(patient)
    assert "/calendar/" in answer.url
    assert not any(dates(course))
    followed = form.client.get(answer.url)
    assert "none of its dates is booked" in followed.text
    held = Booking.objects.filter(patient=patient, state=BookingState.HELD)
    assert held.count() == 10
    assert form.client.post(answer.url).status_code == 303  # one press more books the others
    assert all(dates(course))


def test_dates_that_nobody_saw_are_not_booked(form: Page, patient: Patient) -> None:
    form.with_pain()
    first = form.fields["first_on"]
    later = (timezone.localdate() + timedelta(days=20)).isoformat()
    answer = form.send("book", first_on=later)
    assert answer.status_code == 422
    assert "proposed anew" in form.html
    assert not Course.objects.filter(patient=patient, state=CourseState.DRAFT).exists()
    assert form.fields["first_on"] == later != first  # nothing typed is lost
    assert form.fields["pain_nrs"] == "2"
    assert form.send("book").status_code == 303


@pytest.mark.same_everywhere  # refused before anything is kept; what is taken is kept in each database by the tests around
def test_what_is_wrong_is_said_beside_it_and_nothing_typed_is_lost(form: Page, patient: Patient) -> None:
    assert form.send("book", pain_nrs="2", count="").status_code == 422
    assert "Say how many sessions are planned." in form.html
    assert form.fields["pain_nrs"] == "2"
    assert form.send("book", count="10", **{"today.temperature-c--value": "99"}).status_code == 422
    assert form.fields["today.temperature-c--value"] == "99"
    assert not Course.objects.filter(patient=patient, state=CourseState.DRAFT).exists()


@pytest.mark.same_everywhere
def test_hand_changes_go_along_by_how_the_last_course_ended_and_stand_in_the_ledger(therapist: Actor, signed_in: SignedIn) -> None:
    open_clinic(therapist)
    then = Edits((Edit("depth", 4, 10, value=1), Edit("dose", 6, 8, value=100)))
    patient = a_returning_patient(therapist, edits=then)
    page = Page(signed_in(therapist), patient).with_pain()
    assert page.fields["carry"] == "1"  # what had lowered the pressure is given back
    assert "the last course ended well" in page.html
    page.send("save")
    course = next_course(patient)
    assert request_of(course).edits == Edits(then.edits[1:])
    assert PlanEdit.objects.get(course=course).after == course.request["by_hand"]


@pytest.mark.same_everywhere  # refused before anything is kept; what is taken is kept in each database by the tests around
def test_what_the_stage_needs_and_nobody_knows_is_asked_openly(therapist: Actor, signed_in: SignedIn) -> None:
    patient = a_patient(clinic=therapist.clinic)
    referred(patient, therapist, condition="scoliosis", stage="degree-1", icd10="M41.1")
    page = Page(signed_in(therapist), patient)
    assert "not known yet: the plan needs it" in page.html
    assert page.send("save").status_code == 422
    assert "The plan needs this answer." in page.html
    assert not Course.objects.filter(patient=patient).exists()


@pytest.mark.same_everywhere  # words of a page; what they tell is read from each database by the tests around
def test_nothing_is_carried_over_to_another_condition_or_stage(therapist: Actor, signed_in: SignedIn) -> None:
    open_clinic(therapist)
    patient = a_patient(clinic=therapist.clinic)
    a_last_course(patient=patient, actor=therapist, edits=Edits((Edit("depth", 1, 10, value=1),)))
    referred(patient, therapist, condition="neck-collar", stage="calming", icd10="M54.2")
    page = Page(signed_in(therapist), patient)
    assert "carry" not in page.html
    assert "as last time" not in page.html
    assert "None here" in page.html
    other = Page(signed_in(therapist), patient, f"?condition={BACK['condition']}&stage=subacute")
    assert "Changed by hand last time" not in other.html


@pytest.mark.same_everywhere  # words of a page; what they tell is read from each database by the tests around
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"state": ReferralState.EXPIRED, "days": 90}, "The last referral was valid until"),
        ({"count": 0}, "The last referral covers no more sessions."),
        ({"state": ReferralState.SUBMITTED}, "no doctor has signed it"),
        (None, "None stands"),
    ],
)
def test_without_a_referral_that_stands_the_page_works_and_says_how_to_get_one(
    changed: dict[str, Any] | None, words: str, therapist: Actor, signed_in: SignedIn
) -> None:
    open_clinic(therapist)
    patient = a_patient(clinic=therapist.clinic)
    last = a_last_course(patient=patient, actor=therapist)
    if changed is not None:
        referral = referred(patient, therapist, count=10)
        on = therapist.clinic.today() - timedelta(days=changed.get("days", 0))
        Referral.objects.filter(pk=referral.pk).update(
            state=changed.get("state", ReferralState.SIGNED), valid_until=on, valid_from=on - timedelta(days=1)
        )
        if "count" in changed:
            Course.objects.filter(pk=last.pk).update(referral=referral)
    page = Page(signed_in(therapist), patient)
    assert words in page.html
    assert "referrals/new/" in page.html
    if changed is None:
        assert page.send("save", **PAIN).status_code == 303
        kept = page.client.get(f"/courses/{next_course(patient).pk}/kept/").text
        assert "New referral" in kept
        assert "Send for sign-off" not in kept


@pytest.mark.same_everywhere  # words of a page; what they tell is read from each database by the tests around
def test_with_neither_a_referral_nor_a_course_it_says_where_to_begin(therapist: Actor, signed_in: SignedIn) -> None:
    patient = a_patient(clinic=therapist.clinic)
    page = Page(signed_in(therapist), patient)
    assert "No referral stands, and no course was given here" in page.html
    assert "Plan the next course" not in signed_in(therapist).get(f"/patients/{patient.pk}/").text


@pytest.mark.same_everywhere  # words of a page; what they tell is read from each database by the tests around
def test_the_way_stands_on_the_patients_page_for_who_may_plan_and_not_while_a_course_is_under_way(
    patient: Patient, therapist: Actor, clinic_admin: Actor, signed_in: SignedIn
) -> None:
    assert "Plan the next course" in signed_in(therapist).get(f"/patients/{patient.pk}/").text
    assert "Plan the next course" not in signed_in(clinic_admin).get(f"/patients/{patient.pk}/").text
    course = a_course(patient=patient, actor=therapist, **BACK)
    assert "Plan the next course" not in signed_in(therapist).get(f"/patients/{patient.pk}/").text
    assert f"/courses/{course.pk}/" in Page(signed_in(therapist), patient).html


@pytest.mark.same_everywhere  # words of a page; what they tell is read from each database by the tests around
def test_a_new_answer_and_a_gone_finding_are_told_and_nothing_else(patient: Patient, therapist: Actor, signed_in: SignedIn) -> None:

    thinner = {"medicine.anticoagulant": Reply(STATED, value=True)}
    record_facts(patient=patient, replies=thinner, on=therapist.clinic.today(), given_by="patient", actor=therapist)
    page = Page(signed_in(therapist), patient).with_pain()
    since = page.html[page.html.index("Since then") : page.html.index('id="again-form"')]
    assert "New:" in since
    assert "Nothing new" not in since
