"""What makes tens of thousands of cells of the access matrix bearable: what is the same in all of them is done once."""

import copy
import functools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django import shortcuts
from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.db import transaction
from django.http import HttpResponse
from django.template.backends.django import Template
from django.test import override_settings
from django.urls import get_resolver

from clinic.staff import middleware, queries
from clinic.staff.models import Clinic
from clinic.web import views
from tests.trust import asking
from tests.trust.access import THINGS
from tests.trust.house import Town, a_town
from tests.trust.rows import Thing

draw, draw_template = shortcuts.render, Template.render


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Everybody who may come, made once for all rows of the module and taken back at its end.

    Where a session is kept is no matter of who may what, and a row costs a question in each of thousands of cells: so it is a cookie.
    """
    quick = override_settings(
        SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
        DEBUG_PROPAGATE_EXCEPTIONS=True,
        SIGNING_HEADS=tmp_path_factory.mktemp("heads-of-the-town"),
    )
    with django_db_blocker.unblock(), quick, transaction.atomic():
        asking.forget()
        yield a_town()
        transaction.set_rollback(True)
    asking.forget()


@pytest.fixture(scope="module")
def thing(request: pytest.FixtureRequest, town: Town) -> Iterator[Thing]:
    """The record that all rows with this builder (``Row.thing``) are asked about; pytest lets them come one after another.

    The clinic is read anew: what a builder set on it is taken back in the database, not in an object.
    """
    with transaction.atomic():
        yield THINGS[request.param](Clinic.objects.get(pk=town.here.pk)) if request.param else Thing({})
        transaction.set_rollback(True)


class Pages:
    """What need not be drawn anew for everybody.

    Pages of refusal tell who asked, and where: with whom and the words the same, one that was drawn is given again. For each row each is
    drawn at least once, so that a record of which it told something would be found on it. The page that a form is answered with is
    drawn for the first who may send it; each role's own is drawn for GET. An answer to HEAD has no body.
    """

    def __init__(self) -> None:
        self.drawn: dict[str, bytes] = {}
        self.of_this_row: set[str] = set()
        self.draws_all = self.refuses = False

    def refusal(self, request: Any, template: str, context: dict[str, Any] | None = None, **more: Any) -> HttpResponse:
        key = repr((template, request.user.pk, request.method == "POST", context, more))
        if key not in self.drawn or template not in self.of_this_row or self.draws_all:
            self.of_this_row.add(template)
            self.refuses = True
            self.drawn[key] = draw(request, template, context, **more).content
            self.refuses = False
        return HttpResponse(self.drawn[key], status=more.get("status"))

    def page(self, template: Template, context: Any = None, request: Any = None) -> Any:
        method = getattr(request, "method", "")
        if method == "HEAD" or (method == "POST" and "POST" in self.of_this_row and not self.refuses):
            return ""
        if method == "POST" and getattr(request, "actor", None) and not self.refuses:
            self.of_this_row.add("POST")
        return draw_template(template, context, request)

    @contextmanager
    def all_drawn(self) -> Iterator[None]:
        """Every page of refusal in between is drawn for whoever asks."""
        self.draws_all = True
        yield
        self.draws_all = False


@pytest.fixture(scope="module")
def pages(town: Town) -> Iterator[Pages]:
    """Pages are drawn when somebody could see something new on them."""
    found = Pages()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(middleware, "render", found.refusal)
        patch.setattr(views, "render", found.refusal)
        patch.setattr(Template, "render", lambda template, context=None, request=None: found.page(template, context, request))
        yield found


class Known:
    """Who somebody is and where they work, what their cookie says, and which view an address leads to: found out once."""

    def __init__(self) -> None:
        self.users: dict[Any, Any] = {}
        self.held: dict[int, tuple[queries.Membership, ...]] = {}
        self.sessions: dict[str, dict[str, Any]] = {}
        self.is_on = False

    def user(self, request: Any) -> Any:
        if not self.is_on:
            return ask_user(request)
        cookie = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if cookie not in self.users:
            self.users[cookie] = found = ask_user(request)
            if found.is_authenticated:
                ask_memberships(found)  # the roles that were read with somebody are told once; each row asks anew what holds then
        return copy.copy(self.users[cookie])

    def memberships(self, user: Any) -> tuple[queries.Membership, ...]:
        if not self.is_on:
            return ask_memberships(user)
        if user.pk not in self.held:
            self.held[user.pk] = ask_memberships(user)
        return tuple(replace(membership, clinic=copy.copy(membership.clinic)) for membership in self.held[user.pk])

    def session(self, store: SessionStore) -> dict[str, Any]:
        key = str(store.session_key)
        if key not in self.sessions:
            self.sessions[key] = read_session(store)
        return copy.deepcopy(self.sessions[key])

    @contextmanager
    def __call__(self) -> Iterator[None]:
        self.is_on = True
        yield
        self.is_on = False


ask_user, ask_memberships, read_session = auth.get_user, queries.memberships, SessionStore.load


@pytest.fixture(scope="module")
def known_people(town: Town) -> Iterator[Known]:
    """``with known_people(): …`` asks only once who somebody is and where they work: for requests that change neither."""
    known, resolver = Known(), get_resolver()

    def load(store: SessionStore) -> dict[str, Any]:
        return known.session(store)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(auth, "get_user", known.user)
        patch.setattr(queries, "memberships", known.memberships)
        patch.setattr(SessionStore, "load", load)
        patch.setattr(resolver, "resolve", functools.lru_cache(maxsize=16)(resolver.resolve))
        yield known


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How much of the access matrix was looked at, for ``manage.py verify access``."""
    rows = [found["cells"] for report in terminalreporter.stats.get("passed", []) if "cells" in (found := dict(report.user_properties))]
    if rows:
        terminalreporter.write_line(f"figure: {len(rows)} addresses x {rows[0]} kinds of people and methods: {sum(rows)} cells")
