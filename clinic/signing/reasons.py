"""What a doctor typed beside a document: it waits in the session while the doctor enters the password again."""

from typing import Final

from django.http import HttpRequest

NOTE: Final = "note"  # why something is refused or revoked
QUESTION: Final = "question"  # what is asked back
WAITING: Final = "reason-before-password"


def keep_reason(request: HttpRequest) -> None:
    """Keeps what was typed into this page's form until the page is opened again in this browser."""
    request.session[WAITING] = {"page": request.path, **{name: request.POST.get(name, "") for name in (NOTE, QUESTION)}}


def typed_words(request: HttpRequest) -> dict[str, str]:
    """What was typed at this page, "" for nothing: the reason (``note``) and the question with which it is ``returned``.

    They stand in the form that came, or were typed before the password was entered, which is told once.
    """
    found = request.POST if request.method == "POST" else _kept(request)
    return {"note": str(found.get(NOTE, "")), "returned": str(found.get(QUESTION, ""))}


def typed_reason(request: HttpRequest) -> str:
    """The reason alone, for a page on which nothing is asked back."""
    return typed_words(request)["note"]


def _kept(request: HttpRequest) -> dict[str, str]:
    if request.session.get(WAITING, {}).get("page") != request.path:
        return {}
    kept: dict[str, str] = request.session.pop(WAITING)
    return kept
