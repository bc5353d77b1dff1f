"""One session of two plans row by row: what is in both, in one only, and what differs in what both have. Nothing here decides anything."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from clinic.courses.presentation.base import InOneLanguage
from clinic.courses.presentation.sessions import family_seconds, shares_of_hundred
from protocols.comparing_rows import ASPECTS, Pair, matched
from protocols.method.plans import Row, SessionPlan
from protocols.method.vocabulary import FAMILIES


@dataclass(frozen=True, slots=True)
class Cell:
    """One row of one plan. ``number`` is its place in that session, from 1."""

    number: int
    zone: str
    side: str
    family: str
    technique: str
    seconds: int
    pressure: int
    tempo: str
    position: str
    avoid: str


@dataclass(frozen=True, slots=True)
class SideLine:
    """Rows that answer to each other, or one that stands alone. ``kind``: same | changed | go | come.

    ``differs`` are the aspects in which they differ; ``is_moved``: both have it, in another turn.
    """

    kind: str
    before: Cell | None
    after: Cell | None
    differs: frozenset[str] = frozenset()
    is_moved: bool = False

    @property
    def zone(self) -> str:
        """Where it is worked."""
        return (self.after or self.before or NOWHERE).zone

    @property
    def side(self) -> str:
        """On which side; of a change, the new one."""
        return (self.after or self.before or NOWHERE).side


NOWHERE = Cell(0, "", "", "", "", 0, 0, "", "", "")


@dataclass(frozen=True, slots=True)
class Share:
    """What a group of techniques takes of either session: seconds and percent, and how long its bar is of 100."""

    family: str
    name: str
    before: int
    after: int
    before_percent: int
    after_percent: int

    @property
    def is_changed(self) -> bool:
        return (self.before, self.before_percent) != (self.after, self.after_percent)


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One session of two plans. The cells of either side are its rows, none lost and none made up."""

    lines: tuple[SideLine, ...]
    shares: tuple[Share, ...]
    before_seconds: int
    after_seconds: int

    @property
    def counts(self) -> dict[str, int]:
        """How many lines there are of each kind, and how many stand in another turn."""
        found = {kind: sum(line.kind == kind for line in self.lines) for kind in ("same", "changed", "go", "come")}
        return found | {"moved": sum(line.is_moved for line in self.lines)}


class SidePresenter(InOneLanguage):
    """Puts two sessions side by side in one language."""

    def beside(self, before: SessionPlan, after: SessionPlan) -> SideBySide:
        """The rows in the order of ``after``; what only ``before`` has stands where it would come."""
        pairs, gone, _come = matched(before.rows, after.rows)
        moved = out_of_turn(pairs)
        partner = {new: old for old, new in pairs}
        waiting = _where_they_stood(gone, pairs)
        lines: list[SideLine] = []
        for turn in range(-1, len(after.rows)):
            if turn >= 0:
                lines.append(self._line(before, after, partner.get(turn), turn, is_moved=turn in moved))
            lines += [SideLine("go", self._cell(place, before.rows[place]), None) for place in waiting.get(turn, ())]
        return SideBySide(tuple(lines), tuple(self._shares(before.rows, after.rows)), before.total_seconds, after.total_seconds)

    def _line(self, before: SessionPlan, after: SessionPlan, old: int | None, new: int, *, is_moved: bool) -> SideLine:
        cell = self._cell(new, after.rows[new])
        if old is None:
            return SideLine("come", None, cell)
        differs = frozenset(aspect for aspect in ASPECTS if getattr(before.rows[old], aspect) != getattr(after.rows[new], aspect))
        return SideLine("changed" if differs else "same", self._cell(old, before.rows[old]), cell, differs, is_moved)

    def _cell(self, place: int, row: Row) -> Cell:
        avoid = ", ".join(self.speaker.place(each) for each in row.avoid)
        named = (self.names.of("zones", row.zone), row.side, row.family, self.names.of("techniques", row.technique))
        return Cell(place + 1, *named, row.seconds, row.pressure, row.tempo, self.names.of("positions", row.position), avoid)

    def _shares(self, before: Sequence[Row], after: Sequence[Row]) -> Iterator[Share]:
        old, new = _by_family(before), _by_family(after)
        for family in FAMILIES:
            if family in old or family in new:
                (left, left_percent), (right, right_percent) = old.get(family, (0, 0)), new.get(family, (0, 0))
                yield Share(family, self.names.of("families", family), left, right, left_percent, right_percent)


def _by_family(rows: Iterable[Row]) -> dict[str, tuple[int, int]]:
    """Seconds and whole percents by family."""
    found = family_seconds(rows)
    percents = shares_of_hundred([seconds for _family, seconds in found])
    return {family: (seconds, percent) for (family, seconds), percent in zip(found, percents, strict=True)}


def _where_they_stood(gone: Iterable[int], pairs: Iterable[Pair]) -> dict[int, list[int]]:
    """Behind which row of the new session each row of the old one alone would come: behind what it followed. -1: at the beginning."""
    new_of, found = dict(pairs), dict[int, list[int]]()
    for place in sorted(gone):
        followed = max((old for old in new_of if old < place), default=None)
        found.setdefault(-1 if followed is None else new_of[followed], []).append(place)
    return found


def out_of_turn(pairs: Sequence[Pair]) -> frozenset[int]:
    """The rows of the new session that stand in another turn: as few as would have to move to give the order of the old one."""
    turns = [new for _old, new in sorted(pairs)]
    best: list[list[int]] = []  # the longest rising run that ends at each place
    for place, turn in enumerate(turns):
        runs = [best[other] for other in range(place) if turns[other] < turn]
        best.append([*_longest(runs), turn])
    return frozenset(turns) - frozenset(_longest(best))


def _longest(runs: list[list[int]]) -> list[int]:
    none: list[int] = []
    return max(runs, key=len, default=none)
