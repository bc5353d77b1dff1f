"""Reminders of bookings: which there should be now, and which rows that takes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from clinic.reminders.actions.posting import Post
from clinic.reminders.due import KNOWS_FOR, Due, Shift, Waiting, day_before, hours_before, outside_quiet
from clinic.reminders.models import Message, MessageRules
from clinic.reminders.queries.rules import quiet_of
from clinic.reminders.quiet import QuietHours
from clinic.reminders.states import DropReason, Kind, MessageState
from clinic.schedule.models import Booking

REMINDERS: Final = (Kind.REMINDER_DAY, Kind.REMINDER_HOURS)
ONE_EVENING: Final = timedelta(hours=4)  # of two reminders that come within so short a time the second is one too many

# What is read of bookings and with them, so that nothing more need be asked to know when something is due, and by which channel it goes.
GROUND: Final = ("clinic__message_rules", "patient__message_wishes")
COLUMNS: Final = (
    "sequence", "state", "day", "clock", "starts_at", "clinic__time_zone", "clinic__message_rules", "patient__clinic", "patient__email",
    "patient__phone", "patient__guardian_phone", "patient__message_wishes",
)  # fmt: skip

Wanted = dict[str, Due]


@dataclass(frozen=True, slots=True)
class Ground:
    """What decides when something is sent, read once for all bookings of one change."""

    rules: Mapping[int, MessageRules]  # by clinic
    quiet: Mapping[int, QuietHours]  # by patient
    now: datetime

    @classmethod
    def of(cls, bookings: Sequence[Booking], now: datetime) -> "Ground":
        """No query, when the bookings were read with ``GROUND``."""
        rules: dict[int, MessageRules] = {}
        quiet: dict[int, QuietHours] = {}
        for each in bookings:
            if each.clinic_id not in rules:
                rules[each.clinic_id] = getattr(each.clinic, "message_rules", None) or MessageRules(clinic=each.clinic)
            if each.patient_id not in quiet:
                quiet[each.patient_id] = quiet_of(rules[each.clinic_id], getattr(each.patient, "message_wishes", None))
        return cls(rules, quiet, now)

    def waiting_for(self, booking: Booking) -> Waiting:
        """How long news about this booking wait."""
        rules = self.rules[booking.clinic_id]
        return Waiting(timedelta(minutes=rules.grace_minutes), self.quiet[booking.patient_id], booking.clinic.zone)


def arrange_reminders(
    bookings: Sequence[Booking], ground: Ground, *, known_from: Mapping[int, datetime], is_new: bool = False
) -> list[Post]:
    """Moves and drops the waiting reminders of these bookings, as their times and the rules are now; answers those to be written.

    One whose moment has passed is not written, nor one that would come within two hours of the moment at which the patient learns of
    the date (``known_from``, by booking). ``is_new``: nothing can have been written of them yet.
    """
    kept = _Kept.none() if is_new else _Kept.of(bookings)
    posts: list[Post] = []
    moved: list[Message] = []
    dropped: dict[str, list[int]] = {}
    for booking in bookings:
        since = known_from.get(booking.pk)
        wanted = wanted_reminders(booking, ground, after=ground.now if since is None else since + KNOWS_FOR)
        for kind in REMINDERS:
            row, due = kept.waiting.get((booking.pk, kind)), wanted.get(kind)
            if row is not None and due is None:
                dropped.setdefault(_why_dropped(kind, ground.rules[booking.clinic_id]), []).append(row.pk)
            elif row is not None and due is not None:
                moved += [row] if set_times(row, due.at, booking.starts_at) else []
            elif due is not None and not kept.was_reminded(booking, kind):
                posts.append(_reminder(booking, kind, due.at, kept.next_version(booking, kind)))
    for reason, numbers in dropped.items():
        Message.objects.filter(pk__in=numbers).update(state=MessageState.DROPPED, drop_reason=reason, next_at=None)
    keep_times(moved)
    return posts


def wanted_reminders(booking: Booking, ground: Ground, *, after: datetime) -> Wanted:
    """When the reminders of a booking are due by the clinic's rules; none that would come before ``after`` or at the session's start."""
    rules, quiet, zone = ground.rules[booking.clinic_id], ground.quiet[booking.patient_id], booking.clinic.zone
    wanted: Wanted = {}
    if rules.day_before_at is not None:
        wanted[Kind.REMINDER_DAY] = day_before(booking.day, rules.day_before_at, zone)
    if rules.hours_before is not None:
        wanted[Kind.REMINDER_HOURS] = hours_before(booking.starts_at, rules.hours_before)
    outside = {kind: outside_quiet(due, quiet, zone, after=after, until=booking.starts_at) for kind, due in wanted.items()}
    return _without_a_second({kind: due for kind, due in outside.items() if after <= due.at < booking.starts_at})


def _without_a_second(wanted: Wanted) -> Wanted:
    """Quiet hours may bring the second reminder forward to the evening on which the first one comes."""
    day, hours = (wanted.get(kind) for kind in REMINDERS)
    if day and hours and hours.shift == Shift.EARLIER and abs(hours.at - day.at) < ONE_EVENING:
        return {Kind.REMINDER_DAY: day}
    return wanted


def _why_dropped(kind: str, rules: MessageRules) -> str:
    is_off = rules.day_before_at is None if kind == Kind.REMINDER_DAY else rules.hours_before is None
    return DropReason.TURNED_OFF if is_off else DropReason.NOTHING_NEW


def _reminder(booking: Booking, kind: str, at: datetime, version: int) -> Post:
    return Post(kind, f"booking:{booking.pk}", at, booking.starts_at, patient=booking.patient, booking=booking, version=version)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was written of some bookings: the rows that wait, which nobody claims before we are done, and what became of the others."""

    waiting: Mapping[tuple[int, str], Message]
    others: Mapping[tuple[int, str], Sequence[tuple[int, str, datetime]]]  # version, state, start of the session that it was about

    @classmethod
    def none(cls) -> "_Kept":
        return cls({}, {})

    @classmethod
    def of(cls, bookings: Sequence[Booking]) -> "_Kept":
        """Two queries. Only rows that wait are locked: a worker who marks others may be waiting for the bookings that we hold."""
        locked = waiting_reminders(bookings).order_by("pk").select_for_update(of=("self",))
        waiting = {(row.booking_id or 0, row.kind): row for row in locked}
        others: dict[tuple[int, str], list[tuple[int, str, datetime]]] = {}
        rows = Message.objects.filter(booking__in=[each.pk for each in bookings], kind__in=REMINDERS)
        for number, kind, version, state, start in rows.values_list("booking", "kind", "version", "state", "not_after"):
            others.setdefault((number or 0, kind), []).append((version, state, start))
        return cls(waiting, others)

    def was_reminded(self, booking: Booking, kind: str) -> bool:
        """Whether a reminder of the date as it is now went out, or is just going."""
        went = (MessageState.SENT, MessageState.SENDING, MessageState.FAILED)
        return any(state in went and start == booking.starts_at for _version, state, start in self.others.get((booking.pk, kind), ()))

    def next_version(self, booking: Booking, kind: str) -> int:
        versions = [version for version, _state, _start in self.others.get((booking.pk, kind), ())]
        return max([booking.sequence, *(version + 1 for version in versions)])


# Rows that wait -----------------------------------------------------------------------------------------------------------------
def waiting_reminders(bookings: Iterable[Booking]) -> QuerySet[Message]:
    """The reminders of these bookings that nobody has claimed yet."""
    return Message.objects.filter(booking__in=[each.pk for each in bookings], kind__in=REMINDERS, state=MessageState.WAITING)


def set_times(row: Message, due_at: datetime, not_after: datetime) -> bool:
    """Gives the row these times, unsaved; whether that changes anything."""
    before = (row.due_at, row.not_after)
    row.due_at = row.next_at = due_at
    row.not_after = not_after
    return before != (due_at, not_after)


def keep_times(rows: Sequence[Message]) -> None:
    """Writes the times of these locked rows."""
    if len(rows) == 1:  # nearly always: Django thinks longer about many
        Message.objects.filter(pk=rows[0].pk).update(due_at=rows[0].due_at, next_at=rows[0].next_at, not_after=rows[0].not_after)
    elif rows:
        Message.objects.bulk_update(rows, ["due_at", "next_at", "not_after"])
