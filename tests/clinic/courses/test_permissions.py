"""Who may plan and read plans: one table, with the sentence that everybody else reads; and which state leads to which."""

from collections.abc import Callable

import pytest

from clinic.courses.actions import move_course
from clinic.courses.models import BEGUN
from clinic.courses.permissions import can_plan, check_can_plan
from clinic.courses.states import TRANSITIONS, CourseState
from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, Actor
from tests.factories import a_course, an_actor

SENTENCE = "Only a therapist, a doctor or the clinical lead may plan courses."
TABLE = [
    (Role.THERAPIST, True),
    (Role.ADMIN, False),
    (Role.DOCTOR, True),
    (Role.CLINICAL_LEAD, True),
    (Role.AUDITOR, False),
]
MOVES = [(before, after) for before in CourseState for after in CourseState]


def denied(action: Callable[[], object]) -> str:
    """The sentence of a refusal, or "" where there is none."""
    try:
        action()
    except ActionDenied as refusal:
        return refusal.sentence
    return ""


def test_the_table_names_every_role() -> None:
    assert [role for role, _may in TABLE] == list(Role)


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "may"), TABLE)
def test_a_role_may_plan_exactly_as_the_table_says(role: Role, may: bool) -> None:
    actor = an_actor(roles=(role,))
    assert can_plan(actor) is may
    assert denied(lambda: check_can_plan(actor)) == ("" if may else SENTENCE)


def test_nobody_may_not_plan() -> None:
    assert not can_plan(None)
    assert denied(lambda: check_can_plan(None)) == SENTENCE


@pytest.mark.parametrize(("before", "after"), MOVES)
def test_a_course_moves_only_along_the_table_of_states(therapist: Actor, before: CourseState, after: CourseState) -> None:
    course = a_course(actor=therapist, count=1)
    course.state = before
    course.started_on = course.planned_on if before in BEGUN else None
    course.finished_on = course.planned_on if before == CourseState.FINISHED else None
    course.save()
    sentence = denied(lambda: move_course(course=course, state=after, actor=therapist))
    # To start and to finish are actions of their own.
    allowed = after in TRANSITIONS[before] and after not in BEGUN
    assert sentence == ("" if allowed else "This course cannot be moved to that state.")
    course.refresh_from_db()
    assert course.state == (after if allowed else before)


def test_a_role_without_the_right_moves_and_plans_nothing(therapist: Actor, clinic_admin: Actor) -> None:
    course = a_course(actor=therapist, count=1)
    assert denied(lambda: move_course(course=course, state=CourseState.DISCARDED, actor=clinic_admin)) == SENTENCE
    assert denied(lambda: a_course(actor=clinic_admin)) == SENTENCE
