"""When Redis is away the limits of signing in hold all the same, for all processes."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from clinic import environment
from clinic.web import spare_cache
from tests.factories import a_user

GONE = "redis://127.0.0.1:1/0"
pytestmark = [pytest.mark.django_db, pytest.mark.same_everywhere]


@pytest.fixture(autouse=True)
def _redis_is_away(settings: Any) -> Iterator[None]:
    settings.CACHES = environment.caches({"CACHE_URL": GONE}) | {
        "spare": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "stands for the table"}
    }
    spare_cache._Silence.until = 0.0
    yield
    caches["spare"].clear()
    spare_cache._Silence.until = 0.0


def test_the_spare_of_a_cache_in_redis_is_the_table_that_all_processes_share() -> None:
    assert environment.caches({"CACHE_URL": GONE})["spare"]["BACKEND"].endswith("DatabaseCache")


def test_what_is_kept_and_counted_goes_to_the_spare_cache_and_the_first_question_alone_waits(caplog: pytest.LogCaptureFixture) -> None:
    cache = caches["default"]
    cache.set("tries", 1, 60)
    before = time.monotonic()
    for _ in range(200):
        cache.incr("tries")
    assert cache.get("tries") == caches["spare"].get("tries") == 201
    assert time.monotonic() - before < 1
    assert len(caplog.records) == 1


def test_a_password_is_not_guessed_without_end_while_redis_is_away_and_a_right_one_still_signs_in() -> None:
    a_user(email="guessed@clinic.test", password="right-password-1")
    a_user(email="other@clinic.test", password="right-password-2")
    for number in range(6):
        Client().post("/accounts/login/", {"login": "guessed@clinic.test", "password": f"wrong-{number}"})
    refused = Client().post("/accounts/login/", {"login": "guessed@clinic.test", "password": "right-password-1"})
    assert "Too many failed" in refused.content.decode()
    assert Client().post("/accounts/login/", {"login": "other@clinic.test", "password": "right-password-2"}).status_code == 302
