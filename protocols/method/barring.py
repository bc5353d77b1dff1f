"""What a referral or the patient bars, on top of every finding: read from a case, checked against the library, turned into limits.

A referral is a contract about content (zones and techniques barred); who withdraws consent to a zone is not touched there any more.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from protocols.method.answers import Fault, Faults, parse_places
from protocols.method.findings import BAR_SOURCES, Bar, FamilyOut, PlacesOut, PressureCap, SupplementOut, TechniqueOut
from protocols.method.library import Library
from protocols.method.limits import Gathered
from protocols.method.places import Place
from protocols.method.reader import Reader, joined
from protocols.method.reasons import because
from protocols.method.vocabulary import MAX_PRESSURE

# By source: why something is left out, and why the pressure is lower.
LEFT_OUT: Mapping[str, str] = {"referral": "barred-by-referral", "consent": "consent-withdrawn"}
LOWERED: Mapping[str, str] = {"referral": "referral-caps-pressure", "consent": "consent-caps-pressure"}
LISTS = ("families", "techniques", "supplements")


# Reading ----------------------------------------------------------------------------------------------------------------------
def parse_bars(raw: object, library: Library, reader: Reader) -> tuple[Bar, ...]:
    """The bars of a case, in the order given; faults go to ``reader``. ``zones`` are codes (both sides) or ``{"zone", "side"}``."""
    read = [_bar(item, f"bars[{place}]", library, reader) for place, item in enumerate(reader.items(raw, "bars"))]
    return tuple(bar for bar in read if bar is not None)


def _bar(raw: object, field: str, library: Library, reader: Reader) -> Bar | None:
    before = len(reader.faults)
    found = reader.members(raw, field, required=("source",), optional=("zones", *LISTS, "pressure_max"))
    if found is None:
        return None
    source = reader.code(found.get("source", "referral"), joined(field, "source"), among=BAR_SOURCES, what="referral or consent")
    lists = {name: _codes(found.get(name, ()), joined(field, name), _known(name, library), reader) for name in LISTS}
    places = _places(found.get("zones", ()), joined(field, "zones"), library, reader)
    level = found.get("pressure_max")
    if level is not None:
        level = reader.whole_number(level, joined(field, "pressure_max"), low=1, high=MAX_PRESSURE)
    parts: dict[str, Any] = {"source": source, "places": places, "pressure_max": level, **lists}
    return Bar(**parts) if len(reader.faults) == before else None


def _codes(raw: object, field: str, among: Collection[str], reader: Reader) -> frozenset[str]:
    codes = (
        reader.code(item, f"{field}[{place}]", among=among, what="a code of the library")
        for place, item in enumerate(reader.items(raw, field))
    )
    return frozenset(code for code in codes if code is not None)


def _places(raw: object, field: str, library: Library, reader: Reader) -> tuple[Place, ...]:
    try:
        return parse_places(raw, library, field=field)
    except Faults as faults:
        reader.faults += faults.faults
        return ()


# Checking ---------------------------------------------------------------------------------------------------------------------
def check_bars(bars: Iterable[Bar], library: Library) -> None:
    """Raises ``Faults`` for every code that the library does not hold: a bar that cannot be read is never passed over."""
    faults = [fault for number, bar in enumerate(bars) for fault in _faults(bar, f"bars[{number}]", library)]
    if faults:
        raise Faults(tuple(faults))


def _faults(bar: Bar, field: str, library: Library) -> Iterator[Fault]:
    named = {"zones": [place.zone for place in bar.places], **{name: sorted(getattr(bar, name)) for name in LISTS}}
    for name, codes in named.items():
        for code in codes:
            if code not in _known(name, library):
                yield Fault(joined(field, name), f"{code} is not a code of the library")


def _known(name: str, library: Library) -> Collection[str]:
    """The codes that a list of a bar may name."""
    known: Collection[str] = getattr(library, name)
    return known


# Limits -----------------------------------------------------------------------------------------------------------------------
def in_order(bars: Iterable[Bar]) -> tuple[Bar, ...]:
    """The same bars in an order of their own, each once: nothing hangs on the order in which they were written down."""
    return tuple(sorted({replace(bar, places=tuple(sorted(set(bar.places)))) for bar in bars}, key=_rank))


def _rank(bar: Bar) -> tuple[object, ...]:
    # No level stands after every level; two bars that are alike in all of this are one bar, so None is never compared.
    named = (sorted(getattr(bar, name)) for name in LISTS)
    return (BAR_SOURCES.index(bar.source), bar.places, *named, bar.pressure_max is None, bar.pressure_max)


def gather_barred(bars: tuple[Bar, ...], library: Library) -> Gathered:
    """The limits that bars set, those of one source together: their order does not matter, and one more is never looser."""
    gathered = Gathered()
    for source in BAR_SOURCES:
        gathered.add(_of_source(source, [bar for bar in bars if bar.source == source], library))
    return gathered


def _of_source(source: str, bars: list[Bar], library: Library) -> Gathered:
    gathered, why = Gathered(), because(LEFT_OUT[source])
    places = frozenset[Place]().union(*(library.tree.leaf_places(place) for bar in bars for place in bar.places))
    if places:
        gathered.places_out.append(PlacesOut(places, why))
        gathered.supplements_out += _unplaced(library)
    gathered.families_out += (FamilyOut(code, None, why) for code in _named(bars, "families"))
    gathered.techniques_out += (TechniqueOut(code, None, why) for code in _named(bars, "techniques"))
    gathered.supplements_out += (SupplementOut(code, None, None, why) for code in _named(bars, "supplements"))
    levels = [bar.pressure_max for bar in bars if bar.pressure_max is not None]
    if levels:
        gathered.pressure_caps.append(PressureCap(min(levels), None, because(LOWERED[source], level=min(levels))))
    return gathered


def _unplaced(library: Library) -> Iterator[SupplementOut]:
    """Where a zone is barred, only segmental work stays open, whose levels say where it is done: of the others nobody knows."""
    for supplement in library.supplements.values():
        if supplement.supplement_class != "segmental":
            yield SupplementOut(supplement.code, None, None, because("barred-zone-supplement", supplement=supplement.code))


def _named(bars: Iterable[Bar], name: str) -> list[str]:
    return sorted({code for bar in bars for code in getattr(bar, name)})
