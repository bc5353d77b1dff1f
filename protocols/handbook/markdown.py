"""The few bits of Markdown that the page needs."""

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; an empty one is a line that says so."""
    lines = [f"| {' | '.join(cell(item) for item in row)} |" for row in rows]
    if not lines:
        return "None."
    return "\n".join((f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}", *lines))


def cell(value: object) -> str:
    """One cell: no line break and no bar."""
    return " ".join(str(value).split()).replace("|", "/")


def listed(words: Iterable[str]) -> str:
    """Codes or words in a row; a dash for none."""
    return ", ".join(words) or "-"


def page_of(*blocks: str) -> str:
    """Blocks with an empty line between them and one line end after the last."""
    return "\n\n".join(block for block in blocks if block) + "\n"
