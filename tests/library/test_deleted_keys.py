"""Whatever key of whatever file is lost, the library is refused, or the key was one that may be left out."""

import copy
from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.method import entries
from protocols.method.building import LibraryFaults, build_library
from protocols.method.parsing.reader import keys_of
from protocols.shelf import read_tables

TABLES = read_tables()
ENTRIES: list[Any] = [kind for name in entries.__all__ if is_dataclass(kind := getattr(entries, name))]
OPTIONAL = {key.key for kind in ENTRIES for key in keys_of(kind) if key.optional}
# Tables whose keys are free: any of them may be there or not.
FREE_MAPS = {"stage_guide", "side_rule", "degrees", "dose", "family_from", "avoid_zones_when", "stage_of", "map", "areas", "shares"}


def addresses(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every key of every table, as a path."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*path, key)
            yield from addresses(item, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from addresses(item, (*path, number))


ADDRESSES = {stem: list(addresses(content)) for stem, content in TABLES.items()}


def without(stem: str, path: tuple[Any, ...]) -> dict[str, Any]:
    tables = {**TABLES, stem: copy.deepcopy(TABLES[stem])}
    holder: Any = tables[stem]
    for part in path[:-1]:
        holder = holder[part]
    del holder[path[-1]]
    return tables


def may_be_left_out(path: tuple[Any, ...]) -> bool:
    return path[-1] in OPTIONAL or (len(path) > 1 and path[-2] in FREE_MAPS) or (path[-1] == "value" and path[-3:-1] == ("when",))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_lost_key_is_refused_or_optional(data: st.DataObject) -> None:
    stem = data.draw(st.sampled_from(sorted(TABLES)))
    path = data.draw(st.sampled_from(ADDRESSES[stem]))
    try:
        build_library(without(stem, path), edition="spoiled")
    except LibraryFaults:
        return
    assert may_be_left_out(path), (stem, path)


@pytest.mark.parametrize("stem", sorted(TABLES))
def test_the_first_required_key_of_each_file_is_required(stem: str) -> None:
    path = next(path for path in ADDRESSES[stem] if not may_be_left_out(path))
    with pytest.raises(LibraryFaults):
        build_library(without(stem, path), edition="spoiled")
