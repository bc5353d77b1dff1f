"""The course that is going on, in the few lines that a doctor reads first: where it stands, the last session, what is in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet

from clinic.courses.gates import is_unsigned
from clinic.courses.models import Course, SessionRecord
from clinic.courses.permissions import can_plan
from clinic.courses.pinned import presenter_of
from clinic.courses.presentation.lines import FindingLine
from clinic.courses.queries import courses_of_patient, screening_now
from clinic.courses.states import CourseState
from clinic.staff.permissions import Actor
from clinic.web.at_hand import at_hand
from clinic.web.prepared import Prepared
from patients.models import Patient
from patients.outcome_chart import OutcomeChart, outcome_chart
from patients.referrals import Felt

# What is going on comes before what may begin; of two alike, the newer one first.
NOW = (CourseState.RUNNING, CourseState.SUSPENDED, CourseState.PAUSED, CourseState.SIGNED, CourseState.AWAITING, CourseState.DRAFT)
LARGE: Final = ("rows", "session__plan", "session__course__plan", "session__course__screening", "session__course__request")


@dataclass(frozen=True, slots=True)
class Glance:
    """``last`` is the patient's last session, of whichever course; ``findings`` are those in force by the last screening of ``course``."""

    course: Course | None
    condition: str
    stage: str
    given: int
    last: SessionRecord | None
    last_condition: str
    findings: tuple[FindingLine, ...]
    chart: OutcomeChart | None
    waits: bool
    is_of_today: bool


def glance_panel(patient: Patient, actor: Actor) -> dict[str, Any] | None:
    """The lines for the patient's page; None for whoever may not read plans, and where there is neither a course nor a session."""
    if not can_plan(actor):
        return None
    records = _records(patient)
    courses, _discarded = at_hand(patient, courses_of_patient)
    course = _going_on(each for each in courses if each.state in NOW)
    return {"glance": _glance(course, records, patient.clinic.today())} if course or records else None


def _records(patient: Patient) -> list[SessionRecord]:
    """The last sixty sessions that were given, oldest first."""
    return _GIVEN.objects(patient=patient.pk)[::-1]


def _given(_kind: str, *, patient: int) -> QuerySet[SessionRecord]:
    found = SessionRecord.objects.filter(session__course__patient=patient).select_related("session__course__clinic", "recorded_by")
    return found.defer(*LARGE).order_by("-given_on", "-pk")[:60]


_GIVEN: Final = Prepared(_given)


def _going_on(courses: Iterable[Course]) -> Course | None:
    return min(courses, key=lambda course: (NOW.index(CourseState(course.state)), -course.pk), default=None)


def _glance(course: Course | None, records: list[SessionRecord], on: date) -> Glance:
    presenter, last = (presenter_of(course) if course else None), (records[-1] if records else None)
    of_course = [record for record in records if course and record.session.course_id == course.pk]
    felt = [Felt(one.given_on, one.pain_before, one.pain_after, one.comfort) for one in of_course or records]
    return Glance(
        course=course,
        condition=presenter.condition(course) if presenter and course else "",
        stage=presenter.stage(course) if presenter and course else "",
        given=len(of_course),
        last=last,
        last_condition=presenter_of(last.session.course).condition(last.session.course) if last else "",
        findings=presenter.screening(screening_now(course), course.outcome).findings if presenter and course else (),
        chart=outcome_chart(felt),
        waits=bool(course and (course.waits_on(on) or is_unsigned(course))),
        is_of_today=bool(course and course.planned_on == on),
    )
