"""A list as it was checked: every line with what is wrong with it and who it may be already. Kept with the import, read again from it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from clinic.exchange.importing.columns import LEFT_OUT, match_columns, missing_columns, told_apart
from clinic.exchange.importing.days import order_of
from clinic.exchange.importing.reading import Line, Listed
from clinic.exchange.importing.rows import Judged, judge
from clinic.exchange.models import PatientImport
from clinic.staff.models import Clinic
from patients.queries.many_alike import look_alikes_of_many, twins_of

Kind = Literal["fine", "alike", "wrong"]
KINDS: Final[tuple[Kind, ...]] = ("fine", "alike", "wrong")


@dataclass(frozen=True, slots=True)
class Row:
    """One line: ``wrong`` by field (the line itself under ""), ``alike`` numbers of patients, ``twin`` the earlier line or 0."""

    number: int
    cells: tuple[str, ...]
    wrong: Mapping[str, str]
    alike: tuple[int, ...] = ()
    twin: int = 0

    @property
    def kind(self) -> Kind:
        """Whether it can be taken over, only if somebody says so, or not at all."""
        return "wrong" if self.wrong else "alike" if self.alike or self.twin else "fine"

    def as_json(self) -> dict[str, Any]:
        """As the import keeps it."""
        return {"n": self.number, "c": list(self.cells), "w": dict(self.wrong), "a": list(self.alike), "t": self.twin}


@dataclass(frozen=True, slots=True)
class Columns:
    """How the columns of a file are read. ``order`` is that of day and month; ``take`` are lines that somebody takes over all the same."""

    headings: tuple[str, ...]
    fields: tuple[str, ...]
    order: str
    encoding: str
    separator: str
    take: frozenset[int] = frozenset()

    def as_json(self) -> dict[str, Any]:
        """As the import keeps it."""
        kept = {"headings": list(self.headings), "fields": list(self.fields), "order": self.order, "take": sorted(self.take)}
        return kept | {"encoding": self.encoding, "separator": self.separator}

    @property
    def missing(self) -> tuple[str, ...]:
        """Fields that a patient must have and that no column is."""
        return missing_columns(self.fields)


@dataclass(frozen=True, slots=True)
class Checked:
    """A list with its columns, its lines, and the cleaned details of every line that is not wrong, by its number."""

    columns: Columns
    rows: tuple[Row, ...]
    details: Mapping[int, Mapping[str, Any]]

    def wanted(self) -> Iterator[Row]:
        """The lines that are taken over: those that are fine, and those of which somebody said so."""
        return (row for row in self.rows if row.kind == "fine" or (row.kind == "alike" and row.number in self.columns.take))


def columns_of(listed: Listed) -> Columns:
    """How a file is read before anybody has said anything."""
    fields = match_columns(listed.headings)
    dates = _column(listed.lines, fields, "born_on")
    return Columns(listed.headings, fields, order_of(dates), listed.encoding, listed.separator)


def order_in(lines: Sequence[Line], fields: Sequence[str]) -> str:
    """The order of day and month in the column that holds birth dates."""
    return order_of(_column(lines, fields, "born_on"))


def _column(lines: Sequence[Line], fields: Sequence[str], name: str) -> list[str]:
    if name not in fields:
        return []
    place = list(fields).index(name)
    return [line.cells[place] for line in lines if place < len(line.cells)]


def check(lines: Sequence[Line], columns: Columns, clinic: Clinic) -> Checked:
    """Puts every line into the registration form, and compares those that are right with the register and with each other.

    Without a column that every patient needs nothing is asked: the columns come first.
    """
    if columns.missing:
        return Checked(columns, tuple(Row(line.number, line.cells, {}) for line in lines), {})
    judged = judge(lines, columns.fields, order=columns.order, clinic=clinic, today=clinic.today())
    right = [each for each in judged if not each.wrong]
    people = [each.details for each in right]
    alike, twins = look_alikes_of_many(clinic, people), twins_of(people)
    found = {
        each.line.number: _row(each, tuple(one.patient.pk for one in some), right[twin].line.number if twin is not None else 0)
        for each, some, twin in zip(right, alike, twins, strict=True)
    }
    rows = tuple(found.get(each.line.number) or _row(each, (), 0) for each in judged)
    return Checked(columns, rows, {each.line.number: each.details for each in right})


def _row(judged: Judged, alike: tuple[int, ...], twin: int) -> Row:
    return Row(judged.line.number, judged.line.cells, judged.wrong, alike, twin)


# As it is kept ----------------------------------------------------------------------------------------------------------------
def rows_of(source: PatientImport) -> tuple[Row, ...]:
    """The lines of an import as they were checked; none once it was taken over or put away."""
    return tuple(Row(row["n"], tuple(row["c"]), row["w"], tuple(row["a"]), row["t"]) for row in source.rows)


def columns_kept(source: PatientImport) -> Columns:
    """The columns of an import as somebody left them."""
    kept = source.columns
    return Columns(
        tuple(kept["headings"]), tuple(kept["fields"]), kept["order"], kept["encoding"], kept["separator"], frozenset(kept.get("take", ()))
    )


def check_again(source: PatientImport, columns: Columns | None = None) -> Checked:
    """The same lines against the register as it is now, and with other columns where there are some."""
    lines = [Line(row.number, row.cells) for row in rows_of(source)]
    return check(lines, columns or columns_kept(source), source.clinic)


def left_out(columns: Columns) -> tuple[str, ...]:
    """What the columns are called that nothing is taken from."""
    called = told_apart(columns.headings)
    return tuple(name for name, field in zip(called, columns.fields, strict=True) if field == LEFT_OUT)
