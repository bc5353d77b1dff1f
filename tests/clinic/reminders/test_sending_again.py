"""Before anything leaves, everything is read again: whatever changed between writing and sending, nobody wrong is written to (F42)."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from clinic.reminders.actions.sending import Drained, drain
from clinic.reminders.models import Message, MessageRules, MessageWishes
from clinic.reminders.states import DropReason, Kind, MessageState
from clinic.staff.models import StaffRole
from patients.models import Patient
from tests.clinic.reminders.sending_scene import NOON, Kept, Says, a_reader, agrees, reader_of, says, state_of, waiting, way
from tests.factories import a_clinic, a_member, a_user

__all__ = ["says", "way"]
pytestmark = pytest.mark.django_db


def _of(message: Message, **fields: Any) -> None:
    Patient.objects.filter(pk=reader_of(message).pk).update(**fields)


def _rules(message: Message, **fields: Any) -> None:
    MessageRules.objects.update_or_create(clinic=message.clinic, defaults=fields)


def _wishes(message: Message) -> None:
    by = {"said_on": NOON.date(), "recorded_by": a_user()}
    MessageWishes.objects.create(patient=reader_of(message), quiet_from=time(11), quiet_until=time(13), **by)


def _over(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(not_after=NOON - timedelta(seconds=1))


CHANGES: dict[str, tuple[Callable[[Message], Any], str]] = {
    "the patient died": (lambda message: _of(message, died_on=date(2027, 3, 9)), DropReason.DIED),
    "there is no address any more": (lambda message: _of(message, email="", phone=""), DropReason.NO_ADDRESS),
    "the patient agrees no longer": (lambda message: agrees(reader_of(message), "email", "sms", is_given=False), DropReason.NO_CONSENT),
    "the clinic sends this no longer": (lambda message: _rules(message, kinds_off=[Kind.MISSED]), DropReason.TURNED_OFF),
    "its time is over": (_over, DropReason.OVER),
    "the patient wishes quiet now": (_wishes, ""),
    "the clinic wishes quiet now": (lambda message: _rules(message, quiet_from=time(11), quiet_until=time(13)), ""),
}


@pytest.mark.first_everywhere
@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_since_it_was_written_stops_it(change: str, says: Says, way: type[Kept]) -> None:
    message = waiting()
    act, reason = CHANGES[change]
    act(message)
    assert drain(now=NOON).sent == 0
    assert (way.letters, state_of(message), message.drop_reason) == ([], MessageState.DROPPED if reason else MessageState.WAITING, reason)
    if not reason:
        assert (message.next_at, message.attempts) == (datetime(2027, 3, 10, 12, tzinfo=NOON.tzinfo), 0)


def test_what_it_is_about_comes_before_whom_it_could_reach(says: Says, way: type[Kept]) -> None:
    message = waiting(a_reader(email="", phone=""))
    says.answers[message.pk] = DropReason.RELEASED
    drain(now=NOON)
    assert (state_of(message), message.drop_reason) == (MessageState.DROPPED, DropReason.RELEASED)


def test_nothing_comes_in_the_night_where_its_time_ends_before_the_morning(says: Says, way: type[Kept]) -> None:
    night = NOON + timedelta(hours=11)
    message = waiting(not_after=night + timedelta(hours=2))
    assert drain(now=night).dropped == 1
    assert (state_of(message), message.drop_reason) == (MessageState.DROPPED, DropReason.QUIET)


def test_the_address_and_the_language_are_those_of_now(says: Says, way: type[Kept]) -> None:
    message = waiting()
    _of(message, email="moved@mail.test", language="ru")
    drain(now=NOON)
    assert (way.letters[0].sent_to, way.letters[0].language) == ("moved@mail.test", "ru")


def test_a_second_record_of_one_person_is_written_to_by_the_one_that_was_kept(says: Says, way: type[Kept]) -> None:
    kept = a_reader(email="kept@mail.test")
    message = waiting(a_reader(clinic=kept.clinic, email="old@mail.test"))
    _of(message, merged_into=kept)
    drain(now=NOON)
    assert [each.sent_to for each in way.letters] == ["kept@mail.test"]


@pytest.mark.parametrize(
    ("born_on", "number"), [(date(2010, 3, 10), "+49 30 1"), (date(2009, 3, 10), "+49 170 2"), (date(2009, 3, 11), "+49 30 1")]
)
def test_a_child_is_written_to_by_the_guardian_until_the_day_of_eighteen(says: Says, way: type[Kept], born_on: date, number: str) -> None:
    patient = a_reader(born_on=born_on, phone="+49 170 2", guardian_phone="+49 30 1", guardian_name="Eva")
    waiting(patient, channel="sms")
    drain(now=NOON)
    assert [each.sent_to for each in way.letters] == [number]


@pytest.mark.parametrize("change", ["is disabled", "has no role here any more", "works elsewhere"])
def test_only_who_works_at_the_clinic_reads_its_messages_for_staff(says: Says, way: type[Kept], change: str) -> None:
    clinic = a_clinic()
    user = a_member(clinic=clinic)
    message = waiting(user=user, clinic=clinic, kind=Kind.UNSIGNED)
    if change == "is disabled":
        user.is_active = False
        user.save()
    else:
        StaffRole.objects.filter(user=user).delete()
    if change == "works elsewhere":
        a_member(clinic=a_clinic(), user=user)
    assert drain(now=NOON).dropped == 1
    assert (way.letters, state_of(message), message.drop_reason) == ([], MessageState.DROPPED, DropReason.LEFT)


LOST: dict[str, Callable[[Message], Any]] = {
    "no consent": lambda message: agrees(reader_of(message), "email", is_given=False),
    "no address": lambda message: _of(message, email=""),
}


@pytest.mark.parametrize("lost", LOST)
def test_a_lost_channel_is_left_for_one_that_the_patient_agreed_to(says: Says, way: type[Kept], lost: str) -> None:
    message = waiting()
    LOST[lost](message)
    assert drain(now=NOON) == Drained(dropped=1, sent=1, claimed=2)
    assert (state_of(message), message.drop_reason) == (MessageState.DROPPED, DropReason.OTHER_CHANNEL)
    other = Message.objects.get(channel="sms")
    assert (other.about, other.version, other.state, way.letters[0].sent_to) == (
        message.about, message.version, MessageState.SENT, reader_of(message).phone,
    )  # fmt: skip


def test_where_every_channel_is_lost_people_are_told_which(says: Says, way: type[Kept]) -> None:
    message = waiting(a_reader(phone=""))
    _of(message, email="")
    drain(now=NOON)
    assert (state_of(message), message.drop_reason, Message.objects.count()) == (MessageState.DROPPED, DropReason.NO_ADDRESS, 1)


def test_a_channel_that_is_not_set_up_is_one_that_is_lost(says: Says, way: type[Kept], settings: Any) -> None:
    settings.MESSAGE_BACKENDS |= {"email": ""}
    message, staff = waiting(), a_member(clinic=a_clinic())
    of_staff = waiting(user=staff, clinic=staff.staff_roles.get().clinic, kind=Kind.UNSIGNED)
    drain(now=NOON)
    assert [each.channel for each in way.letters] == ["sms"]
    assert (state_of(message), message.drop_reason) == (MessageState.DROPPED, DropReason.OTHER_CHANNEL)
    assert (state_of(of_staff), of_staff.drop_reason) == (MessageState.DROPPED, DropReason.NO_CHANNEL)
