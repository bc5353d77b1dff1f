"""The pages about messages: filters from closed lists, pages by keys, states in words, numbers that add up, health in sentences."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import escape, unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clinic.reminders.asked import Asked, asked_for
from clinic.reminders.channels.backend import TroubleCode
from clinic.reminders.health_page import BAD, FAIR, GOOD, parts_of, worst_of
from clinic.reminders.marks import mark_of
from clinic.reminders.models import MailboxLetter, Message
from clinic.reminders.numbers_page import bars_of, numbers_page
from clinic.reminders.queries import outbox as queries
from clinic.reminders.queries.health import Backlog, Signs, backlog_of
from clinic.reminders.queries.numbers import numbers_of
from clinic.reminders.remedies import remedy_for
from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor
from tests.clinic.reminders.answering_scene import a_date, a_message
from tests.factories import a_clinic, a_patient
from tests.trust.access_pages import a_failed_message

NOW = datetime.fromisoformat("2026-11-16T12:00:00+01:00")
SignedIn = Callable[[Any], Client]


def test_what_stands_on_no_list_asks_for_everything() -> None:
    assert asked_for({"state": "'; drop", "kind": "secret", "channel": "fax", "day": "yesterday", "after": "²", "when": "ever"}) == Asked()


def test_an_address_keeps_its_filters_and_begins_at_the_top_with_another_one() -> None:
    asked = asked_for({"state": "failed", "after": "17", "q": " Web "})
    assert (asked.state, asked.after, asked.words) == ("failed", 17, "Web")
    assert asked.url(kind="dates") == "/messages/?state=failed&kind=dates&q=Web"


def outbox_of(clinic: Clinic, count: int) -> list[int]:
    """So many messages, due at two moments only, so that pages end among equals."""
    patient, now = a_patient(clinic=clinic), timezone.now()
    rows = Message.objects.bulk_create(
        Message(
            clinic=clinic, kind="missed", channel="email", about=f"x:{number}", patient=patient, state="sent",
            due_at=now - timedelta(hours=number % 2), sent_at=now, not_after=now,
        )
        for number in range(count)
    )  # fmt: skip
    return [row.pk for row in rows]


@pytest.mark.same_everywhere
@pytest.mark.django_db
def test_pages_of_the_outbox_show_every_message_once_in_as_many_queries_each(clinic: Clinic) -> None:
    wanted, now, seen, after = outbox_of(clinic, 130), timezone.now() + timedelta(seconds=1), list[int](), 0
    for number in range(3):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            found = queries.outbox(clinic, Asked(after=after), now)
        assert len(asked) == (2 if number else 1)
        seen += [message.pk for message in found.messages]
        after = found.after
    assert after == 0
    assert sorted(seen) == wanted
    assert len(seen) == len(set(seen))


@pytest.mark.django_db
def test_the_outbox_is_asked_from_its_indexes(clinic: Clinic) -> None:
    if connection.vendor == "postgresql":  # it chooses by what the tables hold, which is nothing here
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off")
    now = timezone.now()
    due = queries._of(clinic, Asked(), now).order_by("-due_at", "-pk")[:50].explain()
    assert "messages_by_due_time" in due
    assert "TEMP B-TREE" not in due
    assert "Sort Key" not in due
    assert "messages_to_deal_with" in queries.to_deal_with(clinic).explain()


@pytest.mark.django_db
def test_a_list_and_a_page_of_a_message_leave_who_was_seen(clinic: Clinic, clinic_admin: Actor, signed_in: SignedIn) -> None:
    message, other = a_failed_message(clinic), a_failed_message(a_clinic())
    client = signed_in(clinic_admin)
    text = client.get("/messages/").content.decode()
    assert f"/messages/{message.pk}/" in text
    assert f"/messages/{other.pk}/" not in text
    looks = list(clinic.read_lines.order_by("pk").values_list("kind", "details"))
    assert looks[-1] == ("searched", {"found": [message.patient_id]})


@pytest.mark.django_db
def test_one_message_shows_what_was_sent_and_what_came_back(clinic: Clinic, clinic_admin: Actor, signed_in: SignedIn) -> None:
    message = a_message(
        a_date(clinic=clinic), body="See you on Tuesday", subject="Your date", sent_to="a…@mail.test", text_code="reminder-day"
    )
    message.answers.create(clinic=clinic, booking=message.booking, purpose="answer", kind="confirmed")
    text = signed_in(clinic_admin).get(f"/messages/{message.pk}/").content.decode()
    for words in ("See you on Tuesday", "Your date", "to a…@mail.test", "Answered: Comes", "As shipped with Tactus"):
        assert words in text, words


@pytest.mark.django_db
def test_a_date_says_that_its_patient_was_reminded_and_comes(clinic: Clinic, clinic_admin: Actor, signed_in: SignedIn) -> None:
    message = a_message(a_date(clinic=clinic))
    booking = message.booking
    assert booking
    message.answers.create(clinic=clinic, booking=booking, starts_at=booking.starts_at, purpose="answer", kind="confirmed")
    text = signed_in(clinic_admin).get(f"/calendar/bookings/{message.booking_id}/").content.decode()
    assert "reminded" in text
    assert "confirmed" in text


@pytest.mark.parametrize("code", TroubleCode.values)
@pytest.mark.parametrize("channel", ["email", "sms"])
def test_every_trouble_has_a_reason_and_a_remedy_in_words(code: str, channel: str) -> None:
    message = Message(clinic=Clinic(), state="failed", channel=channel, last_error=f"{code} 550", not_after=timezone.now())
    found = remedy_for(message, None)  # type: ignore[arg-type]  # nobody in particular reads it
    assert found.why.endswith(".")
    assert found.todo.endswith(".")
    assert not found.can_send


def test_dates_that_reached_nobody_are_told_from_what_was_not_needed() -> None:
    words = {kind: mark_of(Message(state="dropped", kind=kind, drop_reason="no-consent")).tone for kind in ("dates", "missed")}
    assert words == {"dates": "caution", "missed": ""}


@pytest.mark.django_db
def test_numbers_add_up_and_the_highest_bar_fills_the_chart(clinic: Clinic) -> None:
    booking = a_date(clinic=clinic)
    confirmed = a_message(booking)
    confirmed.answers.create(clinic=clinic, booking=booking, purpose="answer", kind="confirmed")
    a_failed_message(clinic, due_at=timezone.now())
    a_failed_message(clinic, due_at=timezone.now(), state="dropped", drop_reason="over", last_error="")
    a_failed_message(clinic, due_at=timezone.now() - timedelta(days=8))
    a_failed_message(a_clinic(), due_at=timezone.now())
    numbers = numbers_of(clinic, days=7, today=clinic.today())
    shown = numbers_page(numbers, 7)
    total = shown["total"]
    assert (total.sent, total.dropped, total.failed, total.confirmed, total.answered, total.share) == (1, 1, 1, 1, 1, None)
    assert len(numbers.days) == 7
    *before, bar = bars_of(numbers.days)
    assert [each.pieces for each in before] == [()] * 6
    assert bar.at == 6
    assert sum(float(piece.height) for piece in bar.pieces) == pytest.approx(100, abs=0.1)
    assert min(float(piece.top) for piece in bar.pieces) == pytest.approx(0, abs=0.1)


def minutes_ago(count: float) -> datetime:
    return NOW - timedelta(minutes=count)


@pytest.mark.parametrize(
    ("signs", "backlog", "tone"),
    [
        (Signs(minutes_ago(1), minutes_ago(1), {"a": minutes_ago(1)}), Backlog(0, None, None), GOOD),
        (Signs(minutes_ago(1), None, {"a": minutes_ago(1)}), Backlog(0, None, None), FAIR),
        (Signs(minutes_ago(1), minutes_ago(1), {"a": minutes_ago(1)}), Backlog(0, None, minutes_ago(90)), FAIR),
        (Signs(minutes_ago(1), minutes_ago(1), {"a": minutes_ago(1)}), Backlog(3, minutes_ago(30), minutes_ago(30)), BAD),
        (Signs(minutes_ago(1), minutes_ago(1), {"a": minutes_ago(4)}), Backlog(0, None, None), FAIR),
        (Signs(None, None, {}), Backlog(0, None, None), BAD),
        (Signs(minutes_ago(30), minutes_ago(1), {"a": minutes_ago(1)}), Backlog(0, None, None), BAD),
    ],
    ids=[
        "all is well",
        "the clock is silent, workers look alone",
        "one is tried again",
        "what is due has not gone",
        "the worker is silent",
        "never",
        "stood still",
    ],
)
def test_health_is_as_bad_as_its_worst_part_and_says_what_to_do(signs: Signs, backlog: Backlog, tone: str) -> None:
    parts = parts_of(signs, backlog, NOW)
    assert worst_of(parts) == tone
    assert all(part.todo for part in parts if part.tone in (FAIR, BAD))


@pytest.mark.django_db
def test_the_backlog_of_a_clinic_is_its_own(clinic: Clinic) -> None:
    for each in (clinic, a_clinic()):
        a_failed_message(each, state="waiting", last_error="slow", next_at=minutes_ago(5), due_at=minutes_ago(60))
        a_failed_message(each, state="waiting", last_error="", next_at=minutes_ago(-300), due_at=minutes_ago(90))  # in quiet hours
    assert backlog_of(clinic, NOW) == Backlog(1, minutes_ago(5), minutes_ago(60))


@pytest.mark.same_everywhere
@pytest.mark.django_db
def test_there_is_no_mailbox_where_messages_go_out(clinic: Clinic, clinic_admin: Actor, signed_in: SignedIn, settings: Any) -> None:
    letter = MailboxLetter.objects.create(key="1", clinic=clinic, channel="sms", sent_to="+49 170 555", body="Hello", attachment_name="")
    client = signed_in(clinic_admin)
    assert "+49 170 555" in client.get("/messages/mailbox/?q=170").content.decode()
    assert "+49 170 555" not in client.get("/messages/mailbox/?q=999").content.decode()
    assert client.get(f"/messages/mailbox/{letter.pk}/file/").status_code == 404
    settings.MESSAGE_BACKENDS = {"email": "clinic.reminders.channels.mail.MailBackend"}
    assert client.get("/messages/mailbox/").status_code == 404


@pytest.mark.django_db
def test_work_to_do_counts_messages_for_those_who_deal_with_them(
    clinic: Clinic, clinic_admin: Actor, therapist: Actor, signed_in: SignedIn
) -> None:
    a_failed_message(clinic)
    assert "1 message did not reach anybody." in signed_in(clinic_admin).get("/calendar/to-do/").content.decode()
    assert "did not reach anybody" not in signed_in(therapist).get("/calendar/to-do/").content.decode()


@pytest.mark.same_everywhere
@pytest.mark.django_db
def test_the_way_back_from_a_message_leads_to_the_outbox_as_it_was_filtered(
    clinic: Clinic, clinic_admin: Actor, signed_in: SignedIn
) -> None:
    message, client = a_failed_message(clinic, due_at=timezone.now() - timedelta(minutes=1)), signed_in(clinic_admin)
    here = f"{reverse('reminders:outbox')}?state=failed&channel=email"
    shown = client.get(here).content.decode()
    link = re.search(rf'href="({reverse("reminders:message", args=[message.pk])}[^"]*)"', shown)
    assert link is not None
    assert escape(here) in client.get(unescape(link[1])).content.decode()
