"""The numbers of messages as a page shows them: a table with shares, and a small chart drawn by the server."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from clinic.reminders.queries.numbers import DROPPED, FAILED, SENT, SPANS, Line, Numbers
from clinic.reminders.states import AnswerKind, Channel, DropReason, Kind

HIGH: Final = 100.0
FEWEST: Final = 5  # a share of fewer says more about chance than about the clinic


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of the bar of a day: from the top, in hundredths of the height of the chart."""

    code: str
    top: str
    height: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of the chart at its place from the left."""

    day: date
    at: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of the table. ``share`` of what was sent was answered, in percent; None where too few were sent."""

    kind: str
    channel: str
    sent: int
    dropped: int
    failed: int
    confirmed: int
    cannot_come: int
    answered: int
    share: int | None


def numbers_page(numbers: Numbers, days: int) -> dict[str, Any]:
    """What the page needs. No query."""
    total = Line("", "", sum((line.became for line in numbers.lines), Counter()), sum((line.answers for line in numbers.lines), Counter()))
    return {
        "numbers": numbers,
        "days": days,
        "spans": SPANS,
        "lines": [_shown(line) for line in numbers.lines],
        "total": _shown(total),
        "bars": bars_of(numbers.days),
        "most": max((each.total() for _day, each in numbers.days), default=0),
        "reasons": [(DropReason(code).label, count) for code, count in numbers.reasons],
    }


def bars_of(days: Sequence[tuple[date, Counter[str]]]) -> tuple[Bar, ...]:
    """The bars of these days; the highest fills the chart. What failed stands on top, where it is seen."""
    most = max((each.total() for _day, each in days), default=0)
    return tuple(Bar(day, at, _pieces(each, most)) for at, (day, each) in enumerate(days)) if most else ()


def _pieces(counts: Counter[str], most: int) -> tuple[Piece, ...]:
    made, below = list[Piece](), 0.0
    for code in (SENT, DROPPED, FAILED):
        height = HIGH * counts[code] / most
        below += height
        if height:
            made.append(Piece(code, f"{HIGH - below:.2f}", f"{height:.2f}"))
    return tuple(made)


def _shown(line: Line) -> Shown:
    sent, answered = line.became[SENT], line.answered
    return Shown(
        kind=str(Kind(line.kind).label) if line.kind else "",
        channel=str(Channel(line.channel).label) if line.channel else "",
        sent=sent,
        dropped=line.became[DROPPED],
        failed=line.became[FAILED],
        confirmed=line.answers[AnswerKind.CONFIRMED],
        cannot_come=line.answers[AnswerKind.CANNOT_COME],
        answered=answered,
        share=round(100 * min(answered / sent, 1)) if sent >= FEWEST else None,
    )
