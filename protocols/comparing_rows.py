"""Which row of one session answers to which row of another, what differs between the two, and why."""

from collections import defaultdict
from collections.abc import Hashable, Iterator

from protocols.differences import Difference, only_in
from protocols.method.plans import Omission, Row, SessionPlan
from protocols.method.reasons import Reason

Pair = tuple[int, int]
# What makes a row: everything but its place in the session and its reasons.
ASPECTS = ("side", "technique", "seconds", "pressure", "tempo", "position", "avoid")


def essence(row: Row) -> tuple[Hashable, ...]:
    """A row without its place in the session and without its reasons: equal essences are the same work."""
    return (row.part, row.zone, row.family, *(getattr(row, aspect) for aspect in ASPECTS))


def matched(before: tuple[Row, ...], after: tuple[Row, ...]) -> tuple[list[Pair], list[int], list[int]]:
    """Places of the rows that answer to each other, and of those of either side that stand alone.

    Rows answer to each other when zone, side, family and part agree, the same work first; what is left may differ in its side.
    """
    pairs: list[Pair] = []
    left, right = list(range(len(before))), list(range(len(after)))
    for key in (essence, _with_technique, _by_place, _by_zone):
        found = _paired([(place, key(before[place])) for place in left], [(place, key(after[place])) for place in right])
        left = [place for place in left if place not in {old for old, _new in found}]
        right = [place for place in right if place not in {new for _old, new in found}]
        pairs += found
    return sorted(pairs), left, right


def _with_technique(row: Row) -> Hashable:
    return (*_by_place(row), row.technique)


def _by_place(row: Row) -> tuple[Hashable, ...]:
    return (*_by_zone(row), row.side)


def _by_zone(row: Row) -> tuple[Hashable, ...]:
    return (row.zone, row.family, row.part)


def _paired(before: list[tuple[int, Hashable]], after: list[tuple[int, Hashable]]) -> list[Pair]:
    """Places with the same key, one to one in their order."""
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    for place, key in reversed(after):
        waiting[key].append(place)
    return [(place, waiting[key].pop()) for place, key in before if waiting[key]]


def row_differences(before: SessionPlan, after: SessionPlan) -> Iterator[Difference[Row]]:
    """Rows that changed, went or came, each with what explains it."""
    pairs, gone, come = matched(before.rows, after.rows)
    for old, new in ((before.rows[left], after.rows[right]) for left, right in pairs):
        aspects = tuple(aspect for aspect in ASPECTS if getattr(old, aspect) != getattr(new, aspect))
        if aspects:
            yield _changed(old, new, aspects, before, after)
    for row in (before.rows[place] for place in gone):
        own, other = _explained(row, before, after)
        yield Difference("row", row.zone, row, None, own, other)
    for row in (after.rows[place] for place in come):
        own, other = _explained(row, after, before)
        yield Difference("row", row.zone, None, row, other, own)


def _changed(old: Row, new: Row, aspects: tuple[str, ...], before: SessionPlan, after: SessionPlan) -> Difference[Row]:
    left, right = only_in(old.because, new.because), only_in(new.because, old.because)
    if not left and not right:
        left, right = _of_dose(before, after), _of_dose(after, before)
    if not left and not right:
        left, right = _of_omissions(before, after), _of_omissions(after, before)
    return Difference("row", old.zone, old, new, left, right, aspects)


def _of_dose(own: SessionPlan, other: SessionPlan) -> tuple[Reason, ...]:
    return only_in(own.dose.because if own.dose else (), other.dose.because if other.dose else ())


def _of_omissions(own: SessionPlan, other: SessionPlan) -> tuple[Reason, ...]:
    return only_in((item.because for item in own.omissions), (item.because for item in other.omissions))


def _explained(row: Row, own: SessionPlan, other: SessionPlan) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """Why ``own`` has this row and ``other`` has not: reasons of ``own``, reasons of ``other``."""
    known = {item.because for item in own.omissions}
    closing = [item for item in other.omissions if item.because not in known]
    found = tuple(dict.fromkeys(item.because for item in closing if _closes(item, row) or (item.kind == "session" and not other.rows)))
    beside = [reason for near in other.rows if near.zone == row.zone for reason in near.because]
    # A row of another protocol is there because that protocol has it; both sides then speak for themselves.
    mine = only_in(row.because, [reason for near in other.rows for reason in near.because])
    theirs = found or only_in(beside, [reason for near in own.rows for reason in near.because])
    if theirs or mine:
        return mine, theirs
    return row.because, _of_omissions(other, own)


def _closes(item: Omission, row: Row) -> bool:
    """Whether an omission is about this row."""
    about = dict(item.because.about)
    at = about.get("zone", row.zone) in (row.zone, "all") and item.side in (None, "both", row.side)
    named = {"zone": row.zone, "family": row.family, "technique": row.technique, "position": row.position}
    if item.kind == "step":
        return ("row", item.code) in {pair for reason in row.because for pair in reason.about}
    return named.get(item.kind) == item.code and (at or item.kind == "zone")
