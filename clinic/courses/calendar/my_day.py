"""A therapist's own day as a list: who comes next, what must be known of each, and the pauses in between."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clinic.courses.calendar.drawing import Column, Desk, gaps_of
from clinic.courses.calendar.queries.days import Booked, breaks_of
from clinic.courses.calendar.tiles import Flag, clock_words, counter, dose, flags_of, who
from clinic.courses.states import SessionState
from clinic.schedule.states import AbsenceReason

OVER = (SessionState.DONE, SessionState.MISSED, SessionState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the day. Without ``booked`` it is a pause, named by ``words``."""

    start: int
    end: int
    words: str
    booked: Booked | None = None
    counter: str = ""
    dose: str = ""
    flags: tuple[Flag, ...] = ()
    is_over: bool = False
    is_next: bool = False  # the first one that is not over

    @property
    def begins(self) -> str:
        return clock_words(self.start)

    @property
    def ends(self) -> str:
        return clock_words(self.end)


def my_lines(desk: Desk, bookings: Sequence[Booked]) -> list[Line]:
    """The reader's bookings of the day with the breaks, absences and free times between them, in the order of time."""
    day, therapist = desk.asked.day, desk.asked.therapist
    column = Column(day, bookings, desk.known.works_on(therapist, day), desk.known.away_on(therapist, day), therapist=therapist)
    coming = next((each.pk for each in bookings if day == desk.reader.today and not _is_over(each, desk)), 0)
    sessions = (_session(each, desk, coming) for each in bookings)
    return sorted((*sessions, *_pauses(column, desk)), key=lambda line: (line.start, line.end))


def _is_over(booked: Booked, desk: Desk) -> bool:
    return booked.session_state in OVER or booked.ends_at <= desk.reader.now


def _session(booked: Booked, desk: Desk, coming: int) -> Line:
    return Line(
        start=booked.start,
        end=booked.end,
        words=who(booked),
        booked=booked,
        counter=counter(booked) or booked.label,
        dose=dose(booked, desk.reader),
        flags=flags_of(booked, desk.reader, is_hindered=desk.known.hinders(booked)),
        is_over=_is_over(booked, desk),
        is_next=booked.pk == coming,
    )


def _pauses(column: Column, desk: Desk) -> Iterator[Line]:
    yield from (Line(each.start, each.end, _("Break")) for each in breaks_of(column.spans))
    yield from (Line(each.start, each.end, _("Free")) for each in gaps_of(column, desk))
    if column.spans:
        yield from (
            Line(max(each.start, desk.scale.first), min(each.end, desk.scale.last), str(AbsenceReason(each.reason).label))
            for each in column.away
        )
