"""What a log file may not tell."""

import logging
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import RequestFactory

from clinic.web.logs import WithoutTokens

LOGGING: Any = settings.LOGGING
SAID: tuple[Callable[[str], tuple[str, tuple[object, ...]]], ...] = (
    lambda token: ("Not Found: %s", (f"/intake/{token}/",)),
    lambda token: (f"Unprocessable: /invitations/{token}", ()),
    lambda token: ("Not Found: %s", (f"/feeds/{token}.ics",)),
    lambda token: ('"%s" %s %s', (f"GET /r/{token[:40]}/dates.ics?language=ru HTTP/1.1", 200, 17)),
    lambda token: ('"%s" %s %s', (f"GET /intake/{token}/details/?page=2 HTTP/1.1", 200, 17)),
)


@pytest.mark.parametrize("said", SAID)
def test_the_secret_of_a_link_is_not_written_into_a_log(said: Callable[[str], tuple[str, tuple[object, ...]]]) -> None:
    token = secrets.token_urlsafe(32)
    words, args = said(token)
    line = logging.LogRecord("django.request", logging.WARNING, "", 1, words, args, None)
    assert WithoutTokens().filter(line)
    assert token[:40] not in line.getMessage()
    assert "…" in line.getMessage()


def test_other_addresses_stay_as_they_are() -> None:
    line = logging.LogRecord("django.request", logging.WARNING, "", 1, "Not Found: %s (%s)", ("/patients/12/intake/details/", 404), None)
    WithoutTokens().filter(line)
    assert line.getMessage() == "Not Found: /patients/12/intake/details/ (404)"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "Not Found: an address that there is not"),
        (503, "Service Unavailable: an address that was not looked up before the answer"),
    ],
)
def test_a_request_that_reached_no_page_is_told_without_its_address(status: int, words: str, rf: RequestFactory) -> None:
    line = logging.LogRecord("django.request", logging.WARNING, "", 1, "%s: %s", ("", "/names/weber/"), None)
    vars(line).update(request=rf.get("/names/weber/"), status_code=status)
    WithoutTokens().filter(line)
    assert line.getMessage() == words


def test_every_log_goes_through_it() -> None:
    assert all("without_tokens" in handler["filters"] for handler in LOGGING["handlers"].values())


def test_the_server_of_a_developer_does_not_write_past_it() -> None:
    assert LOGGING["loggers"]["django.server"] == {"handlers": ["console"], "level": "INFO", "propagate": False}
