"""What a page needs so that somebody can sign on it, and how the signer was recognised when the form comes back."""

import json
import time
from typing import Any, Final
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.signing.content import Content, digest
from clinic.signing.intents import Proof, make_intent, nonce_of, session_digest
from clinic.signing.models import Meaning, Method
from clinic.signing.passkeys import challenge, encoded, options_for
from clinic.signing.permissions import SIGNERS
from clinic.signing.queries import grouped
from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied
from clinic.staff.queries import licence_of, printed_name_of
from clinic.staff.requests import StaffRequest

ANSWER: Final = "passkey"  # the form's field with the browser's answer
OF_MFA: Final = {"totp": Method.TOTP, "recovery_codes": Method.RECOVERY_CODE, "webauthn": Method.SECURITY_KEY}
SIGNED_AT_A_PAGE: Final = (Meaning.APPROVED, Meaning.REFUSED, Meaning.REVOKED)


class NotRecent(ActionDenied):
    """The signer did not enter the password again a moment ago; ``reauthenticate`` leads there."""


def open_ceremony(request: StaffRequest, content: Content) -> dict[str, Any]:
    """Everything that ``signing/_document.html`` and ``signing/_sign.html`` show for this document and this person."""
    intent = make_intent(content, request)
    return {
        "sections": content.sections,
        "digest": digest(content),
        "short_digest": grouped(digest(content)),
        "version": content.version,
        "intent": intent,
        "is_recent": entered_again(request) is not None,
        "reauthenticate_url": reauthenticate_url(request.get_full_path()),
        "passkey": _passkey_options(request, content, nonce_of(intent)),
        "name": printed_name_of(request.user, request.clinic),
        "role": str(Role(SIGNERS[0]).label),
        "licence": licence_of(request.user, request.clinic),
    }


def proof_from(request: HttpRequest) -> Proof:
    """How the signer of this form was recognised: a passkey over the document, else a password or code that was entered again.

    Raises ``NotRecent`` when neither is there.
    """
    if answer := request.POST.get(ANSWER, ""):
        return Proof(Method.PASSKEY, session_digest(request), _answer(answer))
    method = entered_again(request)
    if method is None:
        raise NotRecent(_("Enter your password again before you sign."))
    return Proof(method, session_digest(request))


def meaning_sent(request: HttpRequest) -> str:
    """What the form says about the document. Silence and anything unknown are no approval: the caller must know the meaning."""
    return request.POST.get("meaning", "")


def foreign_form() -> str:
    """What is told to a form that says nothing which its page offers."""
    return _("This form was not made by this page. Open it again and then sign.")


def entered_again(request: HttpRequest) -> str | None:
    """How this person proved once more who it is within the last quarter of an hour, or ``None``.

    Signing in is not enough: somebody else may sit at the desk by now.
    """
    records = [each for each in get_authentication_records(request, request.user) if each.get("reauthenticated")]
    if not records or time.time() - float(records[-1]["at"]) >= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
        return None
    found = records[-1]
    return Method.PASSWORD if found["method"] == "password" else OF_MFA.get(str(found.get("type")))


def reauthenticate(address: str) -> HttpResponseRedirect:
    """Sends somebody to enter the password again, and then back to this address of ours."""
    return HttpResponseRedirect(reauthenticate_url(address))


def reauthenticate_url(address: str) -> str:
    return f"{reverse('account_reauthenticate')}?{urlencode({'next': address})}"


def _passkey_options(request: StaffRequest, content: Content, nonce: str) -> str | None:
    options = options_for(request.user, request.get_host())
    if options is None:
        return None
    challenges = {str(meaning): encoded(challenge(digest(content), meaning, nonce)) for meaning in SIGNED_AT_A_PAGE}
    return json.dumps({**options, "challenges": challenges})


def _answer(text: str) -> dict[str, Any]:
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise ActionDenied(_("The passkey was not accepted. Try again, or enter your password to sign.")) from wrong
    if not isinstance(answer, dict):
        raise ActionDenied(_("The passkey was not accepted. Try again, or enter your password to sign."))
    return answer
