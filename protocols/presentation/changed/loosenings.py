"""What is allowed more, or less, than in another edition, in words."""

from typing import Any, Protocol

from protocols.method.names import Names
from protocols.presentation.changed.entries import heading_of
from protocols.presentation.changed.labels import label_of
from protocols.presentation.changed.values import Said
from protocols.presentation.words import upper_first


class Compared(Protocol):
    """One value that differs: where, which kind of value, and what it was and is."""

    @property
    def address(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def before(self) -> Any: ...
    @property
    def after(self) -> Any: ...


def loosening_words(found: Compared, *names: Names) -> str:
    """One value that is stricter or looser than it was, as a line."""
    said, key = Said(*names), found.code.replace("-", "_")
    was, now = said.value(key, found.before), said.value(key, found.after)
    return f"{heading_of(found.address, *names)} – {upper_first(label_of(key))}: {was} → {now}"
