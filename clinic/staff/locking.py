"""A screen that nobody uses locks itself: until its person says PIN or password, no page of a clinic is shown.

The session keeps when it was last used, at most every half minute, so that a page costs no query for it; wrong tries are counted for the
person (see ``pins``). Public pages (signing in and out, links of patients, calendars) are never locked. ``IDLE_LOCK_MINUTES`` 0 turns it
off, which only tests do.
"""

import time
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from clinic.staff.access import access_of
from clinic.staff.permissions import PUBLIC, View
from clinic.staff.pins import forget_wrong_tries
from clinic.web.typed_in import came_from, packed, typed_in

USED: Final = "used_at"  # whole seconds
NOTED_EVERY: Final = 30  # seconds
LOCKED: Final = 423


def seconds_left(request: Any) -> int:
    """How long the screen stays open without being used; 0 when it is locked."""
    limit: int = settings.IDLE_LOCK_MINUTES * 60
    used = request.session.get(USED)
    return limit if used is None else max(0, int(used + limit - time.time()))


def is_locked(request: Any) -> bool:
    """Whether this session waits for PIN or password."""
    return bool(settings.IDLE_LOCK_MINUTES) and request.user.is_authenticated and seconds_left(request) == 0


def note_use(request: Any) -> None:
    """The person is there: the time begins anew."""
    now = int(time.time())
    if now - request.session.get(USED, 0) >= NOTED_EVERY:
        request.session[USED] = now


def unlock(request: Any) -> None:
    """Opens the screen."""
    request.session[USED] = int(time.time())


def lock_now(request: Any) -> None:
    """Locks it at once."""
    request.session[USED] = 0


def opens_when_locked(view: View) -> View:
    """Declares that a view is reached on a locked screen, and that asking for it is no use of the program."""
    view.opens_when_locked = True  # type: ignore[attr-defined]  # read by LockMiddleware
    return view


def wants_data(request: HttpRequest) -> bool:
    """Whether a script asks, which cannot show a page."""
    return request.headers.get("Sec-Fetch-Dest") == "empty" or "application/json" in request.headers.get("Accept", "")


def address_after(request: Any, wanted: str) -> str:
    """Where to go when the screen is open again: within Tactus, and not to the lock itself."""
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours and wanted.startswith("/") else "/"


def locked_answer(request: Any) -> HttpResponse:
    """What every page answers while the screen is locked: where one was is kept, and a form that was sent is said to be lost."""
    if getattr(request, "htmx", False):
        return HttpResponse(status=LOCKED, headers={"HX-Refresh": "true"})
    if wants_data(request):
        return JsonResponse({"locked": True}, status=LOCKED)
    was_sent = request.method not in ("GET", "HEAD")
    kept = packed(typed_in(request), request.user.pk)
    return lock_page(request, came_from(request) if was_sent else request.get_full_path(), was_sent=was_sent, kept=kept)


def lock_page(request: Any, after: str, *, wrong: str = "", was_sent: bool = False, status: int = LOCKED, kept: str = "") -> HttpResponse:
    """The locked screen. ``kept`` is what had been typed, packed: it is shown again once the screen is open."""
    request.roles = frozenset()  # no way leads on from here: the page is drawn without them
    context = {"asks_pin": request.user.asks_pin, "next": address_after(request, after), "wrong": wrong, "was_sent": was_sent}
    return render(request, "staff/lock.html", context | {"kept": kept}, status=status)


class LockMiddleware:
    """Comes before whoever decides about roles: on a locked screen nobody learns what they may open."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: Any, view: Callable[..., Any], args: Any, kwargs: Any) -> HttpResponseBase | None:
        """The locked screen in the place of any page that is not public; else the use is noted."""
        if not settings.IDLE_LOCK_MINUTES or not request.user.is_authenticated:
            return None
        if getattr(view, "opens_when_locked", False) or PUBLIC in (access_of(view, request.resolver_match.view_name) or ()):
            return None
        if is_locked(request):
            return locked_answer(request)
        note_use(request)
        return None


def listen() -> None:
    """Whoever signs in is there, and wrong tries are forgotten. Done once, when the app is ready."""
    user_logged_in.connect(_signed_in, dispatch_uid="staff-lock-opens")


def _signed_in(sender: object, *, request: Any = None, user: Any = None, **kwargs: Any) -> None:
    if request is not None:
        unlock(request)
    if user is not None and user.wrong_unlocks:
        forget_wrong_tries(user)
