"""The shipped tables, read once and copied for every test that spoils them."""

import copy
from typing import Any

import pytest

from protocols.shelf import read_tables, read_translations

_TABLES = read_tables()
_RUSSIAN = read_translations("ru")


@pytest.fixture
def tables() -> dict[str, dict[str, Any]]:
    return copy.deepcopy(_TABLES)


@pytest.fixture
def russian() -> dict[str, dict[str, Any]]:
    return copy.deepcopy(_RUSSIAN)
