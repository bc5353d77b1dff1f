"""What is only done more gently, because of what earlier sessions told. Less pressure often means another technique of the family.

Neither a doctor nor the patient is asked again for that, as long as it stays within what was signed or given there: the same family on
every place of the row, at no more pressure, and the place for no longer. A technique that a referral, a finding, the stage or the patient
bars is never chosen, whoever asks for less. Percussion is never gentler.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from protocols.method.places import Place
from protocols.method.plans import Row, SessionPlan
from protocols.method.tree import ZoneTree

# Reasons of records for which a row is worked with less.
ASK_FOR_LESS: Final = frozenset({"marked-zone", "low-comfort", "next-day-pain", "decided-less"})


def is_gentler(row: Row) -> bool:
    """Whether earlier sessions ask for less in this row."""
    return row.family != "percussion" and any(reason.code in ASK_FOR_LESS for reason in row.because)


def gentler_techniques(plan: SessionPlan, covering: Iterable[SessionPlan], tree: ZoneTree) -> frozenset[str]:
    """The techniques that stand in this session only in rows that are gentler, each of them within one of the covering sessions."""
    known = tuple(covering)
    wider = {row.technique for row in plan.rows if not (is_gentler(row) and any(_is_within(row, plan, each, tree) for each in known))}
    return frozenset(row.technique for row in plan.rows) - wider


def _is_within(row: Row, plan: SessionPlan, covering: SessionPlan, tree: ZoneTree) -> bool:
    """Whether the covering session works every leaf place of the row with its family, at least as strong, and the place as long."""
    there = tuple(_rows_on(covering, tree))
    now = tuple(_rows_on(plan, tree))
    return all(
        any(leaf in places and each.family == row.family and each.pressure >= row.pressure for each, places in there)
        and _seconds(now, leaf) <= _seconds(there, leaf)
        for leaf in _leaves(row, tree)
    )


def _seconds(rows: Iterable[tuple[Row, frozenset[Place]]], leaf: Place) -> int:
    return sum(row.seconds for row, places in rows if leaf in places)


def _rows_on(plan: SessionPlan, tree: ZoneTree) -> Iterator[tuple[Row, frozenset[Place]]]:
    yield from ((row, _leaves(row, tree)) for row in plan.rows)


def _leaves(row: Row, tree: ZoneTree) -> frozenset[Place]:
    """The leaf places that a row works. Of a row that names a zone of another tree nobody knows them: it covers nothing but itself."""
    place = Place(row.zone, row.side)
    if not {row.zone, *(avoided.zone for avoided in row.avoid)}.issubset(tree.zones):
        return frozenset({place})
    return tree.leaf_places(place).difference(*(tree.leaf_places(avoided) for avoided in row.avoid))
