"""Views for which somebody must have said password or passkey a moment ago, however long they are signed in already."""

from functools import wraps
from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponseBase

from clinic.staff.permissions import View

PROVED = "identity_proved"


def identity_proved_again(view: View) -> View:
    """Asks who did not prove their identity within ``ACCOUNT_REAUTHENTICATION_TIMEOUT``, and comes back here with what was sent.

    Under the decorator that declares who may open the view, so that nobody is asked in vain.
    """

    @wraps(view)
    def proved(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer: HttpResponseBase = reauthentication_required(view)(request, *args, **kwargs)
        return answer

    setattr(proved, PROVED, True)  # read by the access matrix
    return cast("View", proved)
