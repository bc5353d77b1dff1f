"""A zone on a side. Every exclusion, cap and step comes down to sets of these."""

from dataclasses import dataclass

from protocols.method.vocabulary import Side


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A zone of the tree (any level) on one side.

    A *leaf place* is the smallest unit that limits are kept in: a leaf zone with side ``left`` or ``right``
    when the leaf is paired, and ``both`` when it is not. ``Zones.leaf_places`` turns any place into leaf places.
    """

    zone: str
    side: Side
