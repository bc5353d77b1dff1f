"""What happens while a session is given is kept as the player tells it; a session is handed over from one device to another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.courses.day.event_rules import AHEAD_MS, MOST_OF_A_START, EventRefused, EventSent, checked, is_key
from clinic.courses.day.queries.playing import CameUp, milliseconds_since, warnings_of
from clinic.courses.models import SessionEvent, SessionStart
from clinic.courses.permissions import check_can_plan
from clinic.courses.pinned import library_of
from clinic.courses.starts import seconds_of
from clinic.courses.states import EventKind
from clinic.staff.permissions import ActionDenied, Actor


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of events. ``keys`` are kept now, each once, whenever it came first; ``refused`` never will be, with a sentence why."""

    keys: tuple[str, ...]
    warnings: tuple[CameUp, ...]
    refused: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def keep_events(*, start: SessionStart, sent: Sequence[EventSent], actor: Actor) -> Kept:
    """Keeps what the player tells, whichever device it comes from and however often it comes; never raises for what an event says.

    An event whose clock goes more than a minute ahead is set back to now. After a start is closed known keys are answered as kept and
    new ones are refused. Events need no line in the audit: their table is written once, and says who sent each and when; the record of
    the session, which is audited, holds what they come to.
    """
    check_can_plan(actor)
    locked = _locked(start)
    ours = dict[str, EventSent]()
    for each in sent:
        if is_key(each.key):
            ours.setdefault(each.key, each)
    known = set(locked.events.filter(key__in=ours).values_list("key", flat=True))
    refused, rows = dict[str, str](), list[SessionEvent]()
    room = MOST_OF_A_START - (locked.events.count() if len(ours) > len(known) else 0)
    for key in ours.keys() - known:
        try:
            rows.append(_row(locked, ours[key], room=room - len(rows), actor=actor))
        except EventRefused as why:
            refused[key] = str(why)
    SessionEvent.objects.bulk_create(rows)
    return Kept(tuple(key for key in ours if key not in refused), warnings_of(locked), refused)


def _locked(start: SessionStart) -> SessionStart:
    """The start, its row locked: of two devices that send the same the second waits and finds it kept."""
    found = SessionStart.objects.select_for_update(of=("self",)).select_related("session__course__clinic")
    return found.defer("session__plan", "session__course__plan", "session__course__screening").get(pk=start.pk)


def _row(locked: SessionStart, sent: EventSent, *, room: int, actor: Actor) -> SessionEvent:
    if locked.closed_at is not None:
        raise EventRefused(_closed_sentence(locked))
    if room <= 0:
        raise EventRefused(_("This session has told more than any session can. Close it, and start again."))
    value = checked(sent, rows=len(seconds_of(locked)), tree=library_of(locked.session.course).tree)
    latest = milliseconds_since(locked, timezone.now()) + AHEAD_MS
    return SessionEvent(
        start=locked, key=sent.key, device=sent.device, seq=sent.seq, at_ms=min(sent.at_ms, latest), kind=sent.kind, value=value,
        by=actor.user,
    )  # fmt: skip


def _closed_sentence(locked: SessionStart) -> str:
    if locked.is_taken_back:
        return _("The start of this session was taken back: it came too late.")
    return _("This session is recorded already. Write what is missing as an addendum.")


@transaction.atomic
def claim_start(*, start: SessionStart, device: str, actor: Actor) -> SessionStart:
    """The first window that shows a session plays it; one that comes later changes nothing."""
    check_can_plan(actor)
    if is_key(device) and start.closed_at is None:
        SessionStart.objects.filter(pk=start.pk, device="", closed_at=None).update(device=device)
        start.refresh_from_db(fields=["device"])
    return start


@transaction.atomic
def take_over(*, start: SessionStart, device: str, now: datetime, actor: Actor) -> SessionStart:
    """From here on the session is played by that device. What the other one still sends is kept too.

    Denied for a session that is over and for a name that no device has. Doing it twice does nothing more.
    """
    check_can_plan(actor)
    locked = _locked(start)
    if locked.closed_at is not None:
        raise ActionDenied(_closed_sentence(locked))
    if not is_key(device):
        raise ActionDenied(_("This device did not say which one it is. Load the page again."))
    if locked.device == device:
        return locked
    locked.device = device
    locked.save(update_fields=["device"])
    at = max(milliseconds_since(locked, now), 0)
    SessionEvent.objects.create(start=locked, key=uuid4().hex, device=device, seq=0, at_ms=at, kind=EventKind.TAKEN_OVER, by=actor.user)
    course = locked.session.course
    said = {"patient": course.patient_id, "session": locked.session.number}
    record(actor=actor, verb="took-over-session", subject=course, details=said)
    return locked
