"""A session is begun: from here on it is given as its plan stood at that moment; or the start is taken back, because nothing was given."""

from datetime import date, datetime, timedelta
from typing import NotRequired, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.courses.actions.booked import settle_booking
from clinic.courses.actions.giving import back_in_turn, change_session, check_turn
from clinic.courses.actions.moving import Why, change_state, check_version, deny, locked_course
from clinic.courses.gates import fresh_hindrances
from clinic.courses.given import played
from clinic.courses.models import Course, Session, SessionStart
from clinic.courses.permissions import check_can_plan
from clinic.courses.queries import newest_screening, records_of
from clinic.courses.starts import events_of, seconds_of, stood_in_for, therapists_of_session
from clinic.courses.states import CourseState, SessionState
from clinic.schedule.states import BookingState
from clinic.staff.permissions import ActionDenied, Actor

A_MINUTE = 60  # seconds of hands-on time after which a start is no slip of the finger


class Pressed(TypedDict):
    """What the page that starts a session says: its own ``key``, the version of the course that it showed, which browser it is, and
    whether the actor gives a session of somebody else."""

    key: str
    version: int
    device: NotRequired[str]
    stands_in: NotRequired[bool]


@transaction.atomic
def start_session(*, course: Course, number: int, on: date, now: datetime, actor: Actor, **pressed: Unpack[Pressed]) -> SessionStart:
    """Begins session ``number`` on that day and keeps the plan that is given. The first one begins the course too.

    Sent again with the same ``key``, from a second tab or from a second device it answers the start that there is. Denied with the
    first sentence of what stands between the patient and the session, and for a session of somebody else while ``stands_in`` is not
    said; raises ``StaleCourse`` where the course was changed since ``version``.
    """
    check_can_plan(actor)
    locked = locked_course(course)
    if (there := _start_there(locked, number, pressed["key"])) is not None:
        return there
    check_version(locked, pressed["version"])
    _check_day(locked, number, on)
    deny(fresh_hindrances(locked, on))
    session = settle_booking(locked, locked.sessions.select_related("booking__therapist").get(number=number), on=on)
    _check_whose(locked, session, stands_in=pressed.get("stands_in", False), on=on, actor=actor)
    if locked.state != CourseState.RUNNING:
        change_state(locked, CourseState.RUNNING, on=on, actor=actor, why=Why(verb="started-course"))
    back_in_turn(session, on=on, actor=actor)
    change_session(session, SessionState.IN_PROGRESS, on=on, actor=actor)
    made = SessionStart.objects.create(
        session=session, key=pressed["key"], device=pressed.get("device", ""), started_at=now, started_on=on, started_by=actor.user,
        is_standing_in=any(whose.pk != actor.user.pk for whose in therapists_of_session(locked, session, on)),
        plan=session.plan, plan_digest=session.digest, screening=newest_screening(locked),
    )  # fmt: skip
    said = {"patient": locked.patient_id, "session": number, "digest": session.digest, "standing_in": made.is_standing_in}
    record(actor=actor, verb="started-session", subject=locked, details=said)
    return made


def _start_there(locked: Course, number: int, key: str) -> SessionStart | None:
    """The start that this key, or anybody, made of this session; None where it is still to be begun."""
    same = SessionStart.objects.filter(key=key).select_related("session").first()
    if same is not None and (same.is_taken_back or (same.session.course_id, same.session.number) != (locked.pk, number)):
        raise ActionDenied(_("This start was used already. Open the session again."))
    return same or SessionStart.objects.filter(session__course=locked, session__number=number, closed_at=None).first()


def _check_day(locked: Course, number: int, on: date) -> None:
    """Sessions are given in turn, one a day."""
    given = tuple(records_of(locked))
    check_turn(number, given)
    if given and given[-1].given_on >= on:
        raise ActionDenied(_("A session of this course was already given on that day."))
    if number > locked.session_count:
        raise ActionDenied(_("This course has no session left."))


def _check_whose(locked: Course, session: Session, *, stands_in: bool, on: date, actor: Actor) -> None:
    whose = stood_in_for(locked, session, on=on, user=actor.user)
    if whose is not None and not stands_in:
        raise ActionDenied(_("This is a session of %(name)s. Say that you stand in.") % {"name": whose.full_name})


@transaction.atomic
def take_back_start(*, start: SessionStart, note: str = "", now: datetime, actor: Actor) -> SessionStart:
    """A session that was begun by mistake is to come again, at its own time where that is still booked.

    Denied when it is over, and without a note when its steps ran for a minute or longer. Events that were kept stay.
    """
    check_can_plan(actor)
    locked = locked_course(start.session.course)
    row = SessionStart.objects.select_for_update(of=("self",)).select_related("session__booking").get(pk=start.pk)
    if row.closed_at is not None:
        raise ActionDenied(_("This session is over already: it was recorded, or its start was taken back."))
    passed = max(now - row.started_at, timedelta(0))
    given = played(seconds_of(row), events_of(row), int(passed.total_seconds() * 1000)).seconds
    if given >= A_MINUTE and not note.strip():
        raise ActionDenied(_("It has run for a minute or longer. Write why it does not count as given."))
    row.closed_at, row.is_taken_back = now, True
    row.save(update_fields=["closed_at", "is_taken_back"])
    booking = row.session.booking
    is_booked = booking is not None and booking.state == BookingState.BOOKED
    state = SessionState.BOOKED if is_booked else SessionState.PLANNED
    change_session(row.session, state, on=locked.clinic.today(), note=note, actor=actor)
    said = {"patient": locked.patient_id, "session": row.session.number, "seconds": given}
    record(actor=actor, verb="took-back-start", subject=locked, details=said)
    return row
