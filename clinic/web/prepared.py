"""A question to the database that the ORM composes once and that is asked again and again with other numbers and moments.

To compose the question who is in a patient's care takes the ORM several milliseconds, more than the rest of a page; the database answers
it in a fraction of one. What the ORM makes of a question depends on its values only where they are handed over as parameters. Which
parameter is which value is learned by composing it twice with different values; where that stays unclear the ORM composes it each time.
"""

import logging
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, cast

from django.db import connection
from django.db.models import QuerySet, prefetch_related_objects
from django.db.models.query import ModelIterable, get_related_populators
from django.db.transaction import TransactionManagementError
from django.utils import timezone

Value = int | str | datetime | date | tuple[int, ...]
Slot = Callable[[Mapping[str, Value]], Any]

# Two of every value, so far apart and so odd that nothing else in a question is like them.
NUMBERS: Final = (7_310_000_000_000_001, 8_420_000_000_000_003)
MOMENTS: Final = (datetime(2031, 5, 17, 3, 41, 7, 1234, tzinfo=UTC), datetime(2044, 9, 2, 17, 23, 59, 5678, tzinfo=UTC))
TOO_LARGE: Final = 2**63  # no database has a number beyond
LONGEST: Final = 4000  # days that a day in a question may lie from a moment
DAYS: Final = (date(2033, 8, 21), date(2046, 1, 9))
MANY: Final = 512  # numbers in one list; a longer one is composed each time

logger = logging.getLogger(__name__)


class Unclear(ValueError):
    """A parameter follows from no value."""


@dataclass(frozen=True, slots=True)
class _Learned:
    """The SQL, where each parameter comes from, and what turns the database's rows into Python's."""

    sql: str
    slots: tuple[Slot, ...]
    compiler: Any
    converters: Any
    make: Callable[[Sequence[Any]], list[Any]] | None  # whole rows of a model; None where the question names its columns
    locks: bool  # what it finds stays locked until the transaction is over

    def parameters(self, values: Mapping[str, Value]) -> tuple[Any, ...]:
        return tuple([slot(values) for slot in self.slots])

    def ask(self, values: Mapping[str, Value]) -> list[tuple[Any, ...]]:
        if self.locks and connection.get_autocommit():  # the ORM looks at this when it composes
            raise TransactionManagementError("select_for_update cannot be used outside of a transaction.")
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.parameters(values))
            rows = cursor.fetchall()
        return list(map(tuple, self.compiler.apply_converters(rows, self.converters))) if self.converters else rows


class Prepared:
    """``build(kind, **values)`` gives a question; asked with the same ``kind`` it is composed once.

    Everything that the question depends on must be in ``kind`` (roles, for example), but for numbers, lists of numbers, words, days and
    moments.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self.build = build
        self.learned: dict[Hashable, _Learned | None] = {}

    def rows(self, kind: Hashable, **values: Value) -> list[tuple[Any, ...]]:
        """The rows of a ``values_list``; none for a number so large that no row has it (somebody typed it into an address). One query."""
        return self._asked(kind, values)[0]

    def objects(self, kind: Hashable = "", **values: Value) -> list[Any]:
        """The rows of a model as the ORM gives them, with what was joined and annotated. One query, and those that ``build`` prefetches."""
        found, learned = self._asked(kind, values)
        return learned.make(found) if learned and learned.make and found else found

    def first(self, kind: Hashable = "", **values: Value) -> Any | None:
        """The first of these objects, None where there are none. Whatever comes after it is read too: end ``build`` with ``[:1]``."""
        return next(iter(self.objects(kind, **values)), None)

    def _asked(self, kind: Hashable, values: Mapping[str, Value]) -> tuple[list[Any], _Learned | None]:
        if any(isinstance(value, int) and abs(value) >= TOO_LARGE for value in values.values()):
            return [], None
        if not all(map(_is_short, values.values())):
            return list(self.build(kind, **values)), None
        values = {name: _padded(value) for name, value in values.items()}
        learned = self._learned(kind, values)
        return (list(self.build(kind, **values)) if learned is None else learned.ask(values)), learned

    def sql(self, kind: Hashable, **values: Value) -> tuple[str, tuple[Any, ...]]:
        """The question and its parameters, to stand inside of another one."""
        learned = self._learned(kind, values)
        if learned is None:
            sql, parameters = self.build(kind, **values).query.get_compiler(connection=connection).as_sql()
            return sql, tuple(parameters)
        return learned.sql, learned.parameters(values)

    def _learned(self, kind: Hashable, values: Mapping[str, Value]) -> _Learned | None:
        shape = tuple([(name, len(value)) if isinstance(value, tuple) else name for name, value in values.items()])
        key = (connection.vendor, connection.alias, timezone.get_current_timezone_name(), kind, shape)
        if key not in self.learned:
            self.learned[key] = self._learn(kind, values)
        return self.learned[key]

    def _learn(self, kind: Hashable, values: Mapping[str, Value]) -> _Learned | None:
        probes = [_probe(values, turn) for turn in (0, 1)]
        questions = [self.build(kind, **probe) for probe in probes]
        compilers = [question.query.get_compiler(connection=connection) for question in questions]
        (sql, first), (other, second) = (compiler.as_sql() for compiler in compilers)
        try:
            slots = tuple(_slot(pair, probes) for pair in zip((sql, *first), (other, *second), strict=True))
        except Unclear:
            logger.warning("a question cannot be prepared: %s", self.build.__qualname__)
            return None
        compiler = compilers[0]
        converters = compiler.get_converters([column[0] for column in compiler.select])
        locks = compiler.query.select_for_update and connection.features.has_select_for_update
        return _Learned(sql, slots[1:], compiler, converters, _maker(questions[0], compiler), locks)


def _maker(question: Any, compiler: Any) -> Callable[[Sequence[Any]], list[Any]] | None:
    """What makes of the database's rows what ``ModelIterable`` of the ORM makes of them; it looks at the columns once."""
    if question._iterable_class is not ModelIterable:  # noqa: SLF001  # there is no public word for it
        return None
    info, select = compiler.klass_info, compiler.select
    model, first, after = info["model"], info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column[0].target.attname for column in select[first:after]]
    populators = get_related_populators(info, select, connection.alias)  # type: ignore[call-arg]  # the stubs are of a newer Django
    annotated = tuple((compiler.annotation_col_map or {}).items())
    lookups = question._prefetch_related_lookups  # noqa: SLF001  # there is no public word for it

    def make(rows: Sequence[Any]) -> list[Any]:
        found = [model.from_db(connection.alias, names, row[first:after]) for row in rows]
        for row, each in zip(rows, found, strict=True):
            for populator in populators:
                populator.populate(row, each)
            for name, column in annotated:
                setattr(each, name, row[column])
        if lookups:
            prefetch_related_objects(found, *lookups)
        return found

    return make


def _is_short(value: Value) -> bool:
    return not isinstance(value, tuple) or 0 < len(value) <= MANY


def _padded(value: Value) -> Value:
    """A list with its last number said again until there are 2, 4, 8 … of them, so that few lengths are learned."""
    if not isinstance(value, tuple):
        return value
    return value + value[-1:] * ((1 << (len(value) - 1).bit_length()) - len(value))


def _probe(values: Mapping[str, Value], turn: int) -> dict[str, Value]:
    """Values of the same kinds that differ from each other, by other steps in the other turn, and from those of the other turn."""
    return {name: _made_up(value, turn, place) for place, (name, value) in enumerate(values.items())}


def _made_up(value: Value, turn: int, place: int) -> Value:
    number, step = NUMBERS[turn] + 2 * MANY * place, timedelta(days=(31, 73)[turn] * place)
    if isinstance(value, tuple):
        return tuple(range(number, number + len(value)))
    if isinstance(value, str):
        return f"word {number}"
    if isinstance(value, datetime):
        return MOMENTS[turn] + step
    return DAYS[turn] + step if isinstance(value, date) else number


def _slot(pair: tuple[Any, Any], probes: list[dict[str, Value]]) -> Slot:
    """Where a parameter comes from that was the first of the pair with the first probe and the second with the second."""
    first, second = pair
    if first == second:
        return lambda values: first
    for name, value in probes[0].items():
        if found := _of_a_value(name, pair, (value, probes[1][name])):
            return found
    raise Unclear


def _of_a_value(name: str, pair: tuple[Any, Any], values: tuple[Any, Any]) -> Slot | None:
    """The named number, one of the named list, the named day, or what follows from the named moment; None where it is none of these."""
    first = values[0]
    if isinstance(first, datetime):
        return _of_a_moment(name, pair, values)
    if isinstance(first, tuple):
        place = first.index(pair[0]) if pair[0] in first else -1
        is_there = place >= 0 and values[1][place] == pair[1]
        return (lambda given: cast("tuple[int, ...]", given[name])[place]) if is_there else None
    if isinstance(first, date):
        is_day = tuple(_read(each) for each in pair) == values
        return (lambda given: connection.ops.adapt_datefield_value(cast("date", given[name]))) if is_day else None
    return (lambda given: given[name]) if pair == values else None


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
