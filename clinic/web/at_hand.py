"""What a page that only shows reads about one thing once, however many of its parts need it."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from django.db.models import Model

Answer = TypeVar("Answer")
_KNOWN: Final = "_at_hand"


def at_hand(thing: Model, ask: Callable[..., Answer], *told: Any) -> Answer:
    """What ``ask`` answers about the thing (``ask(thing, *told)``), asked once for this object. What is written meanwhile is not seen."""
    known: dict[Any, Any] = thing.__dict__.setdefault(_KNOWN, {})
    if (ask, told) not in known:
        known[ask, told] = ask(thing, *told)
    answer: Answer = known[ask, told]
    return answer
