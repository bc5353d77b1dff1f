"""A doctor revokes the signature on a course at its page: nothing is given from then on, and the therapist reads why."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clinic.courses import actions
from clinic.courses.actions import Felt
from clinic.courses.models import Course, CourseReview
from clinic.courses.states import CourseState
from clinic.signing.models import Meaning, Signature
from clinic.staff.permissions import ActionDenied, Actor
from patients.actions import record_facts
from patients.questionnaire import NORMAL_REPLY
from tests.clinic.courses.signing_desk import THINNER, a_browser_of, an_awaiting_course
from tests.factories import a_course_that_may_start, a_running_course, a_signed_course

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]
WHY = "The MRI shows a fracture."


def page_of(course: Course, name: str = "revoke") -> str:
    return reverse(f"courses:{name}", args=[course.pk])


def revoked(client: Client, course: Course, note: str = WHY) -> Any:
    text = client.get(page_of(course)).content.decode()
    intent = re.search(r'name="intent" value="([^"]+)"', text)
    assert intent, "the page offers nothing to sign"
    return client.post(page_of(course), {"intent": intent[1], "meaning": "revoked", "note": note})


def now(course: Course) -> Course:
    return Course.objects.get(pk=course.pk)


def test_a_revoked_signature_holds_the_course_and_the_therapist_reads_why(therapist: Actor, doctor: Actor, signed_in: Browser) -> None:
    course, client = a_running_course(actor=therapist), a_browser_of(doctor)
    assert page_of(course) in client.get(page_of(course, "detail")).content.decode()
    assert revoked(client, course).status_code == 303
    held = now(course)
    assert (held.state, held.signature) == (CourseState.SUSPENDED, None)
    assert Signature.objects.order_by("-sequence")[0].meaning == Meaning.REVOKED
    shown = signed_in(therapist).get(page_of(course, "detail")).content.decode()
    assert WHY in shown.partition("How it came to this")[0]
    with pytest.raises(ActionDenied):
        actions.record_session(course=held, number=1, felt=Felt(), on=held.planned_on, actor=therapist)
    with pytest.raises(ActionDenied, match="Plan again"):
        actions.resume_course(course=held, on=held.planned_on, version=held.version, actor=therapist)


@pytest.mark.same_everywhere
def test_the_signature_of_a_suspended_course_is_revoked_too(therapist: Actor, doctor: Actor) -> None:
    """A cured finding would let it go on under that signature."""
    course = a_running_course(actor=therapist)
    told: dict[str, Any] = {"patient": course.patient, "on": course.planned_on, "given_by": "patient", "actor": therapist}
    record_facts(replies=THINNER, **told)
    assert revoked(a_browser_of(doctor), course).status_code == 303
    record_facts(replies={"medicine.anticoagulant": NORMAL_REPLY}, **told)
    held = now(course)
    assert (held.state, held.signature) == (CourseState.SUSPENDED, None)
    with pytest.raises(ActionDenied, match="No doctor has signed"):
        actions.resume_course(course=held, on=held.planned_on, version=held.version, actor=therapist)


@pytest.mark.same_everywhere
def test_a_course_that_has_not_begun_is_a_draft_again(therapist: Actor, doctor: Actor) -> None:
    course = a_signed_course(actor=therapist)
    revoked(a_browser_of(doctor), course)
    assert (now(course).state, now(course).signature) == (CourseState.DRAFT, None)


@pytest.mark.same_everywhere
def test_nothing_is_revoked_without_a_reason_or_by_a_form_of_another_page(therapist: Actor, doctor: Actor) -> None:
    course, client = a_running_course(actor=therapist), a_browser_of(doctor)
    assert revoked(client, course, note=" ").status_code == 409
    assert client.post(page_of(course), {"meaning": "approved", "note": WHY}).status_code == 409
    assert now(course).state == CourseState.RUNNING


@pytest.mark.same_everywhere
def test_the_reason_waits_while_the_password_is_entered_again(therapist: Actor, doctor: Actor) -> None:
    course, client = a_running_course(actor=therapist), a_browser_of(doctor, entered_again=False)
    assert "reauthenticate" in revoked(client, course).headers["Location"]
    assert WHY in client.get(page_of(course)).content.decode()


@pytest.mark.same_everywhere
@pytest.mark.parametrize("make", [an_awaiting_course, a_course_that_may_start])
def test_where_no_signature_is_in_force_the_page_leads_back(make: Callable[..., Course], therapist: Actor, doctor: Actor) -> None:
    course, client = make(actor=therapist), a_browser_of(doctor)
    assert client.get(page_of(course)).status_code == 303
    assert page_of(course) not in client.get(page_of(course, "detail")).content.decode()


@pytest.mark.same_everywhere
def test_what_a_doctor_wants_changed_stands_on_the_page_of_the_course(therapist: Actor, doctor: Actor, signed_in: Browser) -> None:
    course = a_running_course(actor=therapist)
    review = actions.ask_doctor(course=course, question="Stronger?", actor=therapist)
    note = "Less pressure on the neck."
    actions.decide_review(review=review, decision=CourseReview.Decision.CHANGE, note=note, on=course.planned_on, actor=doctor)
    shown = signed_in(therapist).get(page_of(course, "detail")).content.decode()
    assert note in shown.partition("How it came to this")[0]
