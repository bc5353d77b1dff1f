"""What two values of an entry are held against each other with. Each comparison says whether the second is as strict as the first. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import Any

Compare = Callable[[Any, Any], bool]


@dataclass(frozen=True, slots=True)
class Loosening:
    """One value that allows more than before. ``code`` says which kind of value; ``before`` and ``after`` are plain data."""

    address: str
    code: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Limit:
    """One field of an entry: the code of what loosens there, and when it does not."""

    code: str
    is_kept: Compare


def compared(address: str, limits: Mapping[str, Limit], shipped: Any, own: Any) -> Iterator[Loosening]:
    """What these fields of two entries loosen."""
    for name, limit in limits.items():
        before, after = getattr(shipped, name), getattr(own, name)
        if before != after and not limit.is_kept(before, after):
            yield Loosening(address, limit.code, plain(before), plain(after))


# Comparisons --------------------------------------------------------------------------------------------------------------------
def at_most(before: Any, after: Any) -> bool:
    """A number that may only fall."""
    return bool(after <= before)


def at_least(before: Any, after: Any) -> bool:
    """A number that may only rise."""
    return bool(after >= before)


def same(before: Any, after: Any) -> bool:
    """What may not change at all."""
    return bool(before == after)


def all_kept(before: Sequence[Any], after: Sequence[Any]) -> bool:
    """A list that forbids or warns: nothing of it may go; more may come."""
    return all(each in after for each in before)


def none_added(before: Sequence[Any], after: Sequence[Any]) -> bool:
    """A list that allows: nothing may come to it."""
    return all(each in before for each in after)


def kept_where_set(before: Any, after: Any) -> bool:
    """A value that binds where there is one: it may come, but neither change nor go."""
    return before is None or bool(before == after)


def dropped_or_same(before: Any, after: Any) -> bool:
    """A value that opens something where there is one: it may go, but neither change nor come."""
    return after is None or bool(before == after)


def each_at_most(before: Sequence[float], after: Sequence[float]) -> bool:
    """Numbers in a row, each of which may only fall."""
    return len(before) == len(after) and all(new <= old for old, new in zip(before, after, strict=True))


def each_at_least(before: Sequence[float], after: Sequence[float]) -> bool:
    """Numbers in a row, each of which may only rise."""
    return len(before) == len(after) and all(new >= old for old, new in zip(before, after, strict=True))


def later_or_same(before: Mapping[str, int], after: Mapping[str, int]) -> bool:
    """From which session on: each may only come later."""
    return all(after.get(name, 1) >= first for name, first in before.items())


def ranked(*words: str) -> Compare:
    """Words from the strictest to the laxest: the second may only stand further to the front."""
    order = {word: place for place, word in enumerate(words)}
    return lambda before, after: order[after] <= order[before]


def plain(value: Any) -> Any:
    """A value as plain data that can be kept as JSON and shown: entries as mappings of what they say."""
    if isinstance(value, Enum):
        return value.name.lower()
    if is_dataclass(value) and not isinstance(value, type):
        said = {item.name: plain(getattr(value, item.name)) for item in fields(value)}
        return {name: item for name, item in said.items() if item not in (None, "", [], {})}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in (sorted(value, key=str) if isinstance(value, set | frozenset) else value)]
    return value
