"""What makes the suite quick changes nothing that a test sees (tests/thrift.py)."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import IntegerField
from django.db.models.expressions import Col, Expression
from django.test import Client, override_settings

from patients.models import Patient

slowly: Any = Expression.identity
BORN = Patient._meta.get_field("born_on")


@pytest.mark.parametrize(
    "column", [Col("a", BORN), Col("a", BORN, BORN), Col("b", BORN, IntegerField()), Col(alias="a", target=BORN)], ids=range(4)
)
def test_a_column_is_what_django_says_it_is(column: Col) -> None:
    assert column.identity == slowly.func(column)


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
