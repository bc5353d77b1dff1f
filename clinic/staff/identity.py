"""Views for which somebody must have said password or passkey a moment ago, however long they are signed in already."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponseBase
from django.urls import resolve

from clinic.staff.middleware import gate
from clinic.staff.permissions import View

PROVED = "identity_proved"
Gate = Callable[[Any, Any, Any, Any], HttpResponseBase | None]  # as ``process_view`` of a middleware
_gates: list[Gate] = [lambda request, view, _args, _kwargs: gate(request, view)]


def asks_again(one_more: Gate) -> None:
    """What else decides whether a view is opened: asked once more when somebody comes back. Called once, when its app is ready."""
    _gates.append(one_more)


def identity_proved_again(view: View) -> View:
    """Asks who did not prove their identity within ``ACCOUNT_REAUTHENTICATION_TIMEOUT``, and comes back here with what was sent.

    Under the decorator that declares who may open the view, so that nobody is asked in vain. A page that shows a refused form names the
    address that the form goes to: it may be drawn where the password was asked for.
    """

    @wraps(view)
    def proved(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        refused = _refused_after_proof(request, args, kwargs)
        answer: HttpResponseBase = refused or reauthentication_required(view)(request, *args, **kwargs)
        return answer

    setattr(proved, PROVED, True)  # read by the access matrix
    return cast("View", proved)


def _refused_after_proof(request: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
    """What was sent before the proof is obeyed by the page of the proof: whether it may be is asked again, as at its own address.

    Asked of the whole view of that address: what it declares may stand on a decorator further out than this one.
    """
    match = resolve(request.path_info)
    if request.resolver_match.view_name == match.view_name:
        return None
    request.resolver_match = match
    if request.actor:
        request.actor = replace(request.actor, page=match.view_name)
    return next(filter(None, (each(request, match.func, args, kwargs) for each in _gates)), None)
