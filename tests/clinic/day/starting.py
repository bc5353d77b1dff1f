"""Sessions that are being given, for tests."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from clinic.courses.actions import start_session
from clinic.courses.day.event_rules import EventSent
from clinic.courses.models import Course, Session, SessionStart
from clinic.courses.states import CourseState, SessionState
from clinic.staff.permissions import Actor
from patients.models import Patient
from tests.factories import a_course, a_running_course

DEVICE = "d0d0d0d0d0d0d0d0"


def a_start(*, actor: Actor, patient: Patient | None = None, ago: float = 0) -> SessionStart:
    """The first session of a running course, begun so many seconds ago by the action that pages use."""
    course = a_running_course(actor=actor, patient=patient, count=2)
    about = {"number": 1, "key": f"{course.pk:032x}", "version": course.version, "on": course.planned_on}
    return start_session(course=course, now=timezone.now() - timedelta(seconds=ago), stands_in=True, actor=actor, **about)  # type: ignore[arg-type]


def a_bare_start(*, actor: Actor, ago: float = 0, **plan: Any) -> SessionStart:
    """A start of a planned session that no gate was asked about: quick to make, for whatever comes after the start."""
    course = a_course(actor=actor, count=2, **plan)
    session = course.sessions.get(number=1)
    Course.objects.filter(pk=course.pk).update(state=CourseState.RUNNING, started_on=course.planned_on)
    Session.objects.filter(pk=session.pk).update(state=SessionState.IN_PROGRESS)
    return SessionStart.objects.create(
        session=session, key=f"{session.pk:032x}", started_at=timezone.now() - timedelta(seconds=ago), started_on=course.planned_on,
        started_by=actor.user, plan=session.plan, plan_digest=session.digest,
    )  # fmt: skip


def sent(kind: str, at_ms: int = 0, *, key: str = "", device: str = DEVICE, seq: int = 0, **value: Any) -> EventSent:
    """An event as a browser sends it; its key follows from the rest where none is given."""
    made = key or f"{abs(hash((kind, at_ms, seq, device))):016x}"[:32]
    return EventSent(made, device, seq, at_ms, kind, value)


def as_message(events: Iterable[EventSent], device: str = DEVICE) -> Mapping[str, Any]:
    """What the script of the page posts."""
    told = [{"key": e.key, "device": e.device, "seq": e.seq, "at_ms": e.at_ms, "kind": e.kind, "value": dict(e.value)} for e in events]
    return {"device": device, "events": told}
