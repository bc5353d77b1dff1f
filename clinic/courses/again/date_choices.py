"""The proposed dates as a page shows them: one row a session, green or amber with why, with other times to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from clinic.courses.calendar.date_rows import OtherTime, gap_words, other_times
from clinic.courses.calendar.queries.choosing import Ground, Names
from clinic.courses.calendar.queries.sessions import gaps_between
from clinic.courses.calendar.reason_words import ReasonWords
from clinic.courses.calendar.slots import written
from clinic.schedule.cells import clock_of
from clinic.schedule.proposing.values import CELL_MINUTES, ProposedDate, Reason


@dataclass(frozen=True, slots=True)
class DateChoice:
    """One date. Green without ``reasons``. ``value`` is what the form sends of it."""

    number: int
    value: str
    day: date
    clock: time
    ends: time
    therapist: str
    room: str
    gap: str
    reasons: tuple[str, ...]
    others: tuple[OtherTime, ...]

    @property
    def is_green(self) -> bool:
        return not self.reasons


def date_choices(ground: Ground, names: Names) -> tuple[DateChoice, ...]:
    """A row for each chosen date, in their order. Asks the database nothing."""
    if not ground.chosen:
        return ()
    rows = ground.judged()
    gaps = gaps_between([row.slot.day for row in rows], ground.calendar.open_days, ground.wanted.after)
    return tuple(_choice(number, row, gap_words(gap), ground, names) for number, (row, gap) in enumerate(zip(rows, gaps, strict=True), 1))


def _choice(number: int, row: ProposedDate, gap: str, ground: Ground, names: Names) -> DateChoice:
    slot, clock = row.slot, clock_of(row.slot.cell)
    ends = datetime.combine(slot.day, clock) + timedelta(minutes=ground.wanted.cells * CELL_MINUTES)
    return DateChoice(
        number, written(slot), slot.day, clock, ends.time(),
        names.therapists.get(slot.therapist, ""), names.rooms.get(slot.room, ""), gap,
        ReasonWords(names.therapists).say_all(row.reasons), tuple(other_times(ground.others_for(number), names)),
    )  # fmt: skip


def obstacle_words(obstacles: Sequence[Reason], names: Names) -> tuple[str, ...]:
    """Why there are no dates, in sentences."""
    return ReasonWords(names.therapists).say_all(obstacles)


def without_words(ground: Ground, count: int) -> str:
    """Why sessions stay without a date though others have one; empty where none does."""
    left = ground.dates.left_in_referral
    if left is not None and left < count:
        return _("The referral covers %(left)s sessions: the others get a date when a doctor has extended it.") % {"left": left}
    return ""
