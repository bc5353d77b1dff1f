"""The drain: what is due leaves once, by the words and to the person of the moment of sending, and the outbox says what became of it."""

from datetime import timedelta

import pytest
from django.conf import settings as set_up

from clinic.reminders.actions.sending import Drained, drain
from clinic.reminders.models import MailboxLetter
from clinic.reminders.states import MessageState
from tests.clinic.reminders.sending_scene import NOON, Kept, Says, reader_of, says, state_of, waiting, way

__all__ = ["says", "way"]
pytestmark = pytest.mark.django_db


def test_what_is_due_leaves_once_and_what_is_not_stays(says: Says, way: type[Kept]) -> None:
    due, later = waiting(), waiting(next_at=NOON + timedelta(seconds=1))
    assert drain(now=NOON) == Drained(sent=1, claimed=1)
    assert drain(now=NOON) == Drained()
    assert ([each.key for each in way.letters], state_of(due), state_of(later)) == ([due.key], MessageState.SENT, MessageState.WAITING)
    assert (due.sent_at, due.next_at, due.claim, due.attempts, due.language) == (NOON, None, "", 1, "en")
    assert due.sent_to == f"r…@{reader_of(due).email.partition('@')[2]}"
    assert says.settled == [due.pk]


def test_the_mailbox_of_the_demo_keeps_what_would_have_left(says: Says) -> None:
    assert set_up.MESSAGE_BACKENDS["email"].endswith("MailboxBackend")
    message = waiting()
    assert drain(now=NOON).sent == 1
    letter = MailboxLetter.objects.get()
    assert (letter.key, letter.sent_to, bool(letter.body)) == (message.key, reader_of(message).email, True)


def test_a_link_is_kept_without_its_secret(says: Says, way: type[Kept]) -> None:
    message = waiting()
    drain(now=NOON)
    message.refresh_from_db()
    assert "/r/" in way.letters[0].body
    assert way.letters[0].stop_link.rpartition("/r/")[2].strip("/") not in message.body
