"""The reason of a refusal or a revocation: it waits in the session while whoever wrote it enters the password again."""

from typing import Final

from django.http import HttpRequest

FIELD: Final = "note"
WAITING: Final = "reason-before-password"


def keep_reason(request: HttpRequest) -> None:
    """Keeps what was typed into this page's form until the page is opened again in this browser."""
    request.session[WAITING] = {"page": request.path, "reason": request.POST.get(FIELD, "")}


def typed_reason(request: HttpRequest) -> str:
    """What was typed at this page: in the form that came, or before the password was entered, which is told once. "" for nothing."""
    if request.method == "POST":
        return request.POST.get(FIELD, "")
    if request.session.get(WAITING, {}).get("page") != request.path:
        return ""
    return str(request.session.pop(WAITING)["reason"])
