"""What makes the suite quick changes nothing that a test sees (tests/thrift.py)."""

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db.models import IntegerField
from django.db.models.expressions import Col, Expression
from django.test import Client, override_settings

from patients.models import Patient
from protocols.shelf import read_tables
from tests.each import of_each
from tests.thrift import look_up_fixture

slowly: Any = Expression.identity
BORN = Patient._meta.get_field("born_on")


@pytest.mark.parametrize(
    "column", [Col("a", BORN), Col("a", BORN, BORN), Col("b", BORN, IntegerField()), Col(alias="a", target=BORN)], ids=range(4)
)
def test_a_column_is_what_django_says_it_is(column: Col) -> None:
    assert column.identity == slowly.func(column)


@pytest.fixture
def tmp_path(tmp_path: Path) -> Path:
    """Defined for this file only, over pytest's own."""
    return tmp_path


def test_a_function_is_given_the_fixtures_that_pytest_would_find(request: pytest.FixtureRequest) -> None:
    manager: Any = request.session._fixturemanager
    here = {name: manager.getfixturedefs(name, request.node) for name in (*manager._arg2node2fixturedefs, "nobody_defines_this")}
    assert here == {name: look_up_fixture(manager, name, request.node) for name in here}
    assert len(here["tmp_path"]) == 2

    manager._register_fixture(name="nobody_defines_this", func=lambda: None, node=request.node.parent)
    assert len(manager.getfixturedefs("nobody_defines_this", request.node)) == 1


def middleware_of(client: Client) -> Any:
    handler: Any = client.handler
    handler.load_middleware()
    return handler._middleware_chain


def test_all_clients_share_their_middleware_until_a_setting_is_changed() -> None:
    one = middleware_of(Client())
    assert middleware_of(Client()) is one
    with override_settings(SECURE_SSL_REDIRECT=True):
        assert Client().get("/").status_code == 301
        assert middleware_of(Client()) is not one
    assert middleware_of(Client()) is not one


@pytest.mark.django_db
@pytest.mark.same_everywhere  # what the test client keeps
def test_what_a_page_knew_is_kept_as_it_was_then(client: Client) -> None:
    page = client.get("/accounts/login/")
    assert page.context["user"] == AnonymousUser()
    assert page.context["form"].fields
    assert "nothing of the kind" not in page.context


def test_no_test_needs_what_is_set_up_for_none() -> None:
    marks = ("ignore_template_" + "errors", "isolate_" + "apps", "playwright.req" + "uest")
    sources = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.rglob("*.py") if path.name != "thrift.py"]
    assert [mark for mark in marks if any(mark in source for source in sources)] == []
    assert not apps.is_installed("django.contrib.sites")


def test_whoever_reads_the_library_again_gets_tables_of_their_own() -> None:
    one, other = read_tables(), read_tables()
    assert one == other
    one["facts"].clear()
    assert other["facts"]


def test_one_test_of_many_cases_asks_each_and_names_all_that_fail() -> None:
    asked: list[int] = []

    @of_each("number", range(5), ids=lambda number: f"case {number}")
    def is_small(number: int) -> None:
        asked.append(number)
        assert number < 3, "too large"

    with pytest.raises(ExceptionGroup) as raised:
        is_small()
    assert asked == [0, 1, 2, 3, 4]
    assert [fault.__notes__ for fault in raised.value.exceptions] == [["number: case 3"], ["number: case 4"]]


def test_one_test_of_no_cases_proves_nothing_and_fails() -> None:
    @of_each(("one", "other"), ())
    def never(one: int, other: int) -> None:
        raise AssertionError(one, other)

    with pytest.raises(AssertionError, match="nothing to ask"):
        never()
