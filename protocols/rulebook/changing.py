"""What every change of a clinic's own rules has in common. Entries are raw content: a row of TOML as parsed. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

Raw = Mapping[str, Any]


class NotStricter(ValueError):
    """A value that would allow more than the edition of the release. The message is one translated sentence."""


def put(tree: Any, path: Sequence[str | int], value: Any) -> Any:
    """A copy of nested tables and lists with another value at ``path``. Raises ``LookupError`` for a path that leads nowhere."""
    if not path:
        return value
    key, rest = path[0], path[1:]
    if isinstance(tree, Mapping):
        if key not in tree:
            raise LookupError(key)
        return {name: put(old, rest, value) if name == key else old for name, old in tree.items()}
    if not isinstance(key, int) or not 0 <= key < len(tree):
        raise LookupError(key)
    return [put(old, rest, value) if number == key else old for number, old in enumerate(tree)]


def at(tree: Any, path: Sequence[str | int]) -> Any:
    """The value at ``path``. Raises ``LookupError`` or ``TypeError`` for a path that leads nowhere."""
    for key in path:
        tree = tree[key]
    return tree


def without_empty(entry: Raw) -> dict[str, Any]:
    """The entry without texts and lists that are empty: a key that is not there says the same, and the library asks for no blanks."""
    return {key: value for key, value in entry.items() if value not in ("", [], None)}
