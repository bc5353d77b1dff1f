"""H12: nothing of a record stands in a message. Every field that could tell is filled with words that occur nowhere else, every text is
sent in both languages by both channels and every way of sending, and the words are looked for in everything that leaves or is kept."""

import json
import logging
from dataclasses import fields as fields_of
from datetime import time, timedelta
from itertools import product
from typing import Any, Final

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from clinic.reminders import wording
from clinic.reminders.actions.sending import drain
from clinic.reminders.channels.sms_http import GatewayBackend
from clinic.reminders.examples import example_fields
from clinic.reminders.fields import DateLine, Fields
from clinic.reminders.models import MailboxLetter, Message, MessageRules
from clinic.reminders.neutral import clinical_words, name_of, place_of
from clinic.reminders.states import Channel, Kind, Text
from clinic.reminders.text_faults import is_for_staff
from clinic.schedule.models import Booking, Site
from clinic.staff.models import Clinic, Language, StaffProfile
from clinic.staff.permissions import Actor
from patients.models import Patient
from tests.clinic.calendar.a_calendar import a_course_in_calendar, open_clinic, with_dates
from tests.clinic.reminders.sending_scene import NOON, Says, agrees, says, waiting
from tests.factories import a_clinic, a_member, a_patient, a_user
from tests.schedule_factories import a_booking, a_room

pytestmark = pytest.mark.django_db
__all__ = ["says"]  # a fixture
CANARY: Final = "canary"
MAILBOX: Final = "clinic.reminders.channels.mailbox.MailboxBackend"
WAYS: Final = "clinic.reminders.channels"
OUTSIDE: Final = {Channel.EMAIL: f"{WAYS}.mail.MailBackend", Channel.SMS: f"{WAYS}.sms_http.GatewayBackend"}
FOR_PATIENTS: Final = [text for text in Text if not is_for_staff(text)]
ADDRESS: Final = "Spine rehabilitation, Seestraße 5, Berlin"
PERSON: Final = ("family_name", "given_name", "middle_name", "card_number", "guardian_name", "likes", "notes")


class Server(EmailBackend):
    """A mail server that keeps what it is given."""

    connection: Any = True


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> list[str]:
    """Everything that leaves by the gateway, with its headers; logs are kept from the lowest level on."""
    gateway: list[str] = []

    def ask(self: GatewayBackend, body: bytes, key: str) -> tuple[int, str]:
        gateway.append(json.dumps([json.loads(body), self._headers(key)], ensure_ascii=False))
        return 200, ""

    monkeypatch.setattr(GatewayBackend, "_ask", ask)
    monkeypatch.setattr("clinic.reminders.channels.mail.EmailBackend", Server)
    caplog.set_level(logging.DEBUG)
    return gateway


def everything(gateway: list[str], caplog: pytest.LogCaptureFixture) -> list[str]:
    """All words that left or were kept about messages, and nothing else."""
    mails = [f"{each.subject}\n{each.message().as_string()}\n{each.body}\n{each.attachments}" for each in mail.outbox]
    boxes = [f"{each.key} {each.subject} {each.body} {each.attachment_name} {each.attachment}" for each in MailboxLetter.objects.all()]
    kept = [
        f"{row.subject}\n{row.body}\n{row.last_error}\n{row.about}\n{row.sent_to}\n{json.dumps(row.fields, ensure_ascii=False)}"
        for row in Message.objects.all()
    ]
    return [*gateway, *mails, *boxes, *kept, *(record.getMessage() for record in caplog.records)]


def a_told_clinic() -> Clinic:
    """A clinic whose own name tells everything, with a name for messages, and a house whose first name tells too much."""
    clinic = a_clinic(name=f"Scoliosis and massage centre {CANARY}-clinic")
    MessageRules.objects.create(clinic=clinic, short_name="Haus Linde", phone="+49 30 1234567")
    return clinic


def somebody(clinic: Clinic, language: str) -> Patient:
    words = {name: f"{CANARY}-{name}-{language}"[:20] for name in PERSON}
    reach: dict[str, Any] = {"email": f"reader-{language}@mail.test", "phone": f"+49170000000{len(language)}", "language": language}
    return agrees(a_patient(clinic=clinic, **(words | reach)), "email", "sms")


def a_line(clinic: Clinic, patient: Patient) -> DateLine:
    """A real date: room, label and therapist tell, and one part of the house's name does."""
    site = Site.objects.create(clinic=clinic, name=f"Praxis am See {patient.language}", address=ADDRESS)
    room = a_room(site=site, name=f"{CANARY}-room-{patient.language}")
    therapist = a_member(clinic=clinic, full_name=f"{CANARY} Therapist {patient.language}")
    words = {"title": f"{CANARY}-title", "licence": f"{CANARY}-licence"}
    StaffProfile.objects.update_or_create(clinic=clinic, user=therapist, defaults=words)
    booking = a_booking(patient=patient, therapist=therapist, room=room, day=NOON.date() + timedelta(days=3))
    Booking.objects.filter(pk=booking.pk).update(label=f"{CANARY} lower back", key=f"{CANARY}-key")
    return DateLine(booking.pk, booking.starts_at, booking.day, booking.clock, site.pk, place_of(site))


def send_every_text(says: Says, settings: Any) -> int:
    """Every text in both languages by both channels: once into the mailbox and once out by SMTP and the gateway. How many were sent."""
    clinic, sent = a_told_clinic(), 0
    people = {language: somebody(clinic, language) for language in Language.values}
    lines = {language: a_line(clinic, patient) for language, patient in people.items()}
    staff = {each: a_member(clinic=clinic, user=a_user(full_name=f"{CANARY} Staff {each}", language=each)) for each in Language.values}
    for ways in (dict.fromkeys(OUTSIDE, MAILBOX), OUTSIDE):
        settings.MESSAGE_BACKENDS = {str(channel): way for channel, way in ways.items()}
        for text, language, channel in product(Text, Language.values, Channel.values):
            to = {"user": staff[language], "clinic": clinic, "kind": Kind.UNSIGNED} if is_for_staff(text) else {"patient": people[language]}
            message = waiting(channel=channel, **to)
            says.answers[message.pk] = example_fields(text, [lines[language]])
        sent += drain(now=NOON).sent
    return sent


@pytest.mark.same_everywhere
@time_machine.travel(NOON, tick=False)
def test_no_text_tells_anything_of_a_record(left: list[str], says: Says, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    by_sms_outside = len(FOR_PATIENTS)  # staff have no telephone here: a gateway refuses their text messages
    assert send_every_text(says, settings) == 2 * (3 * len(Text) + by_sms_outside)
    found = everything(left, caplog)
    assert (len(mail.outbox), len(left)) == (2 * len(Text), 2 * by_sms_outside)
    assert MailboxLetter.objects.count() == 4 * len(Text)
    assert [each for each in found if CANARY in each.lower()] == []
    said = [*MailboxLetter.objects.values_list("subject", "body"), *Message.objects.values_list("subject", "body")]
    assert {word for pair in said for each in pair for word in clinical_words(each)} == set()


@pytest.mark.same_everywhere
@time_machine.travel(NOON, tick=False)
def test_a_leak_that_is_put_in_is_found(
    left: list[str], says: Says, settings: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaky = {**wording.VALUES, "phone": lambda saying: saying.message.patient.notes if saying.message.patient else ""}
    monkeypatch.setattr(wording, "VALUES", leaky)
    send_every_text(says, settings)
    leaks = [each for each in everything(left, caplog) if CANARY in each.lower()]
    assert len(leaks) > 2 * len(Text), "in the mailbox, the mails, the gateway and the outbox"


@pytest.mark.same_everywhere
def test_there_is_no_field_for_words_of_a_record() -> None:
    words = {each.name for each in (*fields_of(Fields), *fields_of(DateLine)) if "str" in str(each.type)}
    assert words == {"code", "path", "place", "mark"}


@pytest.mark.same_everywhere
def test_no_task_that_sends_is_told_about_whom() -> None:
    beat = [row for row in settings.CELERY_BEAT_SCHEDULE.values() if "reminders" in row["task"]]
    assert beat
    assert not any(row.get("args") or row.get("kwargs") for row in beat)


def test_the_digest_of_a_real_course_tells_no_more_than_dates(
    left: list[str], therapist: Actor, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.MESSAGE_BACKENDS = {str(channel): way for channel, way in OUTSIDE.items()}
    Clinic.objects.filter(pk=therapist.clinic.pk).update(name=f"Back pain clinic {CANARY}")
    therapist.clinic.refresh_from_db()
    open_clinic(therapist)
    Site.objects.filter(clinic=therapist.clinic).update(name="Massage house", address="Seestraße 5")
    course = a_course_in_calendar(therapist, count=3)
    Patient.objects.filter(pk=course.patient_id).update(family_name=f"{CANARY}ova", notes=CANARY, email="reader@mail.test", language="en")
    agrees(course.patient, "email")
    never_quiet_now(therapist.clinic)
    bookings = with_dates(course, therapist)
    waits = Message.objects.get(kind=Kind.DATES)
    assert drain(now=waits.due_at + timedelta(seconds=1)).sent == 1
    digest = mail.outbox[0]
    assert ("Your clinic" in digest.subject, "Where: Seestraße 5" in str(digest.body)) == (True, True)
    assert f"{len(bookings)} appointments are booked for you" in str(digest.body)
    told = everything(left, caplog)
    assert [each for each in told if CANARY in each.lower()] == []
    assert clinical_words(f"{digest.subject} {digest.body} {digest.attachments}") == ()
    assert name_of(therapist.clinic, MessageRules(clinic=therapist.clinic), "ru") == "Ваша клиника"


def never_quiet_now(clinic: Clinic) -> None:
    """The clinic's quiet hours lie hours away, whenever the test runs."""
    hour = timezone.localtime(timezone=clinic.zone).hour
    MessageRules.objects.update_or_create(
        clinic=clinic, defaults={"quiet_from": time((hour + 6) % 24), "quiet_until": time((hour + 8) % 24)}
    )
