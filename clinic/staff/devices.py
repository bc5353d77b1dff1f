"""Browsers that somebody signed in with before: how one is known again, and how it is called.

A signed cookie says as whom this browser signed in. It opens nothing: whoever is known by it is told of no new device, and is not stopped
by guesses that were made elsewhere.
"""

import re
import secrets
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

SALT: Final = "clinic.staff.device"
KEPT_FOR: Final = 400 * 24 * 60 * 60  # seconds; browsers keep nothing longer
MOST_PEOPLE: Final = 30  # of one desk

# The first that is found counts: every browser names others before itself.
BROWSERS: Final = {
    r"\bEdg": "Edge",
    r"\bOPR/": "Opera",
    r"\bYaBrowser/": "Yandex Browser",
    r"\bSamsungBrowser/": "Samsung Internet",
    r"\b(Firefox|FxiOS)/": "Firefox",
    r"\b(Chrome|CriOS|Chromium|HeadlessChrome)/": "Chrome",
    r"\bSafari/": "Safari",
}
SYSTEMS: Final = {
    r"\biPhone\b": "iPhone",
    r"\biPad\b": "iPad",
    r"\bAndroid\b": "Android",
    r"\bCrOS\b": "ChromeOS",
    r"\bWindows\b": "Windows",
    r"\b(Macintosh|Mac OS X)\b": "Mac",
    r"\bLinux\b": "Linux",
}


def name_of(request: HttpRequest) -> str:
    """The browser and the device as people call them, "Firefox, Windows"; empty where the browser says nothing that is known."""
    said = request.META.get("HTTP_USER_AGENT", "")[:500]
    found = (next((name for words, name in names.items() if re.search(words, said)), "") for names in (BROWSERS, SYSTEMS))
    return ", ".join(filter(None, found))


def known_as(request: HttpRequest, email: str) -> str:
    """A name for this browser when it signed in as this person before, else empty."""
    held = _held(request)
    return str(held["id"]) if _person(email) in held["people"] else ""


def remember(request: HttpRequest, response: HttpResponseBase, email: str) -> None:
    """From now on this browser is one of this person's."""
    held, person = _held(request), _person(email)
    people = [person, *(each for each in held["people"] if each != person)][:MOST_PEOPLE]
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps({"id": held["id"], "people": people}, salt=SALT),
        max_age=KEPT_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _held(request: HttpRequest) -> dict[str, Any]:
    """What the cookie says; a browser without one of ours is a new one."""
    try:
        held: dict[str, Any] = signing.loads(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return {"id": secrets.token_hex(8), "people": []}
    return held


def _person(email: str) -> str:
    """A person as the cookie names them: it tells nobody who works at this desk."""
    return salted_hmac(SALT, email.strip().lower(), algorithm="sha256").hexdigest()[:24]
