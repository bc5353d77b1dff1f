"""What somebody tries who means harm, and what goes wrong at the worst moment: each was found by trying it."""

import smtplib
from datetime import time, timedelta
from itertools import count
from time import monotonic
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.core.mail.backends.smtp import EmailBackend
from django.test import Client
from django.urls import reverse

from clinic.reminders import placeholders
from clinic.reminders.actions import delivering
from clinic.reminders.actions.sending import drain
from clinic.reminders.channels.backend import TemporaryTrouble
from clinic.reminders.channels.mail import MailBackend
from clinic.reminders.channels.sms_http import wait_asked
from clinic.reminders.links import link_for
from clinic.reminders.models import MessageRules, Pace, Pulse
from clinic.reminders.neutral import clinical_words
from clinic.reminders.queries.channels import channels_of
from clinic.reminders.queries.outbox import to_deal_with
from clinic.reminders.states import Purpose
from clinic.reminders.watch import Watch
from clinic.schedule import listening
from clinic.schedule.models import Booking
from clinic.staff.models import Role
from patients.actions import merge_patients, undo_merge
from patients.models import Patient
from tests.clinic.reminders.planning_scene import DAY, Clock, clock, desk, due, reasons, rows, was_told
from tests.clinic.reminders.sending_scene import NOON, Kept, Says, agrees, reader_of, says, state_of, waiting, way
from tests.clinic.reminders.test_sending_ways import LETTER, _raising
from tests.clinic.schedule.desk import Desk
from tests.factories import PASSWORD, an_actor

__all__ = ["clock", "desk", "says", "way"]  # fixtures
TEXT = ("reminder-day", "email", "en")


@pytest.mark.django_db
def test_no_number_is_too_long_for_a_text_and_no_book_is_remembered(client: Client) -> None:
    client.login(username=an_actor(roles=(Role.ADMIN,)).user.email, password=PASSWORD)
    for number in (2**63, 10**30):
        assert client.get(reverse("reminders:text-version", args=(*TEXT, number))).status_code == 404
    assert client.post(reverse("reminders:text-shipped", args=TEXT), {"version": "9" * 5000}).status_code == 303
    placeholders._ready.cache_clear()
    book = {"subject": "x" * 5000, "body": "scoliosis " * 50_000, "version": "0"}
    page = client.post(reverse("reminders:text", args=TEXT), book)
    assert (page.status_code, "longer than 4000 characters" in page.content.decode()) == (422, True)
    assert placeholders._ready.cache_info().currsize < 50


@pytest.mark.django_db
def test_what_was_read_of_a_message_is_not_acted_on_minutes_later(says: Says, way: type[Kept], monkeypatch: Any) -> None:
    """A slow server: the second patient ends the messages while the first letter is under way."""
    seconds = count(monotonic(), 30)
    monkeypatch.setattr(delivering, "time", SimpleNamespace(monotonic=lambda: next(seconds)))
    messages = [waiting() for _ in range(3)]
    first, second, _third = (reader_of(each) for each in messages)
    way.before.append(lambda _letter: agrees(second, "email", "sms", is_given=False))
    drain(now=NOON)
    assert [state_of(each) for each in messages] == ["sent", "dropped", "sent"]
    assert second.email not in {letter.sent_to for letter in way.letters}
    assert first.email in {letter.sent_to for letter in way.letters}


@pytest.mark.django_db
def test_a_clock_that_was_set_back_stops_no_messages(says: Says, way: type[Kept]) -> None:
    Pulse.objects.create(name="outbox", at=NOON + timedelta(hours=1))
    waiting()
    with time_machine.travel(NOON, tick=False):
        assert Watch().look() == 1


def test_a_server_that_says_nonsense_or_goes_away_costs_no_other_message(monkeypatch: Any) -> None:
    assert wait_asked("Wed, 10 Mar 2027 11:00:40 +99999999999999999", NOON) is None
    way = MailBackend()
    way.server.connection = object()
    refused = smtplib.SMTPRecipientsRefused({"a": (421, b"closing")})
    monkeypatch.setattr(EmailBackend, "send_messages", _raising(refused))
    monkeypatch.setattr(EmailBackend, "close", lambda _self: None)
    with pytest.raises(TemporaryTrouble, match="busy 421"):
        way.send(LETTER)
    assert way.server.connection is None


@pytest.mark.django_db
def test_what_a_slow_gateway_did_not_take_counts_for_nobody(says: Says, way: type[Kept], monkeypatch: Any) -> None:
    monkeypatch.setattr(Kept, "per_minute", 10)
    messages = [waiting() for _ in range(4)]
    drain(now=NOON, goes_on=lambda: len(way.letters) < 1)
    assert (Pace.objects.get().used, [state_of(each) for each in messages].count("sent")) == (1, 1)


# Dates for whose sake a message hurries -----------------------------------------------------------------------------------------
def test_a_date_of_tomorrow_morning_is_not_lost_among_later_ones(desk: Desk, clock: Clock, way: type[Kept]) -> None:
    """Given up at ten in the evening: one at seven, before the quiet hours end, and one of the week after."""
    soon, later = desk.book(desk.place(clock=time(7)), desk.place(day=DAY + timedelta(days=7), clock=time(11)))
    was_told(soon, later)
    clock.to("2026-11-24 22:00")
    desk.release(soon)
    desk.release(later)
    assert due()["dates"] == "24. 22:03"
    clock.to("2026-11-24 22:03")
    drain()
    assert (reasons("dates"), way.letters) == (["quiet"], [])
    assert list(to_deal_with(desk.clinic)) == rows("dates", drop_reason="quiet")


def test_of_the_time_that_is_left_before_a_date_a_quarter_is_waited_at_most(desk: Desk, clock: Clock, way: type[Kept]) -> None:
    MessageRules.objects.create(clinic=desk.clinic, grace_minutes=60)
    soon, later = desk.book(desk.place(), desk.place(day=DAY + timedelta(days=7), clock=time(11)))
    was_told(soon, later)
    clock.to("2026-11-25 09:20")  # forty minutes before it begins
    desk.release(soon)
    clock.on(minutes=5)
    desk.release(later)
    assert due()["dates"] == "25. 09:30"
    clock.to("2026-11-25 09:30")
    drain()
    [letter] = way.letters
    assert "10:00" in letter.body


# A merge by mistake ---------------------------------------------------------------------------------------------------------------
def test_what_waited_is_told_to_each_when_a_merge_is_undone(desk: Desk, clock: Clock, way: type[Kept]) -> None:
    """The dates of both were told to one; the other one has heard nothing, and what is told since holds nobody together."""
    desk.admin = an_actor(clinic=desk.clinic, roles=(Role.ADMIN, Role.CLINICAL_LEAD))
    desk.book(desk.place())
    desk.book(desk.place(1, 1, 1, clock=time(15)))
    kept, merged = (Patient.objects.get(pk=each.pk) for each in desk.patients)
    made = merge_patients(kept=kept, merged=merged, versions=(kept.version, merged.version), on=DAY, actor=desk.admin)
    clock.on(minutes=3)
    drain()
    assert [letter.sent_to for letter in way.letters] == [kept.email]
    clock.on(minutes=3)
    undo_merge(merge=made, on=DAY, actor=desk.admin)
    clock.on(minutes=3)
    drain()
    [_first, letter] = way.letters
    assert (letter.sent_to, "15:00" in letter.body, "10:00" in letter.body) == (merged.email, True, False)
    assert due(patient=merged) == {"reminder-day": "24. 18:00", "reminder-hours": "25. 13:00"}


# A listener that fails ----------------------------------------------------------------------------------------------------------
def test_a_change_that_cannot_be_told_is_not_made_and_a_sentence_says_so(desk: Desk, monkeypatch: Any) -> None:
    def breaks(_kind: str, _numbers: Any) -> None:
        raise KeyError("zone")

    [booking] = desk.book(desk.place())
    monkeypatch.setattr(listening, "_listeners", [breaks])
    for change in (lambda: desk.book(desk.place(clock=time(14))), lambda: desk.release(booking)):
        with pytest.raises(listening.NotTold, match="nothing was changed"):
            change()
    assert list(Booking.objects.values_list("pk", "state")) == [(booking.pk, "booked")]


# The end of messages ------------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_who_agreed_again_may_end_messages_again_by_an_old_one(client: Client) -> None:
    message = waiting()
    reader, link = reader_of(message), link_for(message, Purpose.STOP)
    agrees(reader, "sms", is_given=False)
    for _time in range(2):
        assert "No more messages?" in client.get(link).content.decode()
        client.post(link, {"answer": "all"})
        assert channels_of([reader]) == {reader.pk: ()}
        assert "You get no more messages" in client.get(link).content.decode()
        agrees(reader, "email")
    assert channels_of([reader]) == {reader.pk: ("email",)}


def test_a_word_in_letters_of_another_width_tells_as_much() -> None:
    assert clinical_words("Our ＳＣＯＬＩＯＳＩＳ house") == ("SCOLIOSIS",)
