"""What bookings and holds take out of the days: cells of therapists, rooms, devices and of one patient, and the day's load."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import FloatField, Func, IntegerField, Q, QuerySet
from django.db.models.functions import Cast

from clinic.schedule.cells import WallDays
from clinic.schedule.models import Booking
from clinic.schedule.states import BookingState
from clinic.staff.models import Clinic
from patients.models import Patient

FAR: Final = timedelta(days=2)  # the calendars of two places on earth may differ by so many days at one moment
LONGEST: Final = timedelta(days=1)  # no booking is longer, so that an index by the beginning finds what reaches into a span
COLUMNS: Final = ("therapist_id", "room_id", "device_id", "patient_id", "start", "end", "free", "load", "hands_on_minutes", "heavy")
Key = tuple[int, date]


class _Plain:
    """An expression whose numbers are taken as the database gives them: thousands of rows pass no converter."""

    def get_db_converters(self, connection: Any) -> list[Any]:
        return []


class PlainCast(_Plain, Cast):
    """A column as the database's own number."""


class Minute(_Plain, Func):
    """A moment as whole minutes since 1970."""

    template = "CAST(EXTRACT(EPOCH FROM %(expressions)s) AS bigint) / 60"
    arity = 1
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template="CAST(strftime('%%%%s', %(expressions)s) AS INTEGER) / 60", **context)


@dataclass(slots=True)
class Taken:
    """Cells that are taken, by (number, day), and the load of each therapist's day."""

    therapists: dict[Key, int] = field(default_factory=lambda: defaultdict(int))
    rooms: dict[Key, int] = field(default_factory=lambda: defaultdict(int))
    devices: dict[Key, int] = field(default_factory=lambda: defaultdict(int))
    patient: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    heavy: dict[Key, int] = field(default_factory=lambda: defaultdict(int))
    units: dict[Key, float] = field(default_factory=lambda: defaultdict(float))
    minutes: dict[Key, int] = field(default_factory=lambda: defaultdict(int))


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose bookings count: the clinic's rooms, these therapists wherever they work, and one patient. ``ignoring`` are left out."""

    clinic: Clinic
    therapists: Collection[int]
    patient: Patient | None
    ignoring: Collection[int]
    now: datetime


def taken_between(asked: Asked, start: datetime, end: datetime) -> Taken:
    """What is taken between two moments. One query. A hold whose time is over takes nothing."""
    found, days = Taken(), WallDays(asked.clinic.zone)
    patient = asked.patient.pk if asked.patient else None
    for row in _rows(asked, start, end):
        _take(found, days, row, patient)
    return found


def standing_at(moment: datetime) -> Q:
    """Bookings, and holds whose time is not over."""
    return ~Q(state=BookingState.HELD) | Q(held_until__gt=moment)


def moments_and_loads(found: QuerySet[Booking]) -> QuerySet[Booking]:
    """The bookings in no order, with their moments as minutes and their loads as plain numbers."""
    moments = {"start": Minute("starts_at"), "end": Minute("ends_at"), "free": Minute("free_at")}
    loads = {"load": PlainCast("units", FloatField()), "heavy": PlainCast("is_heavy", IntegerField())}
    return found.order_by().annotate(**moments, **loads)


def _rows(asked: Asked, start: datetime, end: datetime) -> Iterable[tuple[Any, ...]]:
    whose = Q(clinic=asked.clinic) | Q(therapist__in=asked.therapists)
    # The days say nothing that the moments do not; an index knows a clinic's days, and without them all its bookings would be read.
    on = {"day__gte": (start - LONGEST - FAR).date(), "day__lte": (end + FAR).date()}
    rows = Booking.objects.filter(whose, standing_at(asked.now), is_taken=True, **on)
    rows = rows.filter(starts_at__gte=start - LONGEST, starts_at__lt=end, free_at__gt=start)
    rows = rows.exclude(pk__in=asked.ignoring) if asked.ignoring else rows
    return moments_and_loads(rows).values_list(*COLUMNS).iterator(chunk_size=5000)


def _take(found: Taken, days: WallDays, row: tuple[Any, ...], patient: int | None) -> None:
    therapist, room, device, who, start, end, free, units, minutes, is_heavy = row
    for day, cells in days.cells(start, free):
        found.therapists[therapist, day] |= cells
        found.rooms[room, day] |= cells
        if device is not None:
            found.devices[device, day] |= cells
    if not (is_heavy or units or minutes or who == patient):
        return
    treated = days.cells(start, end)
    take_load(found, treated, therapist, (units, minutes, is_heavy))
    if who == patient:
        for day, cells in treated:
            found.patient[day] |= cells


def take_load(found: Taken, treated: Iterable[tuple[date, int]], therapist: int, load: Sequence[Any], *, since: date = date.min) -> None:
    """Counts one booking's units, hands-on minutes and whether it is heavy; its units on the day on which it begins.

    What begins before ``since`` was counted before.
    """
    units, minutes, is_heavy = load
    for number, (day, cells) in enumerate(treated):
        if number == 0 and day >= since:
            found.units[therapist, day] += units
            found.minutes[therapist, day] += minutes
        if is_heavy:
            found.heavy[therapist, day] |= cells
