"""What every test shares: hypothesis profiles, the browser, and no skipping where nothing may be skipped."""

import os
import sys
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from clinic.pictures.browsers import chromium

pytest_plugins = ("tests.fixtures", "tests.made_once", "tests.thrift")

hypothesis.settings.register_profile("ci", derandomize=True, max_examples=100, deadline=None)
hypothesis.settings.register_profile("night", max_examples=5000, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

# Playwright's synchronous API runs an event loop in the test's thread, where Django would refuse its database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

IN_CI = bool(os.environ.get("CI"))
NO_BROWSER = "no Chromium found: install it, or name it in CHROMIUM, to run the browser tests"


@pytest.fixture(scope="session")
def django_db_setup(request: Any, made_once: None, django_db_setup: None, django_db_blocker: Any) -> Generator[None, None, None]:
    """Lets the threads of the live server end before the database is dropped. Where no test asks for one, pytest-django made none.

    A browser that closes leaves them a moment later, and PostgreSQL drops no database that somebody is connected to. A connection
    that nobody closes is not waited for longer than ten seconds: it is named, with what it did last, and ended.
    """
    from django.db import connection

    from tests.thrift import remember_what_migrations_wrote

    if not any(asks_a_database(item) for item in request.session.items):
        yield
        return
    with django_db_blocker.unblock():
        remember_what_migrations_wrote()
    yield

    with django_db_blocker.unblock():
        deadline = time.monotonic() + 10
        while connection.vendor == "postgresql" and (others := _other_connections()):
            if time.monotonic() < deadline:
                time.sleep(0.1)
                continue
            sys.stderr.write(f"left open, ended for the database to be dropped: {others}\n")
            break
        if connection.vendor == "postgresql":
            _end_other_connections()


OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def _other_connections() -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT backend_type, state, backend_start, query_start, query {OTHERS}")
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _end_other_connections() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_terminate_backend(pid) {OTHERS}")


# The database comes first and goes last: a browser or a live server that was started before it would still hold a connection
# when it is dropped.
@pytest.fixture(scope="session")
def browser(django_db_setup: None, browser: Browser) -> Browser:
    return browser


@pytest.fixture(scope="session")
def live_server(django_db_setup: None, live_server: LiveServer) -> LiveServer:
    return live_server


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    # There is no graphics card: imitating one costs a tenth of a page, and a process of its own to draw in costs as much again.
    args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--in-process-gpu", "--num-raster-threads=1"]
    return {**browser_type_launch_args, "executable_path": chromium(), "args": args}


def pytest_addoption(parser: pytest.Parser) -> None:
    words = "only tests that another database or broker could change: those that may ask a database, and those marked as using the servers"
    parser.addoption("--with-servers-only", action="store_true", help=words)
    parser.addoption("--note-files-with-servers", type=Path, help="a file for the names of the files that hold such tests, one in a line")


BROWSERS_GIVE = {"page", "browser", "context"}
OPENS_THE_DATABASE = {"db", "transactional_db", "live_server"}


def asks_a_database(item: Any) -> bool:
    """Whether the test may ask one: without its mark or fixture pytest-django lets no test do so."""
    return bool(OPENS_THE_DATABASE & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db"))


def could_differ(item: Any) -> bool:
    """Whether another database or broker could change the test."""
    given = set(getattr(item, "fixturenames", ()))
    if item.get_closest_marker("servers"):
        return True
    if item.get_closest_marker("same_everywhere") or BROWSERS_GIVE & given:
        return False  # the main journey is marked ``servers``; the other pages are opened there without a browser
    if item.get_closest_marker("first_everywhere") and any(item.callspec.indices.values()):
        return False
    return asks_a_database(item)


def asked_by_another(item: pytest.Item, chosen: set[str]) -> bool:
    """Whether a test that is chosen too, with the same parameters, asks all that this one asks (the name in its mark ``part_of``)."""
    mark, function = item.get_closest_marker("part_of"), getattr(item, "originalname", "")
    return mark is not None and item.nodeid.replace(f"::{function}[", f"::{mark.args[0]}[") in chosen


# Beginnings of the names of tests that take a quarter of a minute and more, the longest first; after them come those marked ``slow``. They
# begin first, for whichever began last would be waited for by all other processes. Tests in a browser otherwise stay where they are: after
# those that only ask the database.
LONG = (
    "tests/clinic/test_set_up.py::test_the_demo_answers",  # another process works meanwhile
    "tests/method/test_enumeration.py",
    "tests/clinic/test_demo.py",
    "tests/trust/test_faults_of_reminders.py",
    "tests/clinic/courses/test_course_page.py::test_no_query",
    "tests/clinic/courses/test_day_questions.py::test_no_typing",
    "tests/clinic/test_worker.py",
    "tests/method/test_invariants_processes.py",
    "tests/protocols/test_plan_command.py",
)


def length_of(item: pytest.Item) -> int:
    """Where the test stands among the long ones; one that is not long stands behind them all."""
    behind = len(LONG) + (item.get_closest_marker("slow") is None)
    return next((at for at, beginning in enumerate(LONG) if item.nodeid.startswith(beginning)), behind)


def longest_first(items: list[pytest.Item], processes: int) -> list[pytest.Item]:
    """The same tests, the long ones at the beginning of what each process is given: at first each gets one stretch of the list."""
    lengths = {item: length for item in items if (length := length_of(item)) <= len(LONG)}
    long = sorted(lengths, key=lengths.__getitem__)
    named = set(long)
    others, left = [item for item in items if item not in named], len(items)
    found: list[pytest.Item] = []
    for process in range(processes):
        mine = long[process::processes]
        rest = max(0, left // (processes - process) - len(mine))
        found, others, left = [*found, *mine, *others[:rest]], others[rest:], left - len(mine) - min(rest, len(others))
    return [*found, *others]


def choose(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what this run does not ask; before that, notes for a later run which files hold what another database could change."""
    if noted := config.getoption("--note-files-with-servers"):
        noted.write_text("".join(f"{name}\n" for name in sorted({item.nodeid.split("::")[0] for item in items if could_differ(item)})))
    wanted = [item for item in items if could_differ(item)] if config.getoption("--with-servers-only") else items
    chosen = {item.nodeid for item in wanted}
    wanted = [item for item in wanted if not asked_by_another(item, chosen)]
    kept = set(wanted)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = wanted


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Generator[None, None, None]:
    """Chosen before anything else is done with the tests: plugins sort them, and read all sources if a test draws its values."""
    choose(config, items)
    yield
    for item in items:
        if BROWSERS_GIVE & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
    items[:] = longest_first(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))
    browsing = [item for item in items if item.get_closest_marker("browser")]
    if not browsing or chromium():
        return
    if IN_CI:
        raise pytest.UsageError(NO_BROWSER)
    for item in browsing:
        item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI nothing may be left out: a skipped test is a failed one."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, but no test may be skipped in CI: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if NO_BROWSER in str(report.longrepr)]
    if skipped:
        terminalreporter.write_line(f"{len(skipped)} browser tests were skipped: {NO_BROWSER}.")
