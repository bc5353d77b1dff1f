"""A session that was given is recorded: once, signed by whoever records it, and never changed. What comes later is an addendum."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.audit.actions import record as audit
from clinic.courses.actions.booked import give_up_later_date, settle_booking
from clinic.courses.actions.giving import back_in_turn, change_session, check_turn
from clinic.courses.actions.moving import Why, change_state, deny, locked_course
from clinic.courses.actions.reviewing import review_when_due
from clinic.courses.gates import fresh_hindrances
from clinic.courses.given import HurtAt, Played
from clinic.courses.models import Addendum, Course, Session, SessionRecord, SessionStart
from clinic.courses.news.postings import post_home, post_next_morning
from clinic.courses.permissions import PLAN, check_can_plan
from clinic.courses.pinned import library_of
from clinic.courses.proposals import pain_rise_during
from clinic.courses.queries import records_of
from clinic.courses.record_content import hurts_kept, record_digest, rows_kept
from clinic.courses.states import (
    EXPECTED_REACTIONS,
    TRANSITIONS,
    AddendumReason,
    CourseState,
    Reaction,
    Reading,
    RecordSource,
    SessionState,
    StopReason,
)
from clinic.courses.stood_open import was_closed_on
from clinic.staff.models import User
from clinic.staff.permissions import ActionDenied, Actor
from protocols.method.library import Library

NOT_RUNNING = (CourseState.DRAFT, CourseState.SIGNED, CourseState.FINISHED, CourseState.ENDED, CourseState.DISCARDED)
HARMLESS_STOPS = ("", StopReason.WISH, StopReason.OTHER)


@dataclass(frozen=True, slots=True)
class Felt:
    """How a session was. Comfort and well-being 0-10 (10 is best), pain 0-10 (0 is none), None where nobody asked; codes of
    ``Warmth`` and ``Reaction``; ``readings`` by the code of ``Reading``; where it hurt beside what the player kept; words."""

    comfort: int | None = None
    pain_before: int | None = None
    pain_after: int | None = None
    wellbeing: int | None = None
    warmth: str = ""
    reactions: tuple[str, ...] = ()
    readings: Mapping[str, int] = field(default_factory=dict)
    hurts: tuple[HurtAt, ...] = ()
    bad_reaction: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outage:
    """A session that was given while the program could not be used: on which day, by whom, and what was wrong."""

    given_on: date
    given_by: User
    why: str


@transaction.atomic
def record_start(*, start: SessionStart, played: Played, felt: Felt, now: datetime, actor: Actor) -> SessionRecord:
    """Keeps what was given since ``start``, as ``played`` tells, and how it felt. Signed again it answers the record that there is.

    No gate is asked again: the start asked them, and what was given is recorded even if the course was suspended in between.
    Denied for a start that was taken back.
    """
    check_can_plan(actor)
    locked = locked_course(start.session.course)
    row = SessionStart.objects.select_for_update(of=("self",)).select_related("session__booking", "started_by").get(pk=start.pk)
    if row.is_taken_back:
        raise ActionDenied(_("The start of this session was taken back: nothing was given, so there is nothing to record."))
    if (there := SessionRecord.objects.filter(session=row.session).first()) is not None:
        return there
    _keep_plan_given(row)
    ended = now if played.ended_ms is None else row.started_at + timedelta(milliseconds=played.ended_ms)
    new = SessionRecord(
        session=row.session, source=RecordSource.PLAYER, given_on=row.started_on, given_by=row.started_by,
        started_at=row.started_at, ended_at=max(ended, row.started_at), recorded_at=now,
    )  # fmt: skip
    made = _keep(locked, new, felt, played, actor=actor)
    row.closed_at, row.draft = now, {}
    row.save(update_fields=["closed_at", "draft"])
    return made


def _keep_plan_given(start: SessionStart) -> None:
    """The session tells the plan that was given, whatever was planned while it ran."""
    session = start.session
    if session.digest != start.plan_digest:
        session.plan, session.digest = start.plan, start.plan_digest
        session.save(update_fields=["plan", "digest"])


@transaction.atomic
def record_session(*, course: Course, number: int, felt: Felt, on: date, played: Played | None = None, actor: Actor) -> SessionRecord:
    """Keeps that session ``number`` was given on that day without the player, and how it felt; the last one finishes the course.

    Sessions are given in turn, one a day, and only under the answers of the day itself: yesterday's plan knows nothing of today's
    fever. ``played`` tells what was given otherwise than planned.
    """
    check_can_plan(actor)
    locked = locked_course(course)
    given = tuple(records_of(locked))
    if locked.state in NOT_RUNNING:
        raise ActionDenied(_("Only sessions of a running course can be recorded."))
    _check_next(locked, number, given, on)
    deny(fresh_hindrances(locked, on))
    new = SessionRecord(source=RecordSource.FORM, given_on=on, given_by=actor.user, recorded_at=timezone.now())
    new.session = settle_booking(locked, _session(locked, number), on=on)
    return _keep(locked, new, felt, played, actor=actor)


@transaction.atomic
def record_outage(*, course: Course, number: int, felt: Felt, outage: Outage, played: Played | None = None, actor: Actor) -> SessionRecord:
    """Keeps a session that was given while the program could not be used. It is marked as such wherever it is shown.

    The questions of the day were asked on paper, so no gate is asked; but the course must have stood open on that day, which must
    come after the last session given and not lie ahead. Denied without a reason, and for somebody who does not treat here.
    """
    check_can_plan(actor)
    locked = locked_course(course)
    day, given = outage.given_on, tuple(records_of(locked))
    if not outage.why.strip():
        raise ActionDenied(_("Write what kept the session from being recorded at the time."))
    if day > locked.clinic.today():
        raise ActionDenied(_("That day has not come yet."))
    if not locked.clinic.staff_roles.filter(user=outage.given_by, role__in=PLAN).exists():
        raise ActionDenied(_("Choose somebody who gives sessions at this clinic."))
    _check_next(locked, number, given, day)
    if closed := was_closed_on(locked, day):
        raise ActionDenied(closed)
    if locked.started_on is None and CourseState.RUNNING in TRANSITIONS[locked.state]:
        change_state(locked, CourseState.RUNNING, on=day, actor=actor, why=Why(verb="started-course"))
    new = SessionRecord(
        source=RecordSource.OUTAGE, given_on=day, given_by=outage.given_by, recorded_at=timezone.now(), outage_note=outage.why.strip()
    )
    new.session = settle_booking(locked, _session(locked, number), on=day)
    made = _keep(locked, new, felt, played, actor=actor)
    said = {"patient": locked.patient_id, "session": number, "given_on": day.isoformat(), "given_by": outage.given_by.pk}
    audit(actor=actor, verb="entered-outage", subject=locked, details={**said, "digest": made.digest})
    return made


def _check_next(locked: Course, number: int, given: tuple[SessionRecord, ...], on: date) -> None:
    """It is the next session, nobody is giving it now, and none was given on that day or after it."""
    check_turn(number, given)
    if number > locked.session_count:
        raise ActionDenied(_("This course has no session left."))
    if locked.sessions.filter(number=number, state=SessionState.IN_PROGRESS).exists():
        raise ActionDenied(_("This session was started and is not closed yet: close it where it was started."))
    if given and given[-1].given_on >= on:
        raise ActionDenied(_("A session of this course was already given on that day."))


def _session(locked: Course, number: int) -> Session:
    return locked.sessions.select_related("booking").defer("plan").get(number=number)


def _keep(locked: Course, new: SessionRecord, felt: Felt, played: Played | None, *, actor: Actor) -> SessionRecord:
    """Fills a record that knows where it comes from, seals it, and lets the course know."""
    _fill(new, felt, played, library_of(locked))
    session, on = new.session, new.given_on
    give_up_later_date(session, on=on, actor=actor)
    new.plan_digest, new.recorded_by = session.digest, actor.user
    new.digest = record_digest(new)
    new.save(force_insert=True)
    back_in_turn(session, on=on, actor=actor)
    change_session(session, SessionState.DONE, on=on, actor=actor)
    post_next_morning(new)
    post_home(new)
    said = {"session": session.number, "digest": new.digest, "plan": session.digest, "source": str(new.source)}
    audit(actor=actor, verb="gave-session", subject=locked, details=said)
    review_when_due(locked, session.number)
    if session.number == locked.session_count and CourseState.FINISHED in TRANSITIONS[locked.state]:
        change_state(locked, CourseState.FINISHED, on=on, actor=actor)
    return new


def _fill(new: SessionRecord, felt: Felt, played: Played | None, library: Library) -> None:
    """What was given and felt, in the order of the lists, so that the same words give the same digest."""
    new.comfort, new.wellbeing, new.note = felt.comfort, felt.wellbeing, felt.note.strip()
    new.pain_before, new.pain_after, new.warmth = felt.pain_before, felt.pain_after, str(felt.warmth)
    new.reactions = [code for code in Reaction.values if code in felt.reactions]
    new.readings = {code: felt.readings[code] for code in Reading.values if code in felt.readings}
    new.hurts = hurts_kept(_hurts(felt, played))
    if played is not None:
        new.rows = rows_kept(played.rows)
        new.is_as_planned, new.stop_reason = played.is_as_planned, str(played.stop_reason)
    new.bad_reaction = is_bad(felt, new.stop_reason, library)


def _hurts(felt: Felt, played: Played | None) -> list[HurtAt]:
    """What the player kept, and the places that were told afterwards."""
    found = list(dict.fromkeys(played.hurts if played else ()))
    known = {each.place for each in found}
    return [*found, *(each for each in dict.fromkeys(felt.hurts) if each.place not in known)]


def is_bad(felt: Felt, stop_reason: str, library: Library) -> bool:
    """A reaction that is not expected, pain that rose as far as what ends a session, a stop for more than a wish, or the word of who signs.

    Source: library, course-rules.toml, discomfort, stop_threshold and stop_set.
    """
    told = felt.bad_reaction or bool(set(felt.reactions) - EXPECTED_REACTIONS) or stop_reason not in HARMLESS_STOPS
    return told or pain_rise_during(felt.pain_before, felt.pain_after, library) is not None


@transaction.atomic
def add_addendum(*, record: SessionRecord, reason: str, text: str, actor: Actor) -> Addendum:
    """Something that is added to a signed record; the record itself stays as it was. Sent twice it is added once.

    Denied without words or a reason of the list.
    """
    check_can_plan(actor)
    words, course = text.strip(), locked_course(record.session.course)
    if reason not in AddendumReason.values:
        raise ActionDenied(_("Choose a reason."))
    if not words:
        raise ActionDenied(_("Write what is added."))
    newest = record.addenda.order_by("-pk").first()
    if newest is not None and (newest.reason, newest.text, newest.by_id) == (reason, words, actor.user.pk):
        return newest
    made = Addendum.objects.create(record=record, reason=reason, text=words, by=actor.user)
    said = {"patient": course.patient_id, "session": record.session.number, "reason": str(reason), "addendum": made.pk}
    audit(actor=actor, verb="added-addendum", subject=course, details=said)
    return made
