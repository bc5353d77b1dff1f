"""Who is in a patient's care: each source, from its first day to its last."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from clinic.courses.models import Course, CourseMove, CourseReview, SessionRecord, SessionStart
from clinic.staff.models import RecordAccess, Role, StaffRole
from clinic.staff.permissions import Actor
from patients.care import relation
from patients.care.relation import (
    OutsideCare,
    by_role,
    check_may_open_record,
    in_care,
    may_open_record,
    open_to,
    patients_open_to,
    relations,
)
from patients.models import CareMember, Intake, IntakeChannel, Patient, Referral, ReferralMove
from tests.factories import a_course, an_actor
from tests.papers import a_written_referral
from tests.patients.care.scene import a_care_clinic, an_opening, nobodys_patient
from tests.schedule_factories import a_booking

pytestmark = [pytest.mark.django_db]
SECOND = timedelta(seconds=1)


@pytest.fixture
def outsider() -> Actor:
    """A therapist at a clinic that keeps to the care team."""
    return an_actor(clinic=a_care_clinic())


@pytest.fixture
def patient(outsider: Actor) -> Patient:
    return nobodys_patient(outsider.clinic)


def a_doctor_there(actor: Actor) -> Actor:
    return an_actor(clinic=actor.clinic, roles=(Role.DOCTOR,))


def ends_at(last: datetime, actor: Actor, patient: Patient) -> list[bool]:
    """Whether the actor is in care a second before that moment, at it, and a second after."""
    asked = []
    for moment in (last - SECOND, last, last + SECOND):
        with time_machine.travel(moment, tick=False):
            asked.append(in_care(actor, patient))
    return asked


def test_nobody_is_in_the_care_of_somebody_whom_nobody_treats(outsider: Actor, patient: Patient) -> None:
    assert not in_care(outsider, patient)
    assert not may_open_record(a_doctor_there(outsider), patient)
    with pytest.raises(OutsideCare, match="not in the care"):
        check_may_open_record(outsider, patient)


def test_roles_and_the_rule_of_the_clinic_come_first(outsider: Actor, patient: Patient) -> None:
    clinic = outsider.clinic
    by = {role: by_role(an_actor(clinic=clinic, roles=(role,))) for role in Role.values}
    assert by == {"therapist": None, "doctor": None, "clinical-lead": True, "admin": False, "auditor": False}
    clinic.record_access = RecordAccess.EVERY_TREATER
    assert may_open_record(outsider, patient)
    assert not may_open_record(an_actor(clinic=clinic, roles=(Role.ADMIN,)), patient)


def test_another_clinics_patient_is_in_nobodys_care(outsider: Actor) -> None:
    foreign = nobodys_patient(a_care_clinic())
    CareMember.objects.create(patient=foreign, user=outsider.user, added_by=outsider.user)
    assert not in_care(outsider, foreign)
    assert not may_open_record(outsider, foreign)


def test_a_therapist_gives_a_course_until_ninety_days_after_its_end(outsider: Actor, patient: Patient) -> None:
    course = a_course(patient=patient, count=2)
    CareMember.objects.all().delete()
    Course.objects.update(therapist=outsider.user)
    assert in_care(outsider, patient)
    day = outsider.clinic.today() - timedelta(days=90)
    over = {"state": "ended", "started_on": day, "finished_on": day}
    Course.objects.filter(pk=course.pk).update(**over)
    assert in_care(outsider, patient)
    Course.objects.filter(pk=course.pk).update(started_on=day - timedelta(days=2), finished_on=day - timedelta(days=2))
    assert not in_care(outsider, patient)


def test_a_course_that_nobody_gives_is_of_whoever_planned_it_and_a_discarded_one_can_be_brought_back(
    outsider: Actor, patient: Patient
) -> None:
    course = a_course(patient=patient, count=2, actor=outsider)
    Course.objects.update(therapist=None)
    assert in_care(outsider, patient)
    Course.objects.update(state="discarded")
    assert not in_care(outsider, patient)
    CourseMove.objects.create(course=course, before="draft", after="discarded", by=outsider.user)
    assert in_care(outsider, patient)


def test_a_date_brings_its_therapist_into_care_until_a_month_after_it(outsider: Actor, patient: Patient) -> None:
    booking = a_booking(patient=patient, therapist=outsider.user, day=outsider.clinic.today() + timedelta(days=3))
    assert in_care(outsider, patient)
    assert ends_at(booking.ends_at + timedelta(days=30), outsider, patient) == [True, False, False]


def test_a_date_that_is_only_held_brings_nobody_into_care(outsider: Actor, patient: Patient) -> None:
    until = timezone.now() + timedelta(minutes=15)
    a_booking(patient=patient, therapist=outsider.user, day=outsider.clinic.today(), state="held", held_until=until)
    assert not in_care(outsider, patient)


def test_whoever_registered_somebody_or_took_the_intake_is_in_care_for_thirty_days(outsider: Actor, patient: Patient) -> None:
    other = a_course(patient=patient, count=2)  # so that the patient is nobody's no more
    now = timezone.now()
    Patient.objects.filter(pk=patient.pk).update(registered_at=now, registered_by=outsider.user)
    assert ends_at(now + timedelta(days=30), outsider, patient) == [True, False, False]
    Patient.objects.filter(pk=patient.pk).update(registered_by=other.planned_by)
    intake = Intake.objects.create(patient=patient, edition="2026-11", started_by=outsider.user)
    assert ends_at(intake.started_at + timedelta(days=30), outsider, patient) == [True, False, False]
    Intake.objects.update(channel=IntakeChannel.LINK)
    assert not in_care(outsider, patient), "whoever makes a link has taken no intake"


def test_somebody_new_whom_nobody_has_taken_on_is_open_to_all_who_treat(outsider: Actor, patient: Patient) -> None:
    Patient.objects.update(registered_at=timezone.now())
    assert in_care(outsider, patient)
    assert in_care(a_doctor_there(outsider), patient)
    a_course(patient=patient, count=2)
    assert not in_care(outsider, patient)


def test_a_form_that_waits_of_somebody_whom_nobody_treats_is_read_by_whoever_has_time(outsider: Actor, patient: Patient) -> None:
    about = {"channel": IntakeChannel.LINK, "state": "submitted", "submitted_at": timezone.now(), "gate": {"a": "no"}}
    Intake.objects.create(patient=patient, edition="2026-11", started_by=outsider.user, **about)
    assert in_care(outsider, patient)
    a_course(patient=patient, count=2)
    assert not in_care(outsider, patient)


def a_referral_that_waits(patient: Patient) -> Any:
    return a_written_referral(patient=patient, state="submitted")


def a_plan_that_waits(patient: Patient) -> Course:
    course = a_course(patient=patient, count=2)
    Course.objects.filter(pk=course.pk).update(state="awaiting")
    return course


def a_question_that_waits(patient: Patient) -> CourseReview:
    return CourseReview.objects.create(course=a_course(patient=patient, count=2), kind="question", question="Go on?", after_session=0)


def answered(thing: Any, doctor: Actor) -> None:
    """The doctor answers it; nothing waits any more."""
    if isinstance(thing, Referral):
        Referral.objects.update(state="returned")
        ReferralMove.objects.create(referral=thing, before="submitted", after="returned", by=doctor.user)
    elif isinstance(thing, Course):
        Course.objects.update(state="draft")
        CourseMove.objects.create(course=thing, before="awaiting", after="draft", by=doctor.user)
    else:
        CourseReview.objects.update(decision="go-on", decided_at=timezone.now(), decided_by=doctor.user)


@pytest.mark.parametrize("waiting", [a_referral_that_waits, a_plan_that_waits, a_question_that_waits])
def test_every_doctor_while_something_waits_and_who_answered_for_a_year(
    outsider: Actor, patient: Patient, waiting: Callable[[Patient], Any]
) -> None:
    doctor, colleague = a_doctor_there(outsider), a_doctor_there(outsider)
    thing = waiting(patient)
    assert in_care(doctor, patient)
    assert in_care(colleague, patient)
    assert not in_care(outsider, patient)
    answered(thing, doctor)
    assert not in_care(colleague, patient)
    assert in_care(doctor, patient)
    with time_machine.travel(timezone.now() + timedelta(days=364)):
        assert in_care(doctor, patient)
    with time_machine.travel(timezone.now() + timedelta(days=366)):
        assert not in_care(doctor, patient)


def test_whoever_began_a_session_may_finish_its_record(outsider: Actor, patient: Patient) -> None:
    session = a_course(patient=patient, count=2).sessions.get(number=1)
    about = {"started_on": outsider.clinic.today(), "started_by": outsider.user, "plan": {}, "plan_digest": "0" * 64}
    start = SessionStart.objects.create(session=session, key="a" * 32, started_at=timezone.now(), **about)
    assert in_care(outsider, patient)
    SessionStart.objects.update(closed_at=timezone.now(), is_taken_back=True)
    assert not in_care(outsider, patient)
    SessionRecord.objects.create(session=session, given_on=start.started_on, recorded_at=timezone.now(), recorded_by=outsider.user)
    assert in_care(outsider, patient)


def test_a_colleague_who_is_put_in_or_taken_off_is_so_at_once(outsider: Actor, patient: Patient) -> None:
    member = CareMember.objects.create(patient=patient, user=outsider.user, added_by=patient.registered_by)
    assert in_care(outsider, patient)
    CareMember.objects.filter(pk=member.pk).update(removed_at=timezone.now(), removed_by=patient.registered_by)
    assert not in_care(outsider, patient)


def test_an_opened_record_closes_by_itself_to_the_second(outsider: Actor, patient: Patient) -> None:
    glass = an_opening(patient, outsider)
    asked = []
    for moment in (glass.ends_at - SECOND, glass.ends_at, glass.ends_at + SECOND):
        with time_machine.travel(moment, tick=False):
            asked.append((may_open_record(outsider, patient), bool(patients_open_to(outsider, [patient.pk]))))
    assert asked == [(True, True), (False, False), (False, False)]
    assert not in_care(outsider, patient)
    glass.closed_at = timezone.now()
    glass.save()
    assert not may_open_record(outsider, patient)


def test_one_question_answers_for_one_patient_and_one_for_a_list(outsider: Actor, patient: Patient, django_assert_num_queries: Any) -> None:
    mine = nobodys_patient(outsider.clinic)
    CareMember.objects.create(patient=mine, user=outsider.user, added_by=mine.registered_by)
    doctor = a_doctor_there(outsider)
    with django_assert_num_queries(1):
        assert may_open_record(outsider, mine)
    with django_assert_num_queries(1):
        assert not may_open_record(doctor, mine)
    with django_assert_num_queries(1):
        assert patients_open_to(outsider, [mine.pk, patient.pk]) == {mine.pk}
    with django_assert_num_queries(1):
        assert list(Patient.objects.filter(open_to(outsider))) == [mine]


def test_every_source_says_the_same_of_one_patient_and_of_a_list(outsider: Actor, patient: Patient) -> None:
    """The two forms of the question are two statements: a source that only one of them heard would open a page and hide its row."""
    doctor = a_doctor_there(outsider)
    for waiting in (a_referral_that_waits, a_plan_that_waits, a_question_that_waits):
        waiting(patient)
        for actor in (outsider, doctor):
            assert (patient.pk in patients_open_to(actor, [patient.pk])) == may_open_record(actor, patient)
    assert {name for name, _source in relations()} >= {
        "member", "registered", "intake", "referral-waits", "referral-answered", "booking",
        "course", "session", "record", "course-waits", "review-waits", "course-answered", "review-answered", "new",
    }  # fmt: skip


def test_what_is_registered_later_counts_from_then_on(outsider: Actor, patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The questions are composed once in a process: a source that came after the first of them would else never be heard."""
    doctor = a_doctor_there(outsider)
    a_plan_that_waits(patient)
    every = dict(relations())
    for sources, is_open in (({"member": every["member"]}, False), (every, True), ({"member": every["member"]}, False)):
        monkeypatch.setattr(relation, "_sources", sources)
        assert may_open_record(doctor, patient) is is_open
        assert (patient.pk in patients_open_to(doctor, [patient.pk])) is is_open


def test_a_role_that_is_taken_away_ends_care(outsider: Actor, patient: Patient) -> None:
    CareMember.objects.create(patient=patient, user=outsider.user, added_by=patient.registered_by)
    StaffRole.objects.filter(user=outsider.user).update(role=Role.AUDITOR)
    auditor = Actor(outsider.user, outsider.clinic, frozenset({Role.AUDITOR.value}))
    assert not may_open_record(auditor, patient)
