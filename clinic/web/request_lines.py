"""One line for each request, and an id by which a page, its lines and those of the proxy are found together."""

import logging
import re
from collections.abc import Callable
from time import monotonic
from typing import Any, Final
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from clinic.web.logs import REQUEST

# As nginx, Caddy and load balancers write it; anything that could be a word is not taken over.
WELL_FORMED: Final = re.compile(r"[0-9A-Fa-f-]{16,64}")
HEADER: Final = "X-Request-ID"
SLOW_MS: Final = 1000
QUIET: Final = ("/health/live/", "/health/ready/")  # asked every few seconds

logger = logging.getLogger("tactus.requests")


def id_of(said: str | None) -> str:
    """The id that the proxy gave, if it looks like one, else a new one (32 hex digits)."""
    return said if said and WELL_FORMED.fullmatch(said) else uuid4().hex


class RequestLines:
    """Outermost: what any other middleware answers or breaks gets its id and its line too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        began = monotonic()
        request.request_id = id_of(request.headers.get(HEADER))
        before = REQUEST.set(request)
        try:
            response = self.get_response(request)
            response[HEADER] = request.request_id
            tell(request, response, round((monotonic() - began) * 1000))
        finally:
            REQUEST.reset(before)
        return response


def tell(request: HttpRequest, response: HttpResponseBase, ms: int) -> None:
    """Writes the line: who, which view, what was answered, how long it took; never the address, the query or what was sent."""
    is_slow = ms >= SLOW_MS
    fields = {"method": request.method, "status": response.status_code, "ms": ms} | ({"slow": True} if is_slow else {})
    logger.log(_level(request, response, is_slow=is_slow), "slow answer" if is_slow else "answer", extra=fields)


def _level(request: HttpRequest, response: HttpResponseBase, *, is_slow: bool) -> int:
    if is_slow:
        return logging.WARNING
    is_quiet = request.path in QUIET or request.path.startswith(f"/{settings.STATIC_URL.strip('/')}/")
    return logging.DEBUG if is_quiet and response.status_code < 400 else logging.INFO
