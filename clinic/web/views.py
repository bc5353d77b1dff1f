"""The pages that belong to no app: colours and language, the component gallery, and what is shown when something went wrong."""

import sys
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clinic.web import gallery
from clinic.web.breakdowns import breakdown_behind
from clinic.web.preferences import THEMES, known_language
from clinic.web.trouble import breakdown_page, failure_page, typed_context
from clinic.web.typed_in import typed_in

ONE_YEAR = 31_536_000


@login_not_required
@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Keeps the chosen theme or language and goes back to the page it came from."""
    response = HttpResponseRedirect(_back(request), status=303)
    theme = request.POST.get("theme")
    if theme in THEMES:
        _remember(request, "theme", theme)
        _set_cookie(response, settings.THEME_COOKIE_NAME, theme)
    language = known_language(request.POST.get("language"))
    if language:
        _remember(request, "language", language)
        _set_cookie(response, settings.LANGUAGE_COOKIE_NAME, language)
    return response


@login_not_required
@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for whoever builds pages. It exists only where ``DEBUG`` is on."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "web/styleguide.html", gallery.samples())


def _back(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return target if allowed else "/"


def _remember(request: HttpRequest, field: str, value: str) -> None:
    # This app lies under clinic.staff and does not know its User; it only knows that a person has these two fields.
    person: Any = request.user
    if not isinstance(person, AnonymousUser):
        setattr(person, field, value)
        person.save(update_fields=[field])


def _set_cookie(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=ONE_YEAR, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The sentence of the exception is shown when it has one: it was written for this person."""
    return render(request, "403.html", {"sentence": str(exception or "")}, status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Called while the failure is handled: what is away is told apart from a fault of ours. Neither page asks for anything."""
    breakdown = breakdown_behind(sys.exc_info()[1])
    return breakdown_page(request, breakdown) if breakdown else failure_page(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or came from elsewhere. The technical reason is logged by Django, not shown."""
    sentence = _("This form had expired. Go back, load the page again and send it once more; nothing was saved.")
    context = {"sentence": sentence, "form_expired": True, **typed_context(request, typed_in(request))}
    return render(request, "403.html", context, status=403)
