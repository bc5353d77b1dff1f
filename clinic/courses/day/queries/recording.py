"""What the pages of records read. Every query starts at a clinic."""

from datetime import datetime
from typing import Final

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from clinic.courses.given import Played, played
from clinic.courses.models import Addendum, Course, Session, SessionRecord, SessionStart
from clinic.courses.permissions import PLAN
from clinic.courses.starts import events_of, seconds_of
from clinic.courses.states import RecordSource, SessionState
from clinic.staff.models import Clinic, User

MOST_OUTAGES: Final = 200


def start_to_close_or_404(clinic: Clinic, pk: int) -> SessionStart:
    """This clinic's start with its session, course and patient."""
    wanted = ("session__course__patient", "session__course__clinic", "session__course__therapist", "started_by")
    return get_object_or_404(SessionStart.objects.select_related(*wanted), session__course__clinic=clinic, pk=pk)


def record_of_start(start: SessionStart) -> SessionRecord | None:
    """The record that was signed of this start; None while it is open."""
    return SessionRecord.objects.filter(session=start.session_id).select_related("recorded_by").first()


def milliseconds_since(start: SessionStart, now: datetime) -> int:
    """How long ago it was started; 0 for a clock that went back."""
    return max(0, int((now - start.started_at).total_seconds() * 1000))


def played_until(start: SessionStart, at_ms: int) -> Played:
    """How far the session was that many milliseconds after its start, by what its player told so far."""
    return played(seconds_of(start), events_of(start), at_ms)


def record_or_404(clinic: Clinic, pk: int) -> SessionRecord:
    """This clinic's record with its session, course and patient, and who gave and signed it."""
    wanted = ("session__course__patient", "session__course__clinic", "given_by", "recorded_by")
    return get_object_or_404(SessionRecord.objects.select_related(*wanted), session__course__clinic=clinic, pk=pk)


def addenda_of(record: SessionRecord) -> tuple[Addendum, ...]:
    """What was added to the record, in order."""
    return tuple(record.addenda.select_related("by").order_by("pk"))


def next_session_of(course: Course) -> Session | None:
    """The first session of the course that was not given yet, with its place in the calendar."""
    coming = course.sessions.filter(record=None).exclude(state=SessionState.IN_PROGRESS).defer("plan").select_related("booking")
    return coming.order_by("number").first()


def outages_of(clinic: Clinic) -> QuerySet[SessionRecord]:
    """Records of sessions that were entered after an outage, the newest first."""
    found = SessionRecord.objects.filter(session__course__clinic=clinic, source=RecordSource.OUTAGE)
    shown = found.select_related("session__course__patient", "given_by", "recorded_by").defer("session__plan")
    return shown.order_by("-recorded_at", "-pk")[:MOST_OUTAGES]


def givers_of(clinic: Clinic) -> QuerySet[User]:
    """Everybody who may give sessions at this clinic, by name."""
    return User.objects.filter(staff_roles__clinic=clinic, staff_roles__role__in=PLAN).distinct().order_by("full_name", "pk")
