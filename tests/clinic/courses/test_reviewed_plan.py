"""A plan says how far clinicians of its clinic have accepted what it rests on: nobody takes a draft of the library for a judged one."""

import html
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from clinic.courses.models import Course
from clinic.courses.pinned import presenter_of
from clinic.courses.presentation import Presenter
from clinic.courses.presentation.reviewed import reviews_of
from clinic.courses.prints import Paper
from clinic.courses.prints.course import course_data
from clinic.courses.queries import screening_of
from clinic.staff.models import Role
from clinic.staff.permissions import Actor
from patients.questionnaire import STATED, Reply
from protocols.actions import Seen, review_entry
from protocols.reviewing import shipped_entries
from protocols.shelf import shipped_library, shipped_names
from protocols.states import ReviewState
from tests.factories import a_course, a_patient, an_actor, an_intake

SignedIn = Callable[[Any], Client]
STAGE = ("stage", "osteochondrosis-lumbar/remission")
NOT_ACCEPTED = "no clinician here has accepted this protocol"
OTHER_CONTENT = "This plan was made with other content of the library than today's"


@pytest.fixture
def course(therapist: Actor) -> Course:
    """A plan on which one rule acts."""
    patient = a_patient(clinic=therapist.clinic)
    thinner = {"medicine.anticoagulant": Reply(STATED, value=True)}
    an_intake(patient=patient, actor=therapist, gate={"clots-and-bleeding": "yes"}, replies=thinner)
    return a_course(patient=patient, actor=therapist, condition="osteochondrosis-lumbar", stage="remission", count=10)


def accept(actor: Actor, key: tuple[str, str] = STAGE) -> None:
    entry = shipped_entries()[key]
    review_entry(entry=entry, state=ReviewState.ACCEPTED, note="", seen=Seen(0, entry.digest), actor=actor)


def stands(course: Course) -> list[tuple[str, str, str]]:
    return [(row.kind, row.code, row.mark.code) for row in reviews_of(course, screening_of(course), presenter_of(course))]


def shown(client: Client, course: Course) -> str:
    return html.unescape(client.get(f"/courses/{course.pk}/").content.decode())


def printed(course: Course) -> list[str]:
    lines = course_data(Paper(course, Presenter(shipped_library(), shipped_names("en")), "https://tactus.example.org/"))["made"]["reviews"]
    return [str(line) for line in lines]


@pytest.mark.same_everywhere
def test_the_stage_and_every_rule_that_holds_stand_with_their_state(course: Course) -> None:
    found = stands(course)
    assert found[0] == (*STAGE, "open")
    assert ("rule", "bl-03", "open") in found
    assert {code for kind, code, _state in found if kind == "rule"} == {finding.rule for finding in screening_of(course).findings}


@pytest.mark.same_everywhere
def test_the_page_and_the_print_say_that_a_protocol_is_not_accepted(signed_in: SignedIn, therapist: Actor, course: Course) -> None:
    assert NOT_ACCEPTED in shown(signed_in(therapist), course)
    assert printed(course)[0].endswith(": Open")


def test_what_a_doctor_of_the_clinic_accepted_is_told_with_the_name(signed_in: SignedIn, therapist: Actor, course: Course) -> None:
    doctor = an_actor(roles=[Role.DOCTOR], clinic=therapist.clinic)
    accept(doctor)
    assert stands(course)[0] == (*STAGE, "accepted")
    page = shown(signed_in(therapist), course)
    assert NOT_ACCEPTED not in page
    assert f'<a href="/library/review/{"/".join(STAGE)}/">' in page
    assert f": Accepted ({doctor.user.full_name}, " in printed(course)[0]


def test_another_clinic_s_judgement_counts_for_nothing(course: Course) -> None:
    accept(an_actor(roles=[Role.DOCTOR]))
    assert stands(course)[0] == (*STAGE, "open")


@pytest.mark.same_everywhere
def test_a_plan_of_other_content_claims_no_review(signed_in: SignedIn, therapist: Actor, course: Course) -> None:
    accept(an_actor(roles=[Role.DOCTOR], clinic=therapist.clinic))
    Course.objects.filter(pk=course.pk).update(library_digest="0" * 64)
    course.refresh_from_db()
    assert stands(course) == []
    assert OTHER_CONTENT in shown(signed_in(therapist), course)
    assert printed(course)[0].startswith(OTHER_CONTENT)
