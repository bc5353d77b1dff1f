"""A step that a page offers and that may be refused by now: what came of it is said on the page to which one goes back."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest

from clinic.staff.permissions import ActionDenied


def take_step(request: HttpRequest, step: Callable[[], object], done: str, *, unless: type[ActionDenied] = ActionDenied) -> None:
    """Takes the step and leaves a message: ``done``, or why it was refused by ``unless``, mostly because somebody was faster.

    Raises whatever else the step raises.
    """
    try:
        step()
    except unless as refused:
        messages.warning(request, refused.sentence)
    else:
        messages.success(request, done)
