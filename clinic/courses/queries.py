"""What pages read about courses. Every query starts at a clinic."""

from datetime import date
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, QuerySet, When
from django.shortcuts import get_object_or_404

from clinic.courses.models import Course, Session, SessionRecord
from clinic.courses.states import CourseState
from clinic.staff.models import Clinic
from patients.models import Patient
from protocols.method.findings import Screening
from protocols.method.plans import CoursePlan, SessionPlan
from protocols.method.plans import SessionRecord as Felt
from protocols.method.storage import from_json, plan_from_json

COURSES_A_PAGE: Final = 25


def courses_of(clinic: Clinic) -> QuerySet[Course]:
    """The clinic's courses that were not discarded, newest first, without their large stored plans."""
    shown = Course.objects.filter(clinic=clinic).exclude(state=CourseState.DISCARDED)
    return shown.select_related("patient", "planned_by").defer("screening", "plan", "request")


def page_of_courses(clinic: Clinic, number: str) -> Page[Course]:
    """One page of the course list: running ones, then drafts, then finished ones; a page number out of range gives the nearest page.

    Each course has ``given``, the number of its sessions that were given.
    """
    turn = Case(When(state=CourseState.RUNNING, then=0), When(state=CourseState.DRAFT, then=1), default=2)
    listed: QuerySet[Course] = courses_of(clinic).annotate(given=Count("sessions__record")).order_by(turn, "-pk")
    return Paginator(listed, COURSES_A_PAGE).get_page(number)


def courses_of_patient(patient: Patient) -> tuple[Course, ...]:
    """A patient's courses, newest first, discarded ones left out."""
    return tuple(courses_of(patient.clinic).filter(patient=patient))


def course_or_404(clinic: Clinic, pk: int) -> Course:
    """This clinic's course with its patient. A course of another clinic does not exist here."""
    return get_object_or_404(Course.objects.select_related("patient__clinic", "planned_by", "clinic"), clinic=clinic, pk=pk)


def screening_of(course: Course) -> Screening:
    """The screening as it was made. Raises ``NotStored`` for a record that is not whole: never a screening without findings."""
    return from_json(Screening, course.screening)


def course_plan_of(course: Course) -> CoursePlan:
    """The doses as they were planned. Raises ``NotStored`` for a record that is not whole."""
    return from_json(CoursePlan, course.plan)


def sessions_of(course: Course) -> tuple[SessionPlan, ...]:
    """Every session as it was planned, in order. Raises ``NotStored`` for a record that is not whole."""
    return tuple(plan_from_json(session.plan) for session in Session.objects.filter(course=course).order_by("number"))


def session_or_404(course: Course, number: int) -> Session:
    """One planned session of a course by its number."""
    return get_object_or_404(Session, course=course, number=number)


def records_of(course: Course) -> QuerySet[SessionRecord]:
    """What was given so far, in the order of the sessions."""
    return SessionRecord.objects.filter(session__course=course).select_related("session", "recorded_by").order_by("session__number")


def given_on(session: Session) -> date | None:
    """The day on which a session was given; None while it is still to come."""
    return SessionRecord.objects.filter(session=session).values_list("given_on", flat=True).first()


def felt_so_far(course: Course) -> tuple[Felt, ...]:
    """The records as the method reads them, to adapt the sessions that are left."""
    return tuple(
        Felt(
            record.session.number,
            comfort=record.comfort,
            pain_before=record.pain_before,
            pain_after=record.pain_after,
            bad_reaction=record.bad_reaction,
        )
        for record in records_of(course)
    )


def felt_before(course: Course) -> tuple[Felt, ...]:
    """The records that the course was last planned after: sessions are given one a day, and planned before they are given."""
    earlier = records_of(course).filter(given_on__lt=course.planned_on).count()
    return felt_so_far(course)[:earlier]


def discarded_courses(patient: Patient) -> tuple[Course, ...]:
    """A patient's discarded drafts, which can be brought back."""
    return tuple(Course.objects.filter(patient=patient, state=CourseState.DISCARDED).defer("screening", "plan", "request")[:10])


def drafts_to_finish(clinic: Clinic, limit: int = 8) -> tuple[Course, ...]:
    """The newest drafts, for the home page."""
    return tuple(courses_of(clinic).filter(state=CourseState.DRAFT)[:limit])
