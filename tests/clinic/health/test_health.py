"""Whether a machine lives, can answer people, and how the installation is: in words, in time, with what to do."""

import shutil
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from clinic.health import page_chains, page_parts, probes, tasks
from clinic.health.actions import note_verified
from clinic.health.queries import Clocks, Queues, verified
from clinic.keeping.models import Drill
from clinic.staff.permissions import Actor

SignedIn = Callable[[Any], Client]
pytestmark = pytest.mark.same_everywhere
FINE = dict.fromkeys(probes.PROBES, "ok")
NOW = timezone.now()


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> Iterator[None]:
    probes.asking._kept = None
    yield
    probes.asking._kept = None


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """What ``/health/ready/`` says when the parts are as told: a bool, or a failure to raise."""

    def asked(**parts: bool | Exception) -> Any:
        def probe(name: str) -> Callable[[], bool]:
            def look() -> bool:
                found = parts.get(name, True)
                if isinstance(found, Exception):
                    raise found
                return found

            return look

        for name in probes.PROBES:
            monkeypatch.setitem(probes.PROBES, name, probe(name))
        return Client().get("/health/ready/")

    return asked


def test_a_machine_lives_whatever_host_is_asked_for_and_whatever_is_down(settings: Any) -> None:
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["only.example"], True
    response = Client(headers={"cookie": "sessionid=of-somebody"}).get("/health/live/")  # this test may ask no database
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response["Cache-Control"] == "no-store"
    assert Client().get("/accounts/login/", headers={"host": "only.example"}).status_code == 301


@pytest.mark.parametrize("part", ["database", "migrations"])
def test_a_machine_without_what_every_page_needs_is_not_ready(answers: Callable[..., Any], part: str) -> None:
    response = answers(**{part: OperationalError("password of db.example is wrong")})
    assert response.status_code == 503
    assert f"{part} down" in response.content.decode()
    assert b"example" not in response.content


@pytest.mark.parametrize("part", ["cache", "broker", "media"])
def test_a_machine_goes_on_without_what_only_makes_some_things_wait(answers: Callable[..., Any], part: str) -> None:
    response = answers(**{part: False})
    assert response.status_code == 200
    assert response.content.decode().count(" ok\n") == 4
    assert f"{part} down" in response.content.decode()


def test_a_part_that_hangs_is_called_slow_within_a_second_and_is_not_asked_twice() -> None:
    asked, released = [], Event()
    asking = probes.Asking()

    def hangs() -> bool:
        asked.append(1)
        return released.wait(20)

    before = time.monotonic()
    first = asking.words({"database": hangs, "media": lambda: True}, wait=0.1)
    asking._kept = None
    second = asking.words({"database": hangs, "media": lambda: True}, wait=0.1)
    released.set()
    assert first == second == {"database": "slow", "media": "ok"}
    assert time.monotonic() - before < 1
    assert asked == [1]


def test_whoever_asks_all_the_time_gets_the_answer_of_this_second() -> None:
    asked: list[int] = []
    asking = probes.Asking()

    def probe() -> bool:
        asked.append(1)
        return True

    for _ in range(5):
        asking.words({"media": probe})
    assert asked == [1]


@pytest.mark.django_db
def test_a_database_that_lacks_a_migration_of_this_release_is_not_ready() -> None:
    assert probes.missing_migrations() == []
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'keeping' AND name LIKE '0001%%'")
    assert [name.partition("_")[0] for name in probes.missing_migrations()] == ["keeping.0001"]


@pytest.mark.django_db
def test_the_page_says_each_part_and_a_program_gets_the_same_as_data(signed_in: SignedIn, clinic_admin: Actor) -> None:
    client = signed_in(clinic_admin)
    page = client.get("/health/").content.decode()
    assert "Something does not work" in page  # no worker, no backup that was proved
    assert "manage.py backup_drill" in page
    data = client.get("/health/", headers={"accept": "application/json"}).json()
    assert data["state"] == "absolute"
    assert {part["part"]: part["state"] for part in data["parts"]}["Database"] == "clear"
    assert data["versions"]["Mode"] == "test"


@pytest.mark.parametrize(("free", "tone"), [(6 * 10**9, "clear"), (4 * 10**9, "caution"), (10**8, "absolute")])
def test_little_room_is_told_before_there_is_none(free: int, tone: str, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: shutil._ntuple_diskusage(10**12, 10**12 - free, free))
    assert next(page_parts.disks(FINE)).tone == tone


def test_a_folder_that_nobody_may_write_to_is_named(tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "file" / "media"
    (tmp_path / "file").write_text("a file where a folder should be")
    assert not probes.media_is_writable()
    assert list(page_parts.disks(FINE | {"media": "down"}))[1].code == str(settings.MEDIA_ROOT)


@pytest.mark.parametrize(
    ("ago", "trouble", "tone"),
    [(timedelta(days=7, hours=23), "", "clear"), (timedelta(days=8, seconds=5), "", "absolute"), (timedelta(days=1), "lost", "absolute")],
)
@pytest.mark.django_db
def test_a_backup_counts_for_eight_days_after_it_was_proved(ago: timedelta, trouble: str, tone: str) -> None:
    now = timezone.now()
    row = Drill(started_at=now - ago, finished_at=now - ago, taken_at=now - ago, file="x", digest="0" * 64, rows=7, trouble=trouble)
    row.save()
    assert page_chains.drill(row if not trouble else None, now).tone == tone


@pytest.mark.parametrize(("ahead", "tone"), [(-1, "clear"), (1.9, "clear"), (2.1, "absolute")])
def test_a_clock_that_ran_back_is_told(ahead: float, tone: str) -> None:
    assert page_chains.clock(Clocks(None, NOW + timedelta(seconds=ahead)), NOW).tone == tone


def test_a_clock_that_differs_from_the_database_is_told() -> None:
    assert page_chains.clock(Clocks(timedelta(seconds=-3), None), NOW).tone == "caution"
    assert page_chains.clock(Clocks(timedelta(seconds=1), None), NOW).tone == "clear"


@pytest.mark.django_db
def test_the_chains_are_read_by_the_worker_and_the_page_says_what_was_found(clinic_admin: Actor) -> None:
    now = timezone.now()
    assert [part.tone for part in page_chains.readings(verified(), now)] == ["caution", "caution"]
    assert tasks.verify_signatures()
    assert tasks.verify_audit()
    assert [part.tone for part in page_chains.readings(verified(), timezone.now())] == ["clear", "clear"]
    assert [part.tone for part in page_chains.readings(verified(), now + timedelta(hours=31))] == ["caution", "caution"]
    note_verified(name="audit", holds=False, said="line 7 was changed", now=now)
    assert [part.tone for part in page_chains.readings(verified(), now)] == ["clear", "absolute"]


def test_what_has_been_due_for_long_needs_a_look() -> None:
    assert page_parts.queues(Queues(3, NOW - timedelta(minutes=1), 0, None), NOW).tone == "clear"
    waits = page_parts.queues(Queues(3, NOW - timedelta(hours=1), 2, 4), NOW)
    assert waits.tone == "caution"
    assert "3 messages are due; 2 failed and wait for somebody; 4 tasks are queued." in waits.says


@pytest.mark.parametrize("part", list(FINE))
def test_each_part_that_is_down_says_what_to_do(part: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(page_parts, "missing_migrations", lambda: ["staff.0009"])
    words = FINE | {part: "down"}
    found = [look(words) for look in (page_parts.database, page_parts.migrations, page_parts.cache, page_parts.broker)]
    bad = [each for each in [*found, *page_parts.disks(words)] if each.tone != "clear"]
    assert len(bad) == 1
    assert bad[0].todo


def test_a_slow_look_at_the_migrations_does_not_say_that_some_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_parts, "missing_migrations", list)
    part = page_parts.migrations(FINE | {"migrations": probes.SLOW})
    assert part.tone == "caution"
    assert not part.code
