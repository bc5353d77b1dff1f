"""What lets the suite do the same work once instead of thousands of times; no test sees a difference (loaded by tests/conftest.py)."""

import gc
import pickle
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from _pytest.fixtures import FixtureManager
from django.apps import apps
from django.conf import settings
from django.core.management.commands import flush as flush_command
from django.core.signals import setting_changed
from django.db import connection, connections, transaction
from django.db.models.expressions import Col
from django.template.context import BaseContext
from django.test import client as test_client
from django.test.utils import ContextList
from django.utils.functional import cached_property
from whitenoise.middleware import WhiteNoiseMiddleware

# How a database writes a value so that it can be read back by it.
LITERAL = {"sqlite": 'quote("{column}")', "postgresql": 'quote_nullable("{column}"::text)'}
_put_back: list[str] = []
look_up_fixture: Any = FixtureManager.getfixturedefs  # as pytest does it
flush: Any = flush_command  # what Django does not promise to keep has no types


def pytest_configure() -> None:
    """A file of the library is parsed once in a process, and whoever reads the same words again gets a copy, which costs a tenth.

    Tests read the library while they are collected, so this comes before all fixtures. Hardly anything is garbage until then.
    """
    gc.disable()
    _fixtures_are_looked_up_once()
    original, parsed = tomllib.loads, dict[str, bytes]()

    def remembered(words: str, **how: Any) -> dict[str, Any]:
        if how:
            return original(words, **how)
        if words not in parsed:
            parsed[words] = pickle.dumps(original(words), pickle.HIGHEST_PROTOCOL)
        copied: dict[str, Any] = pickle.loads(parsed[words])  # noqa: S301  # our own bytes
        return copied

    tomllib.loads = remembered


def _fixtures_are_looked_up_once() -> None:
    """All functions side by side see the same fixtures, until another is defined. pytest climbs to the top for each name that each has."""
    manager: Any = FixtureManager
    define, found = manager._register_fixture, dict[tuple[str, Any], Any]()

    def getfixturedefs(self: Any, argname: str, node: pytest.Item) -> Any:
        if not isinstance(node, pytest.Function):
            return look_up_fixture(self, argname, node)
        key = (argname, node.parent)
        if key not in found:
            found[key] = look_up_fixture(self, argname, node)
        return found[key]

    def register(self: Any, **fixture: Any) -> None:
        found.clear()
        define(self, **fixture)

    manager.getfixturedefs, manager._register_fixture = getfixturedefs, register


@pytest.fixture(autouse=True, scope="session")
def _static_files_are_listed_once() -> Iterator[None]:
    """Every test client starts the middleware anew, and WhiteNoise would walk through all static files each time."""
    original, listings = WhiteNoiseMiddleware.add_files_from_finders, {}

    def remembered(middleware: WhiteNoiseMiddleware) -> None:
        key = (
            middleware.static_prefix,
            middleware.max_age,
            tuple(map(str, settings.STATICFILES_DIRS)),
            settings.STORAGES["staticfiles"]["BACKEND"],
        )
        if key not in listings:
            original(middleware)
            listings[key] = dict(middleware.files)
        middleware.files.update(listings[key])

    WhiteNoiseMiddleware.add_files_from_finders = remembered
    yield
    WhiteNoiseMiddleware.add_files_from_finders = original


# What each test has of its own, and no middleware reads when it is made.
UNREAD_BY_MIDDLEWARE = {"SIGNING_HEADS"}
MADE = ("_view_middleware", "_template_response_middleware", "_exception_middleware", "_middleware_chain")


@pytest.fixture(autouse=True, scope="session")
def _middleware_is_made_once() -> Iterator[None]:
    """Every test client makes all middleware anew. As in production one of each serves everybody, until a setting is changed."""
    handler: Any = test_client.ClientHandler
    original, made = handler.load_middleware, dict[str, Any]()

    def remembered(of: Any, *, is_async: bool = False) -> None:
        key = repr((is_async, settings.MIDDLEWARE))
        if key not in made:
            original(of, is_async)
            made[key] = {name: getattr(of, name) for name in MADE}
        vars(of).update(made[key])

    def forgotten(*, setting: str, **_more: Any) -> None:
        if setting not in UNREAD_BY_MIDDLEWARE:
            made.clear()

    handler.load_middleware = remembered
    setting_changed.connect(forgotten)
    yield
    setting_changed.disconnect(forgotten)
    handler.load_middleware = original


@pytest.fixture(autouse=True, scope="session")
def _contexts_are_kept_without_their_render_state() -> Iterator[None]:
    """For ``response.context`` Django copies, for each of the hundreds of parts of a page, more than the values known there."""
    library: Any = test_client
    original = library.store_rendered_templates

    def kept(store: dict[str, Any], *, template: Any, context: Any, **_more: Any) -> None:
        values: Any = BaseContext()
        values.dicts = context.dicts[:]
        store.setdefault("templates", []).append(template)
        store.setdefault("context", ContextList()).append(values)

    library.store_rendered_templates = kept
    yield
    library.store_rendered_templates = original


@pytest.fixture(autouse=True, scope="session")
def _columns_are_told_apart_quickly() -> Iterator[None]:
    """An ordered query hashes each of its columns by how it was made, and Django looks at the signature of the class for each one anew."""
    column: Any = Col
    slowly = column.identity  # reading a cached property from a class gives the property itself

    def identity(self: Any) -> tuple[Any, ...]:
        args, kwargs = self._constructor_args
        if kwargs or len(args) not in (2, 3):
            return tuple(slowly.func(self))
        named = zip(("alias", "target", "output_field"), map(self._identity, (*args, None)), strict=False)
        return (self.__class__, *named)

    column.identity = cached_property(identity)
    column.identity.__set_name__(column, "identity")
    yield
    del column.identity


# What plugins bring for every test and no test here needs. Each would be set up 18,000 times: the project has no table of sites, no test
# asks for models or templates of its own by a mark (tests/test_thrift.py looks), and no browser records its requests.
@pytest.fixture(autouse=True, scope="session")
def _django_clear_site_cache() -> None:
    pass


@pytest.fixture(autouse=True, scope="session")
def _django_isolate_apps() -> None:
    pass


@pytest.fixture(autouse=True, scope="session")
def _template_string_if_invalid_marker() -> None:
    pass


@pytest.fixture(autouse=True, scope="session")
def _pw_trace_api_requests() -> None:
    pass


def remember_what_migrations_wrote() -> None:
    """Keeps the rows that a new database holds (kinds of content, permissions, the shipped edition) as statements that write them again."""
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if not model._meta.managed or model._meta.proxy:
                continue
            table, columns = model._meta.db_table, [field.column for field in model._meta.local_concrete_fields if not field.generated]
            values = " || ', ' || ".join(LITERAL[connection.vendor].format(column=column) for column in columns)
            cursor.execute(f'SELECT {values} FROM "{table}"')  # noqa: S608  # names of our own
            if rows := ", ".join(f"({row})" for (row,) in cursor.fetchall()):
                names = ", ".join(f'"{column}"' for column in columns)
                _put_back.append(f'INSERT INTO "{table}" ({names}) VALUES {rows}')  # noqa: S608


@pytest.fixture(autouse=True, scope="session")
def _what_migrations_wrote_is_copied_back() -> Iterator[None]:
    """A test with real transactions ends by emptying every table. Django would then work out anew what a new database holds."""
    original = flush.emit_post_migrate_signal

    def copied_back(verbosity: int, interactive: bool, database: str, **more: Any) -> None:
        if not _put_back:
            original(verbosity, interactive, database, **more)
            return
        with transaction.atomic(using=database), connections[database].cursor() as cursor:
            for statement in _put_back:
                cursor.execute(statement)

    flush.emit_post_migrate_signal = copied_back
    yield
    flush.emit_post_migrate_signal = original


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the search for garbage need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    gc.enable()
