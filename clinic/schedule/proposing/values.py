"""What proposing dates takes and gives.

Time of a day is counted in cells of five minutes from midnight by the clinic's clock (cell 96 is 08:00, 288 cells a day); free time is
an ``int`` used as a set of cells: bit ``c`` is set while cell ``c`` is free. Days are dates; gaps between sessions are counted in open
days of the clinic (library README: ``every_days`` and ``per_week`` count open days).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

CELL_MINUTES: Final = 5
CELLS: Final = 24 * 60 // CELL_MINUTES


@dataclass(frozen=True, slots=True)
class Shift:
    """One therapist on one day: ``free`` cells at ``site``, and what is left of the day's load.

    ``works`` holds the cells of the working hours alone (before bookings were taken out), so that a reason can be told.
    ``heavy`` marks cells of heavy sessions that are booked already.
    """

    therapist: int
    day: date
    site: int
    works: int
    free: int
    units_left: float = 1e9
    minutes_left: int = 100_000
    heavy: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """One room on one day. ``free``: cells in which nobody uses it."""

    room: int
    site: int
    day: date
    free: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """Everything that is known of a span of days. ``open_days`` in order; a day that is not among them is closed (``closed`` says why).

    ``devices`` are the free cells of each device that can do the work, keyed by (device, day); empty where none is needed.
    Gaps are counted over ``open_days``, so they begin no later than the session before the first one that is wanted. Nothing is offered
    before ``now`` (a cell) of ``today``, where ``today`` is given.
    """

    open_days: tuple[date, ...]
    shifts: Mapping[tuple[int, date], tuple[Shift, ...]]  # (therapist, day) -> one for each site
    places: Mapping[tuple[int, date], Sequence[Place]]  # (site, day) -> rooms in their order
    patient_busy: Mapping[date, int] = field(default_factory=dict)  # cells in which the patient is somewhere else
    closed: Mapping[date, str] = field(default_factory=dict)  # code or name of what closes the day
    absent: Mapping[tuple[int, date], str] = field(default_factory=dict)  # (therapist, day) -> code of AbsenceReason
    devices: Mapping[tuple[int, date], int] = field(default_factory=dict)
    device_sites: Mapping[int, int] = field(default_factory=dict)
    device_rooms: Mapping[int, int] = field(default_factory=dict)  # a device that stands in one room is used there only
    today: date | None = None
    now: int = 0


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Gaps in open days from one session to the next: ``min`` and ``max`` are kept, ``ideal`` is aimed at.

    The first ``first_count`` gaps aim at ``first_ideal`` instead ("first three every other day, then daily"). ``per_week`` is kept too
    (weeks begin on Monday).
    """

    min: int
    max: int
    ideal: int
    per_week: int = 7
    first_count: int = 0
    first_ideal: int = 0

    def ideal_before(self, number: int) -> int:
        """The gap aimed at before session ``number`` (2 is the first that has one)."""
        return self.first_ideal if number - 1 <= self.first_count and self.first_ideal else self.ideal


@dataclass(frozen=True, slots=True)
class Wanted:
    """One course that needs dates.

    ``cells`` is the length of a session, ``turnover`` the cells that therapist, room and device stay busy after it. ``earliest`` and
    ``latest`` bound the cells (a session begins at or after the one and is over by the other); ``preferred`` is the wished first cell.
    ``therapists`` are those who may do it (qualified, of the wished sex), the wished one first. ``after`` is the day of the session
    before the first one wanted, so that its gap counts; ``first_gap_free`` lets the first one come at any time from ``first_on``.
    ``step`` is the clinic's grid in cells. ``same_therapist`` makes a change of therapist impossible instead of costly.

    For a part of a course: ``done`` sessions come before the first one wanted (so "the first three" are counted right), ``then`` is the day
    of the session after the last one wanted (its gap counts), and the days ``kept`` count in their weeks. ``busy`` adds to the cells
    in which the patient is somewhere else, where one calendar serves several patients. ``others`` are therapists whom only a wish keeps
    out; they are never proposed, but an obstacle can name that wish. ``has_wished_therapist`` is false where the first one of
    ``therapists`` is only the first of a list.
    """

    count: int
    cells: int
    turnover: int
    rhythm: Rhythm
    first_on: date
    last_on: date
    therapists: tuple[int, ...]
    earliest: int = 0
    latest: int = CELLS
    preferred: int | None = None
    weekdays: frozenset[int] = frozenset(range(7))
    step: int = 3
    same_therapist: bool = False
    after: date | None = None
    units: float = 0.0
    minutes: int = 0
    is_heavy: bool = False
    needs_device: bool = False
    done: int = 0
    then: date | None = None
    kept: tuple[date, ...] = ()
    busy: Mapping[date, int] = field(default_factory=dict)
    others: tuple[int, ...] = ()
    has_wished_therapist: bool = True
    first_gap_free: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """One place in the calendar: ``cell`` is its first one."""

    day: date
    cell: int
    therapist: int
    room: int
    site: int
    device: int | None = None


@dataclass(frozen=True, slots=True)
class At:
    """A time that is asked about: the first cell on a day, with a therapist or with anybody (None)."""

    day: date
    cell: int
    therapist: int | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a date is amber, or a time is not offered: a code of ``REASONS`` with what it needs to be said (no words here)."""

    code: str
    about: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProposedDate:
    """One session's date. Green has no ``reasons``; amber keeps every hard rule but misses something that was wished."""

    slot: Slot
    cost: int
    reasons: tuple[Reason, ...] = ()

    @property
    def is_green(self) -> bool:
        return not self.reasons


@dataclass(frozen=True, slots=True)
class Proposal:
    """All dates of a course at the least cost there is, or none with the reasons why there can be none."""

    dates: tuple[ProposedDate, ...]
    cost: int
    obstacles: tuple[Reason, ...] = ()


# The first seven are of amber dates; the others say why a time is not offered. ``would-fit-without`` stands among the obstacles of a
# course only: giving up this one ``wish`` (weekdays, hours, same-therapist, therapist, last-on, rhythm) makes it possible.
REASONS: Final = (
    "gap-short", "gap-long", "other-therapist", "other-time", "load-near", "beside-heavy", "starts-late",
    "past", "closed", "outside-horizon", "weekday", "not-working", "absent", "break", "outside-wishes", "off-grid",
    "therapist-busy", "no-room", "no-device", "patient-busy", "gap-too-short", "gap-too-long", "week-full", "load-full",
    "not-qualified", "no-therapist", "too-few-days",
    "would-fit-without",
)  # fmt: skip
