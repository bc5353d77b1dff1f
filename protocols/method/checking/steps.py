"""A plan read back as steps: its rows put together and matched to what the stage asks for."""

from dataclasses import dataclass

from protocols.method.checking.body import Body
from protocols.method.checking.protocol import Asked, Protocol
from protocols.method.places import Place
from protocols.method.plans import Row, SessionPlan


@dataclass(frozen=True, slots=True)
class Worked:
    """One step of a plan: its rows with their numbers and the leaf places they work together.

    ``may_be`` are all steps of the stage that it may be, ``asked`` those of them on the very zone, if there are any.
    """

    rows: tuple[tuple[int, Row], ...]
    covered: frozenset[Place]
    asked: tuple[Asked, ...]
    may_be: tuple[Asked, ...]

    @property
    def first(self) -> Row:
        """The row that stands for the step."""
        return self.rows[0][1]

    @property
    def seconds(self) -> int:
        """Whole seconds of all its rows."""
        return sum(row.seconds for _, row in self.rows)

    @property
    def families(self) -> tuple[str, ...]:
        """The families in the order they are worked."""
        return tuple(row.family for _, row in self.rows)


def covered_by(row: Row, body: Body) -> frozenset[Place]:
    """The leaf places that a row works: its zone on its side without what it avoids."""
    return body.places(row.zone, row.side) - body.of_places(row.avoid)


def worked_steps(plan: SessionPlan, protocol: Protocol) -> tuple[Worked, ...]:
    """The steps of the plan in order. Rows of one step that do not stand together make two steps."""
    groups: list[list[tuple[int, Row]]] = []
    for number, row in enumerate(plan.rows):
        if groups and groups[-1][-1][1].step == row.step:
            groups[-1].append((number, row))
        else:
            groups.append([(number, row)])
    return tuple(_worked(tuple(group), protocol) for group in groups)


def _worked(rows: tuple[tuple[int, Row], ...], protocol: Protocol) -> Worked:
    covered = frozenset(place for _, row in rows for place in covered_by(row, protocol.body))
    may_be = _matches(rows[0][1], covered, protocol)
    return Worked(rows, covered, tuple(asked for asked in may_be if asked.zone == rows[0][1].zone) or may_be, may_be)


def _matches(row: Row, covered: frozenset[Place], protocol: Protocol) -> tuple[Asked, ...]:
    """The asked steps of this part that hold all that is worked; an opening or closing may have moved to another zone."""
    same_part = tuple(asked for asked in protocol.asked if asked.part == row.part)
    holding = tuple(asked for asked in same_part if covered <= asked.places)
    return holding or (() if row.part == "main" else same_part)
