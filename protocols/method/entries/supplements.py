"""Supplementary methods, their classes, points and segments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from protocols.method.frozen import FrozenMap
from protocols.method.vocabulary import Provenance


@dataclass(frozen=True, slots=True)
class SupplementClass:
    """Supplements, points and zones that one word of a rule bars together."""

    code: str
    name: str
    members: tuple[str, ...]
    points: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Supplement:
    """``dose`` maps a dose key to its (low, high) pair; ``by_order`` says that only the doctor's writing counts."""

    code: str
    name: str
    name_ru: str
    supplement_class: str = field(metadata={"key": "class"})
    method: str
    dose: Mapping[str, tuple[float, float]]
    dose_text: str
    use: tuple[str, ...]
    avoid_when: tuple[str, ...]
    avoid_zones: tuple[str, ...]
    never: tuple[str, ...]
    sources: tuple[str, ...]
    by_order: bool = False
    avoid_zones_when: Mapping[str, tuple[str, ...]] = field(default_factory=FrozenMap)
    age: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """A point with a rough reminder of its place."""

    code: str
    where: str
    usual_mode: Literal["points-inhibitory", "points-tonic"]
    pregnancy_barred: bool
    provenance: Provenance
    caution: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """Reflex segments of an organ, approximate."""

    organ: str
    levels: tuple[str, ...]
    side: str
    where: str
    sources: tuple[str, ...]
