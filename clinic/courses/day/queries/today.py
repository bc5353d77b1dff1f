"""What the list of a day knows besides the calendar: doses, what was felt, what was begun and not signed. A fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.fields.json import KT, KeyTextTransform
from django.db.models.functions import Cast

from clinic.courses.given import played
from clinic.courses.models import (
    Acknowledgement,
    AdaptationChoice,
    Consent,
    CourseReview,
    Session,
    SessionRecord,
    SessionStart,
)
from clinic.courses.outcomes.queries.measures import due_counts
from clinic.courses.pinned import library_of
from clinic.courses.planning import SoFar
from clinic.courses.proposals import is_felt_bad, reaction_digest
from clinic.courses.so_far import felt_of, is_news, proposal_after, stage_of
from clinic.courses.starts import events_of, seconds_of
from clinic.courses.states import CourseState, SessionState
from clinic.schedule.models import Booking
from clinic.schedule.states import BookingState
from clinic.staff.models import Role
from clinic.staff.permissions import Actor
from clinic.web.prepared import Prepared
from patients.models import Intake
from patients.states import IntakeState
from protocols.method.adapting import HELD_UP
from protocols.method.plans import NO_ADAPTATION
from protocols.method.plans import SessionRecord as Felt
from protocols.method.storage import plan_to_json

LATE: Final = timedelta(hours=24)  # a record that is not signed by then is shown to the clinical lead
PRESSURES: Final = (4, 3, 2, 1)
JOINED: Final = ("course__clinic", "course__patient", "course__therapist", "course__referral", "booking__room", "booking__therapist")
NOBODY: Final = (0,)  # a number that no row has: a list that is asked for must not be empty
LARGE: Final = ("plan", "course__plan", "course__screening", "course__request")


@dataclass(frozen=True, slots=True)
class SessionKnown:
    """One session with its course, patient and booking. ``seconds`` and ``pressure``: its dose, the highest level of its rows."""

    session: Session
    record: int | None
    seconds: int
    pressure: int
    review_after: int
    decided: tuple[int | None, Any]  # the newest choice about a proposal: after which session, about what
    released_at: datetime | None  # when a doctor last said that the course goes on
    has_unread: bool  # answers that the patient sent and nobody has read
    is_agreed: bool  # some consent was recorded; whether it covers the plan is asked before the session
    is_known: bool  # the patient was treated here before


@dataclass(frozen=True, slots=True)
class FeltLately:
    """The records of one course as the method reads them; whether a bad reaction waits to be read, and a proposal for an answer."""

    records: tuple[Felt, ...]
    waits_for_name: bool = False
    is_proposed: bool = False

    @property
    def last(self) -> Felt | None:
        return self.records[-1] if self.records else None


@dataclass(frozen=True, slots=True)
class Begun:
    """A session that somebody began and nobody has signed. ``is_over``: nothing is left but to sign it."""

    start: SessionStart
    is_over: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class OfDay:
    """``sessions`` and ``begun`` by the number of the session; ``felt`` by that of the course, and so are
    the ``due`` measures, counted; ``earlier`` ones wait for a word.
    """

    sessions: Mapping[int, SessionKnown]
    felt: Mapping[int, FeltLately]
    begun: Mapping[int, Begun]
    due: Mapping[int, int]
    earlier: tuple[Session, ...]


NOTHING_FELT: Final = FeltLately(())
LOOKS_BACK: Final = timedelta(days=31)  # for so long whoever gave a session is in the patient's care by it


def of_day(actor: Actor, bookings: Iterable[int], *, now: datetime, looks_back: bool) -> OfDay:
    """The sessions of these bookings, and what was begun of them and is not signed.

    ``looks_back``: also sessions of the actor of earlier days that wait for a word or a signature, and for the clinical lead what
    anybody left unsigned for a day. Eight queries, and one where something was begun.
    """
    waiting = _without_a_word(actor, now) if looks_back else ()
    booked = tuple(bookings)
    rows = _SESSIONS.objects(clinic=actor.clinic.pk, bookings=booked or NOBODY, waiting=waiting or NOBODY)
    sessions = {each.pk: _known(each) for each in rows if each.booking_id in booked}
    earlier = tuple(each for each in rows if each.pk not in sessions)
    due = due_counts({each.session.course for each in sessions.values()}, actor.clinic.today())
    return OfDay(sessions, _felt(sessions.values()), _begun(actor, tuple(sessions), now, looks_back=looks_back), due, earlier)


def _without_a_word(actor: Actor, now: datetime) -> tuple[int, ...]:
    """The actor's sessions of the last month of which nobody has said what became of them; older ones stand with the unresolved ones.

    One query, from the few dates on: asked for sessions that have no word, the database begins with every course that runs.
    """
    found = _OVER.rows("", therapist=actor.user.pk, now=now)
    return tuple(session for session, state, course in found if state == SessionState.BOOKED and course == CourseState.RUNNING)


def _over(_kind: str, *, therapist: int, now: datetime) -> QuerySet[Any, Any]:
    over = Booking.objects.filter(therapist=therapist, starts_at__gt=now - LOOKS_BACK, ends_at__lte=now, state=BookingState.BOOKED)
    return over.order_by().values_list("session__pk", "session__state", "session__course__state")


_OVER: Final = Prepared(_over)


# Sessions -------------------------------------------------------------------------------------------------------------------
def _sessions(_kind: str, *, clinic: int, bookings: tuple[int, ...], waiting: tuple[int, ...]) -> QuerySet[Session]:
    """Those of these bookings and with these numbers, with their dose as the database reads it out of the plan, whose text is large."""
    chosen = AdaptationChoice.objects.filter(course=OuterRef("course")).order_by("-pk")
    unread = Intake.objects.filter(patient=OuterRef("course__patient"), state=IntakeState.SUBMITTED)
    released = CourseReview.objects.filter(course=OuterRef("course"), decision=CourseReview.Decision.GO_ON).order_by("-decided_at")
    given = SessionRecord.objects.filter(session__course__patient=OuterRef("course__patient"))
    text = Cast("plan", TextField())
    wanted = Q(booking__in=bookings) | Q(pk__in=waiting)
    found: QuerySet[Session] = Session.objects.filter(wanted, course__clinic=clinic).alias(text=text)
    shown = found.annotate(
        seconds=Cast(KT("plan__total_seconds"), IntegerField()),
        pressure=Case(*(When(text__contains=f'"pressure": {level}', then=Value(level)) for level in PRESSURES), default=Value(0)),
        review_after=Cast(KeyTextTransform("review_after", "course__plan"), IntegerField()),  # KT knows no other table
        record_pk=F("record__pk"),
        decided_after=Subquery(chosen.values("after_session")[:1]),
        decided_about=Subquery(chosen.values("proposal")[:1]),
        released_at=Subquery(released.values("decided_at")[:1]),
        has_unread=Exists(unread),
        is_agreed=Exists(Consent.objects.filter(course=OuterRef("course"))),
        is_known=Exists(given),
    )
    joined = shown.select_related(*JOINED)
    return joined.defer(*LARGE).order_by("booking__starts_at", "pk")


_SESSIONS: Final = Prepared(_sessions)


def _known(row: Any) -> SessionKnown:
    return SessionKnown(
        session=row,
        record=row.record_pk,
        seconds=row.seconds or 0,
        pressure=row.pressure,
        review_after=row.review_after or 0,
        decided=(row.decided_after, row.decided_about),
        released_at=row.released_at,
        has_unread=row.has_unread,
        is_agreed=row.is_agreed,
        is_known=row.is_known,
    )


# What was felt --------------------------------------------------------------------------------------------------------------
def _felt(rows: Iterable[SessionKnown]) -> dict[int, FeltLately]:
    """What the records of these courses say, each in the order of its sessions. Two queries."""
    courses = {each.session.course_id: each for each in rows}
    by_course: dict[int, list[Any]] = defaultdict(list)
    for record in _RECORDS.objects(courses=tuple(courses)):
        by_course[record.session.course_id].append(record)
    return {course: _lately(courses[course], records) for course, records in by_course.items()}


def _records(_kind: str, *, courses: tuple[int, ...]) -> QuerySet[SessionRecord]:
    read = Acknowledgement.objects.filter(record=OuterRef("pk")).order_by("-pk").values("what")[:1]
    found = SessionRecord.objects.filter(session__course__in=courses).annotate(read=Subquery(read)).select_related("session")
    return found.defer("session__plan", "rows").prefetch_related("next_days").order_by("session__number")


_RECORDS: Final = Prepared(_records)


def _lately(known: SessionKnown, records: list[Any]) -> FeltLately:
    library = library_of(known.session.course)
    felt = tuple(felt_of(each, library) for each in records)
    bad = (record for record, each in zip(records, felt, strict=True) if is_felt_bad(each, library))
    return FeltLately(
        felt,
        waits_for_name=any(reaction_digest(each, library) != each.read for each in bad),
        is_proposed=_is_proposed(known, records, felt),
    )


def _is_proposed(known: SessionKnown, records: list[Any], felt: tuple[Felt, ...]) -> bool:
    """Whether the records propose something that nobody has answered; the course's own page asks for missed days besides."""
    course = known.session.course
    library = library_of(course)
    stage, found = stage_of(course, library), SoFar(felt)
    if stage is None:
        return False
    proposal = proposal_after(found, library, stage)
    if proposal.action in HELD_UP and _is_released(known, records[-1]):
        proposal = proposal_after(replace(found, is_released=True), library, stage)
    decided = (records[-1].session.number, plan_to_json(proposal))
    return proposal != NO_ADAPTATION and known.decided != decided


def _is_released(known: SessionKnown, last: SessionRecord) -> bool:
    """Whether a doctor said "go on" after all that the last record tells."""
    told = [last.recorded_at, *(each.at for each in last.next_days.all() if is_news(each))]
    return known.released_at is not None and known.released_at > max(told)


# What was begun ---------------------------------------------------------------------------------------------------------------
def _begun(actor: Actor, sessions: Sequence[int], now: datetime, *, looks_back: bool) -> dict[int, Begun]:
    """Open starts of these sessions and, looking back, of the actor; a clinical lead sees those of everybody after a day."""
    kind = (looks_back, Role.CLINICAL_LEAD in actor.roles)
    shown = _BEGUN.objects(kind, clinic=actor.clinic.pk, user=actor.user.pk, sessions=tuple(sessions) or NOBODY, now=now)
    return {each.session_id: _as_begun(each, now, actor.clinic.today()) for each in shown}


def _open(kind: tuple[bool, bool], *, clinic: int, user: int, sessions: tuple[int, ...], now: datetime) -> QuerySet[SessionStart]:
    looks_back, leads = kind
    mine = Q(session__in=sessions)
    if looks_back:
        mine |= Q(started_by=user) | Q(session__booking__therapist=user)
    if looks_back and leads:
        mine |= Q(started_at__lte=now - LATE)
    found = SessionStart.objects.filter(mine, session__course__clinic=clinic, closed_at=None)
    whose = ("session__course__patient", "session__booking", "started_by")
    light = found.select_related(*whose).defer(*(f"session__{name}" for name in LARGE))
    return light.prefetch_related("events").order_by("started_at")


_BEGUN: Final = Prepared(_open)


def _as_begun(start: SessionStart, now: datetime, today: date) -> Begun:
    booking = start.session.booking
    is_past = start.started_on < today or (booking is not None and booking.ends_at <= now)
    return Begun(start, is_past or _is_played(start, now), start.started_at <= now - LATE)


def _is_played(start: SessionStart, now: datetime) -> bool:
    """Whether the time of every row is used up, or somebody ended the session."""
    passed = int((now - start.started_at).total_seconds() * 1000)
    return played(seconds_of(start), events_of(start), max(passed, 0)).is_over
