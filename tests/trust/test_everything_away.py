"""The database is away, at every address: a page that says so, never an empty one; and no log line tells anything of anybody (H28, F15)."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any, Final

import pytest
from celery import shared_task
from django.db import DatabaseError, IntegrityError, OperationalError, close_old_connections, connection
from django.test import Client
from django.urls import NoReverseMatch, reverse

from clinic.staff import queries
from clinic.staff.models import Role
from clinic.staff.permissions import Actor
from clinic.web.logs import JsonLines, PlainLines, WithoutTokens, traced
from clinic.web.request_lines import id_of
from tests.factories import a_member, a_patient
from tests.trust.house import url_names
from tests.trust.walk import _ways_to

CANARY: Final = "canarova"
AT_THE_DOOR: Final = {"health-live", "health-ready"}  # the one asks nothing, the other says "down"
AWAY: Final = "Tactus cannot reach its records"
# What somebody who is not signed in may see without any record: signing in, and what leads there.
RESETTING: Final = {f"account_reset_password{end}" for end in ("", "_done", "_from_key_done")}
WITHOUT_RECORDS: Final = {"account_login", "mfa_login_webauthn"} | RESETTING
FIELDS: Final = (
    "q",
    "name",
    "family_name",
    "given_name",
    "email",
    "login",
    "phone",
    "notes",
    "note",
    "reason",
    "text",
    "words",
    "password",
)


def address(name: str) -> str:
    """The address with a word that is somebody's name wherever it takes a word, and 1 for each number."""
    (_pattern, params), *_others = _ways_to(name)
    kwargs: dict[str, Any] = dict.fromkeys(params, 1)
    for param in params:
        try:
            reverse(name, kwargs=kwargs | {param: CANARY})
        except NoReverseMatch:
            continue
        kwargs[param] = CANARY
    return reverse(name, kwargs=kwargs)


def dead(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    raise OperationalError(f"connection to server lost while asking for {CANARY}")


class Lines(logging.Handler):
    """Both ways of writing a line, as the handlers of production and of a terminal write it."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.addFilter(WithoutTokens())
        self.json, self.plain = JsonLines(), PlainLines()
        self.said, self.found = io.StringIO(), list[dict[str, Any]]()

    def emit(self, record: logging.LogRecord) -> None:
        line = self.json.format(record)
        self.found.append(json.loads(line))
        self.said.write(f"{line}\n{self.plain.format(record)}\n")

    def answers(self) -> list[dict[str, Any]]:
        return [line for line in self.found if line["logger"] == "tactus.requests"]


@pytest.fixture
def lines() -> Iterator[Lines]:
    handler, root, ours = Lines(), logging.getLogger(), logging.getLogger("tactus")
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    ours.setLevel(logging.INFO)
    yield handler
    root.removeHandler(handler)
    root.setLevel(level)
    ours.setLevel(logging.NOTSET)


@pytest.fixture
def everybody(clinic: Any) -> Client:
    """Somebody with every role, before whom no page is closed."""
    client = Client(raise_request_exception=False)
    client.force_login(a_member(clinic=clinic, roles=Role.values))
    return client


def test_with_the_database_away_no_address_shows_anything_but_that(everybody: Client, lines: Lines) -> None:
    wrong: dict[str, Any] = {}
    names = [name for name in url_names() if name not in AT_THE_DOOR]
    with connection.execute_wrapper(dead):
        for name in names:
            response = everybody.get(address(name), {"q": CANARY})
            page = response.content.decode()
            if (response.status_code, response.get("Retry-After")) != (503, "30") or AWAY not in page or CANARY in page:
                wrong[name] = response.status_code
    assert wrong == {}
    assert len(lines.answers()) == len(names)
    assert CANARY not in lines.said.getvalue()
    assert "OperationalError" in lines.said.getvalue()


@pytest.mark.same_everywhere
def test_with_the_database_away_somebody_not_signed_in_sees_only_how_to_sign_in(clinic: Any) -> None:
    client = Client(raise_request_exception=False)
    with connection.execute_wrapper(dead):
        answers = {name: client.get(address(name)).status_code for name in url_names() if name not in AT_THE_DOOR}
    assert {name for name, status in answers.items() if status == 200} <= WITHOUT_RECORDS
    assert set(answers.values()) <= {200, 302, 405, 503, 404}


@pytest.mark.same_everywhere
def test_no_line_of_a_log_tells_what_was_typed_asked_for_or_refused(everybody: Client, lines: Lines, clinic: Any) -> None:
    """Canaries in every field, question and address, sent to every address: those that are obeyed, refused, not found and broken."""
    patient = a_patient(clinic=clinic, family_name="Canarova", phone="+49 555 canarova")
    for name in url_names():
        if not name.startswith(("account_logout", "account-sign-out")):
            everybody.post(f"{address(name)}?q={CANARY}", dict.fromkeys(FIELDS, CANARY))
    everybody.get(f"/patients/{patient.pk}/")
    everybody.get(f"/{CANARY}/", {"q": CANARY})
    stranger = Client(enforce_csrf_checks=True, headers={"referer": f"https://x.test/?{CANARY}", "host": f"{CANARY}.test"})
    stranger.post("/accounts/login/", {"login": f"{CANARY}@x.test", "password": CANARY})
    Client().post("/accounts/login/", {"login": f"{CANARY}@x.test", "password": CANARY})
    assert len(lines.answers()) > len(url_names())
    assert CANARY not in lines.said.getvalue().lower()


@shared_task
def a_task_that_breaks(word: str) -> None:
    raise ValueError(f"{word} is nobody's name")


@pytest.mark.same_everywhere
def test_a_failure_is_told_by_kind_and_place_and_not_by_what_it_says(
    everybody: Client, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_clinic: object) -> None:
        raise RuntimeError(CANARY) from IntegrityError(f"Key (email)=({CANARY}@x.test) already exists")

    monkeypatch.setattr(queries, "staff_of", crash)
    assert everybody.get("/staff/").status_code == 500
    a_task_that_breaks.apply(args=(CANARY,), throw=False)
    logging.getLogger("clinic").error("something of ours", exc_info=DatabaseError(CANARY))
    said = lines.said.getvalue()
    assert CANARY not in said
    assert "RuntimeError" in said
    assert "from\\n" in said
    assert "IntegrityError" in said
    assert "tests/trust/test_everything_away.py" in said
    assert "a_task_that_breaks" in said
    assert "ValueError" in said


@pytest.mark.same_everywhere
def test_a_line_names_view_person_and_clinic_by_number_and_the_request_by_the_proxys_id(
    everybody: Client, lines: Lines, clinic: Any
) -> None:
    given = "0f" * 16
    response = everybody.get("/patients/", headers={"x-request-id": given})
    (line,) = lines.answers()
    assert response["X-Request-ID"] == line["request"] == given
    assert set(line) == {"time", "level", "logger", "message", "request", "user", "clinic", "view", "method", "status", "ms"}
    assert (line["view"], line["clinic"], line["method"], line["status"]) == ("patients:list", clinic.pk, "GET", 200)


@pytest.mark.same_everywhere
@pytest.mark.parametrize("said", [None, "", "short", "Anna Weber of the Lindenhof", "0f" * 40, "0f" * 8 + "\n" + "0f" * 8])
def test_an_id_that_could_be_a_word_is_not_taken_over(said: str | None) -> None:
    assert id_of(said) != said
    assert len(id_of(said)) == 32


@pytest.mark.same_everywhere
def test_developers_read_what_a_failure_says() -> None:
    assert traced(ValueError(CANARY), with_words=True) == f"ValueError: {CANARY}"
    assert traced(OSError(28, CANARY)) == "OSError (ENOSPC)"


@pytest.mark.django_db(transaction=True)
def test_after_a_connection_that_was_cut_the_next_request_works(everybody: Client) -> None:
    if connection.vendor == "postgresql":
        import psycopg

        assert everybody.get("/patients/").status_code == 200
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid = cursor.fetchone()[0]
        params = connection.get_connection_params() | {"context": None, "cursor_factory": None}
        with psycopg.connect(**{key: value for key, value in params.items() if value is not None}) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [pid])
        assert everybody.get("/patients/").status_code == 503
        close_old_connections()  # as the server does between two requests; the client of the tests does not
    assert everybody.get("/patients/").status_code == 200


@pytest.mark.same_everywhere
def test_a_safety_page_whose_person_is_known_but_whose_records_are_gone_is_no_page(everybody: Client, therapist: Actor) -> None:
    patient = a_patient(clinic=therapist.clinic)

    def half_dead(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        return dead(execute, sql, params, many, context) if '"patients_fact' in sql else execute(sql, params, many, context)

    with connection.execute_wrapper(half_dead):
        assert everybody.get(f"/patients/{patient.pk}/").status_code == 503
