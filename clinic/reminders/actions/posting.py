"""Writing messages into the outbox, in the transaction of what they are about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from clinic.reminders.models import Message
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


def post(posts: Iterable[Post], *, clinic: Clinic) -> None:
    """Writes a row for each of these, by the first channel by which its person may be reached now. One that is there already stays.

    To be called inside the transaction of what they are about. Nothing is looked at but the channel: whether it is sent at all is
    decided when it is due. Two queries and one statement, however many there are.
    """
    given = list(posts)
    ways = channels_of([each.patient for each in given if each.patient is not None])
    Message.objects.bulk_create((_row(each, clinic, ways) for each in given), ignore_conflicts=True)


def _row(each: Post, clinic: Clinic, ways: dict[int, tuple[str, ...]]) -> Message:
    # Somebody whom no message may reach gets a row all the same: when it is due it says so, and people know whom to call.
    channel = next(iter(ways.get(each.patient.pk, ())), Channel.EMAIL) if each.patient else Channel.EMAIL
    return Message(
        clinic=clinic, kind=each.kind, channel=channel, about=each.about, version=each.version, patient=each.patient, user=each.user,
        booking=each.booking, due_at=each.due_at, next_at=each.due_at, not_after=each.not_after,
    )  # fmt: skip
