"""Colours and language of the pages: from the person who is signed in, else from a cookie, so that the sign-in page has them too."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest

THEMES: Final = ("system", "light", "dark")


def theme_of(request: HttpRequest) -> str:
    """The theme a page is drawn in: one of ``THEMES``. Anything else that a cookie claims counts as ``system``."""
    user = getattr(request, "user", None)
    chosen = getattr(user, "theme", None) or request.COOKIES.get(settings.THEME_COOKIE_NAME)
    return chosen if chosen in THEMES else "system"


def known_language(code: str | None) -> str | None:
    """The code when the pages exist in that language."""
    return code if code in dict(settings.LANGUAGES) else None
