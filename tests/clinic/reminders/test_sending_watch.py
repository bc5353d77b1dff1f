"""Messages leave by the clock, by a command, or by a worker that finds that nobody has looked; and whoever looks leaves a sign of life."""

from datetime import timedelta
from io import StringIO
from threading import Thread
from typing import Any

import pytest
import time_machine
from django.conf import settings as set_up
from django.core.management import call_command
from django.db import OperationalError, connections

from clinic import environment
from clinic.celery import app
from clinic.environment import MEMORY
from clinic.reminders import tasks, watch
from clinic.reminders.actions.sending import drain
from clinic.reminders.models import Pulse
from clinic.reminders.states import MessageState
from clinic.reminders.tasks import send_due_messages
from clinic.reminders.watch import Watch
from tests.clinic.reminders.sending_scene import NOON, Kept, Says, says, state_of, waiting, way

__all__ = ["says", "way"]


@pytest.mark.django_db
def test_the_clock_and_the_command_send_what_is_due(says: Says, way: type[Kept]) -> None:
    waiting()
    with time_machine.travel(NOON, tick=False):
        assert send_due_messages() == 1
        waiting()
        call_command("send_messages", stdout=(said := StringIO()))
    assert said.getvalue().startswith("1 messages: 1 sent")
    assert dict(Pulse.objects.values_list("name", "at")) == {"beat": NOON, "outbox": NOON}


@pytest.mark.django_db
def test_a_worker_sends_by_itself_only_where_nobody_has_looked_for_too_long(says: Says, way: type[Kept]) -> None:
    Pulse.objects.create(name="outbox", at=NOON)
    Pulse.objects.create(name="worker:gone:1", at=NOON - timedelta(days=2))
    waiting()
    with time_machine.travel(NOON + timedelta(seconds=39), tick=False):
        assert Watch().look() == 0
    with time_machine.travel(NOON + timedelta(seconds=41), tick=False):
        assert Watch().look() == 1
    assert [name.partition(":")[0] for name in Pulse.objects.values_list("name", flat=True)] == ["outbox", "worker"]


def test_with_a_look_every_few_seconds_the_broker_may_be_away_and_all_leaves_within_a_minute() -> None:
    assert watch.PATIENCE + timedelta(seconds=watch.LOOKS_EVERY) < timedelta(minutes=1)


def test_the_clock_calls_often_and_no_call_outlives_the_next() -> None:
    assert environment.send_often(MEMORY)["schedule"] == 5
    on_redis = environment.send_often("redis://broker.example/0")
    assert on_redis["schedule"] == on_redis["options"]["expires"] == 60
    assert set_up.CELERY_BEAT_SCHEDULE["send-due-messages"]["task"] == send_due_messages.name
    assert app.conf.broker_connection_max_retries is None
    assert app.conf.worker_max_tasks_per_child is None


def test_the_watch_goes_on_whatever_happens_and_ends_when_asked(monkeypatch: Any, caplog: Any) -> None:
    looks: list[int] = []

    def look(self: Watch) -> int:
        looks.append(1)
        if len(looks) == 3:
            self._stopping.set()
        raise OperationalError("password=secret") if len(looks) == 1 else KeyError("anna@mail.test")

    monkeypatch.setattr(Watch, "look", look)
    monkeypatch.setattr(connections, "close_all", lambda: None)
    thread = Watch(every=0.001)
    thread.start()
    thread._thread.join(5)
    assert (len(looks), "secret" in caplog.text, "anna" in caplog.text) == (3, False, False)


@pytest.mark.django_db
def test_in_one_process_one_drain_is_at_work(says: Says, way: type[Kept]) -> None:
    waiting()
    with tasks.AT_WORK:
        assert tasks.drain_here() == 0
    assert way.letters == []


@pytest.mark.django_db
def test_where_nothing_is_due_a_look_writes_nothing_but_seldom_a_sign_of_life(django_assert_num_queries: Any) -> None:
    drain(now=NOON)
    with django_assert_num_queries(2):
        drain(now=NOON + timedelta(seconds=5))


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_never_hold_the_same_message(says: Says, way: type[Kept]) -> None:
    messages = [waiting() for _ in range(12)]
    workers = [Thread(target=_drain) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert sorted(each.key for each in way.letters) == sorted(each.key for each in messages)
    assert {state_of(each) for each in messages} == {MessageState.SENT}


def _drain() -> None:
    try:
        drain(now=NOON, limit=2)
    finally:
        connections.close_all()
