"""Objects made of what a database answered, as the ORM makes them, for questions that are composed once (``clinic.web.prepared``).

Three things are quicker than in the ORM: a joined row that stands in many rows of an answer becomes one object, which they share; an object
gets its values without ``Model.__init__``, where that does nothing else with them; rows that are read beforehand for many owners
(``prefetch_related``) take no question to be composed for each owner.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.fields import AutoFieldMixin
from django.db.models.fields.files import FileDescriptor
from django.db.models.fields.related_descriptors import ForeignKeyDeferredAttribute, ReverseManyToOneDescriptor
from django.db.models.signals import post_init, pre_init

Row = Sequence[Any]
Convert = Callable[[Any], Any]
PLAIN: Final = (ForeignKeyDeferredAttribute, FileDescriptor)  # they keep a first value as it is given


# Values ---------------------------------------------------------------------------------------------------------------------
def converting(compiler: Any) -> Mapping[int, Convert]:
    """Column -> what turns the database's value into Python's, for those columns that need it."""
    found = compiler.get_converters([column[0] for column in compiler.select])
    return {place: _one(converters, expression) for place, (converters, expression) in found.items()}


def _one(converters: Sequence[Callable[..., Any]], expression: Any) -> Convert:
    """One function for a column. Nothing becomes nothing at once, where the converters say so."""

    def convert(value: Any) -> Any:
        for each in converters:
            value = each(value, expression, connection)
        return value

    if convert(None) is not None:
        return convert
    if len(converters) == 1:
        (only,) = converters
        return lambda value: None if value is None else only(value, expression, connection)
    return lambda value: None if value is None else convert(value)


def converted(rows: Iterable[Row], converters: Mapping[int, Convert]) -> list[tuple[Any, ...]]:
    """The rows with Python's values."""
    places = tuple(converters.items())
    return [_converted(row, places) for row in rows]


def _converted(row: Row, places: Iterable[tuple[int, Convert]]) -> tuple[Any, ...]:
    values = list(row)
    for place, convert in places:
        values[place] = convert(values[place])
    return tuple(values)


# Objects --------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Kind:
    """The objects of one model in an answer: their columns and where the key stands, what turns values, and what is joined to them."""

    make: Callable[[Sequence[Any]], Any]
    columns: slice
    key: int
    converters: Sequence[tuple[int, Convert]]  # by the place among these columns
    joined: Sequence["_Joined"]

    def of(self, row: Row, known: dict[Any, Any]) -> Any:
        """The object of a row; ``known`` are the joined ones of this answer, each made once."""
        made = self.make(_converted(row[self.columns], self.converters))
        for each in self.joined:
            each.put(row, made, known)
        return made


@dataclass(frozen=True, slots=True)
class _Joined:
    """What ``select_related`` joined. ``set_there`` keeps it in its owner, ``set_back`` the owner in it, where it has but one."""

    kind: Kind
    set_there: Callable[[Any, Any], object]
    set_back: Callable[[Any, Any], object]

    def put(self, row: Row, owner: Any, known: dict[Any, Any]) -> None:
        key = row[self.kind.key]
        found = None
        if key is not None:
            place = (self.kind.key, key)
            found = known.get(place)
            if found is None:
                found = known[place] = self.kind.of(row, known)
            self.set_back(found, owner)
        self.set_there(owner, found)


def kind_of(info: Mapping[str, Any], compiler: Any, converters: Mapping[int, Convert]) -> Kind:
    """The kind that the compiler of a question describes by ``info``, with all that is joined to it."""
    model, first, after = info["model"], info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column[0].target.attname for column in compiler.select[first:after]]
    joined = [
        _Joined(kind_of(each, compiler, converters), each["local_setter"], each["remote_setter"])
        for each in info.get("related_klass_infos", ())
    ]
    own = [(place - first, convert) for place, convert in converters.items() if first <= place < after]
    return Kind(_maker_of(model, names), slice(first, after), first + names.index(model._meta.pk.attname), own, joined)


def _maker_of(model: type[Model], names: Sequence[str]) -> Callable[[Sequence[Any]], Any]:
    """Makes one object of the values of these columns: without ``Model.__init__`` where that would only keep them."""
    alias = connection.alias
    if not _is_plain(model):
        return partial(model.from_db, alias, names)

    def make(values: Sequence[Any]) -> Any:
        made = model.__new__(model)
        made._state = state = ModelState()  # noqa: SLF001  # as Django names it
        state.adding, state.db = False, alias
        made.__dict__.update(zip(names, values, strict=True))
        return made

    return make


def _is_plain(model: type[Model]) -> bool:
    """Whether nothing of this model, its fields or a signal does more with a row than to keep its values."""
    own = model.__init__ is not Model.__init__ or model.from_db.__func__ is not Model.from_db.__func__  # type: ignore[attr-defined]
    heard = pre_init.has_listeners(model) or post_init.has_listeners(model)
    places = [getattr(model, field.attname) for field in model._meta.concrete_fields]
    return not (own or heard) and all(isinstance(each, PLAIN) or not hasattr(each, "__set__") for each in places)


# What belongs to them ---------------------------------------------------------------------------------------------------------
class Fetched(QuerySet[Any, Any]):
    """The rows of one owner that were read beforehand. Whoever narrows them, or asks them to change, asks the database as ever."""

    def __init__(self, field: Any, owner: Model, rows: list[Any]) -> None:
        super().__init__(field.model, query=UNASKED)
        self._field, self._owner, self._result_cache, self._prefetch_done = field, owner, rows, True

    @property
    def query(self) -> Any:  # type: ignore[override]  # nobody gives it another question
        return self._clone().query

    def _clone(self) -> Any:
        return self._field.model._default_manager.filter(**{self._field.name: self._owner})


UNASKED: Final[Any] = object()  # no question is composed for rows that are there


def owning_field(model: type[Model], name: object) -> Any | None:
    """The foreign key by whose other end ``name`` the rows of an owner are had; None where ``name`` is anything else."""
    found = getattr(model, name, None) if isinstance(name, str) else None
    if type(found) is not ReverseManyToOneDescriptor:
        return None
    number = found.field.target_field
    return found.field if number.primary_key and isinstance(number, AutoFieldMixin) else None


def handed_out(rows: Iterable[Any], field: Any, owners: Sequence[Any]) -> None:
    """Gives each owner its rows, and each row its owner, as ``prefetch_related`` does."""
    mine: dict[Any, list[Any]] = {owner.pk: [] for owner in owners}
    for row in rows:
        mine[getattr(row, field.attname)].append(row)
    for owner in owners:
        for row in mine[owner.pk]:
            field.set_cached_value(row, owner)
        kept = owner.__dict__.setdefault("_prefetched_objects_cache", {})
        kept[field.remote_field.cache_name] = Fetched(field, owner, mine[owner.pk])
