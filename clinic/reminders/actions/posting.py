"""Writing messages into the outbox, in the transaction of what they are about."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from clinic.reminders.models import Message, MessageWishes
from clinic.reminders.queries.channels import channels_of
from clinic.reminders.states import Channel
from clinic.schedule.models import Booking
from clinic.staff.models import Clinic, User
from patients.models import Patient


@dataclass(frozen=True, slots=True)
class Post:
    """What is to be sent to one person: about what, when, and until when it is of use. ``version`` tells a new one from the one before."""

    kind: str
    about: str
    due_at: datetime
    not_after: datetime
    patient: Patient | None = None
    user: User | None = None
    booking: Booking | None = None
    version: int = 0


# As many rows as there are, read from one text: Django's own way takes as long as everything else in a booking together.
INSERT: Final = """
INSERT INTO {table} ({columns}) SELECT {values} FROM {each}(%s) AS said WHERE true ON CONFLICT DO NOTHING"""
TYPES: Final = {"version": "bigint", "patient_id": "bigint", "user_id": "bigint", "booking_id": "bigint"}
TIMES: Final = ("due_at", "next_at", "not_after")
OWN: Final = ("kind", "channel", "about", "version", "patient_id", "user_id", "booking_id", *TIMES)


def post(posts: Iterable[Post], *, clinic: Clinic) -> None:
    """Writes a row for each of these, by the first channel by which its person may be reached now. One that is there already stays.

    To be called inside the transaction of what they are about. Nothing is looked at but the channel: whether it is sent at all is
    decided when it is due. Two queries (one where the patients come with their wishes) and one statement, however many there are.
    """
    given = list(posts)
    if not given:
        return
    people = {each.patient.pk: each.patient for each in given if each.patient is not None}
    ways = channels_of(people.values(), wishes=_wishes_of(people))
    same = {"clinic": clinic.pk, "made_at": timezone.now()}
    fields = [each for each in Message._meta.concrete_fields if not each.primary_key and each.column not in OWN]
    values = [each.get_db_prep_save(same.get(each.name, each.get_default()), connection) for each in fields]
    with connection.cursor() as cursor:
        cursor.execute(_insert(connection.vendor), [*values, json.dumps([_row(each, ways) for each in given])])


def _wishes_of(people: Mapping[int, Patient]) -> dict[int, MessageWishes] | None:
    """As they were read with the patients in this very change; None where they were not."""
    kept = Patient._meta.get_field("message_wishes")
    if not all(kept.is_cached(each) for each in people.values()):
        return None
    found: dict[int, Any] = {pk: kept.get_cached_value(each) for pk, each in people.items()}
    return {pk: wishes for pk, wishes in found.items() if wishes is not None}


@cache
def _insert(vendor: str) -> str:
    has_types = vendor == "postgresql"
    others = [str(each.column) for each in Message._meta.concrete_fields if not each.primary_key and each.column not in OWN]
    types = TYPES | (dict.fromkeys(TIMES, "timestamptz"))
    value = "(value ->> {spot})::{type}" if has_types else "json_extract(value, '$[{spot}]')"
    own = [value.format(spot=spot, type=types.get(name, "text")) for spot, name in enumerate(OWN)]
    return INSERT.format(
        table=Message._meta.db_table, columns=", ".join((*others, *OWN)), values=", ".join((*["%s"] * len(others), *own)),
        each="jsonb_array_elements" if has_types else "json_each",
    )  # fmt: skip


def _row(each: Post, ways: dict[int, tuple[str, ...]]) -> tuple[Any, ...]:
    # Somebody whom no message may reach gets a row all the same: when it is due it says so, and people know whom to call.
    channel = next(iter(ways.get(each.patient.pk, ())), Channel.EMAIL) if each.patient else Channel.EMAIL
    due_at, not_after = _moment(each.due_at), _moment(each.not_after)
    return (
        str(each.kind), str(channel), each.about, each.version, each.patient.pk if each.patient else None,
        each.user.pk if each.user else None, each.booking.pk if each.booking else None, due_at, due_at, not_after,
    )  # fmt: skip


def _moment(at: datetime) -> str:
    """As the database writes it."""
    written = connection.ops.adapt_datetimefield_value(at)
    return written if isinstance(written, str) else at.isoformat()
