"""Log lines without personal data: only named fields are written, addresses by their pattern, failures by kind and place.

What a failure *says* may hold a name or a text ("Key (email)=(…) already exists"), and an address may name an illness or be a key.
"""

import errno
import logging
import re
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from http import HTTPStatus
from http.client import responses
from pathlib import Path
from traceback import extract_tb
from typing import Any, Final

from pythonjsonlogger.json import JsonFormatter

ROOT: Final = f"{Path(__file__).resolve().parent.parent.parent}/"
PACKAGES: Final = "site-packages/"
MOST_CAUSES: Final = 6
MOST_FRAMES: Final = 30
# What a line about a request may tell besides its words; the rest of a record's attributes (a request, an exception) is never written.
OF_A_LINE: Final = ("method", "status", "ms", "slow")
# Of a task of Celery; what it was given, what it answered and what a failure said are left out.
OF_A_TASK: Final = frozenset({"name", "id", "description", "runtime", "when"})

# A long run of letters and digits in an address: the token of a link. A long code of the library goes too, which no log needs.
SECRET: Final = re.compile(r"(?<=/)[A-Za-z0-9_-]{20,}(?=/|$|\s|\?|\.ics)")
QUERY: Final = re.compile(r"\?\S*")

REQUEST: ContextVar[Any] = ContextVar("request", default=None)  # the one that is being answered; set by clinic.web.request_lines


class WithoutTokens(logging.Filter):
    """Takes out of a line what it must not tell: tokens of links, what was asked for, addresses, what a task was given."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.") and hasattr(getattr(record, "request", None), "path_info"):
            _tell_by_pattern(record)
        if isinstance(record.args, Mapping):
            record.args = {name: value if name in OF_A_TASK else "…" for name, value in record.args.items()}
        if isinstance(record.msg, str):
            record.msg = SECRET.sub("…", record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(_shortened(arg, record.name) for arg in record.args)
        return True


def _shortened(arg: object, logger: str) -> object:
    if not isinstance(arg, str):
        return arg
    bare = SECRET.sub("…", arg)
    return QUERY.sub("?…", bare) if logger == "django.server" else bare


def _tell_by_pattern(record: Any) -> None:
    """Django's own lines about a request name its address, and those about a suspicious one say what was found in it."""
    status: int = getattr(record, "status_code", 0)
    what = "Forbidden (CSRF)" if record.name == "django.security.csrf" else responses.get(status, record.name)
    match = getattr(record.request, "resolver_match", None)
    # Readiness, for one, is answered before anything else is asked of the address.
    without = "an address that there is not" if status == HTTPStatus.NOT_FOUND else "an address that was not looked up before the answer"
    record.msg, record.args = "%s: %s", (what, f"/{match.route}" if match else without)


def fields_of_request() -> dict[str, Any]:
    """Of the request that is being answered: its id, the numbers of person and clinic, and the name of the view. Asks no database."""
    request = REQUEST.get()
    if request is None:
        return {}
    held = request.__dict__
    actor, person = held.get("actor"), held.get("_cached_user")
    user = actor.user.pk if actor else getattr(person, "pk", None)
    match = getattr(request, "resolver_match", None)
    found = {"request": held.get("request_id"), "user": user, "clinic": actor.clinic.pk if actor else None}
    return {name: value for name, value in (found | {"view": match.view_name if match else None}).items() if value is not None}


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """What a line tells, by name."""
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    said = {"time": at, "level": record.levelname, "logger": record.name, "message": record.getMessage()}
    return said | fields_of_request() | {name: getattr(record, name) for name in OF_A_LINE if hasattr(record, name)}


def kind_of(wrong: BaseException) -> str:
    """What a failure is, with the code of the system or of the database where there is one; nothing of what it says."""
    number = getattr(wrong, "errno", None)
    name = errno.errorcode.get(number, str(number)) if isinstance(number, int) else ""
    code = name or getattr(wrong, "sqlstate", None) or getattr(wrong, "sqlite_errorname", None)
    kind = type(wrong)
    full = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
    return f"{full} ({code})" if code else full


def traced(wrong: BaseException | None, *, with_words: bool = False) -> str:
    """The way to a failure and to what led to it: files, lines and functions. ``with_words``: also what each says, for developers."""
    found: list[str] = []
    while wrong is not None and len(found) < MOST_CAUSES:
        frames = [f"  {_place(frame.filename)}:{frame.lineno} in {frame.name}" for frame in extract_tb(wrong.__traceback__)]
        said = f"{kind_of(wrong)}: {wrong}" if with_words else kind_of(wrong)
        found.append("\n".join([*frames[-MOST_FRAMES:], said]))
        wrong = wrong.__cause__ or (None if wrong.__suppress_context__ else wrong.__context__)
    return "\nfrom\n".join(found)


def _place(file: str) -> str:
    return file.partition(PACKAGES)[2] or file.removeprefix(ROOT)


class _Traced(logging.Formatter):
    with_words = False

    def formatException(self, ei: Any) -> str:  # noqa: N802  # logging calls it so
        return traced(ei[1], with_words=self.with_words)


class PlainLines(_Traced):
    """Lines for people: time, level, logger, words, and the fields of the request behind them."""

    def __init__(self, *, with_words: bool = False) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self.with_words = with_words

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another handler may have kept its own, with all words
        more = {name: value for name, value in fields_of(record).items() if name not in {"time", "level", "logger", "message"}}
        first, line, rest = super().format(record).partition("\n")
        return f"{first}{''.join(f' {name}={value}' for name, value in more.items())}{line}{rest}"


class JsonLines(_Traced, JsonFormatter):
    """One JSON object a line, for whatever collects logs."""

    def __init__(self) -> None:
        JsonFormatter.__init__(self, json_ensure_ascii=False)

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        """Exactly the named fields, in this order."""
        log_data |= fields_of(record)
        if record.exc_info:
            log_data["failure"] = self.formatException(record.exc_info)
