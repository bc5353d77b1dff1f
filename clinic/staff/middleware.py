"""Who is asking, at which clinic, and whether this view is for them. Comes last, after sign-in, messages and language."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from clinic.staff import queries
from clinic.staff.access import CLOSED, access_of
from clinic.staff.models import User
from clinic.staff.permissions import PUBLIC, SIGNED_IN, ActionDenied, Actor
from clinic.staff.recording import Refusal, note_refusal
from clinic.staff.second_step import asked_for_first
from clinic.web.replies import MovedElsewhere, see_other_address
from clinic.web.trouble import typed_context
from clinic.web.typed_in import came_from, is_ours, typed_in

CHOSEN_CLINIC = "clinic"
LINKS_AND_FORMS = frozenset({"GET", "HEAD", "POST"})

logger = logging.getLogger(__name__)


def refusal(request: HttpRequest, sentence: str) -> HttpResponse:
    """The one page for everything that somebody may not do. What was typed into a form stays on it, and is not offered to be sent again.

    A step that was refused, mostly because somebody was faster, leads back to the page on which it was pressed.
    """
    context = {"sentence": sentence, "refused": True, **typed_context(request, typed_in(request))}
    if is_ours(request):
        context |= {"is_step": True, "back": came_from(request)}
    return render(request, "403.html", context, status=403)


def unknown_method(request: HttpRequest, view: Callable[..., Any]) -> HttpResponse | None:
    """405 for a method that our view does not name in ``methods``; without that it takes what links and forms send."""
    known = getattr(view, "methods", LINKS_AND_FORMS)
    if view.__module__.startswith("allauth.") or request.method in known:
        return None
    return HttpResponseNotAllowed(sorted(known))


def ids_in(request: Any) -> dict[str, int | str]:
    """The records that the address names by number, and an edition by its digest.

    Other words of an address are not kept: they may tell about health, or be a key.
    """
    return {name: value for name, value in request.resolver_match.kwargs.items() if isinstance(value, int) or name == "digest"}


def noted(request: Any, status: int) -> None:
    """A refused attempt of somebody with a role here leaves a line. Nobody else has a clinic where it could be read."""
    if request.actor:
        note_refusal(Refusal(request.actor, request.resolver_match.route, ids_in(request), status))


def moved(request: Any, elsewhere: MovedElsewhere) -> HttpResponse:
    """To the page that has what was asked for. What was sent with a form is not kept, so it must be seen and sent again."""
    is_shown = request.method in ("GET", "HEAD")
    lost = "" if is_shown else " " + _("Nothing that you sent was saved.")
    messages.warning(request, elsewhere.sentence + lost)
    match = request.resolver_match
    return see_other_address(elsewhere.address(match.view_name, match.kwargs, is_shown=is_shown))


def gate(request: Any, view: Callable[..., Any]) -> HttpResponseBase | None:
    """The answer for somebody who is signed in and may not open this view, or not in this way; else ``None``."""
    access = access_of(view, request.resolver_match.view_name) or frozenset()
    refused = asked_for_first(request) or (None if SIGNED_IN in access else refused_by_role(request, access))
    return refused or unknown_method(request, view)


def refused_by_role(request: Any, access: frozenset[str]) -> HttpResponseBase | None:
    """The answer for a signed-in person whose roles are not enough, else ``None``."""
    if not request.roles:
        return render(request, "staff/no_role.html", status=403)
    if request.roles.isdisjoint(access):
        noted(request, 403)
        return refusal(request, "")  # the page says that the role does not allow it, and whom to ask
    return None


class StaffMiddleware:
    """Sets ``request.clinic``, ``roles``, ``actor`` and ``memberships`` (one query), then opens only views declared for them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        self.introduce(request)
        was_signed_in = request.user.is_authenticated
        response = self.get_response(request)
        if (was_signed_in or request.user.is_authenticated) and not response.has_header("Cache-Control"):
            # A shared computer must not show a patient by its Back button.
            response["Cache-Control"] = "no-store, private"
        return response

    def introduce(self, request: Any) -> None:
        """Fills the request; an anonymous one gets nobody's actor and no roles."""
        user = request.user
        held = queries.memberships(user) if user.is_authenticated else ()
        present = queries.present_membership(held, request.session.get(CHOSEN_CLINIC))
        request.memberships = held
        request.clinic = present.clinic if present else None
        request.roles = present.roles if present else frozenset()
        request.actor = Actor(user, present.clinic, present.roles) if present else None
        timezone.activate(present.clinic.zone) if present else timezone.deactivate()
        if isinstance(user, User):
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language

    def process_view(self, request: Any, view: Callable[..., Any], args: Any, kwargs: Any) -> HttpResponseBase | None:
        """Refuses before the view runs: 404 for closed pages, the sign-in page, or 403 with a sentence."""
        if request.actor:
            request.actor = replace(request.actor, page=request.resolver_match.view_name)
        access = access_of(view, request.resolver_match.view_name)
        if access is None:
            logger.error("view %s declares no access and is refused", request.resolver_match.view_name)
            return refusal(request, _("Nobody may open this page."))
        if CLOSED in access:
            raise Http404
        if PUBLIC in access:
            return unknown_method(request, view)
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return gate(request, view)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turns ``ActionDenied`` from anywhere below a view into the one page, and notes who asked for a record that is not here."""
        if isinstance(exception, ActionDenied):
            noted(request, 403)
            return refusal(request, exception.sentence)
        if isinstance(exception, Http404) and ids_in(request):
            noted(request, 404)
        return moved(request, exception) if isinstance(exception, MovedElsewhere) else None
