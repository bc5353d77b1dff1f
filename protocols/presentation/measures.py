"""Measures of success and home sheets as the library's pages show them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from protocols.method.entries import HomeSheet, Measure
from protocols.presentation.addresses import linked
from protocols.presentation.reader import LibraryReader, SourceLine, number


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A number that shows whether the course helps."""

    code: str
    name: str
    range: str
    better: str
    change: str
    when: str
    who: str
    licence: str
    sources: tuple[SourceLine, ...]


@dataclass(frozen=True, slots=True)
class SheetView:
    """What patients do at home."""

    code: str
    conditions: tuple[tuple[str, str], ...]
    seconds: int
    times: str
    position: str
    steps: tuple[str, ...]
    avoid: tuple[str, ...]
    who: str
    note: str
    provenance: str
    sources: tuple[SourceLine, ...]


def measure_row(measure: Measure, reader: LibraryReader) -> MeasureRow:
    """One measure as a line."""
    code, names = measure.code, reader.names
    unit = names.of("measures", code, "unit")
    return MeasureRow(
        code=code,
        name=names.of("measures", code),
        range=f"{number(measure.min)}–{number(measure.max)} {unit}".rstrip(),
        better=names.label("better", measure.better),
        change=names.of("measures", code, "meaningful_change"),
        when=", ".join(names.of("times", time).replace("-", " ") for time in measure.when),
        who=names.label("who", measure.who),
        licence=names.of("measures", code, "licence"),
        sources=reader.sources(measure.sources),
    )


def sheet_view(sheet: HomeSheet, reader: LibraryReader) -> SheetView:
    """One home sheet."""
    names, (low, high) = reader.names, sheet.times_per_day
    return SheetView(
        code=sheet.code,
        conditions=linked("condition", sheet.conditions, lambda code: names.of("conditions", code)),
        seconds=60 * sheet.minutes,
        times=_("%(times)s times a day") % {"times": str(low) if low == high else f"{low}–{high}"},
        position=names.of("sheets", sheet.code, "position"),
        steps=names.lines("sheets", sheet.code, "steps"),
        avoid=names.lines("sheets", sheet.code, "avoid"),
        who=names.label("who", sheet.who),
        note=names.of("sheets", sheet.code, "note"),
        provenance=sheet.provenance,
        sources=reader.sources(sheet.sources),
    )
