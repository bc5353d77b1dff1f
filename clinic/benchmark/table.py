"""The tables of a run, as Markdown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Final

from clinic.benchmark.measuring import Figures
from clinic.benchmark.pages import Page
from clinic.benchmark.starting import Whole

HEADS: Final = (
    "page", "CPU-ms", "F", "x F", "goal", "met", "x small", "p50 ms", "p95", "requests/s", "p95 at most", "x F", "statements", "KB",
    "errors", "load",
)  # fmt: skip
OF_THE_WHOLE: Final = ("what", "unit", "product", "floor", "x F", "goal", "met")
MANY_STATEMENTS: Final = 8
FLAT: Final = 1.25


@dataclass(frozen=True, slots=True)
class Line:
    """What was found of a page: statements, by number of connections the figures of product and floor, acts that wrote nothing."""

    page: Page
    statements: int
    product: dict[int, Figures]
    floor: dict[int, Figures]
    lost: int = 0

    @property
    def errors(self) -> int:
        return max(self.lost, sum(each.errors for each in self.product.values()))


def written(lines: Sequence[Line], small: Mapping[str, float]) -> Iterator[str]:
    """One line for each page, and what of all is flat and asks little. ``small`` has the CPU-ms of pages in a smaller clinic."""
    yield from _head(HEADS)
    for line in lines:
        yield row_of(line, small)
    yield ""
    if small:
        yield from _flatness(lines, small)
    asking = [f"{line.page.name} {line.statements}" for line in lines if line.statements > MANY_STATEMENTS]
    yield f"more than {MANY_STATEMENTS} statements: {', '.join(asking) or 'none'}"


def row_of(line: Line, small: Mapping[str, float]) -> str:
    """The line of one page."""
    return _row(_cells(line, small))


def whole(found: Sequence[Whole]) -> Iterator[str]:
    """Memory, cold start, migrations."""
    yield from _head(OF_THE_WHOLE)
    for each in found:
        floor, ratio = (f"{each.floor:.1f}", f"{each.ratio:.2f}") if each.floor else ("", "")
        yield _row([each.what, each.unit, f"{each.product:.1f}", floor, ratio, f"{each.goal:g}", _met(each.ratio, each.goal)])


def _flatness(lines: Sequence[Line], small: Mapping[str, float]) -> Iterator[str]:
    ratios = {line.page.name: _first(line.product).cpu_ms / small[line.page.name] for line in lines if small.get(line.page.name)}
    steep = [f"{name} {ratio:.2f}" for name, ratio in ratios.items() if ratio > FLAT]
    mean = prod(ratios.values()) ** (1 / max(1, len(ratios)))
    yield f"against the smaller clinic {mean:.2f} x at the geometric mean; above {FLAT}: {', '.join(steep) or 'none'}"


def _head(heads: Sequence[str]) -> Iterator[str]:
    yield _row(heads)
    yield "|" + " --- |" * len(heads)


def _row(cells: Sequence[str] | Iterator[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _met(ratio: float, goal: float | None) -> str:
    return "" if goal is None else "yes" if ratio <= goal + 0.005 else "no"


def _first(figures: Mapping[int, Figures]) -> Figures:
    return figures[min(figures)]


def _cells(line: Line, small: Mapping[str, float]) -> Iterator[str]:
    mine, floor, page = _first(line.product), _first(line.floor), line.page
    many, least = line.product[max(line.product)], line.floor[max(line.floor)]
    middle = line.product[sorted(line.product)[len(line.product) // 2]]
    ratio, before = mine.cpu_ms / max(0.01, floor.cpu_ms), small.get(page.name)
    yield from (page.name, f"{mine.cpu_ms:.1f}", f"{floor.cpu_ms:.1f}", f"{ratio:.2f}")
    yield from (f"{page.goal:.1f}" if page.goal else "", _met(ratio, page.goal))
    yield f"{mine.cpu_ms / before:.2f}" if before else ""
    yield from (
        f"{mine.p50:.1f}",
        f"{mine.p95:.1f}",
        f"{middle.per_second:.0f}",
        f"{many.p95:.0f}",
        f"{many.p95 / max(0.01, least.p95):.2f}",
    )
    yield from (str(line.statements), f"{mine.bytes / 1000:.1f}", str(line.errors), f"{mine.others:.1f}")
