"""The lines that cannot be taken over as a file, to be put right and read again. A spreadsheet takes none of its cells for a formula."""

import csv
import io
from collections.abc import Iterable

from django.utils.translation import gettext as _

from clinic.exchange.importing.checked import Columns, Row
from clinic.exchange.importing.columns import FIELDS, WHOLE_NAMES
from clinic.exchange.importing.reading import safe_cell
from clinic.exchange.importing.rows import SAMPLE_EMAIL


def wrong_lines(rows: Iterable[Row], columns: Columns) -> bytes:
    """CSV with the headings of the file, the line and what is wrong with it. UTF-8 with the mark that spreadsheets look for."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=columns.separator if columns.separator != "\t" else ";")
    writer.writerow([*map(safe_cell, columns.headings), _("Line"), _("What is wrong")])
    for row in rows:
        if row.wrong:
            cells = [*row.cells, *[""] * (len(columns.headings) - len(row.cells))]
            writer.writerow([*map(safe_cell, cells[: len(columns.headings)]), row.number, safe_cell(in_words(row, columns))])
    return out.getvalue().encode("utf-8-sig")


def in_words(row: Row, columns: Columns) -> str:
    """Everything that is wrong with a line, each after the heading of its column."""
    headings = dict(zip(columns.fields, columns.headings, strict=True))
    named = ((headings.get(name) or str(FIELDS.get(name, "")), sentence) for name, sentence in row.wrong.items())
    return " ".join(f"{name}: {sentence}" if name else sentence for name, sentence in named)


def empty_list() -> bytes:
    """A list with the headings that are known, and one patient to show how cells are written."""
    headings = [name for name in FIELDS if name not in WHOLE_NAMES]
    sample = {"family_name": _("Sample"), "given_name": _("Anna"), "born_on": "1980-05-17", "sex": _("female"), "language": "en"}
    sample |= {"phone": "+49 30 1234567", "email": SAMPLE_EMAIL}
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow([str(FIELDS[name]) for name in headings])
    writer.writerow([sample.get(name, "") for name in headings])
    return out.getvalue().encode("utf-8-sig")
