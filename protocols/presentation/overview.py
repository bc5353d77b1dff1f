"""What the library holds, and where its values come from."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields

from django.utils.translation import gettext as _

from protocols.method.entries import StageProvenance
from protocols.method.library import Library
from protocols.presentation.shares import Share, shares
from protocols.presentation.words import PROVENANCE, VALUES, said


@dataclass(frozen=True, slots=True)
class OriginLine:
    """How many values of one kind are sourced, derived and general."""

    name: str
    count: int
    shares: tuple[Share, ...]
    figures: tuple[tuple[str, int], ...]


def origins_of_stages(library: Library) -> tuple[OriginLine, ...]:
    """Each value of the stages that may be massaged."""
    stages = (stage for condition in library.conditions.values() for stage in condition.stages.values())
    found = [stage.treatment.provenance for stage in stages if stage.treatment is not None]
    return tuple(_line(said(VALUES, item.name), [getattr(row, item.name) for row in found]) for item in fields(StageProvenance))


def origins_of_tables(library: Library) -> tuple[OriginLine, ...]:
    """The other tables that say where their values come from."""
    return (
        _line(_("Shares within the mixes"), [row.provenance for row in library.profiles.values()]),
        _line(_("Borders of procedure areas"), [row.border for row in library.areas.values()]),
        _line(_("Units of procedure areas"), [row.units_from for row in library.areas.values()]),
        _line(_("Points"), [row.provenance for row in library.points.values()]),
        _line(_("Home sheets"), [row.provenance for row in library.sheets.values()]),
    )


def all_origins(library: Library) -> OriginLine:
    """Everything together."""
    lines = (*origins_of_stages(library), *origins_of_tables(library))
    total = Counter[str]()
    for line in lines:
        total.update(dict(line.figures))
    return _line(_("All values"), list(total.elements()))


def _line(name: str, words: Iterable[str]) -> OriginLine:
    count = Counter(words)
    parts = {code: count[code] for code in PROVENANCE}
    return OriginLine(name, sum(parts.values()), shares(parts, {code: said(PROVENANCE, code) for code in PROVENANCE}), tuple(parts.items()))
