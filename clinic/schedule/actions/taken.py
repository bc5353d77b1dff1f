"""Whether a place is free, and the sentence that says whose time it is when it is not."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, Final

from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from clinic.schedule.actions.times import day_words
from clinic.schedule.models import Booking, Device, Room
from clinic.schedule.no_overlap import NoOverlap
from clinic.schedule.states import BookingState
from clinic.schedule.wall_clock import wall_of
from clinic.staff.models import User
from clinic.staff.permissions import ActionDenied
from patients.models import Patient

LONGEST: Final = timedelta(days=1)  # no session lasts longer: what began before that is over
FIELDS: Final = ("patient_id", "therapist_id", "room_id", "device_id", "starts_at", "ends_at", "free_at")
SENTENCES: Final[Mapping[str, str]] = {
    "therapist": gettext_noop("The therapist %(name)s already has a session on %(day)s from %(from)s to %(to)s."),
    "room": gettext_noop("The room %(name)s is in use on %(day)s from %(from)s to %(to)s."),
    "device": gettext_noop("The device %(name)s is in use on %(day)s from %(from)s to %(to)s."),
    "patient": gettext_noop("The patient %(name)s already has a session on %(day)s from %(from)s to %(to)s."),
}


class SlotTaken(ActionDenied):
    """Somebody else has that time. ``resource`` says what is taken: therapist, room, device or patient.

    ``place`` is the place among those asked for that cannot be had, counted from 0; ``None`` where only the database noticed.
    """

    def __init__(self, sentence: str, *, resource: str, place: int | None = None) -> None:
        super().__init__(sentence)
        self.resource, self.place = resource, place


@dataclass(frozen=True, slots=True)
class Use:
    """Who and what a booking takes up, and from when to when."""

    patient_id: int
    therapist_id: int
    room_id: int
    device_id: int | None
    starts_at: datetime
    ends_at: datetime
    free_at: datetime

    @classmethod
    def of(cls, booking: Booking) -> "Use":
        return cls(*(getattr(booking, name) for name in FIELDS))

    def clash_with(self, other: "Use") -> str:
        """The resource that both want at one time; empty when they get along."""
        for resource in ("therapist", "room", "device"):
            mine = getattr(self, f"{resource}_id")
            if mine is not None and mine == getattr(other, f"{resource}_id") and _meet(self, other, "free_at"):
                return resource
        return "patient" if self.patient_id == other.patient_id and _meet(self, other, "ends_at") else ""


def _meet(one: Use, other: Use, end: str) -> bool:
    starts: bool = one.starts_at < getattr(other, end)
    return starts and other.starts_at < getattr(one, end)


@dataclass(eq=False)
class Clash(Exception):
    """What ``told_when_taken`` makes a sentence of, after the locks were given back: nobody waits for the words."""

    resource: str
    place: int
    other: Use
    mine: Booking

    def told(self) -> SlotTaken:
        return SlotTaken(_sentence(self.resource, self.other, self.mine), resource=self.resource, place=self.place)


def check_free(wanted: Sequence[Booking], *, now: datetime) -> list[Booking]:
    """Raises ``Clash`` for the first of these bookings, new or moved, whose place is not free. One query when all are.

    Those that move are judged by where they go, and no longer stand where they were. Holds that were over at ``now`` keep nobody away;
    those that stand in the way are answered. Without the locks it is only a look: somebody else may come first.
    """
    uses, found = [Use.of(each) for each in wanted], _in_the_way(wanted)
    over = [each for each in found if each.state == BookingState.HELD and each.held_until and each.held_until <= now]
    others = [Use.of(each) for each in found if each not in over]
    for place, use in enumerate(uses):
        for other in chain(uses[:place], others):
            if resource := use.clash_with(other):
                raise Clash(resource, place, other, wanted[place])
    return over


def _in_the_way(wanted: Sequence[Booking]) -> list[Booking]:
    """Other bookings that use any of these resources at any of these times. Written by hand: the ORM would think longer than it looks."""
    moving = {each.pk for each in wanted if each.pk}
    columns: dict[str, set[Any]] = {name: {getattr(each, name) for each in wanted} - {None} for name in FIELDS[:4]}
    windows = {(each.free_at, each.starts_at) for each in wanted}
    anything = " OR ".join(f"{name} IN ({_marks(values)})" for name, values in columns.items() if values)
    at_a_time = " OR ".join(["(starts_at < %s AND free_at > %s)"] * len(windows))
    # The span is for the indexes, which hold a resource and a beginning.
    sql = (
        f"SELECT id, state, held_until, {', '.join(FIELDS)} FROM {Booking._meta.db_table}"  # noqa: S608  # names of our own
        f" WHERE is_taken AND ({anything}) AND starts_at > %s AND starts_at < %s AND ({at_a_time}) ORDER BY starts_at, id"
    )
    span = (min(starts_at for _free_at, starts_at in windows) - LONGEST, max(free_at for free_at, _starts_at in windows))
    rows = Booking.objects.raw(sql, [*chain(*columns.values()), *span, *chain(*windows)])
    return [row for row in rows if row.pk not in moving]


def _marks(values: Collection[Any]) -> str:
    return ", ".join(["%s"] * len(values))


def _sentence(resource: str, other: Use, mine: Booking) -> str:
    zone = mine.clinic.zone
    day, begins = wall_of(other.starts_at, zone)
    _day, ends = wall_of(other.ends_at if resource == "patient" else other.free_at, zone)
    said = {"name": _name(resource, mine), "day": day_words(day), "from": f"{begins:%H:%M}", "to": f"{ends:%H:%M}"}
    return _(SENTENCES[resource]) % said


def _name(resource: str, booking: Booking) -> str:
    """Another clinic's people and rooms are never named."""
    model = {"therapist": User, "patient": Patient, "room": Room, "device": Device}[resource]
    of_clinic = {"staff_roles__clinic" if model is User else "clinic": booking.clinic_id}
    found: Any = model._default_manager.filter(pk=getattr(booking, f"{resource}_id"), **of_clinic).first()
    if found is None:
        raise ActionDenied(_("Choose people, rooms and devices of this clinic."))
    return str(found.name if isinstance(found, Room | Device) else found.full_name)


@contextmanager
def told_when_taken() -> Iterator[None]:
    """Around a transaction: what a look finds taken, and what only the database's constraints notice, becomes ``SlotTaken``."""
    try:
        yield
    except Clash as clash:
        raise clash.told() from None
    except IntegrityError as refused:
        broken = _broken(str(refused), (each for each in Booking._meta.constraints if isinstance(each, NoOverlap)))
        if broken is None:
            raise
        raise SlotTaken(str(broken.get_violation_error_message()), resource=broken.resource) from refused


def _broken(said: str, constraints: Iterable[NoOverlap]) -> NoOverlap | None:
    return next((each for each in constraints if each.name in said), None)
