"""Bars: how a step's minutes divide among families, and how values divide among their origins."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from protocols.method.names import Names

FULL: Final = 100.0


@dataclass(frozen=True, slots=True)
class Share:
    """One piece of a bar of 100: where it begins, how long it is, and what it says."""

    code: str
    name: str
    value: int
    x: float
    width: float


def shares(parts: Mapping[str, int], names: Mapping[str, str]) -> tuple[Share, ...]:
    """The pieces of a bar; parts of nothing are left out. Any unit: the pieces fill the bar."""
    total = sum(parts.values()) or 1
    found, x = [], 0.0
    for code, value in parts.items():
        width = FULL * value / total
        if value:
            found.append(Share(code, names[code], value, round(x, 2), round(width, 2)))
        x += width
    return tuple(found)


def family_shares(parts: Mapping[str, int], names: Names) -> tuple[Share, ...]:
    """A mix of techniques as pieces, in the order in which hands work."""
    return shares(parts, {code: names.of("families", code) for code in parts})
