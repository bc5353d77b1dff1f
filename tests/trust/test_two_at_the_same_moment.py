"""Two people who act on one record at the same moment: one is obeyed, the others are told, nothing is lost or doubled (F6)."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection

from clinic.audit.actions import verify_chain
from clinic.audit.models import AuditLine
from clinic.courses import actions as courses
from clinic.courses.demo_days import quiet_day
from clinic.courses.models import Session, SessionRecord
from clinic.courses.states import CourseState
from clinic.staff.actions import add_staff, disable_staff, set_roles
from clinic.staff.models import Clinic, Role, StaffRole, User
from clinic.staff.permissions import ActionDenied, Actor
from patients.actions import complete_intake, discard_intake, keep_intake_draft, withdraw_document
from patients.models import FactAnswer, Intake
from patients.queries import person
from patients.questionnaire import gate_questions, intake_facts
from patients.states import IntakeState
from protocols.shelf import shipped_library
from tests.factories import a_course, a_day_at, a_patient, a_referral, a_running_course, a_signed_course, an_actor

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds: Callable[[], Any]) -> list[str]:
    """Runs all at one moment; for each ``done`` or the name of what it raised."""
    start, ends = threading.Barrier(len(deeds)), [""] * len(deeds)

    def run(place: int) -> None:
        start.wait()
        try:
            deeds[place]()
            ends[place] = "done"
        except Exception as wrong:
            ends[place] = "denied" if isinstance(wrong, ActionDenied) else repr(wrong)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(ends)


def admins_of(clinic: Clinic) -> Sequence[StaffRole]:
    return tuple(clinic.staff_roles.filter(role=Role.ADMIN, user__is_active=True))


def test_two_administrators_who_take_each_other_s_role_leave_one(clinic: Clinic) -> None:
    one, two = (an_actor(clinic=clinic, roles=(Role.ADMIN,)) for _admin in range(2))
    ends = at_once(
        lambda: set_roles(clinic=clinic, user=two.user, roles=["therapist"], actor=one),
        lambda: set_roles(clinic=clinic, user=one.user, roles=["therapist"], actor=two),
    )
    assert ends == ["denied", "done"]
    assert len(admins_of(clinic)) == 1


def test_two_administrators_who_disable_each_other_leave_one(clinic: Clinic) -> None:
    one, two = (an_actor(clinic=clinic, roles=(Role.ADMIN,)) for _admin in range(2))
    assert at_once(lambda: disable_staff(user=two.user, actor=one), lambda: disable_staff(user=one.user, actor=two)) == ["denied", "done"]
    assert len(admins_of(clinic)) == 1


def test_a_person_is_added_once(clinic: Clinic) -> None:
    admin = an_actor(clinic=clinic, roles=(Role.ADMIN,))

    def add() -> None:
        add_staff(clinic=clinic, email="New@clinic.test", full_name="New", roles=["doctor"], actor=admin)

    assert at_once(add, add, add, add) == ["denied"] * 3 + ["done"]
    assert User.objects.filter(email="new@clinic.test").count() == 1


def test_of_many_who_plan_a_draft_again_one_is_obeyed(therapist: Actor) -> None:
    course = a_course(patient=a_patient(clinic=therapist.clinic), actor=therapist)
    wanted = courses.request_of(course)

    def replan() -> None:
        courses.replan_course(course=course, wanted=wanted, on=a_day_at(therapist.clinic), version=1, actor=therapist)

    assert at_once(*[replan] * 6) == ["denied"] * 5 + ["done"]
    course.refresh_from_db()
    assert (course.version, Session.objects.filter(course=course).count()) == (2, course.session_count)


def test_a_draft_that_is_discarded_while_it_is_planned_is_one_or_the_other(therapist: Actor) -> None:
    course = a_course(patient=a_patient(clinic=therapist.clinic), actor=therapist)
    wanted = courses.request_of(course)
    ends = at_once(
        lambda: courses.replan_course(course=course, wanted=wanted, on=a_day_at(therapist.clinic), version=1, actor=therapist),
        lambda: courses.move_course(course=course, state=CourseState.DISCARDED, actor=therapist),
        lambda: courses.move_course(course=course, state=CourseState.DISCARDED, actor=therapist),
    )
    assert ends in (["denied", "denied", "done"], ["denied", "done", "done"])
    course.refresh_from_db()
    assert course.state == CourseState.DISCARDED
    assert Session.objects.filter(course=course).count() == course.session_count


def test_a_session_is_recorded_once_and_the_next_one_waits_for_its_day(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, count=3)

    def give(number: int) -> Callable[[], Any]:
        felt = courses.Felt(comfort=number)
        return lambda: courses.record_session(course=course, number=number, felt=felt, on=course.planned_on, actor=therapist)

    assert at_once(*[give(1)] * 4, give(2), give(2)) == ["denied"] * 5 + ["done"]
    assert [record.session.number for record in SessionRecord.objects.all()] == [1]
    assert AuditLine.objects.filter(verb="gave-session").count() == 1
    assert verify_chain() is None


def test_the_last_session_finishes_the_course_once(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, count=1)

    def give() -> None:
        courses.record_session(course=course, number=1, felt=courses.Felt(), on=course.planned_on, actor=therapist)

    assert at_once(give, give, give, give) == ["denied"] * 3 + ["done"]
    assert AuditLine.objects.filter(verb="finished-course").count() == 1


def test_a_course_is_started_once_and_never_from_a_plan_that_was_changed(therapist: Actor) -> None:
    course = a_signed_course(actor=therapist)
    day, version, wanted = course.planned_on, course.version, courses.request_of(course)

    def start() -> None:
        courses.start_course(course=course, on=day, version=version, actor=therapist)

    ends = at_once(
        *[start] * 4,
        lambda: courses.replan_course(course=course, wanted=wanted, on=day, version=version, actor=therapist),
        lambda: courses.move_course(course=course, state=CourseState.DISCARDED, actor=therapist),
    )
    course.refresh_from_db()
    assert AuditLine.objects.filter(verb="started-course").count() == (course.state == CourseState.RUNNING)
    assert (course.started_on == day) == (course.state == CourseState.RUNNING)
    assert set(ends) == {"denied", "done"}
    assert ends.count("done") <= 2  # planned again, then discarded; else one alone


def test_a_session_that_is_recorded_while_the_course_is_planned_again_stays_as_it_was_given(therapist: Actor) -> None:
    course = a_running_course(actor=therapist)
    day, plans = course.planned_on, dict(course.sessions.values_list("number", "plan"))
    replies = quiet_day(course, shipped_library(), on=day)
    ends = at_once(
        lambda: courses.record_session(course=course, number=1, felt=courses.Felt(), on=day, actor=therapist),
        lambda: courses.answer_day_questions(course=course, replies=replies, on=day, version=course.version, actor=therapist),
    )
    assert ends == ["done", "done"]
    assert SessionRecord.objects.get().session.plan == plans[1]
    assert sorted(course.sessions.values_list("number", flat=True)) == list(range(1, 11))


def a_draft(therapist: Actor) -> Intake:
    patient, library = a_patient(clinic=therapist.clinic), shipped_library()
    gate = {question.code: "no" for question in gate_questions(library, person(patient, a_day_at(patient.clinic)))}
    return keep_intake_draft(patient=patient, gate=gate, replies={}, edition=library.edition, given_by="patient", actor=therapist)


def test_an_intake_is_completed_once_and_what_is_closed_stays_closed(therapist: Actor) -> None:
    draft, library = a_draft(therapist), shipped_library()

    def complete() -> None:
        complete_intake(intake=draft, library=library, asked=[], given_by="patient", on=a_day_at(therapist.clinic), actor=therapist)

    ends = at_once(complete, complete, complete, lambda: discard_intake(intake=draft, actor=therapist))
    assert ends == ["denied"] * 3 + ["done"]
    draft.refresh_from_db()
    answers = len(tuple(intake_facts(library.intake))) if draft.state == IntakeState.COMPLETED else 0
    assert FactAnswer.objects.count() == answers


def test_an_answer_that_comes_while_a_form_is_closed_opens_it_never_again(therapist: Actor) -> None:
    draft, library = a_draft(therapist), shipped_library()

    def keep() -> None:
        keep_intake_draft(patient=draft.patient, gate=draft.gate, replies={}, edition=library.edition, given_by="patient", actor=therapist)

    def complete() -> None:
        complete_intake(intake=draft, library=library, asked=[], given_by="patient", on=a_day_at(therapist.clinic), actor=therapist)

    assert at_once(keep, keep, complete, keep) == ["done"] * 4
    draft.refresh_from_db()
    assert draft.state == IntakeState.COMPLETED
    assert Intake.objects.filter(patient=draft.patient, state=IntakeState.DRAFT).count() <= 1


def test_two_first_answers_make_one_form(therapist: Actor) -> None:
    patient, library = a_patient(clinic=therapist.clinic), shipped_library()

    def begin() -> None:
        keep_intake_draft(patient=patient, gate={}, replies={}, edition=library.edition, given_by="patient", actor=therapist)

    assert at_once(begin, begin, begin, begin) == ["done"] * 4
    assert Intake.objects.filter(patient=patient).count() == 1


def test_the_chain_holds_after_many_at_once(therapist: Actor) -> None:
    patients = [a_patient(clinic=therapist.clinic) for _patient in range(8)]
    assert at_once(*[lambda patient=patient: a_course(patient=patient, actor=therapist) for patient in patients]) == ["done"] * 8
    assert verify_chain() is None
    assert AuditLine.objects.filter(verb="planned").count() == 8


def test_two_who_withdraw_one_document_withdraw_it_once(clinic: Clinic) -> None:
    document, one, two = a_referral(patient=a_patient(clinic=clinic)), an_actor(clinic=clinic), an_actor(clinic=clinic)
    ends = at_once(
        lambda: withdraw_document(document=document, reason="A slip", actor=one),
        lambda: withdraw_document(document=document, reason="Another patient's", actor=two),
    )
    assert ends == ["denied", "done"]
    assert AuditLine.objects.filter(verb="withdrew-document").count() == 1
    assert verify_chain() is None
