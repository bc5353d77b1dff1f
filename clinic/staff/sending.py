"""A form that makes something new is obeyed once: a double click, a reload or a retry leads to what it made the first time."""

import hashlib
import json
from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.staff.models import SentForm
from clinic.staff.permissions import ActionDenied
from clinic.staff.requests import StaffRequest
from clinic.web.once import FIELD, spend, token_sent

NOT_THE_PERSON_S = frozenset({FIELD, "csrfmiddlewaretoken"})


class SentDifferently(ActionDenied):
    """The same form came a second time, with other words in it."""


def made_before(request: StaffRequest) -> str:
    """The address of what this very form made already, or empty. Asked first: its own record must not look like a namesake."""
    token = token_sent(request)
    found = SentForm.objects.filter(user=request.user, token=token, digest=digest_of(request)).first() if token else None
    return found.address if found else ""


@transaction.atomic
def once(request: StaffRequest, make: Callable[[], str]) -> str:
    """Calls ``make`` for the first of equal forms and answers the address that it gave; later ones get the same address.

    Whatever ``make`` raises leaves nothing behind, so that the form can be mended and sent again. Raises ``SentDifferently``
    for a form that came before with other words. A form without a token is obeyed each time.
    """
    token = token_sent(request)
    if not token:
        return make()
    digest = digest_of(request)
    # The second of two at the same moment waits here for the first: the database keeps a token once.
    sent, is_first = SentForm.objects.get_or_create(user=request.user, token=token, defaults={"digest": digest})
    if is_first:
        sent.address = make()
        sent.save(update_fields=["address"])
    elif sent.digest != digest:
        spend(request)
        raise SentDifferently(
            _("This form has been sent already, with other words in it, and what it made is kept. Send it again only to make a second one.")
        )
    return sent.address


def digest_of(request: StaffRequest) -> str:
    """SHA-256 (hex) of everything that the person sent, and where to."""
    words = sorted((name, values) for name, values in request.POST.lists() if name not in NOT_THE_PERSON_S)
    return hashlib.sha256(json.dumps([request.path, words]).encode("ascii")).hexdigest()
