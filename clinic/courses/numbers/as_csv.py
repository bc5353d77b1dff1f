"""A table of numbers as a file for a spreadsheet: comma-separated (RFC 4180), in UTF-8 with its mark, days as ISO 8601."""

import csv
import io
from datetime import date
from typing import Final

from clinic.courses.numbers.tables import Cell, Mean, Share, Table

MARK: Final = "\ufeff"  # without it a spreadsheet reads Cyrillic as noise
# What a spreadsheet would calculate instead of showing it: a name may begin with anything.
BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_csv(table: Table) -> str:
    """The columns and rows of a table. A share that is one of too few is left empty; the counts beside it stand."""
    out = io.StringIO()
    out.write(MARK)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_text(column.label) for column in table.columns])
    writer.writerows([_written(cell) for cell in row.cells] for row in table.rows)
    return out.getvalue()


def _written(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, Share):
        return "" if cell.percent is None else cell.percent
    if isinstance(cell, Mean):
        return "" if cell.shown is None else cell.shown
    if isinstance(cell, date):
        return cell.isoformat()
    return _text(cell) if isinstance(cell, str) else _number(cell)


def _number(cell: object) -> str:
    return f"{cell}"


def _text(text: str) -> str:
    """Words that no spreadsheet calculates; where a comma is written in numbers, it parts columns at semicolons."""
    return ";".join(f"'{part}" if part.startswith(BEGINS_A_FORMULA) else part for part in text.split(";"))
