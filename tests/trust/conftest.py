"""What makes thousands of cells of the access matrix bearable: what is the same in all of them is done once in a test."""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django import shortcuts
from django.contrib.auth.backends import ModelBackend
from django.http import HttpResponse
from django.template.backends.django import Template

from clinic.staff import middleware, queries
from clinic.web import views

Pages = dict[Any, HttpResponse]


@pytest.fixture
def _refusals_are_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of refusal tells who asked, and where. With these and the words the same it is drawn once for all methods without a body."""
    drawn: Pages = {}

    def render(request: Any, template: str, context: dict[str, str] | None = None, **more: Any) -> HttpResponse:
        key = (template, request.user.pk, request.path, request.method == "POST", tuple((context or {}).items()), tuple(more.items()))
        if key not in drawn:
            drawn[key] = shortcuts.render(request, template, context, **more)
        return copy.deepcopy(drawn[key])

    monkeypatch.setattr(middleware, "render", render)
    monkeypatch.setattr(views, "render", render)


@pytest.fixture
def _answers_without_a_body_are_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer to HEAD has no body: its page is drawn for GET, of the same record by the same view and the same person."""
    draw = Template.render

    def render(template: Template, context: Any = None, request: Any = None) -> Any:
        return "" if request is not None and request.method == "HEAD" else draw(template, context, request)

    monkeypatch.setattr(Template, "render", render)


@pytest.fixture
def _sessions_are_no_rows(settings: Any) -> None:
    """Where a session is kept is no matter of who may what, and a row costs a question in each of thousands of cells."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"


@pytest.fixture
def known_people(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Any]:
    """``with known_people(): …`` asks only once who somebody is and where they work: for requests that change neither."""
    users: dict[Any, Any] = {}
    held: dict[int, tuple[queries.Membership, ...]] = {}
    ask_user, ask_roles = ModelBackend.get_user, queries.memberships

    def get_user(backend: Any, user_id: Any) -> Any:
        if user_id not in users:
            users[user_id] = ask_user(backend, user_id)
        return copy.copy(users[user_id])

    def memberships(user: Any) -> tuple[queries.Membership, ...]:
        if user.pk not in held:
            held[user.pk] = ask_roles(user)
        return tuple(replace(membership, clinic=copy.copy(membership.clinic)) for membership in held[user.pk])

    @contextmanager
    def known() -> Iterator[None]:
        with monkeypatch.context() as patched:
            patched.setattr(ModelBackend, "get_user", get_user)
            patched.setattr(queries, "memberships", memberships)
            yield

    return known
