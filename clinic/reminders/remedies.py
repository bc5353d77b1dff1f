"""Why a message did not arrive, in plain words, and what somebody at the desk can do about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.reminders.channels.backend import TroubleCode
from clinic.reminders.channels.choice import is_set_up
from clinic.reminders.models import Message
from clinic.reminders.permissions import can_manage_messages, can_read_messages
from clinic.reminders.queries.channels import channels_of
from clinic.reminders.states import Channel, DropReason, MessageState
from clinic.staff.permissions import Actor
from patients.models import Patient

# What to do first, one thing for each message; the page shows the others smaller.
AGAIN, CALLED, CONTACTS, NOTHING = "again", "called", "contacts", "nothing"
# A message of these is in vain until somebody has asked the patient, or written an address down.
_IN_VAIN: Final = (DropReason.NO_CONSENT, DropReason.NO_ADDRESS, DropReason.NO_CHANNEL)


@dataclass(frozen=True, slots=True)
class Remedy:
    """``why`` and ``todo`` are sentences; ``url`` leads to where it is mended; ``phone`` is whom to call, of a child the parent.

    ``first`` is what to do first: send it again, tell it by telephone, correct the contacts, or nothing.
    """

    why: str
    todo: str
    url: str = ""
    url_words: str = ""
    phone: str = ""
    phone_of: str = ""
    detail: str = ""
    can_send: bool = False
    can_close: bool = False
    is_late: bool = False  # whatever is done, it is too late to be told or needs no telling
    first: str = AGAIN


def reachable_now(messages: Iterable[Message]) -> frozenset[int]:
    """The patients of these messages who can be written to by now: they have agreed, or have an address. Two queries."""
    people = {each.patient.pk: _kept(each.patient) for each in messages if each.patient is not None}
    ways = channels_of(people.values())
    return frozenset(pk for pk, kept in people.items() if any(is_set_up(way) for way in ways[kept.pk]))


def _kept(patient: Patient) -> Patient:
    return patient.merged_into or patient


def remedy_for(message: Message, actor: Actor, *, reachable: frozenset[int] | None = None) -> Remedy:
    """Why it did not arrive and what to do, for this reader. ``reachable`` as ``reachable_now``, which is asked where it is not given."""
    is_open = message.patient_id in (reachable_now([message]) if reachable is None else reachable)
    why, todo, mends = _words(message, is_open=is_open)
    url, url_words = _way(message, mends, actor)
    phone, phone_of = phone_for(message)
    may = can_manage_messages(actor)
    can_send = may and message.not_after > timezone.now() and (is_open or message.drop_reason not in _IN_VAIN)
    first = _first(message, mends, can_send=can_send, has_phone=bool(phone))
    return Remedy(why, todo, url, url_words, phone, phone_of, trouble_of(message), can_send, may, first=first)


def _first(message: Message, mends: str, *, can_send: bool, has_phone: bool) -> str:
    """The telephone where no message can bring it; the contacts where these are at fault; else another try."""
    if message.patient_id is None:
        return AGAIN if can_send else NOTHING
    if not can_send or message.drop_reason == DropReason.QUIET:
        return CALLED if has_phone else CONTACTS
    return CONTACTS if mends == "contacts" else AGAIN


def trouble_of(message: Message) -> str:
    """The last trouble as it stands in the outbox, a code and a number of the protocol, in words where the code is known."""
    code, _space, said = message.last_error.partition(" ")
    name = dict(TroubleCode.choices).get(code, code)
    return f"{name} ({said})" if said else str(name)


def phone_for(message: Message) -> tuple[str, str]:
    """Whom to call about a message, and who that is: for a child the parent or guardian. Empty for staff, who are in the house."""
    patient = message.patient
    if patient is None:
        return "", ""
    if patient.guardian_phone and _is_child(message, timezone.now()):
        return patient.guardian_phone, patient.guardian_name
    return (patient.phone, patient.full_name) if patient.phone else (patient.guardian_phone, patient.guardian_name)


def _is_child(message: Message, now: datetime) -> bool:
    born, day = message.patient.born_on, now.astimezone(message.clinic.zone).date()  # type: ignore[union-attr]  # asked of patients only
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day)) < 18


def _words(message: Message, *, is_open: bool) -> tuple[str, str, str]:
    """Why, what to do, and where it is mended ("contacts", "health", "")."""
    if message.state == MessageState.DROPPED and message.drop_reason in _IN_VAIN and is_open:
        return _("It could not be sent then; by now the patient can be written to."), _("Send it again."), ""
    if message.state == MessageState.DROPPED:
        return _of_dropped(message.drop_reason)
    code = message.last_error.partition(" ")[0]
    if code == TroubleCode.REFUSED:
        return _refused(message.channel)
    if code == TroubleCode.NOT_ALLOWED:
        return (
            _("The gateway does not accept what this clinic is set up with."),
            _("Have the channel set up again, then send again."),
            "health",
        )
    if code in (TroubleCode.OURS, TroubleCode.WORKER):
        return (
            _("The message could not be made, or the worker ended while sending it."),
            _("Send it again; tell whoever runs Tactus."),
            "health",
        )
    return _("The gateway did not answer, or took nothing, at every try."), _("See whether it works again, then send again."), "health"


def _refused(channel: str) -> tuple[str, str, str]:
    if channel == Channel.SMS:
        return _("The number was refused."), _("Ask for the right number, correct it, then send again."), "contacts"
    return _("The address was refused."), _("Ask for the right address, correct it, then send again."), "contacts"


def _of_dropped(reason: str) -> tuple[str, str, str]:
    if reason == DropReason.NO_CONSENT:
        return _("The patient has not agreed to any message."), _("Tell the dates by telephone, and ask whether we may write."), "contacts"
    if reason == DropReason.NO_ADDRESS:
        return _("There is neither an address nor a mobile number."), _("Tell the dates by telephone, and ask for an address."), "contacts"
    if reason == DropReason.NO_CHANNEL:
        return (
            _("The way that the patient agreed to is not set up at this clinic."),
            _("Tell the dates by telephone, or set it up."),
            "health",
        )
    return _("It could only have come in the quiet hours."), _("The session is near: tell it by telephone."), ""


def _way(message: Message, mends: str, actor: Actor) -> tuple[str, str]:
    if mends == "contacts" and message.patient_id:
        return reverse("patients:edit", args=[message.patient_id]), _("Correct the contacts")
    if mends == "health" and can_read_messages(actor):
        return reverse("reminders:health"), _("Look at the channels")
    return "", ""
