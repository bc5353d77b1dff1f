"""What pages read about body charts."""

from datetime import date
from typing import Final

from django.db.models import Q, QuerySet

from clinic.courses.models import BodyChart, Course, Session
from clinic.courses.states import SessionState
from clinic.web.prepared import Prepared


def charts_of_patient(course: Course) -> tuple[BodyChart, ...]:
    """Every chart of the patient at this clinic, of earlier courses too, the oldest first. One query."""
    found = BodyChart.objects.filter(course__patient=course.patient_id, course__clinic=course.clinic_id)
    charts = found.select_related("course", "session", "by").defer("course__plan", "course__screening", "course__request", "session__plan")
    return tuple(charts.order_by("drawn_on", "pk"))


def newest_chart(course: Course) -> BodyChart | None:
    """The last chart of the patient at this clinic; None where none was drawn. One query."""
    return _NEWEST.first(patient=course.patient_id, clinic=course.clinic_id)


def _newest(_kind: str, *, patient: int, clinic: int) -> QuerySet[BodyChart]:
    found = BodyChart.objects.filter(course__patient=patient, course__clinic=clinic)
    return found.order_by("-drawn_on", "-pk")[:1]


_NEWEST: Final = Prepared(_newest)


def session_of_the_day(course: Course, on: date) -> Session | None:
    """The session of this course that is given on that day, or was; None on a day without one. One query."""
    given = Q(state=SessionState.IN_PROGRESS) | Q(record__given_on=on)
    return Session.objects.filter(given, course=course).defer("plan").order_by("-number").first()
