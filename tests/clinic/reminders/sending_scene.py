"""Messages that wait, a source that says what they say, and ways of sending that keep, refuse or break: for tests of the drain."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, ClassVar

import pytest

from clinic.reminders import sources
from clinic.reminders.channels.backend import Backend, Letter, Trouble
from clinic.reminders.fields import Fields
from clinic.reminders.models import Message
from clinic.reminders.sources import Source, register_source
from clinic.reminders.states import DropReason, Kind, Text
from clinic.staff.models import Clinic
from patients.models import MessageConsent, Patient
from tests.factories import a_clinic, a_patient

NOON = datetime(2027, 3, 10, 11, 0, tzinfo=UTC)  # a Wednesday, 12:00 in Berlin
_numbers = count(1)


class Kept(Backend):
    """Keeps what it was given; what stands in ``fails`` (by channel address) is raised instead, once for each entry of its list."""

    letters: ClassVar[list[Letter]] = []
    fails: ClassVar[dict[str, list[Exception]]] = {}
    before: ClassVar[list[Callable[[Letter], object]]] = []
    opens: ClassVar[list[Exception]] = []

    @contextmanager
    def opened(self) -> Iterator["Kept"]:
        if self.opens:
            raise self.opens.pop(0)
        yield self

    def send(self, letter: Letter) -> None:
        for look in self.before:
            look(letter)
        if self.fails.get(letter.sent_to):
            raise self.fails[letter.sent_to].pop(0)
        self.letters.append(letter)


class KeptTogether(Kept):
    is_idempotent = True
    at_once = 100


@pytest.fixture
def way(settings: Any) -> Iterator[type[Kept]]:
    """Both channels lead to ``Kept``."""
    settings.MESSAGE_BACKENDS = dict.fromkeys(("email", "sms"), f"{__name__}.Kept")
    yield Kept
    Kept.letters.clear()
    Kept.fails.clear()
    Kept.before.clear()
    Kept.opens.clear()


class Says:
    """A source: what each message says is asked of ``answers`` (by number), and is a missed session otherwise."""

    def __init__(self) -> None:
        self.answers: dict[int, Fields | DropReason | Exception] = {}
        self.settled: list[int] = []
        self.breaks: list[Exception] = []

    def read(self, messages: Sequence[Message], _now: datetime) -> Mapping[int, Fields | DropReason]:
        found: dict[int, Fields | DropReason] = {}
        for message in messages:
            answer = self.answers.get(message.pk, Fields(Text.MISSED if message.patient_id else Text.UNSIGNED, amount=2, path="/"))
            if isinstance(answer, Exception):
                raise answer
            found[message.pk] = answer
        return found

    def settle(self, sent: Sequence[tuple[Message, Fields]], _now: datetime) -> None:
        if self.breaks:
            raise self.breaks.pop(0)
        self.settled += [message.pk for message, _fields in sent]


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Says:
    """Every kind of message says what the test says."""
    told = Says()
    monkeypatch.setattr(sources, "_sources", {})
    register_source(Source(told.read, told.settle), *Kind.values)
    return told


def agrees(patient: Patient, *channels: str, is_given: bool = True) -> Patient:
    """The patient agreed to messages by these channels today, or no longer agrees."""
    for channel in channels:
        MessageConsent.objects.create(patient=patient, channel=channel, is_given=is_given, said_on=NOON.date())
    return patient


def a_reader(*, clinic: Clinic | None = None, **fields: Any) -> Patient:
    """A patient who agreed to e-mail and text messages and has an address and a number that nobody else has."""
    number = next(_numbers)
    reach = {"email": f"reader{number}@mail.test", "phone": f"+4917000{number:05}"}
    return agrees(a_patient(clinic=clinic or a_clinic(), **(reach | fields)), "email", "sms")


def waiting(patient: Patient | None = None, **fields: Any) -> Message:
    """A message that is due at noon."""
    patient = patient or (None if "user" in fields else a_reader())
    details: dict[str, Any] = {"kind": Kind.MISSED, "channel": "email", "about": f"test:{next(_numbers)}", "due_at": NOON, "next_at": NOON}
    details |= {"not_after": NOON + timedelta(days=2), "patient": patient} | ({"clinic": patient.clinic} if patient else {})
    return Message.objects.create(**(details | fields))


def reader_of(message: Message) -> Patient:
    """The patient to whom it goes."""
    assert message.patient is not None
    return message.patient


def state_of(message: Message) -> str:
    message.refresh_from_db()
    return message.state


__all__ = ["NOON", "Kept", "KeptTogether", "Says", "Trouble", "a_reader", "agrees", "reader_of", "says", "state_of", "waiting", "way"]
