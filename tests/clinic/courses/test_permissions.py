"""Who may do what to a course, and in which state: one table per deed, with the sentence that everybody else reads."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from clinic.courses import actions
from clinic.courses.actions import Felt, Lost, Why
from clinic.courses.models import Course, CourseMove, CourseReview
from clinic.courses.permissions import can_plan, can_sign_off, check_can_plan, check_can_sign_off
from clinic.courses.states import TRANSITIONS, CourseReason, CourseState, SessionState
from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, Actor
from tests.factories import a_course, a_doctor, a_member, a_running_course, an_actor

# Who may do what is asked of Python; the same deeds are done there by test_giving and test_moving.
pytestmark = pytest.mark.same_everywhere

SENTENCE = "Only a therapist, a doctor or the clinical lead may plan courses."
OF_THE_CALENDAR = "Only the people who treat and the administrators may use the calendar."
OF_DOCTORS = "Only a doctor may sign plans off and decide about courses."
TABLE = [
    (Role.THERAPIST, True, False),
    (Role.ADMIN, False, False),
    (Role.DOCTOR, True, True),
    (Role.CLINICAL_LEAD, True, False),
    (Role.AUDITOR, False, False),
]
S = CourseState
ILL = Why(CourseReason.ILLNESS)


def denied(action: Callable[[], object]) -> str:
    """The sentence of a refusal, or "" where there is none."""
    try:
        with transaction.atomic():
            action()
    except ActionDenied as refusal:
        return refusal.sentence
    return ""


def test_the_table_names_every_role() -> None:
    assert [role for role, _may, _signs in TABLE] == list(Role)


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "may", "signs"), TABLE)
def test_a_role_may_plan_and_sign_exactly_as_the_table_says(role: Role, may: bool, signs: bool) -> None:  # rows of the table
    actor = an_actor(roles=(role,))
    assert (can_plan(actor), can_sign_off(actor)) == (may, signs)
    assert denied(lambda: check_can_plan(actor)) == ("" if may else SENTENCE)
    assert denied(lambda: check_can_sign_off(actor)) == ("" if signs else OF_DOCTORS)


@pytest.mark.django_db
def test_nobody_may_neither_plan_nor_sign() -> None:
    assert not can_plan(None)
    assert not can_sign_off(None)
    assert denied(lambda: check_can_plan(None)) == SENTENCE
    assert denied(lambda: check_can_sign_off(None)) == OF_DOCTORS


# What each deed does, in which states it may be done by whoever may do it at all, and what everybody is told in the others.
Deed = Callable[[Course, Actor], object]
DEEDS: Mapping[str, tuple[Deed, bool, Mapping[str, str], str]] = {
    "discard": (
        lambda course, actor: actions.move_course(course=course, state=S.DISCARDED, actor=actor),
        False, {S.DRAFT: S.DISCARDED}, "This course cannot be moved to that state.",
    ),
    "bring back": (
        lambda course, actor: actions.move_course(course=course, state=S.DRAFT, actor=actor),
        False, {S.DISCARDED: S.DRAFT}, "This course cannot be moved to that state.",
    ),
    "take back": (
        lambda course, actor: actions.withdraw_submission(course=course, **told(course, actor)),
        False, {S.AWAITING: S.SUSPENDED}, "This plan does not wait for a signature any more. Open its page again.",
    ),
    "pause": (
        lambda course, actor: actions.pause_course(course=course, why=ILL, **told(course, actor)),
        False, {S.RUNNING: S.PAUSED}, "Only a running course can be paused.",
    ),
    "resume": (
        lambda course, actor: actions.resume_course(course=course, **told(course, actor)),
        False, {S.PAUSED: S.RUNNING, S.SUSPENDED: S.RUNNING}, "Only a paused or suspended course can go on again.",
    ),
    "end": (
        lambda course, actor: actions.end_course(course=course, why=ILL, **told(course, actor)),
        False, {S.RUNNING: S.ENDED, S.PAUSED: S.ENDED, S.SUSPENDED: S.ENDED, S.AWAITING: S.ENDED},
        "Only a course that was begun and is not over can be ended early.",
    ),
    "miss": (
        lambda course, actor: actions.lose_session(course=course, number=2, lost=Lost(SessionState.MISSED), **told(course, actor)),
        False, {S.RUNNING: S.RUNNING}, "Only sessions of a running course can be missed or cancelled.",
    ),
    "return": (
        lambda course, actor: actions.return_course(course=course, question="Why this stage?", **told(course, actor)),
        True, {S.AWAITING: S.SUSPENDED}, "This plan does not wait for a signature any more. Open its page again.",
    ),
    "sign": (
        lambda course, actor: actions.sign_course_for_demo(course=course, on=course.planned_on, actor=actor),
        True, {S.AWAITING: S.RUNNING}, "This plan does not wait for a signature any more. Open its page again.",
    ),
}  # fmt: skip


AT_THE_DESK = {"miss"}  # who sits at the reception knows who came


def told(course: Course, actor: Actor) -> dict[str, Any]:
    return {"on": course.planned_on, "version": course.version, "actor": actor}


def put_into(course: Course, state: str) -> Course:
    """The running course of the test as it stands in another state; its signature stays."""
    day: date = course.planned_on
    begun = state not in (S.DRAFT, S.SIGNED, S.DISCARDED)
    over = state in (S.FINISHED, S.ENDED)
    Course.objects.filter(pk=course.pk).update(state=state, started_on=day if begun else None, finished_on=day if over else None)
    return Course.objects.get(pk=course.pk)


@pytest.mark.parametrize("name", DEEDS)
def test_a_deed_is_done_by_its_roles_in_its_states_only(name: str, therapist: Actor) -> None:
    deed, is_of_doctors, ways, sentence = DEEDS[name]
    running = a_running_course(actor=therapist, count=3, given=1)
    people = {role: an_actor(clinic=therapist.clinic, roles=(role,)) for role in Role}
    refusal = OF_DOCTORS if is_of_doctors else OF_THE_CALENDAR if name in AT_THE_DESK else SENTENCE
    for state in CourseState:
        for role, may, signs in TABLE:
            with transaction.atomic():
                course, moves = put_into(running, state), CourseMove.objects.count()
                said = denied(partial(deed, course, people[role]))
                course.refresh_from_db()
                allowed = signs if is_of_doctors else may or (name in AT_THE_DESK and role == Role.ADMIN)
                expected = refusal if not allowed else "" if state in ways else sentence
                assert said == expected, (state, role)
                assert course.state == (ways[state] if not expected else state)
                if expected:
                    assert CourseMove.objects.count() == moves
                elif name != "miss":
                    assert CourseMove.objects.latest("pk").after == ways[state]
                transaction.set_rollback(True)


def test_every_way_that_a_deed_goes_is_in_the_table_of_states() -> None:
    for deed, _of_doctors, ways, _sentence in DEEDS.values():
        assert all(after in TRANSITIONS[before] for before, after in ways.items() if before != after), deed


def test_the_state_of_a_course_changes_only_along_the_table(therapist: Actor) -> None:
    running = a_running_course(actor=therapist, count=2)
    not_begun = (S.DRAFT, S.SIGNED, S.DISCARDED)
    for before, after in ((before, after) for before in CourseState for after in CourseState):
        with transaction.atomic():
            put_into(running, before)
            if after in not_begun and before in (S.AWAITING, S.SUSPENDED):
                Course.objects.filter(pk=running.pk).update(started_on=None)
            course = actions.locked_course(Course.objects.get(pk=running.pk))
            said = denied(partial(actions.change_state, course, after, on=running.planned_on, actor=therapist))
            course.refresh_from_db()
            allowed = after in TRANSITIONS[before]
            assert (said, course.state) == (("", after) if allowed else ("This course cannot be moved to that state.", before))
            transaction.set_rollback(True)


def test_a_role_without_the_right_moves_and_plans_nothing(therapist: Actor, clinic_admin: Actor) -> None:
    course = a_course(actor=therapist, count=1)
    for deed in (
        lambda: actions.move_course(course=course, state=CourseState.DISCARDED, actor=clinic_admin),
        lambda: a_course(actor=clinic_admin),
        lambda: actions.submit_course(course=course, **told(course, clinic_admin)),
        lambda: actions.ask_doctor(course=course, question="May I?", actor=clinic_admin),
        lambda: actions.record_session(course=course, number=1, felt=Felt(), on=course.planned_on, actor=clinic_admin),
        lambda: actions.transfer_course(course=course, therapist=therapist.user, version=course.version, actor=clinic_admin),
    ):
        assert denied(deed) == SENTENCE


def test_only_a_therapist_of_this_clinic_who_may_sign_in_takes_a_course_on(therapist: Actor, stranger: Actor) -> None:
    course = a_course(actor=therapist, count=1)
    colleague, doctor = a_member(clinic=therapist.clinic), a_doctor(clinic=therapist.clinic).user
    closed = a_member(clinic=therapist.clinic)
    closed.is_active = False
    closed.save()

    def hand_over(somebody: Any) -> str:
        return denied(lambda: actions.transfer_course(course=course, therapist=somebody, version=course.version, actor=therapist))

    assert {hand_over(each) for each in (stranger.user, doctor, closed)} == {"Choose somebody who works as a therapist at this clinic."}
    assert hand_over(therapist.user) == f"{therapist.user.full_name} gives this course already."
    assert hand_over(colleague) == ""
    course.refresh_from_db()
    assert course.therapist == colleague


def test_a_decision_about_a_course_is_a_doctor_s(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, count=3)
    review = actions.ask_doctor(course=course, question="Is percussion fine?", actor=therapist)
    said = denied(lambda: actions.decide_review(review=review, decision="go-on", on=course.planned_on, actor=therapist))
    assert said == OF_DOCTORS
    assert CourseReview.objects.get().decision == ""
