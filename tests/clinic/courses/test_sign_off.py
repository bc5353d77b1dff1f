"""The way of a plan to the doctor and back, and what a signature allows: exactly what was read, by somebody else, while it is sound."""

import copy
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clinic.courses import actions
from clinic.courses.actions import Felt
from clinic.courses.gates import hindrances, is_therapeutic
from clinic.courses.models import Course, CourseMove, Session
from clinic.courses.signed_content import course_content
from clinic.courses.signed_plans import plan_body, signed_sessions
from clinic.courses.states import CourseState
from clinic.signing.actions import demo_sign
from clinic.signing.content import canonical, digest
from clinic.signing.models import Meaning, Signature
from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, Actor
from patients.questionnaire import STATED, UNKNOWN_REPLY, Reply
from protocols.shelf import shipped_library
from tests.factories import (
    a_course,
    a_course_that_may_start,
    a_doctor,
    a_patient,
    a_referral,
    a_running_course,
    a_signed_course,
    an_actor,
    an_intake,
    ask_today,
)  # fmt: skip
from tests.papers import a_written_referral

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]


def submitted(actor: Actor, **plan: Any) -> Course:
    course = a_course_that_may_start(actor=actor, **plan)
    return actions.submit_course(course=course, on=course.planned_on, version=course.version, actor=actor)


def sign(course: Course, doctor: Actor) -> Course:
    return actions.sign_course_for_demo(course=course, on=course.planned_on, actor=doctor)


@pytest.mark.same_everywhere
def test_only_preventive_courses_go_without_a_doctor() -> None:
    library = shipped_library()
    free = [code for code in library.conditions if not is_therapeutic(Course(condition=code))]
    assert free == ["preventive-massage"]
    assert is_therapeutic(Course(condition="of-another-edition")), "what is not known is not free"


# Sending ------------------------------------------------------------------------------------------------------------------------
@pytest.mark.same_everywhere
def test_a_plan_with_open_questions_is_not_sent(therapist: Actor) -> None:
    course = a_course_that_may_start(actor=therapist)
    course = actions.replan_course(
        course=course, wanted=actions.request_of(course), on=course.planned_on + timedelta(days=1), version=course.version, actor=therapist
    )
    with pytest.raises(ActionDenied, match="Answer all open questions first"):
        actions.submit_course(course=course, on=course.planned_on, version=course.version, actor=therapist)


@pytest.mark.same_everywhere
def test_a_question_of_the_intake_that_is_open_is_named_and_never_taken_for_one_of_the_day(therapist: Actor) -> None:
    patient = a_patient(clinic=therapist.clinic)
    gate, replies = {"belly-and-metabolism": "yes"}, {"history.diabetes": Reply(STATED, True), "history.diabetes-severe": UNKNOWN_REPLY}
    an_intake(patient=patient, actor=therapist, gate=gate, replies=replies)
    a_referral(patient=patient, actor=therapist)
    course = ask_today(a_course(patient=patient, actor=therapist), actor=therapist)
    with pytest.raises(ActionDenied, match="Has diabetes damaged"):
        actions.submit_course(course=course, on=course.planned_on, version=course.version, actor=therapist)


@pytest.mark.same_everywhere
def test_a_missing_referral_is_asked_for_by_its_name_and_never_as_an_open_question(therapist: Actor, signed_in: SignedIn) -> None:
    patient = a_patient(clinic=therapist.clinic)
    an_intake(patient=patient, actor=therapist)
    course = ask_today(a_course(patient=patient, actor=therapist), actor=therapist)
    with pytest.raises(ActionDenied, match="The referral comes first"):
        actions.submit_course(course=course, on=course.planned_on, version=course.version, actor=therapist)
    client, page = signed_in(therapist), reverse("courses:detail", args=[course.pk])
    assert reverse("patients:referral-new", args=[patient.pk]) in client.get(page).content.decode()
    referral = a_written_referral(patient=patient, actor=therapist, condition=course.condition, stage=course.stage)
    shown = client.get(page).content.decode()
    assert reverse("patients:referral", args=[patient.pk, referral.pk]) in shown, "the one under way, not another one"
    assert reverse("patients:referral-new", args=[patient.pk]) not in shown


@pytest.mark.same_everywhere
def test_a_referral_signed_since_the_plan_was_made_is_to_be_taken_in_and_not_written_again(therapist: Actor, signed_in: SignedIn) -> None:
    patient = a_patient(clinic=therapist.clinic)
    an_intake(patient=patient, actor=therapist)
    course = a_course(patient=patient, actor=therapist)
    a_written_referral(patient=patient, state="signed", actor=therapist, condition=course.condition, stage=course.stage)
    shown = signed_in(therapist).get(reverse("courses:detail", args=[course.pk])).content.decode()
    assert "so that the plan takes it in" in shown
    assert reverse("patients:referral-new", args=[patient.pk]) not in shown


@pytest.mark.same_everywhere
def test_a_plan_beyond_its_referral_is_not_sent_to_be_signed(therapist: Actor) -> None:
    patient = a_patient(clinic=therapist.clinic)
    an_intake(patient=patient, actor=therapist)
    stage = ("osteochondrosis-lumbar", "remission")
    a_written_referral(patient=patient, state="signed", actor=therapist, condition=stage[0], stage=stage[1], session_count=5)
    course = ask_today(a_course(patient=patient, actor=therapist, condition=stage[0], stage=stage[1], count=10), actor=therapist)
    with pytest.raises(ActionDenied, match="10 sessions are planned, and the referral is for 5"):
        actions.submit_course(course=course, on=course.planned_on, version=course.version, actor=therapist)


@pytest.mark.same_everywhere
def test_a_stage_that_is_not_massaged_is_never_signed(therapist: Actor) -> None:
    barred = next((c.code, s.code) for c in shipped_library().conditions.values() for s in c.stages.values() if s.local == "barred")
    course = a_course(actor=therapist, condition=barred[0], stage=barred[1])
    with pytest.raises(ActionDenied, match="no signature changes that"):
        actions.submit_course(course=course, on=course.planned_on, version=course.version, actor=therapist)


def test_a_plan_goes_to_the_doctor_with_its_question_and_comes_back_with_the_doctor_s(therapist: Actor) -> None:
    course, doctor = a_course_that_may_start(actor=therapist), a_doctor(clinic=therapist.clinic)
    about: dict[str, Any] = {"course": course, "on": course.planned_on, "version": course.version}
    actions.submit_course(question="Is the neck fine?", actor=therapist, **about)
    with pytest.raises(ActionDenied, match="Write what you ask"):
        actions.return_course(question=" ", actor=doctor, **about)
    back = actions.return_course(question="Since when?", actor=doctor, **about)
    assert back.state == CourseState.DRAFT
    assert [move.note for move in CourseMove.objects.order_by("pk")] == ["Is the neck fine?", "Since when?"]


def test_planning_again_takes_the_plan_back_from_the_doctor(therapist: Actor) -> None:
    course = submitted(therapist)
    course = actions.replan_course(
        course=course, wanted=actions.request_of(course), on=course.planned_on, version=course.version, actor=therapist
    )
    assert course.state == CourseState.DRAFT


# Signing ------------------------------------------------------------------------------------------------------------------------
@pytest.mark.same_everywhere
def test_nobody_signs_a_plan_of_one_s_own(therapist: Actor) -> None:
    """H10: neither who planned it nor who gives it."""
    both = an_actor(clinic=therapist.clinic, roles=(Role.THERAPIST, Role.DOCTOR))
    own = submitted(both)
    with pytest.raises(ActionDenied, match="another doctor has to sign it"):
        sign(own, both)
    given = submitted(therapist)
    actions.transfer_course(course=given, therapist=both.user, version=given.version, actor=therapist)
    with pytest.raises(ActionDenied, match="another doctor has to sign it"):
        sign(given, both)
    assert sign(own, a_doctor(clinic=therapist.clinic)).state == CourseState.SIGNED


@pytest.mark.same_everywhere
def test_today_s_questions_do_not_make_a_plan_somebody_else_s(therapist: Actor) -> None:
    """H10: whoever only asks the questions of the day has not planned the course; whoever plans it again has."""
    doctor = a_doctor(clinic=therapist.clinic)
    course = ask_today(a_course_that_may_start(actor=doctor), actor=therapist)
    assert course.planned_by == doctor.user
    course = actions.submit_course(course=course, on=course.planned_on, version=course.version, actor=therapist)
    with pytest.raises(ActionDenied, match="another doctor has to sign it"):
        sign(course, doctor)


@pytest.mark.same_everywhere
def test_a_doctor_of_another_clinic_or_who_is_none_any_more_signs_nothing(therapist: Actor) -> None:
    course, doctor = submitted(therapist), a_doctor(clinic=therapist.clinic)
    doctor.user.staff_roles.all().delete()
    with pytest.raises(ActionDenied):
        sign(course, doctor)
    assert not Signature.objects.exists()


def test_a_signed_course_begins_and_a_begun_one_goes_on(therapist: Actor) -> None:
    doctor, course = a_doctor(clinic=therapist.clinic), submitted(therapist)
    course = sign(course, doctor)
    assert course.signature is not None
    assert (course.state, course.signature.subject_version) == (CourseState.SIGNED, course.version)
    running = a_running_course(actor=therapist)
    running = actions.submit_course(course=running, on=running.planned_on, version=running.version, actor=therapist)
    assert sign(running, doctor).state == CourseState.RUNNING


def test_a_plan_is_signed_once(therapist: Actor) -> None:
    course, doctor = submitted(therapist), a_doctor(clinic=therapist.clinic)
    sign(course, doctor)
    with pytest.raises(ActionDenied, match="does not wait for a signature"):
        sign(course, doctor)
    assert Signature.objects.count() == 1


# The document -------------------------------------------------------------------------------------------------------------------
@pytest.mark.same_everywhere
def test_the_document_is_the_same_each_time_and_reads_back_as_the_plan(therapist: Actor) -> None:
    course = a_signed_course(actor=therapist)
    assert digest(course_content(course)) == digest(course_content(Course.objects.get(pk=course.pk)))
    assert course.signature is not None
    assert [plan.number for plan in signed_sessions(course.signature)] == list(range(1, 11))
    words = " ".join(line for section in course_content(course).sections for line in section.lines)
    assert course.patient.full_name in words
    assert "pressure" in words
    assert "10 sessions" in words


FIELDS: dict[str, Any] = {
    "condition": "scoliosis", "stage": "acute", "session_count": 9, "outcome": "caution", "edition": "0", "library_digest": "0" * 64,
    "digest": "0" * 64, "request": {"inputs": {}, "supplements": ["imaz"]},
}  # fmt: skip


@pytest.mark.first_everywhere
@pytest.mark.parametrize("name", FIELDS)
def test_a_field_of_a_signed_course_that_is_changed_behind_its_back_stops_it(therapist: Actor, name: str) -> None:
    """F31: each column of the plan is covered by the signature."""
    course = a_running_course(actor=therapist)
    assert hindrances(course, course.planned_on) == ()
    Course.objects.filter(pk=course.pk).update(**{name: FIELDS[name]})
    assert any(each.code == "signature" for each in hindrances(Course.objects.get(pk=course.pk), course.planned_on))


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to every value that is no container."""
    if isinstance(value, dict | list) and value:
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(item, (*path, key))
    else:
        yield path


def changed(body: Any, path: tuple[Any, ...]) -> Any:
    """The same with another value at that path."""
    copied = copy.deepcopy(body)
    place = copied
    for key in path[:-1]:
        place = place[key]
    old = place[path[-1]]
    place[path[-1]] = not old if isinstance(old, bool) else old + 1 if isinstance(old, int) else f"{old}x"
    return copied


@pytest.mark.same_everywhere  # which values the document holds; that a changed row is noticed is tested on each database
def test_every_value_of_a_signed_session_and_of_the_screening_is_covered(therapist: Actor) -> None:
    """F31: one value at a time, all of a session, and every thirtieth of the screening."""
    course = a_signed_course(actor=therapist, count=3)
    session, stored = Session.objects.get(course=course, number=2), plan_body(course)
    for path in leaves(session.plan):
        Session.objects.filter(pk=session.pk).update(plan=changed(session.plan, path))
        assert plan_body(course) != stored, path
    Session.objects.filter(pk=session.pk).update(plan=session.plan)
    for path in list(leaves(course.screening))[::30]:
        other = Course.objects.get(pk=course.pk)
        other.screening = changed(course.screening, path)
        assert plan_body(other) != stored, path
    assert plan_body(Course.objects.get(pk=course.pk)) == stored


@pytest.mark.same_everywhere
def test_the_document_holds_no_number_with_a_fraction(therapist: Actor) -> None:
    course = a_signed_course(actor=therapist, condition="emphysema", stage="stable")
    assert not [path for path in leaves(json.loads(canonical(course_content(course)))) if isinstance(path, float)]


# What a signature allows ---------------------------------------------------------------------------------------------------------
@pytest.mark.same_everywhere
def test_a_plan_made_again_within_what_was_signed_stays_signed(therapist: Actor) -> None:
    course = a_signed_course(actor=therapist)
    again = ask_today(course, actor=therapist)
    assert (again.state, again.version) == (CourseState.SIGNED, course.version + 1)
    assert hindrances(again, again.planned_on) == ()


def test_a_signed_plan_that_grows_is_a_draft_again(therapist: Actor) -> None:
    course = a_signed_course(actor=therapist, count=8)
    wanted = actions.request_of(course)
    longer = type(wanted)(wanted.condition, wanted.stage, 10, wanted.inputs, wanted.supplements)
    grown = actions.replan_course(course=course, wanted=longer, on=course.planned_on, version=course.version, actor=therapist)
    assert (grown.state, grown.signature) == (CourseState.DRAFT, None)


@pytest.mark.same_everywhere
def test_a_running_plan_that_grows_stops_until_it_is_signed(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, count=8)
    wanted = actions.request_of(course)
    longer = type(wanted)(wanted.condition, wanted.stage, 10, wanted.inputs, wanted.supplements)
    grown = actions.replan_course(course=course, wanted=longer, on=course.planned_on, version=course.version, actor=therapist)
    with pytest.raises(ActionDenied, match="grew beyond what the doctor signed: Session 8"):
        actions.record_session(course=grown, number=1, felt=Felt(), on=grown.planned_on, actor=therapist)
    grown = actions.submit_course(course=grown, on=grown.planned_on, version=grown.version, actor=therapist)
    sign(grown, a_doctor(clinic=therapist.clinic))
    actions.record_session(course=grown, number=1, felt=Felt(), on=grown.planned_on, actor=therapist)


def test_a_signature_of_another_course_or_taken_back_allows_nothing(therapist: Actor) -> None:
    course, other = a_running_course(actor=therapist), a_running_course(actor=therapist)
    Course.objects.filter(pk=course.pk).update(signature=other.signature)
    found = hindrances(Course.objects.get(pk=course.pk), course.planned_on)
    assert "does not verify" in found[0].sentence
    demo_sign(content=course_content(other), meaning=Meaning.REVOKED, note="Mixed up", actor=a_doctor(clinic=therapist.clinic))
    found = hindrances(Course.objects.get(pk=other.pk), other.planned_on)
    assert "taken back the signature" in found[0].sentence


def test_a_signature_that_was_tampered_with_allows_nothing(therapist: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    course = a_running_course(actor=therapist)
    monkeypatch.setattr("clinic.courses.gates.is_sound", lambda _signature: False)
    with pytest.raises(ActionDenied, match="does not verify"):
        actions.record_session(course=course, number=1, felt=Felt(), on=course.planned_on, actor=therapist)


# Pages ---------------------------------------------------------------------------------------------------------------------------
def test_the_pages_send_a_plan_and_take_it_back(therapist: Actor, signed_in: SignedIn) -> None:
    course, client = a_course_that_may_start(actor=therapist), signed_in(therapist)
    assert "Send for sign-off" in client.get(f"/courses/{course.pk}/").content.decode()
    assert client.post(f"/courses/{course.pk}/submitted/", {"version": course.version, "question": "Fine?"}).status_code == 303
    said = client.get(f"/courses/{course.pk}/").content.decode()
    assert "Awaiting sign-off" in said
    assert "Fine?" in said
    assert "the doctor&#x27;s signature" in client.get("/courses/").content.decode()
    assert client.post(f"/courses/{course.pk}/taken-back/", {"version": course.version}).status_code == 303
    course.refresh_from_db()
    assert course.state == CourseState.DRAFT


@pytest.mark.same_everywhere
def test_a_draft_that_is_not_signed_does_not_read_as_a_permission(therapist: Actor, signed_in: SignedIn) -> None:
    course, client = a_course_that_may_start(actor=therapist), signed_in(therapist)
    for path in (f"/courses/{course.pk}/", "/courses/", f"/patients/{course.patient_id}/"):
        assert "May go ahead" not in client.get(path).content.decode(), path
