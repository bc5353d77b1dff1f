"""A strict browser: what a page must never do fails the test, whatever the test is about."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, ViewportSize
from pytest_django.live_server_helper import LiveServer

from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import Actor
from tests.journeys.desk import PATIENCE, Desk, people_of_the_clinic

DESKTOP: Final[ViewportSize] = {"width": 1360, "height": 900}
# Who leaves a page stops what it was still asking for, and htmx notes that as an error. Of each request that ends without an answer it
# writes two lines: the first always says the same, the second why. A request that failed is still told, by its second line.
LEFT_BEFORE_THE_ANSWER: Final = ("htmx:afterRequest", "htmx:sendAbort")


class Watch:
    """Notes every answer of 400 or more (422 is a form to mend), refused content, error on a page, and page without its style."""

    def __init__(self, page: Page) -> None:
        self.trouble: list[str] = []
        self.expected: set[int] = {422}
        page.on("response", lambda answer: self._answered(answer.status, answer.url))
        page.on("pageerror", lambda error: self.trouble.append(f"error on the page: {error}"))
        page.on("console", lambda line: self._said(line.type, line.text))
        page.on("requestfailed", self._failed)

    def _answered(self, status: int, url: str) -> None:
        if status >= 400 and status not in self.expected:
            self.trouble.append(f"{status} {url}")

    def _said(self, kind: str, text: str) -> None:
        # The browser repeats each answer of 400 or more on its console; those are counted above.
        if kind == "error" and not text.startswith(("Failed to load resource", *LEFT_BEFORE_THE_ANSWER)):
            self.trouble.append(f"console: {text}")

    def _failed(self, request: Any) -> None:
        if request.resource_type in ("stylesheet", "font", "script", "image") and "ERR_ABORTED" not in (request.failure or ""):
            self.trouble.append(f"not loaded: {request.url} {request.failure}")

    @contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """Inside, pages may answer with one of these."""
        before, self.expected = self.expected, self.expected | set(statuses)
        yield
        self.expected = before


@contextmanager
def a_desk(browser: Browser, live_server: LiveServer, **options: Any) -> Iterator[Desk]:
    """A browser window of its own, watched until it is closed."""
    context = browser.new_context(viewport=DESKTOP, locale="en-GB", **options)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    watch = Watch(page)
    desk = Desk(page, live_server.url, watch)
    yield desk
    context.close()
    assert not watch.trouble, "\n".join(watch.trouble)


@pytest.fixture
def desk(browser: Browser, live_server: LiveServer, transactional_db: None) -> Iterator[Desk]:
    """A window in which nobody is signed in yet."""
    with a_desk(browser, live_server) as opened:
        yield opened


@pytest.fixture
def plain_desk(browser: Browser, live_server: LiveServer, transactional_db: None) -> Iterator[Desk]:
    """The same without JavaScript."""
    with a_desk(browser, live_server, java_script_enabled=False) as opened:
        yield opened


@pytest.fixture
def anna(transactional_db: None, clinic: Clinic) -> Actor:
    """A therapist who signs in with a known password."""
    return people_of_the_clinic(clinic, Role.THERAPIST, "Anna Bergmann")


@pytest.fixture
def boris(transactional_db: None, clinic: Clinic) -> Actor:
    """The administrator at the reception."""
    return people_of_the_clinic(clinic, Role.ADMIN, "Boris Antonov")


@pytest.fixture
def clara(transactional_db: None, clinic: Clinic) -> Actor:
    """The doctor."""
    return people_of_the_clinic(clinic, Role.DOCTOR, "Clara Weiss")


@pytest.fixture
def eva(transactional_db: None, clinic: Clinic) -> Actor:
    """The auditor."""
    return people_of_the_clinic(clinic, Role.AUDITOR, "Eva Lindholm")
