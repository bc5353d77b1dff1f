"""A list of patients as its page shows it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.exchange.importing.checked import KINDS, Columns, Row, left_out
from clinic.exchange.importing.columns import FIELDS, LEFT_OUT, half_read
from clinic.exchange.importing.days import ASK
from clinic.exchange.importing.queries import ROWS_A_PAGE, patients_named
from clinic.exchange.importing.rows import WHOLE, shortened
from clinic.exchange.models import PatientImport
from patients.models import Patient


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a line: the name of its field, its text, and what is wrong with it."""

    label: str
    text: str
    wrong: str


@dataclass(frozen=True, slots=True)
class RowLine:
    """One line of the list. ``others`` are sentences of what is wrong that belong to no cell of the file."""

    number: int
    kind: str
    cells: tuple[Cell, ...]
    others: tuple[str, ...]
    alike: tuple[Patient, ...]
    twin: int
    is_taken: bool


@dataclass(frozen=True, slots=True)
class ListPage:
    """The counts of a list, its lines of one kind, and how its columns are read."""

    columns: Columns
    counts: Mapping[str, int]
    taken: int
    labels: tuple[str, ...]
    lines: tuple[RowLine, ...]
    page: Page[Row]
    kind: str
    tabs: tuple[dict[str, Any], ...]
    missing: tuple[str, ...]
    left_out: tuple[str, ...]
    half_read: tuple[str, ...]

    @property
    def is_order_asked(self) -> bool:
        """Whether nobody has said which number of a date is the month, and the file does not tell."""
        return self.columns.order == ASK and "born_on" in self.columns.fields

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def query(self) -> str:
        """The beginning of the address of another page of the same lines."""
        return urlencode({"kind": self.kind}) + "&"

    @property
    def separator(self) -> str:
        """What stands between the cells, in words."""
        words = {";": _("semicolons"), ",": _("commas"), "\t": _("tabs")}
        return words.get(self.columns.separator, self.columns.separator)


def list_page(source: PatientImport, rows: Sequence[Row], columns: Columns, *, kind: str, number: str) -> ListPage:
    """One page of the lines of a kind. Without a kind, the first that needs a person: what is wrong, then who may be known."""
    counts: dict[str, int] = {each: sum(row.kind == each for row in rows) for each in KINDS}
    asked = kind if kind in KINDS else next((each for each in ("wrong", "alike") if counts[each]), "fine")
    page = Paginator([row for row in rows if row.kind == asked], ROWS_A_PAGE).get_page(number)
    alike = patients_named(source.clinic, (pk for row in page.object_list for pk in row.alike))
    places = [place for place, field in enumerate(columns.fields) if field != LEFT_OUT]
    return ListPage(
        columns=columns,
        counts=counts,
        taken=0 if columns.missing else counts["fine"] + sum(row.kind == "alike" and row.number in columns.take for row in rows),
        labels=tuple(str(FIELDS[columns.fields[place]]) for place in places),
        lines=tuple(_line(row, columns, places, alike) for row in page.object_list),
        page=page,
        kind=asked,
        tabs=tuple(_tabs(source, counts, asked)),
        missing=tuple(str(FIELDS[name]) for name in columns.missing),
        left_out=left_out(columns),
        half_read=half_read(columns.headings, columns.fields),
    )


def _tabs(source: PatientImport, counts: Mapping[str, int], current: str) -> Iterator[dict[str, Any]]:
    words = {"wrong": _("Wrong"), "alike": _("Perhaps known"), "fine": _("In order")}
    address = reverse("exchange:import", args=[source.pk])
    for kind in ("wrong", "alike", "fine"):
        yield {"label": words[kind], "url": f"{address}?kind={kind}", "count": counts[kind], "is_current": kind == current}


def _line(row: Row, columns: Columns, places: Sequence[int], alike: Mapping[int, Patient]) -> RowLine:
    shown = {columns.fields[place] for place in places}
    cells = (
        Cell(
            str(FIELDS[columns.fields[place]]),
            shortened(row.cells[place]) if place < len(row.cells) else "",
            row.wrong.get(columns.fields[place], ""),
        )
        for place in places
    )
    others = tuple(_other(name, sentence) for name, sentence in row.wrong.items() if name not in shown)
    known = tuple(alike[pk] for pk in row.alike if pk in alike)
    return RowLine(row.number, row.kind, tuple(cells), others, known, row.twin, row.number in columns.take)


def _other(name: str, sentence: str) -> str:
    return sentence if name == WHOLE else f"{FIELDS.get(name, name)}: {sentence}"


def button_words(count: int) -> str:
    """ "Take over 12 patients"."""
    return ngettext("Take over %(count)s patient", "Take over %(count)s patients", count) % {"count": count}
