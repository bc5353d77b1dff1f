"""What happens to sessions: the course begins, a session is given, missed, cancelled late, or is to be given after all."""

from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.courses.actions.moving import Why, change_state, deny, locked_course
from clinic.courses.actions.reviewing import review_when_due
from clinic.courses.gates import fresh_hindrances
from clinic.courses.models import Course, Session, SessionMove, SessionRecord
from clinic.courses.permissions import check_can_plan
from clinic.courses.queries import records_of
from clinic.courses.states import SESSION_TRANSITIONS, TRANSITIONS, CourseState, SessionState
from clinic.staff.permissions import ActionDenied, Actor

LOST = (SessionState.MISSED, SessionState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Lost:
    """A session that the patient did not come to, or cancelled too late."""

    state: SessionState
    note: str = ""


@dataclass(frozen=True, slots=True)
class Felt:
    """How a session was: comfort 0-10 (10 is best), pain 0-10 (0 is best), None where nobody asked; a bad reaction; words."""

    comfort: int | None = None
    pain_before: int | None = None
    pain_after: int | None = None
    bad_reaction: bool = False
    note: str = ""


@transaction.atomic
def start_course(*, course: Course, on: date, version: int, actor: Actor) -> Course:
    """Lets the sessions begin. Denied with the first sentence of what stands between the patient and a session on that day."""
    check_can_plan(actor)
    locked = locked_course(course, version)
    if CourseState.RUNNING not in TRANSITIONS[locked.state] or locked.started_on is not None:
        raise ActionDenied(_("Only a course that has not begun can be started."))
    deny(fresh_hindrances(locked, on))
    change_state(locked, CourseState.RUNNING, on=on, actor=actor, why=Why(verb="started-course"))
    return locked


@transaction.atomic
def record_session(*, course: Course, number: int, felt: Felt, on: date, actor: Actor) -> SessionRecord:
    """Keeps that session ``number`` was given on that day and how it felt; the last one finishes the course.

    Sessions are given in turn, one a day, and only under the answers of the day itself: yesterday's plan knows nothing of today's fever.
    """
    check_can_plan(actor)
    locked = locked_course(course)
    given = tuple(records_of(locked))
    if locked.state in (CourseState.DRAFT, CourseState.SIGNED, CourseState.FINISHED, CourseState.ENDED, CourseState.DISCARDED):
        raise ActionDenied(_("Only sessions of a running course can be recorded."))
    _check_turn(number, given)
    if given and given[-1].given_on >= on:
        raise ActionDenied(_("A session of this course was already given on that day."))
    deny(fresh_hindrances(locked, on))
    session = locked.sessions.defer("plan").get(number=number)
    made = SessionRecord.objects.create(session=session, given_on=on, recorded_at=timezone.now(), recorded_by=actor.user, **asdict(felt))
    _back_in_turn(session, on=on, actor=actor)
    change_session(session, SessionState.DONE, on=on, actor=actor)
    record(actor=actor, verb="gave-session", subject=locked, details={"session": number, "digest": session.digest})
    review_when_due(locked, number)
    if number == locked.session_count:
        change_state(locked, CourseState.FINISHED, on=on, actor=actor)
    return made


def _check_turn(number: int, given: tuple[SessionRecord, ...]) -> None:
    if number != len(given) + 1:
        raise ActionDenied(_("The next session of this course is number %(number)s.") % {"number": len(given) + 1})


@transaction.atomic
def lose_session(*, course: Course, number: int, lost: Lost, on: date, version: int, actor: Actor) -> Session:
    """The patient did not come, or cancelled too late, on that day: the session stays to be given on another one.

    Only the next session of a running course, and not on a day on which one was given.
    """
    check_can_plan(actor)
    locked = locked_course(course, version)
    given = tuple(records_of(locked))
    if locked.state != CourseState.RUNNING or lost.state not in LOST:
        raise ActionDenied(_("Only sessions of a running course can be missed or cancelled."))
    _check_turn(number, given)
    if given and given[-1].given_on >= on:
        raise ActionDenied(_("A session of this course was already given on that day."))
    session = locked.sessions.select_for_update().get(number=number)
    if session.moves.filter(after__in=LOST, happened_on=on).exists() and session.state in LOST:
        raise ActionDenied(_("This is written down for that day already."))
    _back_in_turn(session, on=on, actor=actor)
    change_session(session, lost.state, on=on, note=lost.note, actor=actor)
    said = {"patient": locked.patient_id, "session": number, "state": str(lost.state)}
    record(actor=actor, verb="lost-session", subject=locked, details=said)
    return session


@transaction.atomic
def undo_lost_session(*, course: Course, number: int, note: str, on: date, version: int, actor: Actor) -> Session:
    """A session that was called missed or cancelled is to come again. Denied without a reason."""
    check_can_plan(actor)
    locked = locked_course(course, version)
    session = locked.sessions.select_for_update().filter(number=number).first()
    if session is None or session.state not in LOST or locked.state != CourseState.RUNNING:
        raise ActionDenied(_("This session is neither missed nor cancelled."))
    if not note.strip():
        raise ActionDenied(_("Write why it is taken back."))
    change_session(session, SessionState.PLANNED, on=on, note=note, actor=actor)
    record(actor=actor, verb="session-to-come", subject=locked, details={"patient": locked.patient_id, "session": number})
    return session


def _back_in_turn(session: Session, *, on: date, actor: Actor) -> None:
    """A lost session that is given, or lost, on another day was to come in between."""
    if session.state in LOST:
        change_session(session, SessionState.PLANNED, on=on, actor=actor)


def change_session(session: Session, state: SessionState, *, on: date, note: str = "", actor: Actor) -> SessionMove:
    """Moves a session along its table of states and keeps that it moved. Raises ``ActionDenied`` for a way that is not there."""
    before = session.state
    if state not in SESSION_TRANSITIONS[before]:
        raise ActionDenied(_("This session cannot be moved to that state."))
    session.state = state
    session.save(update_fields=["state"])
    return SessionMove.objects.create(session=session, before=before, after=state, happened_on=on, note=note.strip(), by=actor.user)
