"""A question to the database that the ORM composes once and that is asked again and again with other numbers and moments.

To compose the question who is in a patient's care takes the ORM several milliseconds, more than the rest of a page; the database answers
it in a fraction of one. What the ORM makes of a question depends on its values only where they are handed over as parameters. Which
parameter is which value is learned by composing it twice with different values; where that stays unclear the ORM composes it each time.
"""

import logging
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, cast

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

Value = int | datetime
Slot = Callable[[Mapping[str, Value]], Any]

# Two of every value, so far apart and so odd that nothing else in a question is like them.
NUMBERS: Final = (7_310_000_000_000_001, 8_420_000_000_000_003)
MOMENTS: Final = (datetime(2031, 5, 17, 3, 41, 7, 1234, tzinfo=UTC), datetime(2044, 9, 2, 17, 23, 59, 5678, tzinfo=UTC))
TOO_LARGE: Final = 2**63  # no database has a number beyond
LONGEST: Final = 4000  # days that a day in a question may lie from a moment

logger = logging.getLogger(__name__)


class Unclear(ValueError):
    """A parameter follows from no value."""


@dataclass(frozen=True, slots=True)
class _Learned:
    """The SQL, where each parameter comes from, and what turns the database's rows into Python's."""

    sql: str
    slots: tuple[Slot, ...]
    compiler: Any

    def parameters(self, values: Mapping[str, Value]) -> tuple[Any, ...]:
        return tuple(slot(values) for slot in self.slots)

    def ask(self, values: Mapping[str, Value]) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.parameters(values))
            rows = cursor.fetchall()
        return list(self.compiler.results_iter(results=[rows], tuple_expected=True))


class Prepared:
    """``build(kind, **values)`` gives a ``values_list``; asked with the same ``kind`` it is composed once.

    Everything but numbers and moments that the question depends on must be in ``kind``: roles, for example.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self.build = build
        self.learned: dict[Hashable, _Learned | None] = {}

    def rows(self, kind: Hashable, **values: Value) -> list[tuple[Any, ...]]:
        """The rows as tuples; none for a number so large that no row has it (somebody typed it into an address). One query."""
        if any(not isinstance(value, datetime) and abs(value) >= TOO_LARGE for value in values.values()):
            return []
        learned = self._learned(kind, values)
        return list(self.build(kind, **values)) if learned is None else learned.ask(values)

    def sql(self, kind: Hashable, **values: Value) -> tuple[str, tuple[Any, ...]]:
        """The question and its parameters, to stand inside of another one."""
        learned = self._learned(kind, values)
        if learned is None:
            sql, parameters = self.build(kind, **values).query.get_compiler(connection=connection).as_sql()
            return sql, tuple(parameters)
        return learned.sql, learned.parameters(values)

    def _learned(self, kind: Hashable, values: Mapping[str, Value]) -> _Learned | None:
        key = (connection.vendor, connection.alias, timezone.get_current_timezone_name(), kind, tuple(values))
        if key not in self.learned:
            self.learned[key] = self._learn(kind, values)
        return self.learned[key]

    def _learn(self, kind: Hashable, values: Mapping[str, Value]) -> _Learned | None:
        probes = [_probe(values, turn) for turn in (0, 1)]
        compilers = [self.build(kind, **probe).query.get_compiler(connection=connection) for probe in probes]
        (sql, first), (other, second) = (compiler.as_sql() for compiler in compilers)
        try:
            slots = tuple(_slot(pair, probes) for pair in zip((sql, *first), (other, *second), strict=True))
        except Unclear:
            logger.warning("a question cannot be prepared: %s", self.build.__qualname__)
            return None
        return _Learned(sql, slots[1:], compilers[0])


def _probe(values: Mapping[str, Value], turn: int) -> dict[str, Value]:
    """Values of the same kinds that differ from each other and from those of the other turn."""
    numbers = {name: NUMBERS[turn] + 1000 * place for place, name in enumerate(values)}
    return {name: MOMENTS[turn] if isinstance(value, datetime) else numbers[name] for name, value in values.items()}


def _slot(pair: tuple[Any, Any], probes: list[dict[str, Value]]) -> Slot:
    """Where a parameter comes from that was the first of the pair with the first probe and the second with the second."""
    first, second = pair
    if first == second:
        return lambda values: first
    for name, value in probes[0].items():
        if isinstance(value, int):
            if (first, second) == (value, probes[1][name]):
                return lambda values, name=name: values[name]  # type: ignore[misc]  # mypy knows no default of a lambda
        elif found := _of_a_moment(name, pair, (value, probes[1][name])):
            return found
    raise Unclear


def _of_a_moment(name: str, pair: tuple[Any, Any], moments: tuple[Any, Any]) -> Slot | None:
    """A moment so long before or after the named one, or the day on which that is; None for anything else."""
    read = [_read(each) for each in pair]
    if all(isinstance(each, datetime) for each in read):
        (apart, other) = (there - moment for there, moment in zip(read, moments, strict=True))
        return (lambda values: connection.ops.adapt_datetimefield_value(_moment(values, name) + apart)) if apart == other else None
    days = (timezone.localdate(moments[0]) - read[0]).days if type(read[0]) is date else LONGEST
    for back in (days - 1, days, days + 1) if abs(days) < LONGEST else ():
        if [timezone.localdate(moment - timedelta(days=back)) for moment in moments] == read:
            return lambda values: connection.ops.adapt_datefield_value(timezone.localdate(_moment(values, name) - timedelta(days=back)))
    return None


def _moment(values: Mapping[str, Value], name: str) -> datetime:
    return cast("datetime", values[name])


def _read(parameter: Any) -> Any:
    """A parameter as a moment or day, whichever it is; SQLite is handed text."""
    if isinstance(parameter, str):
        try:
            parameter = datetime.fromisoformat(parameter) if len(parameter) > len("2026-11-22") else date.fromisoformat(parameter)
        except ValueError:
            return parameter
    return parameter.replace(tzinfo=UTC) if isinstance(parameter, datetime) and parameter.tzinfo is None else parameter
