"""What the pages about messages share: a line of whom a list named, and messages put under their days."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from django.http import HttpRequest

from clinic.audit.actions import read_seen, search_seen
from clinic.reminders.models import Message
from clinic.staff.models import Clinic
from clinic.staff.requests import StaffRequest


def note_named(request: StaffRequest, messages: Iterable[Message]) -> None:
    """A list that was shown leaves one line of whose names it showed; one that names nobody leaves none."""
    named = sorted({each.patient_id for each in messages if each.patient_id is not None})
    if request.method != "HEAD" and named:
        search_seen(actor=request.actor, found=named)


def note_look(request: StaffRequest, message: Message) -> None:
    """A page about one message to a patient is a look at that patient."""
    if request.method == "GET" and message.patient is not None:
        read_seen(actor=request.actor, patient=message.patient)


def by_day(messages: Sequence[Message], clinic: Clinic) -> list[tuple[date, list[Message]]]:
    """The messages in their order, under the days of the clinic on which they are due."""
    return [(day, list(group)) for day, group in groupby(messages, lambda each: each.due_at.astimezone(clinic.zone).date())]


def number_of(request: HttpRequest, name: str) -> int:
    """A number of the address; 0 where there is none or it cannot be read."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
