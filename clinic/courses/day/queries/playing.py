"""What the player asks: a start, how far it is, what its events were, and what came up meanwhile."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from clinic.courses.given import Played, played
from clinic.courses.models import Course, CourseReview, SessionRecord, SessionStart
from clinic.courses.starts import events_of, seconds_of
from clinic.courses.states import CourseState
from clinic.staff.models import Clinic

# What a course that no longer runs means for whoever is giving a session of it.
STOPPED_BY: Final[dict[str, str | Promise]] = {
    CourseState.SUSPENDED: gettext_lazy("This course has just been suspended. Stop, and look at the page of the course."),
    CourseState.PAUSED: gettext_lazy("This course has just been paused. Stop, and look at the page of the course."),
    CourseState.ENDED: gettext_lazy("This course has just been ended. Stop, and look at the page of the course."),
}
EMERGENCY: Final = gettext_lazy("An emergency was reported for this patient. Stop, and see to the patient.")


@dataclass(frozen=True, slots=True)
class CameUp:
    """Something that came up while the session is given: a code for the page, a sentence for people."""

    code: str
    sentence: str


def start_or_404(clinic: Clinic, pk: int) -> SessionStart:
    """This clinic's start with its session, course and patient; one of another clinic does not exist here."""
    return get_object_or_404(_starts(), session__course__clinic=clinic, pk=pk)


def open_start_of(course: Course) -> SessionStart | None:
    """The session of this course that is being given now; None where there is none."""
    return _starts().filter(session__course=course, closed_at=None).first()


def _starts() -> QuerySet[SessionStart]:
    related = ("session__course__patient__clinic", "session__course__clinic", "session__course__therapist", "started_by", "screening")
    return SessionStart.objects.select_related(*related).defer("session__plan", "session__course__plan", "session__course__request")


def record_of(start: SessionStart) -> int | None:
    """The number of the record that closed the start; None where none did."""
    found = SessionRecord.objects.filter(session=start.session_id)
    return None if start.is_taken_back else found.values_list("pk", flat=True).first()


def milliseconds_since(start: SessionStart, now: datetime) -> int:
    """How long ago the session was started; never less than nothing."""
    return max(int((now - start.started_at).total_seconds() * 1000), 0)


def played_now(start: SessionStart, now: datetime) -> Played:
    """How far the session is at that moment, by what is known of it."""
    return played(seconds_of(start), events_of(start), milliseconds_since(start, now))


def events_told(start: SessionStart) -> list[dict[str, Any]]:
    """Every event of the start as the player reads them."""
    return [
        {"key": each.key, "device": each.device, "seq": each.seq, "at_ms": each.at_ms, "kind": each.kind, "value": dict(each.value)}
        for each in events_of(start)
    ]


def warnings_of(start: SessionStart) -> tuple[CameUp, ...]:
    """What speaks against going on: the course no longer runs, or somebody reported an emergency. One query."""
    if start.closed_at is not None:
        return ()
    course = start.session.course
    reported = CourseReview.objects.filter(course=course, kind=CourseReview.Kind.EMERGENCY, asked_at__gte=start.started_at)
    found = [CameUp("emergency", str(EMERGENCY))] if reported.exists() else []
    if course.state in STOPPED_BY:
        found.append(CameUp("stopped", str(STOPPED_BY[course.state])))
    return tuple(found)
