"""Scope: in what a plan goes beyond the plan that a doctor signed. Compared session by session, by number.

Fewer zones, gentler work, less time or another order are no growth, nor are seconds that move between rows and families already signed.
What no longer stands in the present plan (a session that was given, a supplement that was dropped) is not compared.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from protocols.method.library import Library
from protocols.method.places import Place
from protocols.method.plans import PlannedSupplement, Row, SessionPlan
from protocols.method.reasons import Reason
from protocols.method.tree import ZoneTree
from protocols.method.vocabulary import TEMPOS, Side

# What a growth is about, by kind: the name of the detail that its sentence gives (``wording_scope.SENTENCES_SCOPE``).
DETAILS: Mapping[str, str] = {
    "session": "",
    "seconds": "",
    "zone": "zone",
    "pressure": "zone",
    "percussion": "zone",
    "family": "family",
    "technique": "technique",
    "tempo": "tempo",
    "supplement": "supplement",
    "supplement-seconds": "supplement",
    "point": "point",
    "level": "level",
}
ONE_SIDE: Mapping[Side, tuple[Side, ...]] = {"left": ("left",), "right": ("right",), "both": ("left", "right")}

Grown = tuple[Place, int, int]


@dataclass(frozen=True, slots=True)
class Growth:
    """One thing that the present plan has and the signed one had not, or had less of. ``kind`` is one of ``DETAILS``.

    ``signed`` and ``now`` are seconds (seconds, supplement-seconds, family, technique), pressure levels (zone, pressure, percussion),
    the place in ``TEMPOS`` (tempo), how many were signed and the number of this one (session), 0 and 1 (supplement, point, level).
    ``code`` is empty where the whole session is meant; ``side`` is None for what has no side.
    """

    kind: str
    code: str
    side: Side | None
    session: int
    signed: int
    now: int


def scope_growth(signed: tuple[SessionPlan, ...], now: tuple[SessionPlan, ...], *, library: Library) -> tuple[Growth, ...]:
    """In what the sessions of ``now`` go beyond the signed sessions of the same numbers; ``()`` when they stay within them.

    A session that was not signed is a growth. ``library`` is the one that ``now`` was planned with: places are compared leaf by leaf of
    its zone tree, and a signed row that names a zone it does not hold covers nothing. Raises ``ValueError`` for a number that stands
    twice. Source: trust.md 1 (what a signature covers).
    """
    agreed, planned = _by_number(signed), _by_number(now)
    found: list[Growth] = []
    for number in sorted(planned):
        if number in agreed:
            found += _Comparison(agreed[number], planned[number], library.tree).growths()
        else:
            found.append(Growth("session", "", None, number, len(agreed), number))
    return tuple(found)


def growth_reason(growth: Growth) -> Reason:
    """The growth as a reason ``grows-KIND``; ``wording.in_english`` and the pages make the sentence."""
    about = [("session", str(growth.session)), ("signed", str(growth.signed)), ("now", str(growth.now))]
    if DETAILS[growth.kind]:
        about.append((DETAILS[growth.kind], growth.code))
    if growth.side is not None:
        about.append(("side", growth.side))
    return Reason(f"grows-{growth.kind}", tuple(sorted(about)))


def _by_number(plans: Iterable[SessionPlan]) -> dict[int, SessionPlan]:
    found: dict[int, SessionPlan] = {}
    for plan in plans:
        if plan.number in found:
            raise ValueError(f"session {plan.number} stands twice")
        found[plan.number] = plan
    return found


@dataclass(frozen=True, slots=True)
class _Comparison:
    """One session as it was signed and as it is planned now."""

    signed: SessionPlan
    now: SessionPlan
    tree: ZoneTree

    def growths(self) -> Iterator[Growth]:
        if self.now == self.signed and all(self._is_known(row) for row in self.signed.rows):
            return  # the very session that was signed
        if self.now.total_seconds > self.signed.total_seconds:
            yield self._growth("seconds", "", self.signed.total_seconds, self.now.total_seconds)
        for place, before, level in self._grown(self.signed.rows, self.now.rows):
            yield self._growth("pressure" if before else "zone", place.zone, before, level, place.side)
        struck = self._grown(_percussion(self.signed), _percussion(self.now))
        yield from (self._growth("percussion", place.zone, 0, level, place.side) for place, before, level in struck if not before)
        yield from self._means()
        yield from self._tempo()
        yield from self._supplements()

    def _growth(self, kind: str, code: str, signed: int, now: int, side: Side | None = None) -> Growth:
        return Growth(kind, code, side, self.now.number, signed, now)

    def _grown(self, signed: Iterable[Row], now: tuple[Row, ...]) -> Iterator[Grown]:
        """Places worked stronger than signed, with both levels; 0 for one that was not worked. Each leaf place is told once."""
        before = self._levels(row for row in signed if self._is_known(row))
        levels, told = self._levels(now), set[Place]()
        for row in now:
            here = self._leaves(row)
            stronger: dict[tuple[int, int], list[Place]] = {}
            for leaf in sorted(here - told):
                if levels[leaf] > before.get(leaf, 0):
                    stronger.setdefault((before.get(leaf, 0), levels[leaf]), []).append(leaf)
            told |= here
            for (old, new), leaves in sorted(stronger.items()):
                whole = len(leaves) == len(here)
                yield from ((place, old, new) for place in ([Place(row.zone, row.side)] if whole else _together(leaves)))

    def _levels(self, rows: Iterable[Row]) -> dict[Place, int]:
        """The strongest pressure on each leaf place."""
        found: dict[Place, int] = {}
        for row in rows:
            for leaf in self._leaves(row):
                found[leaf] = max(found.get(leaf, row.pressure), row.pressure)
        return found

    def _is_known(self, row: Row) -> bool:
        return {row.zone, *(place.zone for place in row.avoid)}.issubset(self.tree.zones)

    def _leaves(self, row: Row) -> frozenset[Place]:
        """The leaf places that a row works. One of another zone tree counts as a place of its own, which nothing that was signed covers."""
        place = Place(row.zone, row.side)
        if not self._is_known(row):
            return frozenset({place})
        return self.tree.leaf_places(place).difference(*(self.tree.leaf_places(avoided) for avoided in row.avoid))

    def _means(self) -> Iterator[Growth]:
        """Families and techniques that the signed session had nowhere."""
        for kind in ("family", "technique"):
            signed = {getattr(row, kind) for row in self.signed.rows}
            for code in dict.fromkeys(getattr(row, kind) for row in self.now.rows if getattr(row, kind) not in signed):
                yield self._growth(kind, code, 0, sum(row.seconds for row in self.now.rows if getattr(row, kind) == code))

    def _tempo(self) -> Iterator[Growth]:
        signed, now = (max((TEMPOS.index(row.tempo) for row in plan.rows), default=0) for plan in (self.signed, self.now))
        if now > signed:
            yield self._growth("tempo", TEMPOS[now], signed, now)

    def _supplements(self) -> Iterator[Growth]:
        """Supplements, their points and segmental levels that are new on a side, and more seconds of a supplement that was signed."""
        signed = _sides(self.signed.supplements)
        for what, sides in _sides(self.now.supplements).items():
            new = [side for side in ONE_SIDE["both"] if side in sides - signed.get(what, frozenset())]
            if new:
                yield self._growth(what[0], what[2], 0, 1, new[0] if len(new) == 1 else "both")
        before, after = _supplement_seconds(self.signed), _supplement_seconds(self.now)
        for code in (code for code in after if after[code] > before.get(code, after[code])):
            yield self._growth("supplement-seconds", code, before[code], after[code])


def _percussion(plan: SessionPlan) -> tuple[Row, ...]:
    return tuple(row for row in plan.rows if row.family == "percussion")


def _together(leaves: Iterable[Place]) -> Iterator[Place]:
    """Leaf places with left and right of one zone as ``both``."""
    sides: dict[str, list[Side]] = {}
    for leaf in leaves:
        sides.setdefault(leaf.zone, []).append(leaf.side)
    yield from (Place(zone, found[0] if len(found) == 1 else "both") for zone, found in sides.items())


def _sides(supplements: Iterable[PlannedSupplement]) -> dict[tuple[str, str, str], frozenset[Side]]:
    """(kind, supplement, code) of each supplement, point and level -> the sides on which it is done."""
    found: dict[tuple[str, str, str], frozenset[Side]] = {}
    for planned in supplements:
        done = (("supplement", (planned.supplement,)), ("point", planned.points), ("level", planned.levels))
        for what in ((kind, planned.supplement, code) for kind, codes in done for code in codes):
            found[what] = found.get(what, frozenset()).union(ONE_SIDE[planned.side])
    return found


def _supplement_seconds(plan: SessionPlan) -> dict[str, int]:
    found: dict[str, int] = {}
    for planned in plan.supplements:
        found[planned.supplement] = found.get(planned.supplement, 0) + planned.seconds
    return found
