"""A page that decides about somebody's safety fails closed: without the database there is an error page, never "nothing found".

Every page about patients and courses is in, straight from the table of addresses. The database dies before the first query of the page,
then before the second, and so on to the last: once for that query only, once for good.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.template import Context, Template, Variable, VariableDoesNotExist
from django.template.base import FilterExpression
from django.test import Client
from django.urls import reverse

from clinic.audit.models import ReadLine
from clinic.courses.models import Course, Session
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import Actor
from tests.factories import a_course_that_may_start, a_member, a_running_course
from tests.trust.access import ROWS, THINGS
from tests.trust.rows import Row, Thing

pytestmark = pytest.mark.same_everywhere  # the dead database is played; the pages are opened on each by test_access_matrix.py

SignedIn = Callable[[Any], Client]
SAFETY = sorted(name for name, row in ROWS.items() if name.startswith(("courses:", "patients:")) and row.answers.get("GET") == 200)
# What a form carries to be told apart from a forged one differs each time.
CHANGING = re.compile(rb'(csrfmiddlewaretoken" value|name="sending" value|nonce)="[^"]*"')
AWAY = b"Tactus cannot reach its records"


class Dead(OperationalError):
    """What the database says when it is gone."""


@contextmanager
def dying(before: int, *, for_good: bool) -> Iterator[list[str]]:
    """Queries work until number ``before`` (from 1), which fails, and with ``for_good`` all that follow. Gives what was asked."""
    asked: list[str] = []

    def fail(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        if len(asked) == before or (for_good and len(asked) > before):
            raise Dead("server closed the connection unexpectedly")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail):
        yield asked


def a_thing(row: Row, clinic: Clinic) -> Thing:
    return THINGS[row.thing](clinic) if row.thing else Thing({})


@pytest.fixture
def client(signed_in: SignedIn, clinic: Clinic) -> Client:
    """Somebody with every role, before whom no page is closed."""
    client = signed_in(a_member(clinic=clinic, roles=Role.values))
    client.raise_request_exception = False
    return client


def content(response: Any) -> bytes:
    found: bytes = response.content
    return CHANGING.sub(b"", found)


@pytest.mark.django_db
@pytest.mark.parametrize("name", SAFETY)
def test_a_safety_page_whose_database_dies_in_the_middle_is_an_error_page(client: Client, clinic: Clinic, name: str) -> None:
    thing = a_thing(ROWS[name], clinic)
    url = reverse(name, kwargs=dict(thing.kwargs))
    with dying(0, for_good=False) as usual:
        whole = client.get(url)
    assert whole.status_code == 200
    assert usual
    was_the_last = False
    for number, for_good in product(range(1, len(usual) + 1), (False, True)):
        if for_good and was_the_last:
            continue  # nothing was asked of the dead database, so that it stays dead is the very same request
        with dying(number, for_good=for_good) as asked:
            response = client.get(url)
        was_the_last = len(asked) == number
        told = f"{name}, query {number} of {len(usual)}{' and all after it' if for_good else ''}: {usual[number - 1][:120]}"
        if response.status_code == 200:
            # Only what nobody needs may be lost: the page is the very same.
            assert content(response) == content(whole), told
            continue
        assert response.status_code == 503, told
        assert AWAY in response.content, told
        assert not [canary for canary in thing.canaries if canary.encode() in response.content], told


@pytest.mark.django_db
def test_a_look_that_cannot_be_written_down_is_no_look(client: Client, clinic: Clinic) -> None:
    """The page about somebody is not shown if the line of who looked cannot be written."""
    thing = a_thing(ROWS["courses:detail"], clinic)
    url = reverse("courses:detail", kwargs=dict(thing.kwargs))
    with dying(0, for_good=False) as usual:
        client.get(url)
    writing = next(number for number, sql in enumerate(usual, 1) if ReadLine._meta.db_table in sql and sql.startswith("INSERT"))
    with dying(writing, for_good=False):
        assert client.get(url).status_code == 503


# Stored plans ---------------------------------------------------------------------------------------------------------------
def spoilt(stored: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The stored thing with each of its fields gone, emptied or of another kind, and nothing at all."""
    yield "empty", {}
    yield "a list", []
    yield "a word", "no findings"
    for key, value in stored.items():
        yield f"without {key}", {name: kept for name, kept in stored.items() if name != key}
        yield f"{key} is of another kind", stored | {key: {"no": "such thing"} if not isinstance(value, dict) else [1]}
    yield "with something unknown", stored | {"nobody-knows-this": 1}


@pytest.mark.django_db
def test_a_stored_screening_that_is_not_whole_is_an_error_and_never_no_findings(client: Client, therapist: Actor) -> None:
    course = a_course_that_may_start(actor=therapist)
    pages = [f"/courses/{course.pk}/", f"/courses/{course.pk}/sessions/1/card.pdf"]
    assert [client.get(address).status_code for address in pages] == [200, 200]
    for how, screening in spoilt(course.screening):
        Course.objects.filter(pk=course.pk).update(screening=screening)
        assert [client.get(address).status_code for address in pages] == [500, 500], how


@pytest.mark.django_db
def test_a_stored_course_or_session_that_is_not_whole_is_an_error_and_never_a_shorter_plan(client: Client, therapist: Actor) -> None:
    course = a_course_that_may_start(actor=therapist)
    session = course.sessions.get(number=1)
    for how, plan in spoilt(session.plan):
        Session.objects.filter(pk=session.pk).update(plan=plan)
        assert client.get(f"/courses/{course.pk}/").status_code == 500, how
        assert client.get(f"/courses/{course.pk}/sessions/1/card.pdf").status_code == 500, how
    Session.objects.filter(pk=session.pk).update(plan=session.plan)
    for how, plan in spoilt(course.plan):
        Course.objects.filter(pk=course.pk).update(plan=plan)
        assert client.get(f"/courses/{course.pk}/").status_code == 500, how


@pytest.mark.django_db
def test_a_request_that_is_not_whole_is_not_planned_as_if_nothing_had_been_entered(client: Client, therapist: Actor) -> None:
    course = a_course_that_may_start(actor=therapist)
    missing = [{}, {"inputs": course.request["inputs"]}, {"supplements": course.request["supplements"]}]
    for request in missing:
        Course.objects.filter(pk=course.pk).update(request=request)
        assert client.get(f"/courses/{course.pk}/edit/").status_code == 500, request
        assert client.get(f"/courses/{course.pk}/today/").status_code == 500, request


# Templates ------------------------------------------------------------------------------------------------------------------
DEFAULTS = {"default", "default_if_none"}
# crispy's own template of a file field asks for these of every widget; nothing about a patient hangs on them.
OF_CRISPY = {"widget.data.is_initial", "widget.data.attrs.class"}


def asks_in_vain(expression: FilterExpression, context: Context, *, optional: bool) -> bool:
    """Whether a template asks for something that is not there: a name without a default of its own, or a part that an object has not.

    Where a missing thing has a meaning (``if``, ``with``), a name may be missing altogether, as optional parameters are.
    """
    if not isinstance(expression.var, Variable) or not isinstance(expression.var.lookups, tuple | list):
        return False
    try:
        expression.var.resolve(context)
    except VariableDoesNotExist:
        given = expression.var.lookups[0] in context and context[expression.var.lookups[0]] is not None
        own_default = any(function.__name__ in DEFAULTS for function, _ in expression.filters)
        return given if optional else not own_default
    return False


@pytest.fixture
def unknown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What templates asked for in vain. Django itself prints nothing there, and says nothing."""
    asked: list[str] = []
    resolve = FilterExpression.resolve

    def noted(expression: FilterExpression, context: Context, ignore_failures: bool = False) -> Any:
        if expression.token not in OF_CRISPY and asks_in_vain(expression, context, optional=ignore_failures):
            asked.append(f"{context.template_name}: {expression.token}")
        return resolve(expression, context, ignore_failures)

    monkeypatch.setattr(FilterExpression, "resolve", noted)
    return asked


def test_a_name_that_nobody_gave_is_noticed_and_an_optional_one_is_not(unknown: list[str]) -> None:
    words = "{{ misspelt }} {{ clinic.misspelt }} {% if clinic.misspelt %}{% endif %} {% if left_out %}{% endif %} {{ left_out|default:2 }}"
    Template(words).render(Context({"clinic": Clinic()}))
    assert [line.rpartition(" ")[2] for line in unknown] == ["misspelt", "clinic.misspelt", "clinic.misspelt"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", SAFETY)
def test_no_safety_template_asks_for_something_that_it_was_not_given(client: Client, clinic: Clinic, unknown: list[str], name: str) -> None:
    """A misspelt name would print nothing, and nothing looks like "nothing was found"."""
    thing = a_thing(ROWS[name], clinic)
    assert client.get(reverse(name, kwargs=dict(thing.kwargs))).status_code == 200
    assert unknown == []


@pytest.mark.django_db
def test_no_template_of_a_running_course_asks_for_something_that_it_was_not_given(
    client: Client, therapist: Actor, unknown: list[str]
) -> None:
    course = a_running_course(actor=therapist, given=2)
    for address in (f"/courses/{course.pk}/", f"/courses/{course.pk}/?session=1", f"/patients/{course.patient_id}/", "/"):
        client.get(address, follow=True)
        assert unknown == [], address
