"""What could not be sent is tried again, more and more rarely, goes another way, or waits for people; one message never holds up others."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError

from clinic.audit.models import AuditLine
from clinic.reminders.actions.claiming import claim, renew
from clinic.reminders.actions.outcomes import Outcome, write_down
from clinic.reminders.actions.retrying import MOST_FAILURES, wait_after
from clinic.reminders.actions.sending import MOST_CLAIMS, Drained, drain
from clinic.reminders.channels.backend import PermanentTrouble, TemporaryTrouble, TroubleCode
from clinic.reminders.models import Message, Pace
from clinic.reminders.states import DropReason, Kind, MessageState
from tests.clinic.reminders.sending_scene import NOON, Kept, KeptTogether, Says, a_reader, reader_of, says, state_of, waiting, way

__all__ = ["says", "way"]
pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def _fails(message: Message, *troubles: Exception) -> None:
    Kept.fails[reader_of(message).email] = list(troubles)


@pytest.mark.same_everywhere
def test_the_waits_double_up_to_an_hour() -> None:
    assert [wait_after(number) / MINUTE for number in range(1, 10)] == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_message_that_fails_is_tried_eight_times_and_then_waits_for_people(says: Says, way: type[Kept]) -> None:
    message, now = waiting(), NOON
    _fails(message, *[TemporaryTrouble(TroubleCode.BROKEN, 503)] * MOST_FAILURES)
    for number in range(1, MOST_FAILURES):
        assert drain(now=now).postponed == 1
        assert (state_of(message), message.attempts, message.next_at) == (MessageState.WAITING, number, now + wait_after(number))
        now += wait_after(number)
    assert drain(now=now).failed == 1
    assert (state_of(message), message.last_error, message.next_at, way.letters) == (MessageState.FAILED, "broken 503", None, [])


def test_a_server_that_says_when_to_come_again_is_obeyed(says: Says, way: type[Kept]) -> None:
    message = waiting()
    _fails(message, TemporaryTrouble(TroubleCode.BROKEN, 503, retry_after=timedelta(minutes=7)))
    drain(now=NOON)
    assert (state_of(message), message.next_at) == (MessageState.WAITING, NOON + timedelta(minutes=7))


def test_a_server_that_is_away_costs_no_message_a_try_and_is_asked_once(says: Says, way: type[Kept]) -> None:
    messages = [waiting() for _ in range(5)]
    way.opens[:] = [TemporaryTrouble(TroubleCode.AWAY, is_general=True)]
    assert drain(now=NOON, limit=2) == Drained(postponed=5, claimed=5)
    assert {(state_of(each), each.attempts, each.next_at) for each in messages} == {(MessageState.WAITING, 0, NOON + MINUTE)}
    assert drain(now=NOON + MINUTE).sent == 5


def test_what_could_not_be_sent_before_its_time_was_over_is_not_delivered(says: Says, way: type[Kept]) -> None:
    message, silent = waiting(not_after=NOON + 1.5 * MINUTE), waiting(not_after=NOON + 0.5 * MINUTE)
    _fails(message, TemporaryTrouble(TroubleCode.BROKEN, 500))
    _fails(silent, TemporaryTrouble(TroubleCode.AWAY, is_general=True))
    assert drain(now=NOON).failed == 1
    assert drain(now=NOON + 2 * MINUTE).failed == 1
    assert {state_of(message), state_of(silent)} == {MessageState.FAILED}


def test_what_a_gateway_refuses_for_good_goes_another_way_or_waits_for_people(says: Says, way: type[Kept]) -> None:
    message, alone = waiting(), waiting(a_reader(phone=""))
    _fails(message, PermanentTrouble(TroubleCode.REFUSED, 550))
    _fails(alone, PermanentTrouble(TroubleCode.REFUSED, 550))
    assert drain(now=NOON) == Drained(sent=1, dropped=1, failed=1, claimed=3)
    assert (state_of(message), message.drop_reason, message.last_error) == (MessageState.DROPPED, DropReason.OTHER_CHANNEL, "refused 550")
    assert (state_of(alone), alone.last_error, way.letters[0].channel) == (MessageState.FAILED, "refused 550", "sms")


@pytest.mark.parametrize("where", ["reading", "sending", "settling"])
def test_a_message_that_breaks_something_does_not_hold_up_the_others(says: Says, way: type[Kept], where: str, caplog: Any) -> None:
    bad, *good = [waiting() for _ in range(3)]
    broken = ZeroDivisionError("anna@mail.test")
    if where == "reading":
        says.answers[bad.pk] = broken
    elif where == "sending":
        _fails(bad, broken)
    else:
        says.breaks.append(broken)
    drain(now=NOON)
    assert {state_of(each) for each in good} == {MessageState.SENT}
    assert state_of(bad) == (MessageState.SENT if where == "settling" else MessageState.WAITING)
    assert "ZeroDivisionError" in caplog.text
    assert "anna@" not in caplog.text


def test_what_another_worker_has_taken_over_is_not_marked(says: Says, way: type[Kept]) -> None:
    message = waiting()

    def taken_over(_letter: Any) -> None:
        Message.objects.filter(pk=message.pk).update(claim="another")

    way.before.append(taken_over)
    assert drain(now=NOON) == Drained(claimed=1)
    assert (state_of(message), message.claim, says.settled) == (MessageState.SENDING, "another", [])


def test_a_worker_that_is_told_to_end_gives_back_what_has_not_left(says: Says, way: type[Kept]) -> None:
    messages = [waiting() for _ in range(3)]
    assert drain(now=NOON, goes_on=lambda: not way.letters) == Drained(sent=1, postponed=2, claimed=3)
    assert sorted((state_of(each), each.attempts) for each in messages) == [("sent", 1), ("waiting", 0), ("waiting", 0)]
    assert drain(now=NOON).sent == 2


def test_a_lease_is_kept_while_it_is_renewed_and_lost_when_it_is_over() -> None:
    message = waiting()
    first = claim(now=NOON)
    assert claim(now=NOON + 0.9 * MINUTE).messages == ()
    assert renew(first.token, [message.pk], now=NOON + 0.9 * MINUTE) == {message.pk}
    second = claim(now=NOON + 2 * MINUTE)
    assert [each.pk for each in second.messages] == [message.pk]
    assert renew(first.token, [message.pk], now=NOON + 2 * MINUTE) == frozenset()
    assert not write_down(first.token, Outcome(dropped={message: DropReason.OVER}), now=NOON)


def test_a_message_over_which_workers_die_is_given_up(says: Says, way: type[Kept]) -> None:
    message = waiting(attempts=MOST_CLAIMS)
    assert drain(now=NOON).failed == 1
    assert (state_of(message), message.last_error) == (MessageState.FAILED, TroubleCode.WORKER)


def test_a_worker_that_died_brings_a_message_no_nearer_to_its_end(says: Says, way: type[Kept]) -> None:
    message = waiting(attempts=MOST_FAILURES, failures=1)
    _fails(message, TemporaryTrouble(TroubleCode.BROKEN, 503))
    assert drain(now=NOON).postponed == 1
    assert (state_of(message), message.failures, message.next_at) == (MessageState.WAITING, 2, NOON + wait_after(2))


def test_new_dates_that_failed_leave_the_word_to_newer_ones(says: Says, way: type[Kept]) -> None:
    patient = a_reader()
    message = waiting(patient, kind=Kind.DATES)
    _fails(message, TemporaryTrouble(TroubleCode.BROKEN, 500))
    way.before.append(lambda _letter: waiting(patient, kind=Kind.DATES, next_at=NOON + MINUTE))
    assert drain(now=NOON).dropped == 1
    assert (state_of(message), message.drop_reason) == (MessageState.DROPPED, DropReason.NOTHING_NEW)


def test_the_most_that_a_gateway_takes_in_a_minute_holds_for_all_batches(says: Says, way: type[Kept], monkeypatch: Any) -> None:
    monkeypatch.setattr(Kept, "per_minute", 3)
    messages = [waiting() for _ in range(8)]
    assert drain(now=NOON, limit=4) == Drained(sent=3, postponed=5, claimed=8)
    assert drain(now=NOON + 0.9 * MINUTE).claimed == 0
    assert drain(now=NOON + MINUTE).sent == 3
    assert drain(now=NOON + 2 * MINUTE).sent == 2
    assert {each.attempts for each in Message.objects.filter(pk__in=[each.pk for each in messages])} == {1}
    assert Pace.objects.get().used == 2


def test_ways_that_know_a_second_try_are_marked_together(
    says: Says, way: type[Kept], settings: Any, django_assert_max_num_queries: Any
) -> None:
    settings.MESSAGE_BACKENDS |= {"email": f"{KeptTogether.__module__}.KeptTogether"}
    clinic = a_reader().clinic
    messages = [waiting(a_reader(clinic=clinic)) for _ in range(20)]
    with django_assert_max_num_queries(60):
        assert drain(now=NOON).sent == len(messages)
    assert AuditLine.objects.get(verb="sent-messages").details == {"sent": 20}


def test_a_database_that_is_away_is_nobody_s_fault_and_nothing_is_lost(says: Says, way: type[Kept]) -> None:
    message = waiting()
    says.answers[message.pk] = OperationalError()
    with pytest.raises(OperationalError):
        drain(now=NOON)
    says.answers.clear()
    assert drain(now=NOON + 2 * MINUTE).sent == 1
