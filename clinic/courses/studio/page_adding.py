"""The lists for a step that is added: zones that hands may work in this session, and why the others are barred."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from clinic.courses.presentation import Presenter
from clinic.courses.studio.desk import Desk
from clinic.courses.studio.ground import Ground
from clinic.courses.studio.page_why import limit_lines
from clinic.courses.studio.pressed import press_of
from clinic.web.marks import SIDES
from protocols.method.editing import Verdict, zones_to_add
from protocols.method.edits import Edits
from protocols.method.library import Library
from protocols.method.names import Names
from protocols.method.vocabulary import Side

NOT_ADDED: Final = frozenset({"points", "breathing-assist"})  # the one is a supplement, the other follows the breath of its own steps
MOST_ASKED: Final = 16  # sessions of open plans whose zones a process remembers

Options = tuple[tuple[str, str], ...]
Asked = tuple[tuple[str, Side, Verdict], ...]


@dataclass(frozen=True, slots=True)
class Adding:
    """The lists of the form that adds a step: by part of the body and by family, each (heading, ((code, name), …))."""

    zones: tuple[tuple[str, Options], ...]
    techniques: tuple[tuple[str, Options], ...]
    sides: Options


@dataclass(frozen=True, slots=True)
class ZonesToAdd:
    """The zones that may be added to a session, as ``Adding.zones``, and the others: (zones with their
    sides, "" where the sentence names it; why)."""

    zones: tuple[tuple[str, Options], ...]
    barred: tuple[tuple[str, str], ...]
    chosen: str

    @property
    def count(self) -> int:
        """How many zones are open."""
        return sum(len(options) for _part, options in self.zones)


def adding(presenter: Presenter) -> Adding:
    """The lists in the language of the page, every zone among them."""
    return _adding(presenter.library, presenter.names)


def zones_for(desk: Desk, number: int, after: str, presenter: Presenter, *, chosen: str = "") -> ZonesToAdd:
    """The zones that may stand behind the step ``after`` of a session to come, and why the others may not."""
    asked = _asked(desk.ground, desk.edits, number, after) if number > desk.begun else ()
    open_zones = dict.fromkeys(zone for zone, _side, verdict in asked if not verdict.is_barred)
    return ZonesToAdd(_by_part(open_zones, presenter.library, presenter.names), tuple(_barred(desk, asked, presenter)), chosen)


@lru_cache(maxsize=MOST_ASKED)
def _asked(ground: Ground, edits: Edits, number: int, after: str) -> Asked:
    """A verdict on each zone. It takes a fifth of a second, so it is asked once for the same plan."""
    made = ground.plan(edits)
    if made.edited is None:
        return ()
    return zones_to_add(made.setting, made.edited, edits, number=number, after=after, adaptation=made.adaptation)


def _barred(desk: Desk, asked: Asked, presenter: Presenter) -> Iterator[tuple[str, str]]:
    """What bars zones, each limit once, with the names of all zones that it bars."""
    found: dict[str, list[str]] = {}
    whole = {zone for zone, side, verdict in asked if side == "both" and verdict.is_barred}
    for zone, side, verdict in asked:
        if verdict.is_barred and (side == "both" or zone not in whole):
            hard = [each for each in verdict.problems if each.severity == "error"]
            why = " ".join(line.sentence for line in limit_lines(desk, hard, presenter))
            name = presenter.names.of("zones", zone)
            found.setdefault(why, []).append(name if side == "both" else f"{name} ({SIDES[side]})")
    for why, names in found.items():
        is_named = len(names) == 1 and names[0].casefold() in why.casefold()
        yield "" if is_named else ", ".join(names), why


def _by_part(codes: Iterable[str], library: Library, names: Names) -> tuple[tuple[str, Options], ...]:
    """The finest of these zones under the part of the body that they belong to."""
    zones = library.zones
    inner = {zone.parent for zone in zones.values()}
    parts: dict[str, list[str]] = {}
    for code in codes:
        if code not in inner:
            parts.setdefault(_root(code, library), []).append(code)
    return tuple((names.of("zones", root), tuple((code, names.of("zones", code)) for code in leaves)) for root, leaves in parts.items())


@lru_cache(maxsize=4)
def _adding(library: Library, names: Names) -> Adding:
    families = [family for family in library.families if family not in NOT_ADDED]
    techniques = tuple((names.of("families", family), tuple(_of_family(family, library, names))) for family in families)
    return Adding(_by_part(library.zones, library, names), techniques, tuple((code, str(word)) for code, word in SIDES.items()))


def _root(code: str, library: Library) -> str:
    zones = library.zones
    while (parent := zones[code].parent) is not None:
        code = parent
    return code


def _of_family(family: str, library: Library, names: Names) -> Iterable[tuple[str, str]]:
    return ((code, names.of("techniques", code)) for code, each in library.techniques.items() if each.family == family)


def press_to_add(after: str, pressure: int, tempo: str) -> str:
    """What the button sends that adds a step behind the open one, as strong and as brisk as that is."""
    fields = {"zone_from": "add-zone", "side_from": "add-side", "technique_from": "add-technique", "minutes_from": "add-minutes"}
    return press_of(do="edit", kind="add", after=after, pressure=pressure, tempo=tempo, **fields)
