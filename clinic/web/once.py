"""The token that a form carries which makes something new, so that sending it twice can be told from wanting two."""

import re
from typing import Any, Final
from uuid import uuid4

from django.http import HttpRequest

FIELD: Final = "once"
_TOKEN: Final = re.compile(r"[0-9a-f]{32}")


def token_sent(request: HttpRequest) -> str:
    """The token of the form that was sent; empty where there is none of ours."""
    sent = request.POST.get(FIELD, "")
    return sent if _TOKEN.fullmatch(sent) else ""


def token_for_page(request: Any) -> str:
    """The token for the form on this page: the one that was sent as long as it made nothing yet, else a new one."""
    spent = getattr(request, "once_is_spent", False)
    return (not spent and token_sent(request)) or uuid4().hex


def spend(request: Any) -> None:
    """The token that was sent has made something: the page shown now gets a new one."""
    request.once_is_spent = True
