"""Techniques by step as the protocol alone leaves them: worked out once per stage, sides and age, and shared by all patients alike.

What is kept hangs on the library and on the key only, which holds every bar of the protocol, so it can never be wrong for another patient.
"""

from dataclasses import dataclass, field
from functools import lru_cache

from protocols.method.entries import Technique
from protocols.method.library import Library

# mode of the stage, percussion policy of the age, (family or technique, mask of places where the protocol bars it) ...
ProtocolKey = tuple[str, str, tuple[tuple[str, int], ...]]
OptionKey = tuple[int, str, int, str, str, int]
FreeTechnique = tuple[int, Technique, int]  # place in the file, technique, the places that library and protocol leave it


@dataclass(frozen=True, slots=True)
class Option:
    """A technique that the protocol lets this step have: on which of its places, and how strong at most."""

    technique: Technique
    mask: int
    pressure: int


@dataclass(slots=True)
class Tables:
    """Filled as steps ask: most steps of a stage ask the same in every session."""

    options: dict[OptionKey, tuple[Option, ...]] = field(default_factory=dict)
    free: dict[str, tuple[FreeTechnique, ...]] = field(default_factory=dict)
    suited: dict[tuple[int, str, str, str], tuple[tuple[Technique, int], ...]] = field(default_factory=dict)


@lru_cache(maxsize=512)
def tables_of(library: Library, key: ProtocolKey) -> Tables:
    """The tables of a protocol, empty when they are asked for the first time."""
    del library, key
    return Tables()
