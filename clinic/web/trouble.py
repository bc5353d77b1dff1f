"""The pages for what went wrong on our side. They ask no database, no session and no cache, and keep what was typed."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.web.breakdowns import RETRY_AFTER, Breakdown
from clinic.web.typed_in import Typed, came_from, typed_in

UNSTORED: Final = "no-store, private"
TITLES: Final[dict[Breakdown, str | Promise]] = {
    Breakdown.DATABASE: gettext_lazy("Tactus cannot reach its records"),
    Breakdown.BUSY: gettext_lazy("Tactus is busy for a moment"),
    Breakdown.ROOM: gettext_lazy("The server has no room to write"),
    Breakdown.CACHE: gettext_lazy("A part of Tactus is away"),
}
SENTENCES: Final[dict[Breakdown, str | Promise]] = {
    Breakdown.DATABASE: gettext_lazy(
        "The database does not answer, so nothing can be shown: no plan, no answers, no contraindications. Nothing was saved. Treat only "
        "from a card that was printed today, or wait. Tell your administrator."
    ),
    Breakdown.BUSY: gettext_lazy("Somebody else was writing for too long, so nothing was saved. Try again in a few seconds."),
    Breakdown.ROOM: gettext_lazy(
        "What you sent could not be written to the disk of the server, so nothing was saved. Tell your administrator: the disk is full, "
        "or a folder may not be written to."
    ),
    Breakdown.CACHE: gettext_lazy(
        "The part that counts attempts to sign in does not answer. Try again in a minute, and tell your administrator."
    ),
}


def breakdown_page(request: HttpRequest, breakdown: Breakdown) -> HttpResponse:
    """503: what is away, when it is worth trying again, and what was typed."""
    context = {"icon": "unplug", "number": "503", "title": TITLES[breakdown], "sentence": SENTENCES[breakdown]}
    response = _bare(request, context, status=503)
    response["Retry-After"] = str(RETRY_AFTER[breakdown])
    return response


def failure_page(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours."""
    sentence = _(
        "What you sent was not saved. The failure is in the log with its time. Try again in a minute; if it stays, work from the printed "
        "card and tell your administrator."
    )
    context = {"icon": "unplug", "number": "500", "title": _("Something broke on our side"), "sentence": sentence}
    return _bare(request, context, status=500)


def signed_out_page(request: HttpRequest, typed: Typed, sign_in: str) -> HttpResponse:
    """401: a form that came when its person was signed out already. Its words are kept on the page; ``sign_in`` is an address."""
    sentence = _(
        "You were signed out before you sent this, so nothing was saved. Sign in in the new window, then come back to this page: what you "
        "typed stays here as long as it is open."
    )
    context = {"icon": "log-out", "number": "401", "title": _("You are signed out"), "sentence": sentence, "sign_in": sign_in}
    return _bare(request, context, status=401, typed=typed)


def kept_page(request: HttpRequest, typed: Typed, *, back: str) -> HttpResponse:
    """What was sent to a locked screen, shown again to whoever unlocked it. ``back``: address of the page that it was typed into."""
    sentence = _("The screen was locked when you sent this, so nothing was saved. Here is what you typed.")
    context = {"icon": "lock-keyhole-open", "number": "", "title": _("What you typed is still here"), "sentence": sentence}
    context |= {"back": back, "request_id": ""}  # nothing went wrong, so there is nothing to look up
    return _bare(request, context, status=200, typed=typed)


def overtaken_page(request: HttpRequest, sentence: str, *, back: str) -> HttpResponse:
    """409: somebody did the same meanwhile. What was typed stays, beside the way to what is there now, at the address ``back``."""
    context = {"icon": "users", "number": "409", "title": _("Somebody was faster"), "sentence": sentence}
    return _bare(request, context | {"back": back, "back_words": _("See what is there now"), "request_id": ""}, status=409)


def _bare(request: Any, context: dict[str, Any], *, status: int, typed: Typed | None = None) -> HttpResponse:
    about = {"request_id": getattr(request, "request_id", ""), **typed_context(request, typed or typed_in(request))}
    response = render(None, "trouble.html", about | context, status=status)  # no request: context processors would ask for the person
    response["Cache-Control"] = UNSTORED
    return response


def typed_context(request: Any, typed: Typed | None) -> dict[str, Any]:
    """What ``web/_typed.html`` takes, and where it was typed. The token comes from a cookie, so it is there without a session."""
    return {"typed": typed, "csrf_token": get_token(request), "back": came_from(request)} if typed else {}
