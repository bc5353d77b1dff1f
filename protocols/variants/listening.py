"""What else happens when an edition is published. Whoever has to act says so here; each acts inside the transaction of the publication."""

from collections.abc import Callable
from typing import Final

from protocols.models import Publication

Listener = Callable[[Publication], None]
_LISTENERS: Final[list[Listener]] = []


def when_published(listener: Listener) -> None:
    """From now on this is called with every publication, once. For ``ready`` of an app."""
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)


def tell_published(publication: Publication) -> None:
    """Calls every listener in the order in which they came. What one of them raises undoes the publication."""
    for listener in tuple(_LISTENERS):
        listener(publication)
