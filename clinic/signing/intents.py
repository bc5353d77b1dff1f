"""A signing intent: this person, in this browser, was shown exactly this document a moment ago. Good for one signature."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any, Final

from django.core import signing
from django.http import HttpRequest
from django.utils.translation import gettext as _

from clinic.signing.content import Content, digest
from clinic.staff.models import User
from clinic.staff.permissions import ActionDenied

LASTS: Final = 600  # seconds
SALT: Final = "clinic.signing.intent"


@dataclass(frozen=True)
class Proof:
    """How the signer was recognised. ``passkey`` is the browser's answer (WebAuthn), ``None`` where a password or code was entered."""

    method: str
    session_digest: str
    passkey: dict[str, Any] | None = None


@dataclass(frozen=True)
class Intent:
    """What an intent holds once its own signature, its age, its owner and its browser were checked."""

    content_digest: str
    nonce: str


def make_intent(content: Content, request: HttpRequest) -> str:
    """An intent for the signed-in person of this request to sign what the page shows now."""
    held = {"content": digest(content), "user": request.user.pk, "session": session_digest(request), "nonce": secrets.token_hex(16)}
    return signing.dumps(held, salt=SALT)


def read_intent(token: str, *, user: User, session: str) -> Intent:
    """The intent in this token. Raises ``ActionDenied`` when it is too old, not ours, or was made for somebody or some browser else."""
    try:
        held = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.SignatureExpired as late:
        raise ActionDenied(_("This page has been open for more than ten minutes. Open it again, read it and then sign.")) from late
    except signing.BadSignature as foreign:
        raise ActionDenied(_("This form was not made by this page. Open it again and then sign.")) from foreign
    if (held["user"], held["session"]) != (user.pk, session):
        raise ActionDenied(_("This page was opened by somebody else or in another browser. Open it again and then sign."))
    return Intent(held["content"], held["nonce"])


def nonce_of(token: str) -> str:
    """The number of an intent that was made a moment ago, for the page that offers it."""
    return str(signing.loads(token, salt=SALT)["nonce"])


def session_digest(request: HttpRequest) -> str:
    """A name for this browser's session that is no key to it."""
    if not request.session.session_key:
        request.session.save()
    return hashlib.sha256(f"{SALT}:{request.session.session_key}".encode()).hexdigest()
