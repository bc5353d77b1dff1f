"""Dealing with messages that did not arrive: sent again, told by telephone, or nothing to do."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.reminders.actions.posting import Post, post
from clinic.reminders.fields import Fields
from clinic.reminders.marks import has_reached
from clinic.reminders.models import Message
from clinic.reminders.permissions import check_can_manage_messages
from clinic.reminders.sources import source_of
from clinic.reminders.states import Handled, Kind, MessageState
from clinic.schedule.actions.locking import lock_resources
from clinic.staff.permissions import ActionDenied, Actor

CAN_BE_UNDONE: Final = (Handled.NOTHING, Handled.CALLED)


class DealtWith(ActionDenied):
    """Somebody else was faster, or it has arrived since."""


@transaction.atomic
def send_again(*, message: Message, now: datetime, actor: Actor) -> Message:
    """Sends a message that did not arrive once more, at once; its words are made anew.

    One that failed waits again. In the place of one that could not be sent there is a new one. Where new dates of the patient wait to be
    sent already, these say everything, and this one is dealt with. Raises ``ActionDenied`` for whoever may not, ``DealtWith`` when nothing
    is left to do, and ``ActionDenied`` when its time is over.
    """
    found = _open(message, actor)
    if found.not_after <= now:
        raise ActionDenied(_("Its time is over: a message would come too late. Tell it by telephone."))
    if found.state == MessageState.FAILED and not _waits_already(found):
        found.state, found.next_at, found.attempts, found.failures = MessageState.WAITING, now, 0, 0
        found.save(update_fields=["state", "next_at", "attempts", "failures"])
    else:
        if not _waits_already(found):
            post([_once_more(found, now)], clinic=actor.clinic)
        _close(found, Handled.AGAIN, now, actor)
    _note("sent-message-again", found, actor)
    return found


@transaction.atomic
def told_by_telephone(*, message: Message, now: datetime, actor: Actor) -> Message:
    """Somebody told the patient what the message says. Of dates the patient then knows what is booked now, and is not told again.

    Raises ``ActionDenied`` for whoever may not and for a message to staff, ``DealtWith`` when nothing is left to do.
    """
    found = _open(message, actor)
    if found.patient is None:
        raise ActionDenied(_("This message goes to somebody who works here."))
    fields = said_by(found, now)
    if fields is not None and (settle := source_of(found.kind).settle):
        settle([(found, fields)], now)
    _close(found, Handled.CALLED, now, actor)
    _note("told-by-telephone", found, actor)
    return found


@transaction.atomic
def nothing_to_do(*, message: Message, now: datetime, actor: Actor) -> Message:
    """Nobody needs to be told any more. Raises ``ActionDenied`` for whoever may not, ``DealtWith`` when nothing is left to do."""
    found = _open(message, actor)
    _close(found, Handled.NOTHING, now, actor)
    _note("closed-message", found, actor)
    return found


@transaction.atomic
def undo_dealt_with(*, message: Message, actor: Actor) -> Message:
    """Puts a message back among those to deal with. Raises ``ActionDenied`` for whoever may not, and where it cannot be taken back."""
    check_can_manage_messages(actor)
    found = _locked(message, actor)
    if not can_be_undone(found):
        raise DealtWith(_("This cannot be taken back any more."))
    found.handled, found.handled_at, found.handled_by = "", None, None
    found.save(update_fields=["handled", "handled_at", "handled_by"])
    _note("reopened-message", found, actor)
    return found


def can_be_undone(message: Message) -> bool:
    """Dates that were told by telephone are known from then on, and what was sent again is on its way: both stay."""
    return message.handled in CAN_BE_UNDONE and not (message.handled == Handled.CALLED and message.kind == Kind.DATES)


def said_by(message: Message, now: datetime) -> Fields | None:
    """What the message would say now; None where there is nothing to say any more, or nobody knows."""
    try:
        said = source_of(message.kind).read([message], now).get(message.pk)
    except KeyError:
        return None
    return said if isinstance(said, Fields) else None


def _open(message: Message, actor: Actor) -> Message:
    check_can_manage_messages(actor)
    if message.patient_id is not None:
        # The patient first, as whoever books does: what is new to the patient must not change in between.
        lock_resources(patients=[message.patient_id], therapists=(), rooms=(), devices=())
    found = _locked(message, actor)
    if found.handled or (found.state != MessageState.FAILED and has_reached(found)):
        raise DealtWith(_("Somebody has dealt with this message already, or it has arrived."))
    return found


def _locked(message: Message, actor: Actor) -> Message:
    rows = Message.objects.select_for_update(of=("self",)).select_related("clinic", "patient", "user", "booking")
    return rows.get(pk=message.pk, clinic=actor.clinic)


def _waits_already(message: Message) -> bool:
    rows = Message.objects.filter(patient=message.patient, kind=Kind.DATES, state=MessageState.WAITING)
    return message.kind == Kind.DATES and rows.exists()


def _once_more(message: Message, now: datetime) -> Post:
    last = Message.objects.filter(about=message.about, kind=message.kind).aggregate(last=Max("version"))["last"]
    return Post(
        message.kind, message.about, now, message.not_after,
        patient=message.patient, user=message.user, booking=message.booking, version=last + 1,
    )  # fmt: skip


def _close(message: Message, how: Handled, now: datetime, actor: Actor) -> None:
    message.handled, message.handled_at, message.handled_by = how, now, actor.user
    message.save(update_fields=["handled", "handled_at", "handled_by"])


def _note(verb: str, message: Message, actor: Actor) -> None:
    """The line is about the person: whoever asks who did what for a patient finds it there."""
    person = message.patient or message.user
    record(
        actor=actor, verb=verb, subject=person or message, details={"message": message.pk, "kind": message.kind, "channel": message.channel}
    )
