"""What somebody had typed when an answer failed: read from the request alone, so that it is there without database and session.

A form is offered to be sent again only where a second time does no harm: it carries the token by which a creating form is obeyed once, or
the version by which a stale edit is refused, and nothing that belongs to it had to be left out.
"""

import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.core import signing
from django.http import HttpRequest
from django.utils.translation import gettext

from clinic.web.once import FIELD

# Whole words of a field's name: "pin" is secret, "opinion" and "spine" are not.
SECRET: Final = re.compile(r"(?:^|[_-])(?:password\d?|oldpassword|pin\d?|secret|token|credential|passkey|signature)(?:$|[_-])")
REPEATED: Final = frozenset({"again"})  # beside a secret: the same once more
ACCOUNT: Final = "/accounts/"  # there a "code" is one of the second step
NOT_SENT_AGAIN: Final = frozenset({"csrfmiddlewaretoken", "kept"})
# What makes a form ours and tells a person nothing.
UNSHOWN: Final = frozenset({FIELD, "version", "intent", "sending", "next", "press", "do", "seen", "digest", "seal", "step_shown", "key"})
GUARDS: Final = frozenset({FIELD, "version", "key"})  # of a session that is played, each event has a key and is kept once
SALT: Final = "typed-in"
KEPT_SECONDS: Final = 60 * 60
LONGEST: Final = 200_000  # letters of one form; more than that is not drawn a second time


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of one form in their order, where it was sent, and what of it could not be kept (names of fields)."""

    address: str
    fields: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...] = ()

    @property
    def shown(self) -> list[tuple[str, str]]:
        """Name in words and value of every field that somebody filled in."""
        return [(in_words(name), value) for name, value in self.fields if name not in UNSHOWN and value.strip()]

    @property
    def lost(self) -> list[str]:
        """What has to be entered anew, in words."""
        return [in_words(name) for name in self.left_out]

    @property
    def can_be_sent_again(self) -> bool:
        return not self.left_out and any(name in GUARDS and value for name, value in self.fields)


def in_words(name: str) -> str:
    """The name of a field as a person reads it: "family_name" gives "Family name", in the language of the page where it is a word there."""
    bare = re.sub(r"[_.-]+", " ", name).strip()
    return gettext(bare[:1].upper() + bare[1:]) if bare else ""


def typed_in(request: Any) -> Typed | None:
    """What was sent with this request from a page of ours; ``None`` where there is nothing to keep. Never raises."""
    try:
        return _typed(request) if request is not None and is_ours(request) else None
    except Exception:  # an error page must not fail for what it adds
        return None


def came_from(request: Any) -> str:
    """The page that a form was sent from, as a path; "/" where the browser does not say."""
    host, referer = request.get_host(), request.headers.get("Referer", "")
    _scheme, _slashes, rest = referer.partition("://")
    return "/" + rest.removeprefix(host).lstrip("/") if rest.startswith(host) else "/"


def is_ours(request: HttpRequest) -> bool:
    """Whether a browser says that a form was sent from one of our pages. What a foreign page sends is neither shown nor offered again."""
    if request.method != "POST":
        return False
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site:
        return site == "same-origin"
    return bool(origin) and urlsplit(origin or "").netloc == request.get_host()


def _typed(request: HttpRequest) -> Typed | None:
    sent = [(name, str(value)) for name, values in request.POST.lists() for value in values if name not in NOT_SENT_AGAIN]
    hidden = {name for name, _value in sent if _is_secret(name, request.path)}
    hidden |= REPEATED if hidden else frozenset()
    kept = tuple((name, value) for name, value in sent if name not in hidden)
    secrets = tuple(name for name, value in sent if name in hidden and value)
    files = tuple(name for name, file in request.FILES.items() if file)
    if not any(value.strip() for name, value in kept if name not in UNSHOWN) or sum(len(value) for _, value in kept) > LONGEST:
        return None
    return Typed(request.get_full_path(), kept, tuple(dict.fromkeys(secrets + files)))


def _is_secret(name: str, path: str) -> bool:
    return bool(SECRET.search(name)) or (name == "code" and path.startswith(ACCOUNT))


def packed(typed: Typed | None, person: object) -> str:
    """What was typed as one word for a hidden field, which only this person brings back; "" for nothing."""
    return signing.dumps([str(person), typed.address, typed.fields, typed.left_out], salt=SALT, compress=True) if typed else ""


def unpacked(word: str, person: object) -> Typed | None:
    """What ``packed`` made within the hour, for the same person; anything else is nothing."""
    try:
        whose, address, fields, left_out = signing.loads(word, salt=SALT, max_age=KEPT_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Typed(address, tuple((name, value) for name, value in fields), tuple(left_out)) if whose == str(person) else None
