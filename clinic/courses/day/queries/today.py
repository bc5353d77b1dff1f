"""What the list of a day knows besides the calendar: doses, what was felt, what was begun and not signed. A fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from clinic.courses.given import Event, played
from clinic.courses.models import (
    Acknowledgement,
    AdaptationChoice,
    Consent,
    MeasureValue,
    NextDay,
    Session,
    SessionRecord,
    SessionStart,
)
from clinic.courses.states import CourseState, SessionState
from clinic.schedule.states import BookingState
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import Actor
from patients.models import Intake
from patients.states import IntakeState
from protocols.method.places import Place
from protocols.method.plans import Hurt
from protocols.method.plans import SessionRecord as Felt

LATE: Final = timedelta(hours=24)  # a record that is not signed by then is shown to the clinical lead
PRESSURES: Final = (4, 3, 2, 1)
LARGE: Final = ("plan", "course__plan", "course__screening", "course__request")


@dataclass(frozen=True, slots=True)
class SessionKnown:
    """One session with its course, patient and booking. ``seconds`` and ``pressure``: its dose, the highest level of its rows."""

    session: Session
    record: int | None
    seconds: int
    pressure: int
    review_after: int
    decided_after: int  # the session after which a proposal was last decided; 0 for none
    has_unread: bool  # answers that the patient sent and nobody has read
    is_agreed: bool  # some consent was recorded; whether it covers the plan is asked before the session
    is_known: bool  # the patient was treated here before
    measured: frozenset[str]  # moments of the course at which something was measured


@dataclass(frozen=True, slots=True)
class FeltLately:
    """The records of one course as the method reads them, and whether a bad reaction at the last one waits for a name."""

    records: tuple[Felt, ...]
    waits_for_name: bool = False

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
    """``sessions`` and ``begun`` by the number of the session; ``felt`` by that of the course; ``earlier`` ones wait for a word."""

    sessions: Mapping[int, SessionKnown]
    felt: Mapping[int, FeltLately]
    begun: Mapping[int, Begun]
    earlier: tuple[Session, ...]


NOTHING_FELT: Final = FeltLately(())


def of_day(actor: Actor, bookings: Iterable[int], *, now: datetime, looks_back: bool) -> OfDay:
    """The sessions of these bookings, what is open of the actor's, and for the clinical lead what was left unsigned for a day.

    ``looks_back``: also sessions of the actor whose time is over without a word. Three queries, and one where something was begun.
    """
    wanted = Q(booking__in=list(bookings))
    if looks_back:
        wanted |= Q(booking__therapist=actor.user, **_without_a_word(now))
    rows = list(_sessions(actor.clinic).filter(wanted))
    sessions = {each.pk: _known(each) for each in rows if not _is_left_over(each, now, bookings)}
    earlier = tuple(each for each in rows if each.pk not in sessions)
    felt = _felt({each.session.course_id for each in sessions.values()})
    return OfDay(sessions, felt, _begun(actor, tuple(sessions), now), earlier)


def _without_a_word(now: datetime) -> dict[str, Any]:
    return {
        "state": SessionState.BOOKED,
        "booking__state": BookingState.BOOKED,
        "booking__ends_at__lte": now,
        "course__state": CourseState.RUNNING,
    }


def _is_left_over(session: Session, now: datetime, bookings: Iterable[int]) -> bool:
    """Whether it belongs to an earlier day."""
    return session.booking_id not in set(bookings)


# Sessions -------------------------------------------------------------------------------------------------------------------
def _sessions(clinic: Clinic) -> QuerySet[Session]:
    """With their dose as the database reads it out of the plan, whose text is large."""
    chosen = AdaptationChoice.objects.filter(course=OuterRef("course")).order_by("-pk")
    unread = Intake.objects.filter(patient=OuterRef("course__patient"), state=IntakeState.SUBMITTED)
    given = SessionRecord.objects.filter(session__course__patient=OuterRef("course__patient"))
    text = Cast("plan", TextField())
    found: QuerySet[Session] = Session.objects.filter(course__clinic=clinic).alias(text=text)
    shown = found.annotate(
        seconds=Cast(KT("plan__total_seconds"), IntegerField()),
        pressure=Case(*(When(text__contains=f'"pressure": {level}', then=Value(level)) for level in PRESSURES), default=Value(0)),
        review_after=Cast(KT("course__plan__review_after"), IntegerField()),
        record_pk=F("record__pk"),
        decided_after=Coalesce(Subquery(chosen.values("after_session")[:1]), Value(0)),
        has_unread=Exists(unread),
        is_agreed=Exists(Consent.objects.filter(course=OuterRef("course"))),
        is_known=Exists(given),
        **{f"measured_{moment}": Exists(_measured(moment)) for moment in MOMENTS},
    )
    joined = shown.select_related("course__patient", "course__therapist", "course__referral", "booking__room", "booking__therapist")
    return joined.defer(*LARGE).order_by("booking__starts_at", "pk")


MOMENTS: Final = ("start", "middle", "end")


def _measured(moment: str) -> QuerySet[MeasureValue]:
    return MeasureValue.objects.filter(course=OuterRef("course"), moment=moment)


def _known(row: Any) -> SessionKnown:
    return SessionKnown(
        session=row,
        record=row.record_pk,
        seconds=row.seconds or 0,
        pressure=row.pressure,
        review_after=row.review_after or 0,
        decided_after=row.decided_after,
        has_unread=row.has_unread,
        is_agreed=row.is_agreed,
        is_known=row.is_known,
        measured=frozenset(moment for moment in MOMENTS if getattr(row, f"measured_{moment}")),
    )


# What was felt --------------------------------------------------------------------------------------------------------------
def _felt(courses: set[int]) -> dict[int, FeltLately]:
    """Every record of these courses, in the order of their sessions. One query."""
    answer = NextDay.objects.filter(record=OuterRef("pk")).order_by("-pk")
    named = Acknowledgement.objects.filter(record=OuterRef("pk"))
    found = SessionRecord.objects.filter(session__course__in=courses).annotate(
        number=F("session__number"),
        course=F("session__course"),
        pain_next=Subquery(answer.values("pain")[:1]),
        had_skin=Subquery(answer.values("has_skin_or_swelling")[:1]),
        is_named=Exists(named),
    )
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in found.order_by("number"):
        rows[row.course].append(row)
    return {course: FeltLately(tuple(map(_as_felt, those)), _waits(those[-1])) for course, those in rows.items()}


def _waits(last: Any) -> bool:
    return bool(last.bad_reaction or last.had_skin) and not last.is_named


def _as_felt(row: Any) -> Felt:
    return Felt(
        row.number,
        comfort=row.comfort,
        pain_before=row.pain_before,
        pain_after=row.pain_after,
        pain_next_day=row.pain_next,
        bad_reaction=row.bad_reaction,
        hurts=tuple(Hurt(Place(each["zone"], each["side"]), each.get("row")) for each in row.hurts),
    )


# What was begun ---------------------------------------------------------------------------------------------------------------
def _begun(actor: Actor, sessions: Sequence[int], now: datetime) -> dict[int, Begun]:
    """Open starts of these sessions and of the actor, whenever they were made; a clinical lead sees those of everybody after a day."""
    mine = Q(session__in=sessions) | Q(started_by=actor.user) | Q(session__booking__therapist=actor.user)
    if Role.CLINICAL_LEAD in actor.roles:
        mine |= Q(started_at__lte=now - LATE)
    found = SessionStart.objects.filter(mine, session__course__clinic=actor.clinic, closed_at=None)
    whose = ("session__course__patient", "session__booking", "started_by")
    shown = found.select_related(*whose).defer(*(f"session__{name}" for name in LARGE)).prefetch_related("events").order_by("started_at")
    return {each.session_id: _as_begun(each, now, actor.clinic.today()) for each in shown}


def _as_begun(start: SessionStart, now: datetime, today: date) -> Begun:
    booking = start.session.booking
    is_past = start.started_on < today or (booking is not None and booking.ends_at <= now)
    return Begun(start, is_past or _is_played(start, now), start.started_at <= now - LATE)


def _is_played(start: SessionStart, now: datetime) -> bool:
    """Whether the time of every row is used up, or somebody ended the session."""
    events = (Event(each.key, each.device, each.seq, each.at_ms, each.kind, each.value) for each in start.events.all())
    passed = int((now - start.started_at).total_seconds() * 1000)
    return played([row["seconds"] for row in start.plan["rows"]], events, max(passed, 0)).is_over
