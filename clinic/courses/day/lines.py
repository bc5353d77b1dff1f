"""The day of one therapist as lines in the order of time: who comes next, what must be seen of each, and the one thing to do."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clinic.courses.calendar.drawing import Column, Desk, gaps_of
from clinic.courses.calendar.queries.days import Booked, breaks_of
from clinic.courses.calendar.tiles import clock_words, counter, who
from clinic.courses.day import marks
from clinic.courses.day.marks import Mark
from clinic.courses.day.queries.today import NOTHING_FELT, Begun, FeltLately, OfDay, SessionKnown
from clinic.courses.models import Session
from clinic.courses.states import CourseState, SessionState
from clinic.reminders.states import AnswerKind
from clinic.schedule.states import AbsenceReason, BookingState

LOST: Final[Mapping[str, Mark]] = {SessionState.MISSED: marks.MISSED, SessionState.CANCELLED: marks.CANCELLED}


@dataclass(frozen=True, slots=True)
class Way:
    """The one thing to do with a session."""

    words: str | Promise
    url: str
    icon: str = "arrow-right"
    is_quiet: bool = False  # only to be read


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the day. Without ``booked`` it is a pause, or a free time, named by ``words``."""

    start: int
    end: int
    words: str
    booked: Booked | None = None
    known: SessionKnown | None = None
    counter: str = ""
    marks: tuple[Mark, ...] = ()
    felt: str = ""
    way: Way | None = None
    asks_who_came: bool = False
    waits_for_earlier: bool = False  # an earlier session of the course must be answered first
    for_whom: str = ""  # whose course it is, when it is a colleague's
    is_over: bool = False
    is_next: bool = False  # the first one that is not over
    is_now: bool = False  # and its time has begun
    is_after_now: bool = False  # the first line that has not begun

    @property
    def begins(self) -> str:
        return clock_words(self.start)

    @property
    def ends(self) -> str:
        return clock_words(self.end)

    @property
    def minutes(self) -> int:
        """The dose in whole minutes."""
        return -(-self.known.seconds // 60) if self.known else 0


@dataclass(frozen=True, slots=True)
class Left:
    """Something of an earlier day, without a booking, or of a colleague, that nobody has finished."""

    session: Session
    counter: str
    mark: Mark
    way: Way | None = None
    by: str = ""
    waits_for_earlier: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """Everything on the page of a day. ``unresolved`` and ``unsigned`` are of earlier days, ``late`` of colleagues."""

    lines: tuple[Line, ...]
    unresolved: tuple[Left, ...]
    unsigned: tuple[Left, ...]
    late: tuple[Left, ...]

    @property
    def left_here(self) -> int:
        """How much of the day itself waits for a word or a signature."""
        return sum(line.asks_who_came or line.marks[:1] == (marks.UNSIGNED,) for line in self.lines)

    @property
    def left(self) -> int:
        return len(self.unresolved) + len(self.unsigned)

    @property
    def to_come(self) -> int:
        return sum(line.booked is not None and not line.is_over for line in self.lines)

    @property
    def is_done(self) -> bool:
        """Nothing is to come and nothing is left."""
        return not (self.to_come or self.left or self.left_here)


def day_of(desk: Desk, bookings: Sequence[Booked], known: OfDay) -> Day:
    """The reader's bookings of the day with breaks and free times between them, and what is left of earlier days."""
    whole = _Whole(desk, bookings, known)
    here = {each.session for each in bookings}
    left = [_left_unsigned(each, desk) for pk, each in known.begun.items() if pk not in here]
    me = desk.asked.therapist
    return Day(
        lines=whole.lines(),
        unresolved=tuple(_left_unresolved(each, whole.first_of(each.course_id, each.number)) for each in known.earlier),
        unsigned=tuple(line for line, begun in left if _is_mine(begun, me)),
        late=tuple(line for line, begun in left if not _is_mine(begun, me)),
    )


def _is_mine(begun: Begun, me: int) -> bool:
    booking = begun.start.session.booking
    return me in (begun.start.started_by_id, booking.therapist_id if booking else 0)


class _Whole:
    """The lines of one day, made with what is known of all of them."""

    def __init__(self, desk: Desk, bookings: Sequence[Booked], known: OfDay) -> None:
        self.desk, self.bookings, self.known = desk, bookings, known
        self.now, self.is_today = desk.reader.now, desk.asked.day == desk.reader.today
        self.coming = next((each.pk for each in bookings if self.is_today and not self._is_over(each)), 0)

    def lines(self) -> tuple[Line, ...]:
        found = sorted((*map(self._session, self.bookings), *self._pauses()), key=lambda line: (line.start, line.end))
        return tuple(self._with_now(found))

    def first_of(self, course: int, number: int) -> bool:
        """Whether no earlier session of that course waits for a word."""
        return not any(each.course_id == course and each.number < number for each in self._wordless())

    def _wordless(self) -> Iterator[Session]:
        yield from self.known.earlier
        yield from (each.session for each in map(self._known, self.bookings) if each and self._has_no_word(each.session))

    def _has_no_word(self, session: Session) -> bool:
        is_over = session.booking is not None and session.booking.ends_at <= self.now
        return is_over and session.state == SessionState.BOOKED and session.course.state == CourseState.RUNNING

    def _known(self, booked: Booked) -> SessionKnown | None:
        return self.known.sessions.get(booked.session or 0)

    def _is_over(self, booked: Booked) -> bool:
        if (booked.session or 0) in self.known.begun:
            return self.known.begun[booked.session or 0].is_over
        return booked.session_state in (*LOST, SessionState.DONE) or booked.ends_at <= self.now

    # One session ------------------------------------------------------------------------------------------------------------
    def _session(self, booked: Booked) -> Line:
        known, me = self._known(booked), self.desk.asked.therapist
        begun = self.known.begun.get(booked.session or 0)
        wordless = bool(known and not begun and booked.state == BookingState.BOOKED and self._has_no_word(known.session))
        therapist = known.session.course.therapist if known else None
        is_over = self._is_over(booked)
        return Line(
            start=booked.start,
            end=booked.end,
            words=who(booked),
            booked=booked,
            known=known,
            counter=counter(booked) or booked.label,
            marks=tuple(self._marks(booked, known, begun)),
            felt="" if is_over or known is None else marks.last_felt(known.session.course, self._felt(known)),
            way=_way(known, begun, is_over=is_over),
            asks_who_came=wordless,
            waits_for_earlier=wordless and known is not None and not self.first_of(known.session.course_id, known.session.number),
            for_whom=therapist.full_name if therapist and therapist.pk != me else "",
            is_over=is_over,
            is_next=booked.pk == self.coming,
            is_now=booked.pk == self.coming and booked.starts_at <= self.now,
        )

    def _felt(self, known: SessionKnown) -> FeltLately:
        return self.known.felt.get(known.session.course_id, NOTHING_FELT)

    def _marks(self, booked: Booked, known: SessionKnown | None, begun: Begun | None) -> Iterator[Mark]:
        if booked.state == BookingState.HELD and booked.held_until:
            until = booked.held_until.astimezone(self.now.tzinfo)
            yield Mark(marks.TELL, "hourglass", _("Held until %(clock)s") % {"clock": f"{until:%H:%M}"})
        if begun:
            yield marks.UNSIGNED if begun.is_over else marks.GOING
        elif booked.session_state == SessionState.DONE:
            yield marks.GIVEN
        elif lost := LOST.get(booked.session_state or ""):
            yield lost
        elif known and self._has_no_word(known.session):
            yield marks.UNRESOLVED
        elif known:
            yield from self._before(booked, known)

    def _before(self, booked: Booked, known: SessionKnown) -> Iterator[Mark]:
        """Of a session to come: what the patient said of it, what stops it, what is to be done first, what it is."""
        if booked.said == AnswerKind.CANNOT_COME:
            yield marks.CANNOT_COME
        if self.desk.known.hinders(booked):
            yield marks.CLASH
        stopped = tuple(marks.stops(known, self.desk.reader.today))
        yield from stopped
        if self.is_today and not stopped:
            due = self.known.due.get(known.session.course_id, 0)
            yield from marks.asks(known, self._felt(known), self.desk.reader.today, due=due)
        if booked.said == AnswerKind.CONFIRMED:
            yield marks.CONFIRMED
        yield from marks.tells(known)
        if booked.is_heavy:
            yield marks.HEAVY

    # What lies between --------------------------------------------------------------------------------------------------------
    def _pauses(self) -> Iterator[Line]:
        desk, day, me = self.desk, self.desk.asked.day, self.desk.asked.therapist
        column = Column(day, self.bookings, desk.known.works_on(me, day), desk.known.away_on(me, day), therapist=me)
        yield from (Line(each.start, each.end, _("Break")) for each in breaks_of(column.spans))
        yield from (Line(each.start, each.end, _("Free")) for each in gaps_of(column, desk))
        if column.spans:
            yield from (
                Line(max(each.start, desk.scale.first), min(each.end, desk.scale.last), str(AbsenceReason(each.reason).label))
                for each in column.away
            )

    def _with_now(self, lines: Iterable[Line]) -> Iterator[Line]:
        """The line of this moment stands before the first one that has not begun."""
        is_told = not self.is_today
        for line in lines:
            is_first = not is_told and line.start >= self.desk.reader.clock
            is_told = is_told or is_first
            yield replace(line, is_after_now=is_first)


# Ways -----------------------------------------------------------------------------------------------------------------------
def _way(known: SessionKnown | None, begun: Begun | None, *, is_over: bool) -> Way | None:
    """The one thing to do with a session as it stands; None where there is nothing, or where who came is asked."""
    if begun:
        return _to_finish(begun)
    if known is None:
        return None
    if known.record:
        return Way(pgettext_lazy("record", "Read"), reverse("day:record", args=[known.record]), "file-text", is_quiet=True)
    if is_over and not _never_began(known.session):
        return None
    return Way(gettext_lazy("Open"), reverse("day:before", args=[known.session.course_id, known.session.number]))


def _never_began(session: Session) -> bool:
    """Whether its time passed while its course did not run: nobody is asked who came, its own page says what is in the way."""
    return session.state == SessionState.BOOKED and session.course.state != CourseState.RUNNING


def _to_finish(begun: Begun) -> Way:
    if begun.is_over:
        return Way(gettext_lazy("Sign"), reverse("day:finish", args=[begun.start.pk]), "pen-line")
    return Way(pgettext_lazy("session", "Go on"), reverse("day:player", args=[begun.start.pk]), "play")


def _counter(session: Session) -> str:
    return f"{session.number}/{session.course.session_count}"


def _left_unresolved(session: Session, is_first: bool) -> Left:  # noqa: FBT001  # an answer, given once above
    return Left(session, _counter(session), marks.UNRESOLVED, waits_for_earlier=not is_first)


def _left_unsigned(begun: Begun, desk: Desk) -> tuple[Left, Begun]:
    session = begun.start.session
    by = begun.start.started_by.full_name if begun.start.started_by_id != desk.asked.therapist else ""
    way = _to_finish(begun) if _is_mine(begun, desk.asked.therapist) else _to_course(session)
    return Left(session, _counter(session), marks.UNSIGNED if begun.is_over else marks.GOING, way, by), begun


def _to_course(session: Session) -> Way:
    """Whose it is signs it; the clinical lead sees of what it is."""
    return Way(gettext_lazy("Open"), f"{reverse('courses:detail', args=[session.course_id])}?session={session.number}", is_quiet=True)
