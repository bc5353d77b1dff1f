"""What bookings mean for the outbox: reminders that are written, moved and dropped, and one message about all new dates of a patient.

All of it happens inside the transaction of the booking. Whoever books, moves or releases has locked the patient (see
``clinic.schedule.actions.locking``), so two who book for one patient come here one after the other. A message that a worker has claimed
is left to it, and never waited for: what it may not know is told by a message of its own.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from clinic.reminders.actions.arranging import COLUMNS, GROUND, Ground, arrange_reminders, keep_times, set_times, waiting_reminders
from clinic.reminders.actions.posting import Post, post
from clinic.reminders.models import Message, Told
from clinic.reminders.states import DropReason, Kind, MessageState
from clinic.schedule.models import Booking, BookingChange
from clinic.schedule.states import BookingState
from clinic.staff.models import Clinic

HELD: Final = "held"
BOOKED: Final = "booked"
RELEASED: Final = "released"


def plan_messages(kind: str, numbers: Sequence[int]) -> None:
    """Listens to bookings (``clinic.schedule.listening``): what happened, and to which. What is only held tells nobody.

    A fixed number of queries, however many bookings there are.
    """
    changed = list(_changed(kind, numbers)) if kind != HELD else []
    if not changed:
        return
    ground, posts = Ground.of(changed, timezone.now()), []
    if kind == RELEASED:
        waiting_reminders(changed).update(state=MessageState.DROPPED, drop_reason=DropReason.RELEASED, next_at=None)
    else:
        posts = arrange_reminders(changed, ground, known_from=_known_from(changed, ground), is_new=kind == BOOKED)
    posts += _posts_of_dates(changed, ground)
    for clinic in {each.clinic for each in changed}:
        post([each for each in posts if each.patient and each.patient.clinic_id == clinic.pk], clinic=clinic)


def tell_news(numbers: Sequence[int], *, clinic: Clinic) -> None:
    """Posts a message about these bookings' dates, of which something is new to their patient; one that waits already says it too.

    To be called with the patient locked. A fixed number of queries, or none.
    """
    if numbers:
        found = list(_with_ground(numbers))
        post(_posts_of_dates(found, Ground.of(found, timezone.now())), clinic=clinic)


def _changed(kind: str, numbers: Sequence[int]) -> QuerySet[Booking]:
    """The bookings that somebody must hear of, by number: those that were booked, not only held.

    With them comes all that decides what is written, in one query, and no more: whoever wants the same place waits for us.
    """
    found = _with_ground(numbers)
    if kind == RELEASED:
        return found.filter(Exists(BookingChange.objects.filter(booking=OuterRef("pk"), kind=BOOKED)))
    return found.filter(state=BookingState.BOOKED)


def _with_ground(numbers: Sequence[int]) -> QuerySet[Booking]:
    read = Booking.objects.filter(pk__in=numbers).select_related(*GROUND, "room", "told").only(*COLUMNS, "room__site", "told")
    return read.order_by("pk")


def _known_from(changed: Sequence[Booking], ground: Ground) -> dict[int, datetime]:
    """By booking: when the message about dates will have told it, where it has something to tell."""
    return {
        each.pk: ground.waiting_for(each).due(
            first_at=ground.now, now=ground.now, not_after=min(_affected(each, ground.now), default=each.starts_at)
        )
        for each in changed
        if _is_news(each) and Kind.DATES not in ground.rules[each.clinic_id].kinds_off
    }


def _told(booking: Booking) -> Told | None:
    return getattr(booking, "told", None)


def _is_news(booking: Booking) -> bool:
    told = _told(booking)
    return told is None or told.is_off or (told.starts_at, told.site_id) != (booking.starts_at, booking.room.site_id)


# Dates --------------------------------------------------------------------------------------------------------------------------
def _posts_of_dates(changed: Sequence[Booking], ground: Ground) -> list[Post]:
    """One message for each patient: the one that waits goes later and says more, or there is a new one."""
    of_patients: dict[int, list[Booking]] = {}
    for each in changed:
        if _affected(each, ground.now):
            of_patients.setdefault(each.patient_id, []).append(each)
    if not of_patients:
        return []
    rows = Message.objects.filter(patient__in=of_patients, kind=Kind.DATES, state=MessageState.WAITING)
    waiting = {row.patient_id: row for row in rows.order_by("pk").select_for_update(of=("self",))}
    keep_times([row for pk, row in waiting.items() if pk and _wait_longer(row, of_patients[pk], ground)])
    return _new_dates([theirs for pk, theirs in sorted(of_patients.items()) if pk not in waiting], ground)


def _affected(booking: Booking, now: datetime) -> list[datetime]:
    """The moments to come at which somebody would come in vain, or not come, for not having been told."""
    told = _told(booking)
    return [each for each in (booking.starts_at, *([told.starts_at] if told else ())) if each > now]


def _wait_longer(row: Message, changed: Sequence[Booking], ground: Ground) -> bool:
    """Whether anything changes for a message that waits. One that was tried already keeps its turn: it tells whatever is new then."""
    moments, waiting = [each for booking in changed for each in _affected(booking, ground.now)], ground.waiting_for(changed[0])
    due_at = waiting.due(first_at=row.made_at, now=ground.now, not_after=min(moments))
    if waiting.hurries(first_at=row.made_at, due_at=row.due_at):  # for a date that others must not hold up
        due_at = min(due_at, row.due_at)
    return set_times(row, row.next_at if row.attempts and row.next_at else due_at, max(row.not_after, *moments))


def _new_dates(by_patient: Sequence[Sequence[Booking]], ground: Ground) -> list[Post]:
    if not by_patient:
        return []
    earlier = Message.objects.filter(patient__in=[theirs[0].patient_id for theirs in by_patient], kind=Kind.DATES).order_by()
    last = dict(earlier.values_list("patient").annotate(last=Max("version")))
    return [_dates(theirs, last.get(theirs[0].patient_id, 0) + 1, ground) for theirs in by_patient]


def _dates(changed: Sequence[Booking], version: int, ground: Ground) -> Post:
    first, moments = changed[0], [each for booking in changed for each in _affected(booking, ground.now)]
    due_at = ground.waiting_for(first).due(first_at=ground.now, now=ground.now, not_after=min(moments))
    return Post(Kind.DATES, f"patient:{first.patient_id}", due_at, max(moments), patient=first.patient, version=version)
