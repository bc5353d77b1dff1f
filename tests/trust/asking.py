"""A browser for tens of thousands of questions: all of the project answers, and nothing of Django's test client that only costs time."""

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.handlers.base import BaseHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, conditional_content_removal, encode_multipart

READS = {"SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA", "EXPLAIN"}
# That somebody is here, and where they are signed in, is noted by every request.
SESSIONS = ("django_session", "staff_browsersession")


class Handler(BaseHandler):
    """The whole stack of middleware, made once. Signals of the beginning and end of a request concern connections, which tests keep."""

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware()

    def answer(self, request: HttpRequest) -> Any:
        """What the project answers, its files closed; an exception of a view is raised here (``DEBUG_PROPAGATE_EXCEPTIONS``)."""
        response: Any = self.get_response(request)
        closers = list(response._resource_closers)
        if response.streaming:
            response = _whole(response)
        conditional_content_removal(request, response)
        for close in closers:
            close()
        return response


def _whole(response: Any) -> HttpResponse:
    """The same answer with its file read to the end."""
    found = HttpResponse(b"".join(response.streaming_content), status=response.status_code, headers=dict(response.headers))
    found.cookies = response.cookies
    return found


@functools.cache
def handler() -> Handler:
    """The stack as the settings of the moment make it; ``forget`` it when they change."""
    return Handler()


def forget() -> None:
    """The next question is answered by a stack that is made anew."""
    handler.cache_clear()


@dataclass(frozen=True)
class Form:
    """What a POST sends, encoded once for everybody who sends it."""

    body: bytes
    content_type: str = MULTIPART_CONTENT

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Form":
        return cls(encode_multipart(BOUNDARY, dict(data)))


@dataclass(frozen=True)
class Browser:
    """Somebody's cookies. They stay as they are, whatever an answer sets: each question is the first after signing in."""

    cookies: Mapping[str, str] = field(default_factory=dict)

    def ask(self, method: str, url: str, form: Form | None = None, *, checks_forms: bool = False, **headers: Any) -> Any:
        """The answer to one question; ``checks_forms``: a form needs its token, as in production."""
        words = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = form or Form(b"", "application/octet-stream")
        request: Any = RequestFactory().generic(method, url, sent.body, sent.content_type, HTTP_COOKIE=words, **headers)
        request._dont_enforce_csrf_checks = not checks_forms
        return handler().answer(request)


def writes(sql: str) -> bool:
    """Whether a statement could change something, sessions apart."""
    word = sql.lstrip("(").split(None, 1)[0].upper()  # PostgreSQL is asked for both halves of a union in brackets
    if word == "WITH":
        return any(verb in sql.upper() for verb in ("INSERT ", "UPDATE ", "DELETE "))
    return word not in READS and not any(table in sql for table in SESSIONS)


@contextmanager
def written() -> Iterator[list[str]]:
    """The statements in between that change something, sessions apart."""
    statements: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if writes(sql):
            statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield statements


Statement = tuple[str, tuple[str, ...]]
# What differs from one moment to the next: times, and words of chance or of digests.
CHANCE = re.compile(r"\"seconds\": \d+|\d{4}-\d\d-\d\d[T ]\d\d:\d\d[\d:.+Z]*|[\w-]{20,}")


@contextmanager
def statements_with_values() -> Iterator[list[Statement]]:
    """The statements in between that change something, with their values but for times and words of chance; sessions apart."""
    found: list[Statement] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().split()[0].upper() not in READS and not any(table in sql for table in SESSIONS):
            found.append((sql, tuple(CHANCE.sub("?", str(value)) for value in params or ())))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found
