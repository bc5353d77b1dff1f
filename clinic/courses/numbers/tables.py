"""Tables of numbers as a page shows them and a file holds them: typed cells, shares that are not read from a handful, bars."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

FEWEST: Final = 5  # a share of fewer than this says more about chance than about the clinic


@dataclass(frozen=True, slots=True)
class Share:
    """``part`` of ``of``."""

    part: int
    of: int

    @property
    def is_few(self) -> bool:
        return 0 < self.of < FEWEST

    @property
    def percent(self) -> float | None:
        """To one decimal; None of nothing and of too few to be read."""
        return round(100 * self.part / self.of, 1) if self.of >= FEWEST else None


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of ``count`` values."""

    value: float | None
    count: int

    @property
    def is_few(self) -> bool:
        return 0 < self.count < FEWEST

    @property
    def shown(self) -> float | None:
        """To one decimal; None of nothing and of too few to be read."""
        return None if self.value is None or self.count < FEWEST else round(self.value, 1)


Cell = str | int | float | Decimal | date | Share | Mean | None


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a bar: where it begins and how long it is, of 100. ``kind`` gives its colour and pattern."""

    kind: str
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Column:
    """``kind``: "" for words, "amount" for figures, "share" for shares and means. ``note`` says more than the label can."""

    label: str
    kind: str = "amount"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """One kind of piece in words, for the legend of the bars."""

    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class DayBar:
    """One day of a strip: how high it stands, of 100, where 80 is the limit of the day."""

    at: int
    height: float
    is_over: bool

    @property
    def top(self) -> float:
        return 100 - self.height


@dataclass(frozen=True, slots=True)
class Row:
    """The first cell names it. ``pieces`` draw its bar, ``days`` its strip of days."""

    cells: tuple[Cell, ...]
    pieces: tuple[Piece, ...] = ()
    days: tuple[DayBar, ...] = ()
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """``slug`` is its name in the address of the file. ``about`` says what is counted; ``empty`` what it means that there is nothing."""

    slug: str
    title: str
    about: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    empty: str = ""
    keys: tuple[Key, ...] = ()
    length: int = 0  # days of a strip

    @property
    def has_few(self) -> bool:
        """Whether a share stands in it that is not read because it is one of too few."""
        return any(isinstance(cell, Share | Mean) and cell.is_few for row in self.rows for cell in row.cells)


def pieces_of(counts: Sequence[tuple[str, int]]) -> tuple[Piece, ...]:
    """A bar of these parts in their order, as long as all of them together; nothing without any."""
    whole, before, made = sum(count for _kind, count in counts), 0.0, list[Piece]()
    for kind, count in counts:
        if count:
            width = 100 * count / whole
            made.append(Piece(kind, round(before, 2), round(width, 2)))
            before += width
    return tuple(made)
