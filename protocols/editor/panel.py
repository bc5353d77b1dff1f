"""What stands beside every form of a variant: whether it may be published, what keeps it from that, and what it does to patients."""

from collections.abc import Iterator
from dataclasses import dataclass

from protocols.editor.desk import VariantDesk
from protocols.editor.effect import Example, examples
from protocols.editor.fault_words import fault_words
from protocols.editor.links import link_of, other
from protocols.editor.steps import shares_of, total_minutes
from protocols.presentation.changed import heading_of, loosening_words
from protocols.presentation.shares import Share, family_shares
from protocols.variants.checking import CaseResult, Loosening, Place, VariantCheck, check_variant, first_objection


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that keeps a variant from being published. ``english`` is what the check says where there are no other words."""

    place: str
    sentence: str
    english: str
    url: str


@dataclass(frozen=True, slots=True)
class Totals:
    """A stage in sums: its steps against the full minutes, and the shares of the families, shipped and ours."""

    minutes: float
    full: float
    shares: tuple[Share, ...]
    shipped: tuple[Share, ...]

    @property
    def is_whole(self) -> bool:
        """Whether the steps fill the full session exactly."""
        return abs(self.minutes - self.full) < 0.001

    @property
    def missing(self) -> float:
        """Minutes that the steps lack; below zero what they have too much."""
        return self.full - self.minutes


@dataclass(frozen=True, slots=True)
class Panel:
    """The whole side panel."""

    faults: tuple[Fault, ...]
    loosened: tuple[Fault, ...]
    widened: tuple[Fault, ...]
    red: tuple[CaseResult, ...]
    green: int
    cases_url: str
    try_url: str
    examples: tuple[Example, ...]
    totals: Totals | None
    objection: str
    has_changes: bool
    is_publishable: bool


def panel_of(desk: VariantDesk, stage: str = "") -> Panel:
    """The panel of a page about the whole variant, or about one of its stages."""
    check = check_variant(desk.variant)
    return Panel(
        faults=tuple(_fault(place, desk) for place in check.faults),
        loosened=tuple(_loosened(row, desk) for row in check.loosened),
        widened=tuple(_loosened(row, desk) for row in _only_widened(check)),
        red=check.red,
        green=len(check.cases) - len(check.red),
        cases_url=other("testbench:cases", desk.variant.pk),
        try_url=_try_url(desk),
        examples=examples(desk, stage),
        totals=totals_of(desk, stage) if stage else None,
        objection=first_objection(check),
        has_changes=check.has_changes,
        is_publishable=check.is_publishable,
    )


def _only_widened(check: VariantCheck) -> Iterator[Loosening]:
    loosened = {(row.address, row.code) for row in check.loosened}
    return (row for row in check.widened if (row.address, row.code) not in loosened)


def _try_url(desk: VariantDesk) -> str:
    address = other("testbench:try")
    return f"{address}?variant={desk.variant.pk}" if address else ""


def _fault(place: Place, desk: VariantDesk) -> Fault:
    said = fault_words(place.sentence, desk.reader)
    return Fault(
        _heading(place.address, desk), said or place.sentence, "" if said else "en", link_of(desk.variant, place.address, place.sentence)
    )


def _loosened(row: Loosening, desk: VariantDesk) -> Fault:
    return Fault(_heading(row.address, desk), loosening_words(row, desk.reader.names), "", link_of(desk.variant, row.address))


def _heading(address: str, desk: VariantDesk) -> str:
    try:
        return heading_of(address, desk.reader.names)
    except ValueError:  # a place that is no address of an entry
        return ""


def totals_of(desk: VariantDesk, stage: str) -> Totals | None:
    """The sums of a stage; None for one that is not massaged."""
    own, shipped = desk.stages[stage], desk.shipped_stage(stage)
    if own["local"] == "barred":
        return None
    names, profiles = desk.reader.names, desk.profiles
    before = shares_of(shipped.get("steps", ()), profiles)
    mine = family_shares(shares_of(own["steps"], profiles), names)
    return Totals(total_minutes(own), own["minutes"]["full"], mine, family_shares(before, names))
