"""Whether every look that was sealed is still there, as it was, and none was put between them."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import chain
from typing import Final

from clinic.audit.chain import BrokenLine
from clinic.audit.models import SEALED_LOOKS, AuditLine, ReadLine
from clinic.audit.sealing import Run, Seal, united

LOOKS_AT_ONCE: Final = 20_000
Batch = list[tuple[int, Seal]]


def first_broken_seal(*, floor: int) -> BrokenLine | None:
    """The first seal that its looks do not fit, else the first look up to the number ``floor`` that no seal covers.

    Trusts the lines of the chain: check these first.
    """
    covered: tuple[Run, ...] = ()
    last = 0
    for batch in _batches():
        looks = _looks_of(batch)
        for sequence, seal in batch:
            if fault := seal.fault(looks):
                return BrokenLine(sequence, f"{fault}, which line {sequence} sealed")
        covered = united(chain(covered, *(seal.runs for _sequence, seal in batch)))
        last = batch[-1][0]
    return _first_uncovered(covered, floor, last)


def sealed_counts() -> tuple[int, int]:
    """How many looks are sealed, and in how many seals."""
    seals = [seal.count for batch in _batches() for _sequence, seal in batch]
    return sum(seals), len(seals)


def _batches() -> Iterator[Batch]:
    """The seals from the first to the last with the numbers of their lines, some thousand looks at a time."""
    batch: Batch = []
    looks = 0
    lines = AuditLine.objects.filter(verb=SEALED_LOOKS).order_by("sequence").values_list("sequence", "details")
    for sequence, details in lines.iterator():
        batch.append((sequence, Seal.from_details(details)))
        looks += details["count"]
        if looks >= LOOKS_AT_ONCE:
            yield batch
            batch, looks = [], 0
    if batch:
        yield batch


def _looks_of(batch: Batch) -> dict[int, ReadLine]:
    numbers = min(seal.first for _sequence, seal in batch), max(seal.last for _sequence, seal in batch)
    return {look.pk: look for look in ReadLine.objects.filter(pk__range=numbers).order_by()}


def _first_uncovered(covered: tuple[Run, ...], floor: int, sequence: int) -> BrokenLine | None:
    starts = [first for first, _last in covered]
    for number in ReadLine.objects.filter(pk__lte=floor).order_by("pk").values_list("pk", flat=True).iterator():
        place = bisect_right(starts, number) - 1
        if place < 0 or covered[place][1] < number:
            return BrokenLine(sequence, f"look {number} was put in after those beside it had been sealed")
    return None
