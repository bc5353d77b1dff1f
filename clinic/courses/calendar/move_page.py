"""The page on which one session is moved: the times that are offered, what a choice changes, and why a time is not offered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise

from clinic.courses.calendar.date_rows import OtherTime, gap_words, other_times
from clinic.courses.calendar.queries.choosing import Ground, Names, ground_of_booked, names_at
from clinic.courses.calendar.queries.moving import Change
from clinic.courses.calendar.reason_words import CAN_BE_SET_ASIDE, ReasonWords
from clinic.courses.models import Session
from clinic.schedule.cells import clock_of
from clinic.schedule.proposing import judged
from clinic.schedule.proposing.values import Reason, Slot


@dataclass(frozen=True, slots=True)
class Line:
    """One session before and after, as the preview shows it."""

    number: int
    before_day: date
    before_clock: time
    day: date
    clock: time
    therapist: str
    gap: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MoveDesk:
    """Everything that the page knows. ``number`` is the place of the session among the movable ones (1 is the first)."""

    ground: Ground
    sessions: tuple[Session, ...]
    number: int
    names: Names

    @property
    def words(self) -> ReasonWords:
        return ReasonWords(self.names.therapists)

    def offered(self, limit: int = 5) -> list[OtherTime]:
        """The best other times that keep the gaps on both sides."""
        return other_times(self.ground.others_for(self.number, limit), self.names)

    def find(self, day: date, clock: time, therapist: int | None, room: int | None = None) -> tuple[Slot | None, tuple[Reason, ...]]:
        """The place at a time of one's own, and what speaks against it. What can be set aside does not hide a free place.

        ``room`` is taken where it is free.
        """
        against = self.ground.why_not(self.number, day, clock, therapist)
        if any(reason.code not in CAN_BE_SET_ASIDE for reason in against):
            return None, against
        slot = self.ground.slot_at(day, clock, therapist, room)
        return slot, against if slot else (*against, Reason("no-room"))

    def lines(self, change: Change) -> tuple[Line, ...]:
        """What would change, session by session; those that stay are left out."""
        rows = judged(self.ground.calendar, self.ground.wanted, change.slots)
        gaps = _gaps(change.slots, self.ground)
        found = zip(self.sessions, self.ground.chosen, change.slots, rows, gaps, strict=True)
        return tuple(
            Line(
                session.number, before.day, clock_of(before.cell), after.day, clock_of(after.cell),
                self.names.therapists.get(after.therapist, ""), gap_words(gap), self.words.say_all(row.reasons),
            )
            for session, before, after, row, gap in found
            if before != after
        )  # fmt: skip


def _gaps(slots: Sequence[Slot], ground: Ground) -> list[int | None]:
    days = [ground.wanted.after, *(slot.day for slot in slots)]
    return [None if earlier is None or day is None else _open(ground, earlier, day) for earlier, day in pairwise(days)]


def _open(ground: Ground, earlier: date, later: date) -> int:
    return sum(earlier < day <= later for day in ground.calendar.open_days)


def desk_of(session: Session, *, now: datetime) -> MoveDesk | None:
    """The desk for moving this session; None where its time has come or it has no date."""
    ground, sessions = ground_of_booked(session.course, now=now, on=session.course.clinic.today())
    number = next((place for place, each in enumerate(sessions, start=1) if each.pk == session.pk), 0)
    return MoveDesk(ground, sessions, number, names_at(session.course.clinic)) if number else None
