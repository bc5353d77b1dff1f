"""A plan read back as steps: its rows put together and matched to what the stage asks for."""

from dataclasses import dataclass

from protocols.method.checking.body import NOWHERE, Body
from protocols.method.checking.protocol import Asked, Protocol
from protocols.method.places import Place
from protocols.method.plans import Row, SessionPlan


@dataclass(frozen=True, slots=True)
class Worked:
    """One step of a plan: its rows with their numbers, the leaf places of each row and of all together.

    ``families`` stand in the order they are worked; ``may_be`` are all steps of the stage that it may be,
    ``asked`` those of them on the very zone, if there are any.
    """

    rows: tuple[tuple[int, Row], ...]
    places: tuple[frozenset[Place], ...]
    covered: frozenset[Place]
    asked: tuple[Asked, ...]
    may_be: tuple[Asked, ...]
    families: tuple[str, ...]

    @property
    def first(self) -> Row:
        """The row that stands for the step."""
        return self.rows[0][1]

    @property
    def seconds(self) -> int:
        """Whole seconds of all its rows."""
        return sum(row.seconds for _, row in self.rows)


def covered_by(row: Row, body: Body) -> frozenset[Place]:
    """The leaf places that a row works: its zone on its side without what it avoids."""
    places = body.places(row.zone, row.side)
    return places - body.of_places(row.avoid) if row.avoid else places


def worked_steps(plan: SessionPlan, protocol: Protocol) -> tuple[Worked, ...]:
    """The steps of the plan in order. Rows of one step that do not stand together make two steps."""
    groups: list[list[tuple[int, Row]]] = []
    for number, row in enumerate(plan.rows):
        if groups and groups[-1][-1][1].step == row.step:
            groups[-1].append((number, row))
        else:
            groups.append([(number, row)])
    return tuple(worked_alone(tuple(group), protocol) for group in groups)


def worked_alone(rows: tuple[tuple[int, Row], ...], protocol: Protocol) -> Worked:
    """One step from its rows, each with its number in the plan."""
    places = tuple(covered_by(row, protocol.body) for _, row in rows)
    covered = NOWHERE.union(*places)
    may_be = _matches(rows[0][1], covered, protocol)
    exact = tuple(asked for asked in may_be if asked.zone == rows[0][1].zone)
    return Worked(rows, places, covered, exact or may_be, may_be, families=tuple(row.family for _, row in rows))


def _matches(row: Row, covered: frozenset[Place], protocol: Protocol) -> tuple[Asked, ...]:
    """The asked steps of this part that hold all that is worked; an opening or closing may have moved to another zone."""
    same_part = tuple(asked for asked in protocol.asked if asked.part == row.part)
    holding = tuple(asked for asked in same_part if covered <= asked.places)
    return holding or (() if row.part == "main" else same_part)
