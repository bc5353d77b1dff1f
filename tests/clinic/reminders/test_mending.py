"""What did not arrive stays in the queue until somebody sends it again, tells it, or says that nothing needs to be done."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from clinic.audit.models import AuditLine
from clinic.reminders.actions.mending import DealtWith, nothing_to_do, send_again, told_by_telephone, undo_dealt_with
from clinic.reminders.models import TO_DEAL_WITH, Message, Told
from clinic.reminders.queries.outbox import to_deal_with, undelivered_count
from clinic.reminders.remedies import remedy_for
from clinic.reminders.states import UNREACHED, DropReason, Kind
from clinic.schedule.models import Booking
from clinic.staff.models import Clinic
from clinic.staff.permissions import ActionDenied, Actor
from patients.models import MessageConsent, Patient
from tests.clinic.reminders.planning_scene import Clock, Kept, clock, desk, drain, rows, way
from tests.clinic.schedule.desk import Desk, to
from tests.trust.access_pages import a_failed_message

__all__ = ["clock", "desk", "way"]  # fixtures
Act = Callable[..., Message]


def unreached(desk: Desk, clock: Clock) -> tuple[Booking, Message]:
    """A date of somebody who has taken the word on messages back: the message about it could not be sent."""
    MessageConsent.objects.create(patient=desk.patients[0], channel="email", is_given=False, said_on=desk.clinic.today())
    (booking,) = desk.book(desk.place())
    clock.on(minutes=4)
    drain(now=timezone.now())
    return booking, rows("dates")[-1]


def test_dates_that_could_not_be_told_are_in_the_queue_and_what_was_not_needed_is_not(desk: Desk, clock: Clock, way: Any) -> None:
    _booking, message = unreached(desk, clock)
    assert (message.state, message.drop_reason) == ("dropped", "no-consent")
    assert list(to_deal_with(desk.clinic)) == [message]
    Message.objects.filter(pk=message.pk).update(drop_reason=DropReason.NOTHING_NEW)
    assert undelivered_count(desk.clinic) == 0


def test_whoever_was_told_by_telephone_knows_the_dates_and_is_not_told_again(desk: Desk, clock: Clock, way: type[Kept]) -> None:
    booking, message = unreached(desk, clock)
    told_by_telephone(message=message, now=timezone.now(), actor=desk.admin)
    assert Told.objects.get(booking=booking).starts_at == booking.starts_at
    assert undelivered_count(desk.clinic) == 0
    MessageConsent.objects.create(patient=desk.patients[0], channel="email", is_given=True, said_on=desk.clinic.today())
    (moved,) = desk.move(to(booking, clock=booking.clock.replace(hour=12)))
    desk.move(to(moved, clock=booking.clock))
    clock.on(minutes=4)
    drain(now=timezone.now())
    assert way.letters == []


def test_dates_sent_again_go_out_as_a_message_of_their_own_once_the_patient_agrees(desk: Desk, clock: Clock, way: type[Kept]) -> None:
    _booking, message = unreached(desk, clock)
    MessageConsent.objects.create(patient=desk.patients[0], channel="email", is_given=True, said_on=desk.clinic.today())
    send_again(message=message, now=timezone.now(), actor=desk.admin)
    drain(now=timezone.now())
    assert [letter.sent_to for letter in way.letters] == [desk.patients[0].email]
    assert undelivered_count(desk.clinic) == 0


def test_new_dates_that_wait_already_say_everything_so_nothing_is_sent_twice(desk: Desk, clock: Clock, way: type[Kept]) -> None:
    booking, message = unreached(desk, clock)
    desk.move(to(booking, clock=booking.clock.replace(hour=12)))
    send_again(message=message, now=timezone.now(), actor=desk.admin)
    assert [row.state for row in rows("dates")] == ["dropped", "waiting"]
    message.refresh_from_db()
    assert message.handled == "again"


def test_a_message_that_failed_waits_again_with_all_its_tries(clinic: Clinic, clinic_admin: Actor) -> None:
    message, now = a_failed_message(clinic), timezone.now()
    found = send_again(message=message, now=now, actor=clinic_admin)
    assert (found.state, found.next_at, found.attempts, found.handled) == ("waiting", now, 0, "")
    assert AuditLine.objects.latest("pk").verb == "sent-message-again"


def test_what_would_come_too_late_is_not_sent_again(clinic: Clinic, clinic_admin: Actor) -> None:
    message = a_failed_message(clinic, not_after=timezone.now() - timedelta(minutes=1))
    with pytest.raises(ActionDenied, match="too late"):
        send_again(message=message, now=timezone.now(), actor=clinic_admin)


@pytest.mark.parametrize("act", [send_again, told_by_telephone, nothing_to_do])
def test_what_was_dealt_with_is_not_dealt_with_a_second_time(act: Act, clinic: Clinic, clinic_admin: Actor) -> None:
    message = a_failed_message(clinic)
    nothing_to_do(message=message, now=timezone.now(), actor=clinic_admin)
    before = AuditLine.objects.count()
    with pytest.raises(DealtWith):
        act(message=message, now=timezone.now(), actor=clinic_admin)
    assert AuditLine.objects.count() == before


@pytest.mark.same_everywhere
@pytest.mark.parametrize("act", [send_again, told_by_telephone, nothing_to_do])
def test_a_therapist_deals_with_no_message(act: Act, clinic: Clinic, therapist: Actor) -> None:
    with pytest.raises(ActionDenied):
        act(message=a_failed_message(clinic), now=timezone.now(), actor=therapist)


def test_nothing_to_do_can_be_taken_back_and_what_was_told_of_dates_cannot(clinic: Clinic, clinic_admin: Actor) -> None:
    message = a_failed_message(clinic)
    nothing_to_do(message=message, now=timezone.now(), actor=clinic_admin)
    undo_dealt_with(message=message, actor=clinic_admin)
    assert undelivered_count(clinic) == 1
    Message.objects.filter(pk=message.pk).update(kind=Kind.DATES)
    told_by_telephone(message=message, now=timezone.now(), actor=clinic_admin)
    with pytest.raises(DealtWith):
        undo_dealt_with(message=message, actor=clinic_admin)


def test_the_queue_and_its_index_mean_the_same(clinic: Clinic) -> None:
    """The condition is written out a second time so that SQLite finds the index; both find the same of every reason."""
    for reason in DropReason.values:
        for kind in (Kind.DATES, Kind.MISSED):
            a_failed_message(clinic, state="dropped", kind=kind, drop_reason=reason, last_error="")
    a_failed_message(clinic)
    a_failed_message(clinic, handled="called", handled_at=timezone.now())
    found = set(to_deal_with(clinic).values_list("pk", flat=True))
    assert found == set(Message.objects.filter(TO_DEAL_WITH, clinic=clinic).values_list("pk", flat=True))
    assert len(found) == len(UNREACHED) + 1


@pytest.mark.same_everywhere
def test_the_desk_reads_why_what_to_do_and_what_to_say(desk: Desk, clock: Clock, way: Any, signed_in: Callable[[Any], Client]) -> None:
    unreached(desk, clock)
    text = signed_in(desk.admin).get("/messages/not-delivered/").content.decode()
    for words in ("has not agreed to any message", "Tell the dates by telephone", "What to say", "Wed 25 November, 10:00"):
        assert words in text, words


@pytest.mark.same_everywhere
@pytest.mark.parametrize(
    ("message_of", "phone", "agrees", "first"),
    [
        ({"state": "dropped", "drop_reason": "no-consent"}, "+49 30 23125 101", False, "called"),
        ({"state": "dropped", "drop_reason": "no-consent"}, "", False, "contacts"),
        ({"state": "dropped", "drop_reason": "no-consent"}, "+49 30 23125 101", True, "again"),
        ({"state": "dropped", "drop_reason": "quiet"}, "+49 30 23125 101", True, "called"),
        ({"last_error": "refused 550"}, "+49 30 23125 101", True, "contacts"),
        ({"last_error": "away"}, "+49 30 23125 101", True, "again"),
        ({"last_error": "away", "not_after": timezone.now() - timedelta(days=1)}, "+49 30 23125 101", True, "called"),
    ],
)
def test_each_message_has_one_thing_to_do_first(
    message_of: dict[str, Any], phone: str, agrees: bool, first: str, clinic: Clinic, clinic_admin: Actor
) -> None:
    """Sending again is in vain until the patient has agreed; then it is the first thing to do."""
    message = a_failed_message(clinic, **({"kind": Kind.DATES, "last_error": ""} | message_of))
    patients = Patient.objects.filter(messages=message)
    patients.update(phone=phone, email="somebody@mail.test")
    if agrees:
        MessageConsent.objects.create(patient=patients.get(), channel="email", is_given=True, said_on=clinic.today())
    found = remedy_for(Message.objects.get(pk=message.pk), clinic_admin)
    assert found.first == first
    assert found.can_send or first != "again"
