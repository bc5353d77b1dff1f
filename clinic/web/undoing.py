"""Undo in the place of "are you sure": what was done says so, with the button that takes it back."""

from typing import Final

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

_MARK: Final = "undo:"


def done_with_undo(request: HttpRequest, sentence: str, address: str) -> None:
    """Says on the next page what was done; its button sends an empty form to ``address``, a path of ours that takes it back."""
    messages.success(request, sentence, extra_tags=_MARK + address)


def undo_address(message: Message) -> str:
    """Where the button of a message leads; empty for one without."""
    said = message.extra_tags or ""
    return said.removeprefix(_MARK) if said.startswith(_MARK) else ""
