"""The minute before a session: one tap invents nothing and overrules nobody; a form about another patient changes nothing."""

import re
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.audit.models import AuditLine
from clinic.courses.actions import decide_review, end_course, tell_doctor
from clinic.courses.actions.moving import Why
from clinic.courses.day.guard import alike_on, patient_digest
from clinic.courses.gates import hindrances
from clinic.courses.inbox import waiting_at
from clinic.courses.models import Course, CourseReview, SessionStart
from clinic.courses.states import CourseReason
from clinic.staff.permissions import ActionDenied, Actor
from patients.models import FactAnswer
from patients.queries import replies_of_day
from patients.questionnaire import NO, STATED, YES
from protocols.language import page_names
from protocols.shelf import shipped_library
from tests.factories import a_day_at, a_patient, a_running_course, an_actor
from tests.schedule_factories import a_booking

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]
READINGS = {
    "today.temperature-c": "36.6", "today.pain-nrs": "2", "today.minutes-since-meal": "150",
    "today.systolic": "122", "today.diastolic": "78", "today.pulse": "66",
}  # fmt: skip


def at(name: str, course: Course, number: int = 2) -> str:
    return reverse(f"day:{name}", args=[course.pk, number])


def said(course: Course, how: str = "nothing-new", **answers: Any) -> dict[str, Any]:
    """What the page of that session sends: every reading, and these answers."""
    readings = {f"{code}--value": value for code, value in READINGS.items()}
    return {"patient": patient_digest(course.patient), "version": str(course.version), "how": how, **readings, **answers}


@pytest.fixture
def course(therapist: Actor) -> Course:
    """One session was given; today's questions are those of the second one."""
    return a_running_course(actor=therapist, count=3, given=1)


@pytest.fixture
def tomorrow(course: Course) -> Any:
    """The day after the course was planned: nothing is asked yet."""
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        yield


def replies(course: Course) -> dict[str, Any]:
    return replies_of_day(course.patient, shipped_library(), a_day_at(course.clinic))


@pytest.mark.usefixtures("tomorrow")
def test_one_tap_answers_what_is_open_keeps_the_readings_and_opens_the_start(signed_in: SignedIn, therapist: Actor, course: Course) -> None:
    desk = signed_in(therapist)
    assert "data-once" not in desk.get(at("before", course)).content.decode()
    answer = desk.post(at("before", course), said(course))
    assert (answer.status_code, answer["Location"]) == (303, at("before", course) + "#start")
    kept = replies(course)
    assert kept["today.temperature-c"].value == 36.6
    assert (kept["today.consent"].reply, kept["today.consent"].value) == (STATED, True)
    assert {kept[code].reply for code in ("today.chest-pain", "today.clot-signs", "today.bad-reaction-last")} == {"normal"}
    assert "data-once" in desk.get(at("before", course)).content.decode()


@pytest.mark.same_everywhere  # refused before anything is kept; what is taken is kept in each database by the tests around
@pytest.mark.usefixtures("tomorrow")
def test_a_reading_that_is_missing_is_named_and_nothing_is_kept(signed_in: SignedIn, therapist: Actor, course: Course) -> None:
    before = FactAnswer.objects.count()
    answer = signed_in(therapist).post(at("before", course), said(course, **{"today.temperature-c--value": ""}))
    assert answer.status_code == 422
    assert "Write the number, or tick that it is not known." in answer.content.decode()
    assert FactAnswer.objects.count() == before


@pytest.mark.same_everywhere
@pytest.mark.usefixtures("tomorrow")
def test_one_tap_overrules_no_answer(signed_in: SignedIn, therapist: Actor, course: Course) -> None:
    signed_in(therapist).post(at("before", course), said(course, **{"today.alcohol-or-drugs": YES, "today.consent": NO}))
    kept = replies(course)
    assert kept["today.alcohol-or-drugs"].value is True
    assert kept["today.consent"].value is False
    course.refresh_from_db()
    assert not course.may_start


@pytest.mark.same_everywhere
@pytest.mark.usefixtures("tomorrow")
def test_what_would_change_is_shown_by_name_with_its_end_and_kept_nowhere(signed_in: SignedIn, therapist: Actor, course: Course) -> None:
    desk = signed_in(therapist)
    before = (FactAnswer.objects.count(), AuditLine.objects.count())
    fever = said(course, how="", **{"today.temperature-c--value": "38.6"})
    fragment = desk.post(at("before-changes", course), fever, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "Fever" in fragment
    assert "48 h below 37.2" in fragment
    whole = desk.post(at("before-changes", course), fever)  # without JavaScript: the page, with what was typed
    assert 'value="38.6"' in whole.content.decode()
    assert (FactAnswer.objects.count(), AuditLine.objects.count()) == before


@pytest.mark.same_everywhere
def test_an_answer_that_leaves_something_out_says_what_and_why(signed_in: SignedIn, therapist: Actor, course: Course) -> None:
    skin = {"gate-skin": YES, "today.skin-lesion-zones": YES, "today.skin-lesion-zones--value": ["trapezius-upper|left"]}
    sent = said(course, how="", **skin)
    fragment = signed_in(therapist).post(at("before-changes", course), sent, headers={"HX-Request": "true"}).content.decode()
    assert "upper trapezius" in fragment
    assert re.search(r"row-group-(go|changed)", fragment)
    assert "why-list" in fragment


@pytest.mark.same_everywhere  # refused before anything is kept; what is taken is kept in each database by the tests around
@pytest.mark.parametrize("name", ["before", "before-changes", "start", "emergency"])
def test_a_form_of_another_patient_changes_nothing(signed_in: SignedIn, therapist: Actor, course: Course, name: str) -> None:
    desk, other = signed_in(therapist), patient_digest(a_patient(clinic=course.clinic))
    before = (FactAnswer.objects.count(), AuditLine.objects.count())
    answer = desk.post(at(name, course), said(course) | {"patient": other, "key": "a" * 32, "found": "Chest pain"})
    assert answer.status_code == 409
    assert "Nothing was changed" in answer.content.decode()
    assert not SessionStart.objects.exists()
    assert (FactAnswer.objects.count(), AuditLine.objects.count()) == before


@pytest.mark.same_everywhere
def test_a_page_from_before_a_name_was_corrected_is_a_page_of_another_patient(course: Course) -> None:
    before, patient = patient_digest(course.patient), course.patient
    patient.family_name = "Webber"
    assert patient_digest(patient) != before


def start_of(course: Course, **more: str) -> dict[str, str]:
    return {"patient": patient_digest(course.patient), "version": str(course.version), "key": f"{course.pk:032x}"} | more


def test_who_bears_the_same_name_that_day_makes_the_start_ask_for_the_birth_date(
    signed_in: SignedIn, therapist: Actor, course: Course
) -> None:
    twin = a_patient(
        clinic=course.clinic, family_name=course.patient.family_name.upper(), born_on=course.patient.born_on + timedelta(days=1)
    )
    a_booking(patient=twin, day=a_day_at(course.clinic), clock=time(15))
    assert alike_on(course.patient, a_day_at(course.clinic)) == (twin,)
    desk = signed_in(therapist)
    for chosen, words in (("", "Choose the date"), (str(twin.pk), "somebody else&#x27;s date of birth")):
        answer = desk.post(at("start", course), start_of(course, who=chosen))
        assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not SessionStart.objects.exists()
    assert desk.post(at("start", course), start_of(course, who=str(course.patient_id))).status_code == 303
    assert desk.get(at("before", course)).status_code == 303  # to the player


def test_a_stand_in_says_so_twice_pressed_is_once_begun_and_taken_back_is_over(signed_in: SignedIn, course: Course) -> None:
    desk = signed_in(an_actor(clinic=course.clinic))
    assert "I stand in for" in desk.post(at("start", course), start_of(course)).content.decode()
    assert not SessionStart.objects.exists()
    ends = {desk.post(at("start", course), start_of(course, stands_in="on"))["Location"] for _press in range(2)}
    begun = SessionStart.objects.get(is_standing_in=True)
    assert ends == {reverse("day:player", args=[begun.pk])}
    assert desk.post(reverse("day:start-taken-back", args=[begun.pk]))["Location"] == at("before", course)
    assert "used already" in desk.post(at("start", course), start_of(course, stands_in="on")).content.decode()


@pytest.mark.usefixtures("tomorrow")
def test_signs_of_a_clot_lead_to_what_to_do_and_the_doctor_is_told_once(
    signed_in: SignedIn, therapist: Actor, doctor: Actor, course: Course
) -> None:
    desk = signed_in(therapist)
    answer = desk.post(at("before", course), said(course, **{"today.clot-signs": YES}))
    assert answer["Location"] == at("emergency", course)
    page = desk.get(at("emergency", course)).content.decode()
    assert "do not rub any limb" in page
    for _press in range(2):
        desk.post(at("emergency", course), {"patient": patient_digest(course.patient), "found": "Left calf swollen and warm"})
    assert CourseReview.objects.get().kind == CourseReview.Kind.EMERGENCY
    assert AuditLine.objects.filter(verb="told-doctor").count() == 1
    first = waiting_at(doctor.clinic, page_names(), on=a_day_at(doctor.clinic), actor=doctor)[0]
    assert (first.is_emergency, first.question) == (True, "Left calf swollen and warm")
    assert desk.get(at("emergency-note", course)).content.startswith(b"%PDF")


def test_an_emergency_of_a_course_that_is_over_is_told_and_decided_too(therapist: Actor, doctor: Actor, course: Course) -> None:
    end_course(course=course, why=Why(CourseReason.ILLNESS), on=a_day_at(course.clinic), version=course.version, actor=therapist)
    with pytest.raises(ActionDenied, match="Write what was found"):
        tell_doctor(course=course, found=" ", on=a_day_at(course.clinic), actor=therapist)
    review = tell_doctor(course=course, found="Chest pain", on=a_day_at(course.clinic), actor=therapist)
    assert [each.is_emergency for each in waiting_at(doctor.clinic, page_names(), on=a_day_at(doctor.clinic), actor=doctor)] == [True]
    assert "emergency" in {way.code for way in hindrances(course, a_day_at(course.clinic))}
    assert decide_review(review=review, decision="stop", note="Seen", on=a_day_at(course.clinic), actor=doctor).decision == "stop"
