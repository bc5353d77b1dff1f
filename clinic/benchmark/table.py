"""The table of a run, as Markdown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clinic.benchmark.measuring import Figures
from clinic.benchmark.pages import Page

HEADS = (
    "page", "CPU-ms", "of floor", "x F", "goal", "p50 ms", "p95", "requests/s", "p95, 32", "p95 x F", "statements", "KB", "errors", "load",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """What was found of a page: statements, and by number of connections the figures of product and floor."""

    page: Page
    statements: int
    product: dict[int, Figures]
    floor: dict[int, Figures]


def written(lines: Sequence[Line], *, memory: Mapping[str, float], cold: Mapping[str, float]) -> Iterator[str]:
    """One line for each page, and what the servers took."""
    yield "| " + " | ".join(HEADS) + " |"
    yield "|" + " --- |" * len(HEADS)
    for line in lines:
        yield "| " + " | ".join(_cells(line)) + " |"
    yield ""
    for what, found, unit in (("memory", memory, "MiB"), ("cold start", cold, "s")):
        yield f"{what}: {found['product']:.1f} {unit}, floor {found['floor']:.1f} {unit}: {found['product'] / found['floor']:.2f} F"


def _cells(line: Line) -> Iterator[str]:
    first, last = min(line.product), max(line.product)
    mine, floor = line.product[first], line.floor.get(first)
    many, least = line.product[last], line.floor.get(last)
    yield line.page.name
    yield f"{mine.cpu_ms:.1f}"
    yield f"{floor.cpu_ms:.1f}" if floor else ""
    yield f"{mine.cpu_ms / floor.cpu_ms:.2f}" if floor else ""
    yield f"{line.page.goal:.1f}" if line.page.goal else ""
    yield f"{mine.p50:.1f}"
    yield f"{mine.p95:.1f}"
    yield f"{line.product[sorted(line.product)[len(line.product) // 2]].per_second:.0f}"
    yield f"{many.p95:.0f}"
    yield f"{many.p95 / least.p95:.2f}" if least else ""
    yield str(line.statements)
    yield f"{mine.bytes / 1000:.1f}"
    yield str(sum(each.errors for each in line.product.values()))
    yield f"{mine.others:.1f}"
