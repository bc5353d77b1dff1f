"""Sets of cells of a day as whole numbers: bit ``c`` stands for cell ``c``."""

from functools import lru_cache

from clinic.schedule.proposing.values import CELLS


def starts(free: int, length: int) -> int:
    """The cells from which ``length`` cells in a row are in ``free``."""
    covered = 1
    while covered < length:
        further = min(covered, length - covered)
        free &= free >> further
        covered += further
    return free


def span(first: int, end: int) -> int:
    """The cells from ``first`` up to, not including, ``end``."""
    first = max(first, 0)
    return (1 << end) - (1 << first) if end > first else 0


@lru_cache(maxsize=512)
def window(earliest: int, latest: int, cells: int, step: int) -> int:
    """The first cells of a session of ``cells`` on a grid of ``step``, at or after ``earliest`` and over by ``latest``."""
    return sum(1 << cell for cell in range(0, CELLS, max(step, 1))) & span(earliest, min(latest, CELLS) - cells + 1)


def nearest(mask: int, cell: int | None) -> int:
    """The cell of ``mask`` (not empty) next to ``cell``, the earlier one of two; the first one where no cell is wished."""
    above = mask >> cell if cell else mask
    later = (above & -above).bit_length() - 1 + (cell or 0) if above else CELLS * 3
    if not cell:
        return later
    earlier = (mask & ((1 << cell) - 1)).bit_length() - 1
    return earlier if earlier >= 0 and cell - earlier <= later - cell else later


def cells_of(mask: int) -> list[int]:
    """The cells of ``mask`` in order."""
    found = []
    while mask:
        lowest = mask & -mask
        found.append(lowest.bit_length() - 1)
        mask ^= lowest
    return found


def apart_from(marked: int, cells: int, rest: int) -> int:
    """The cells from which a session of ``cells`` keeps ``rest`` cells to everything in ``marked``, before and after it."""
    return starts(~(marked << rest) & ((1 << (CELLS + 2 * rest + cells)) - 1), cells + 2 * rest)
