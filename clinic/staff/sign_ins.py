"""What holds from signing in to the end of it: how long at most, a new key for each proof of who somebody is, and a letter of new devices.

``signed_in_at`` and ``device`` lie in the session. However much somebody does, twelve hours after signing in
(``SESSION_COOKIE_AGE``) the session is over.
"""

import time
from collections.abc import Callable
from typing import Any, Final

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _

from clinic.staff import devices
from clinic.staff.access import access_of
from clinic.staff.letters import send_new_device
from clinic.staff.locking import wants_data
from clinic.staff.models import User
from clinic.staff.permissions import PUBLIC
from clinic.web.typed_in import came_from

SIGNED_IN_AT: Final = "signed_in_at"  # whole seconds
DEVICE: Final = "device"


def is_too_old(signed_in_at: Any, now: float) -> bool:
    """Whether a session that began then is over; one that does not say when it began is."""
    return not isinstance(signed_in_at, int) or now - signed_in_at >= settings.SESSION_COOKIE_AGE


def last_proof(request: Any) -> float | None:
    """When this person last proved once more who they are, in this session; ``None`` for never."""
    records = [each for each in get_authentication_records(request, request.user) if each.get("reauthenticated")]
    return float(records[-1]["at"]) if records else None


class SignInMiddleware:
    """Comes before whoever asks who is there: for them somebody whose session is over is nobody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        request.was_too_long = request.user.is_authenticated and is_too_old(request.session.get(SIGNED_IN_AT), time.time())
        if request.was_too_long:
            logout(request)
        before = last_proof(request)
        response = self.get_response(request)
        if request.user.is_authenticated and last_proof(request) not in (None, before):
            request.session.cycle_key()  # whoever learned the old one has nothing of what was proved
        if getattr(request, "has_signed_in", False) and request.user.is_authenticated:
            greet(request, response, request.user)
        return response

    def process_view(self, request: Any, view: Callable[..., Any], args: Any, kwargs: Any) -> HttpResponseBase | None:
        """To the sign-in page with a sentence why, and from there to where one was."""
        if not request.was_too_long or PUBLIC in (access_of(view, request.resolver_match.view_name) or ()):
            return None
        if getattr(request, "htmx", False):
            return HttpResponse(status=401, headers={"HX-Refresh": "true"})
        if wants_data(request):
            return JsonResponse({"signed_out": True}, status=401)
        is_look = request.method in ("GET", "HEAD")
        lost = "" if is_look else " " + _("Nothing that you sent was saved.")
        messages.warning(request, _("Twelve hours after signing in one signs in again.") + lost)
        return redirect_to_login(request.get_full_path() if is_look else came_from(request))


def greet(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """Somebody has just signed in: a browser that was never used for that is told to the person by a letter, and known from now on."""
    if not devices.known_as(request, user.email):
        send_new_device(user, devices.name_of(request))
    devices.remember(request, response, user.email)


def listen() -> None:
    """Notes when and where a session began. Done once, when the app is ready."""
    user_logged_in.connect(_signed_in, dispatch_uid="staff-sign-in-begins")


def _signed_in(sender: object, *, request: Any = None, **kwargs: Any) -> None:
    if request is not None:
        request.session[SIGNED_IN_AT] = int(time.time())
        request.session[DEVICE] = devices.name_of(request)
        request.has_signed_in = True
