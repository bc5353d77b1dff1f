"""A file of lines and columns, whatever program wrote it: bytes in, headings and lines out, or a sentence that says why not. Pure."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from clinic.exchange.importing.days import is_written_as_day

MOST_BYTES: Final = 2_000_000
MOST_ROWS: Final = 5_000
MOST_COLUMNS: Final = 60
LONGEST_CELL: Final = 10_000
SEPARATORS: Final = (";", ",", "\t")
# How a file begins that is no text: it was saved by the right program in the wrong way.
NO_TEXT: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")
UNREADABLE: Final = "\ufffd"
SAID: Final = re.compile(r'"?sep=([;,\t])"?', re.IGNORECASE)  # a line before the headings that programs write for Excel
QUOTED: Final = re.compile(r'"(?:[^"]|"")*"?')
FORMULA: Final = tuple("=+-@\t\r")
END: Final = "\x1e\x1f\x1e"  # a line of our own behind the last one: a quote that is still open there has swallowed it


class NotAList(Exception):
    """Nothing of the file can be used; ``sentence`` tells why, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: the number of the line in the file at which it begins, and its cells."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A file as it was read. ``encoding`` and ``separator`` are what was found out, to be said."""

    headings: tuple[str, ...]
    lines: tuple[Line, ...]
    encoding: str
    separator: str


def read_list(data: bytes) -> Listed:
    """The headings and lines of a file. Raises ``NotAList`` for what is none, is too large, or has no lines."""
    _check_size(data)
    text, encoding = decoded(data)
    separator = separator_of(text)
    rows = [row for row in _rows(text, separator) if any(row.cells)][1 if _said_separator(text) else 0 :]
    if not rows:
        raise NotAList(_("The file is empty."))
    headings, lines = rows[0].cells, tuple(rows[1:])
    if not lines:
        raise NotAList(_("The file holds headings and no patients."))
    if any(is_written_as_day(cell) for cell in headings):
        raise NotAList(
            _("The first line holds a date, so it is somebody and no headings. Write headings above it: else that person is lost.")
        )
    if len(lines) > MOST_ROWS:
        raise NotAList(_("The file holds more than %(most)s lines. Take it over in parts.") % {"most": MOST_ROWS})
    if len(headings) > MOST_COLUMNS:
        raise NotAList(_("The file has more than %(most)s columns.") % {"most": MOST_COLUMNS})
    return Listed(headings, lines, encoding, separator)


def _check_size(data: bytes) -> None:
    if not data.strip():
        raise NotAList(_("The file is empty."))
    if len(data) > MOST_BYTES:
        raise NotAList(_("The file is larger than 2 MB. Take the list over in parts."))
    if data.startswith(NO_TEXT):
        raise NotAList(_("This is a spreadsheet or a document, not CSV. Open it there and save it as CSV (UTF-8)."))


# Letters ----------------------------------------------------------------------------------------------------------------------
def decoded(data: bytes) -> tuple[str, str]:
    """The text of a file and the name of its encoding. Raises ``NotAList`` where no encoding fits."""
    for mark, name in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return _text(data, name), "UTF-8" if name == "utf-8-sig" else "UTF-16"
    if wide := _wide(data):
        return _text(data, wide), "UTF-16"
    try:
        return _clean(data.decode()), "UTF-8"
    except UnicodeDecodeError:
        name = "cp1251" if _looks_cyrillic(data) else "cp1252"
        return _text(data, name), "Windows-1251" if name == "cp1251" else "Windows-1252"


def _text(data: bytes, name: str) -> str:
    try:
        return _clean(data.decode(name))
    except UnicodeDecodeError:
        raise NotAList(_("The letters of this file cannot be read. Save it as CSV (UTF-8).")) from None


def _clean(text: str) -> str:
    """A character that nobody can read is shown as one, so that its cell is found wrong and not silently changed."""
    return text.removeprefix("\ufeff").replace("\x00", UNREADABLE)


def _wide(data: bytes) -> str:
    """UTF-16 without its mark: read so, the file has ends of lines, and read as anything else it has bytes that no text has."""
    if b"\x00" not in data or len(data) % 2:
        return ""
    for name in ("utf-16-le", "utf-16-be"):
        text = data.decode(name, "replace")
        if "\n" in text and "\x00" not in text:
            return name
    return ""


def _looks_cyrillic(data: bytes) -> bool:
    """Russian words are high bytes beside each other; western ones have single high bytes among plain letters."""
    high, plain = re.compile(rb"[\x80-\xff]{2}"), re.compile(rb"[A-Za-z][\xc0-\xff]|[\xc0-\xff][A-Za-z]")
    return len(high.findall(data)) > len(plain.findall(data))


# Cells ------------------------------------------------------------------------------------------------------------------------
def separator_of(text: str) -> str:
    """What the first line says stands between the cells; else the most frequent of semicolon, comma and tab in it outside of quotes."""
    bare = QUOTED.sub("", _first(text))
    return _said_separator(text) or max(SEPARATORS, key=bare.count)


def _first(text: str) -> str:
    return next((line for line in text.splitlines() if line.strip()), "")


def _said_separator(text: str) -> str:
    found = SAID.fullmatch(_first(text))
    return found[1] if found else ""


def _rows(text: str, separator: str) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(f"{text}\n{END}", newline=""), delimiter=separator)
    before = 0
    try:
        for row in reader:
            if row == [END]:
                return
            _check_quotes(row)
            yield Line(before + 1, tuple(cell_of(cell) for cell in row))
            before = reader.line_num
    except csv.Error:
        raise NotAList(
            _("Line %(number)s cannot be read as CSV: a cell is too long or a quote is open.") % {"number": before + 1}
        ) from None


def _check_quotes(row: list[str]) -> None:
    if row and row[-1].endswith(END):
        raise csv.Error


def cell_of(text: str) -> str:
    """A cell without blanks at its ends, and without the mark that keeps a spreadsheet from taking it for a formula.

    More than any field holds is cut: the cell is wrong anyway, and the page stays readable.
    """
    bare = text.strip()
    return (bare[1:] if bare.startswith("'") and bare[1:].startswith(FORMULA) else bare)[:LONGEST_CELL]


def safe_cell(text: str) -> str:
    """A cell for a file that people open in a spreadsheet: what would be taken for a formula is marked as text."""
    return f"'{text}" if text.startswith(FORMULA) else text
