"""The links in messages: each opens one thing for one purpose until its time is over, and nothing of it is kept here.

An address is ``/r/<number><end><seal>/``: the number of the message and the hour when the link ends, in base 36, and 160 bits of an
HMAC over both, the purpose and the recipient. It opens on any telephone, so it must be short; nobody can make or change one without
the key of this installation. Opening one (GET) changes nothing: mail scanners open every link. Single use is the database's matter
(``Answer``: one for each message and purpose).
"""

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from math import ceil
from typing import Final

from django.conf import settings
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36

from clinic.reminders.models import Message
from clinic.reminders.states import Kind, Purpose
from patients.models import Patient

SALT: Final = "clinic.reminders.links"
SEAL_BYTES: Final = 20
HOUR: Final = 3600
TOKEN: Final = re.compile(r"([1-9a-z][0-9a-z]{0,10})([0-9a-z]{4})([A-Za-z0-9_-]{27})", re.ASCII)
STOP_OPENS: Final = timedelta(days=90)
DATES_OPEN: Final = timedelta(days=90)
QUESTION_OPENS: Final = timedelta(hours=36)


def link_for(message: Message, purpose: str) -> str:
    """The path of the link in this message (``/r/…/``) for this purpose (``Purpose``). No query where the booking is read already.

    Made anew it may end at another hour; the earlier one then opens the same until its own end.
    """
    before, after = _frame(get_script_prefix())
    return f"{before}{token_for(message, purpose)}{after}"


@cache
def _frame(_prefix: str) -> tuple[str, str]:
    """The path around the secret: looking it up each time took longer than the seal."""
    before, _token, after = reverse("answer:open", args=["token"]).partition("token")
    return before, after


def address_for(message: Message, purpose: str) -> str:
    """The same with the address of this installation before it, as it stands in a message."""
    return absolute(link_for(message, purpose))


def absolute(path: str) -> str:
    """A path of ours as people outside open it: after the setting ``PUBLIC_URL``."""
    return f"{settings.PUBLIC_URL}{path}"


def token_for(message: Message, purpose: str) -> str:
    """The part of the address that nobody can guess."""
    end = int_to_base36(ceil(opens_until(message, purpose).timestamp() / HOUR))
    return f"{int_to_base36(message.pk)}{end}{_seal(message.pk, end, purpose, _recipient(message), settings.SECRET_KEY)}"


def opens_until(message: Message, purpose: str) -> datetime:
    """When a link that is made now ends: with the session that it is about, or after a time that leaves room to answer."""
    now = timezone.now()
    if purpose == Purpose.STOP:
        return now + STOP_OPENS
    if message.kind == Kind.NEXT_MORNING:
        return now + QUESTION_OPENS
    if message.kind in (Kind.REMINDER_DAY, Kind.REMINDER_HOURS) and message.booking is not None:
        return max(message.booking.ends_at, now)
    return max(message.not_after, now + DATES_OPEN)


def behind(token: str) -> tuple[Message, Purpose] | None:
    """The message whose link this is, and for what; ``None`` alike for a link that is over and for no link.

    With patient, clinic, booking, room and site read: one query, and two more for what no present key and recipient have sealed.
    """
    parts = TOKEN.fullmatch(token)
    if parts is None or base36_to_int(parts[2]) * HOUR <= timezone.now().timestamp():
        return None
    number = base36_to_int(parts[1])
    read = Message.objects.select_related("patient__merged_into", "clinic", "booking__room__site", "booking__patient")
    message = read.filter(pk=number).first() if number < 2**63 else None
    purpose = next((each for each in Purpose if message is not None and is_sealed(token, message, each)), None)
    return (message, purpose) if message is not None and purpose is not None else None


def is_sealed(token: str, message: Message, purpose: str) -> bool:
    """Whether this address was made for this message and purpose, with the present key or one before it."""
    parts = TOKEN.fullmatch(token)
    if parts is None or parts[1] != int_to_base36(message.pk):
        return False
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    seals = (_seal(message.pk, parts[2], purpose, person, key) for person in _recipients(message) for key in keys)
    return any(constant_time_compare(parts[3], seal) for seal in seals)


def _seal(number: int, end: str, purpose: str, recipient: str, key: str) -> str:
    signed = salted_hmac(SALT, f"{number}:{end}:{purpose}:{recipient}", secret=key, algorithm="sha256")
    return urlsafe_b64encode(signed.digest()[:SEAL_BYTES]).rstrip(b"=").decode("ascii")


def _recipient(message: Message) -> str:
    return f"patient:{message.patient_id}" if message.patient_id else f"user:{message.user_id}"


def _recipients(message: Message) -> Iterator[str]:
    """A message goes over with the record of its patient when two records become one; the link in it must still open."""
    yield _recipient(message)
    for merged in Patient.objects.filter(merged_into=message.patient_id).values_list("pk", flat=True) if message.patient_id else ():
        yield f"patient:{merged}"
