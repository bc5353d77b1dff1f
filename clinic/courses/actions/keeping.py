"""How a plan is written down: the course, its sessions one by one, and the screening it was made from."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Final

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.courses.models import Course, ScreeningRecord, Session
from clinic.courses.planning import CourseRequest
from clinic.courses.states import SessionState
from clinic.staff.models import User
from clinic.staff.permissions import ActionDenied, Actor
from clinic.web.prepared import Prepared
from protocols.method.edits import edits_to_json
from protocols.method.findings import Screening
from protocols.method.library import Library
from protocols.method.planning import PlannedCourse
from protocols.method.plans import Dose, SessionPlan
from protocols.method.storage import digest_of_json, plan_from_json, plan_to_json

_BEGUN = Q(record__isnull=False) | Q(state=SessionState.IN_PROGRESS)


def keep_plan(course: Course, wanted: CourseRequest, made: PlannedCourse, *, on: date, by: User) -> None:
    """Writes a plan into its course. What was given stays as it was, and so does a session that is being given; sessions to come are
    changed where they stand, by their number.

    Raises ``ActionDenied`` when the course would lose a session that something happened to.
    """
    begun: list[Session] = _SESSIONS.objects("begun", course=course.pk) if course.pk else []
    left = made.sessions[len(begun) :]
    course.condition, course.stage, course.session_count = wanted.condition, wanted.stage, wanted.count
    course.request = {"inputs": dict(wanted.inputs), "supplements": list(wanted.supplements)}
    if wanted.edits:
        course.request["by_hand"] = edits_to_json(wanted.edits)
    doses = replace(made.course, doses=(*(_dose_given(session) for session in begun), *made.course.doses[len(begun) :]))
    course.screening, course.plan = plan_to_json(made.screening), plan_to_json(doses)
    course.outcome, course.may_start = worst_outcome(made), _may_start(made, begun)
    course.edition, course.library_digest = made.setting.library.edition, made.setting.library.digest
    course.planned_on, course.planned_at, course.planned_by = on, timezone.now(), by
    coming = [_to_come(session) for session in left]
    parts = (digest_of_json(course.screening), digest_of_json(course.plan), *(each.digest for each in (*begun, *coming)))
    course.digest = digest_of(parts)
    course.save()
    _keep_sessions(course, coming)


def _sessions(kind: str, *, course: int) -> QuerySet[Session]:
    """Those that were begun with their plans, or those to come without; by number."""
    found = Session.objects.filter(course=course).order_by("number")
    return found.filter(_BEGUN) if kind == "begun" else found.exclude(_BEGUN).defer("plan")


_SESSIONS: Final = Prepared(_sessions)


def _may_start(made: PlannedCourse, begun: list[Session]) -> bool:
    """Whether every session that was not given may be, the one that is being given by what is known now included."""
    given = sum(session.state != SessionState.IN_PROGRESS for session in begun)
    return all(session.may_start for session in made.sessions[given:])


def _to_come(planned: SessionPlan) -> Session:
    plan = plan_to_json(planned)
    return Session(number=planned.number, plan=plan, digest=digest_of_json(plan))


def _keep_sessions(course: Course, coming: list[Session]) -> None:
    """Sessions that have a history are protected, so those to come keep their rows and only change what is planned in them."""
    there: dict[int, Session] = {session.number: session for session in _SESSIONS.objects("to come", course=course.pk)}
    wanted = {session.number: session for session in coming}
    surplus = [session for number, session in there.items() if number not in wanted]
    if any(session.state != SessionState.PLANNED or session.moves.exists() for session in surplus):
        number = min(session.number for session in surplus)
        raise ActionDenied(_("Session %(number)s was booked or missed, so the course cannot be made shorter.") % {"number": number})
    if surplus:
        course.sessions.filter(pk__in=[session.pk for session in surplus]).delete()
    changed = []
    for number, session in wanted.items():
        if number in there:
            there[number].plan, there[number].digest = session.plan, session.digest
            changed.append(there[number])
        else:
            session.course = course
    Session.objects.bulk_update(changed, ["plan", "digest"])
    Session.objects.bulk_create(session for number, session in wanted.items() if number not in there)


def keep_screening(course: Course, screening: Screening, library: Library, *, cause: str, on: date, actor: Actor | None) -> ScreeningRecord:
    """Adds a screening to the history of the course: facts used, every verdict, the edition. ``cause`` is what it was made for."""
    kept = plan_to_json(screening)
    return ScreeningRecord.objects.create(
        course=course, version=course.version, cause=cause, screening=kept, digest=digest_of_json(kept),
        outcome=screening.outcome.code, may_start=screening.may_start, edition=library.edition, library_digest=library.digest,
        made_on=on, made_by=actor.user if actor else None,
    )  # fmt: skip


def _dose_given(session: Session) -> Dose:
    """The dose that a session was given in."""
    dose = plan_from_json(session.plan).dose
    if dose is None:
        raise ValueError(f"session {session.pk} was given without a dose")
    return dose


def worst_outcome(made: PlannedCourse) -> str:
    """The worst outcome of the screening and of its sessions (an empty target raises a session's outcome to defer)."""
    return max([made.screening.outcome, *(session.outcome for session in made.sessions)]).code


def digest_of(digests: Iterable[str]) -> str:
    """SHA-256 (hex) over digests in their order."""
    return hashlib.sha256("\n".join(digests).encode("ascii")).hexdigest()
