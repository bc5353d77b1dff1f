"""Whether one library allows more than another, value by value. Pure.

Every value that bears on safety is compared (``strict_*``); the few that do not are named with the reason, and a test walks the
fields of every entry so that none is forgotten. Where it cannot be told whether something is stricter, it counts as loosened.
"""

from collections.abc import Callable, Iterator
from typing import Final

from protocols.method.library import Library
from protocols.variants.strict_course import course_loosened
from protocols.variants.strict_rules import rules_loosened
from protocols.variants.strict_stages import conditions_loosened
from protocols.variants.strict_tables import tables_loosened
from protocols.variants.strict_values import Loosening

__all__ = ["Loosening", "loosened", "tightened"]


def loosened(shipped: Library, own: Library) -> tuple[Loosening, ...]:
    """Everything that ``own`` allows more of than ``shipped``, in the order of the files; nothing for a library that is as strict."""
    if shipped is own or shipped.digest == own.digest:
        return ()
    return tuple(_loosened(shipped, own))


def tightened(before: Library, after: Library) -> tuple[Loosening, ...]:
    """Everything that ``after`` forbids and ``before`` allowed: the same comparison the other way round.

    ``before`` and ``after`` of each are the values in that order of time.
    """
    found = loosened(after, before)
    return tuple(Loosening(each.address, each.code, each.after, each.before) for each in found)


def _loosened(shipped: Library, own: Library) -> Iterator[Loosening]:
    for compare in BY_FUNCTION:
        yield from compare(shipped, own)


BY_FUNCTION: Final[tuple[Callable[[Library, Library], Iterator[Loosening]], ...]] = (
    conditions_loosened,
    rules_loosened,
    course_loosened,
    tables_loosened,
)
