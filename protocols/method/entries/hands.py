"""What hands do: pressure scale, families, techniques, profiles."""

from collections.abc import Mapping
from dataclasses import dataclass

from protocols.method.vocabulary import Provenance, Tempo

Level = int


@dataclass(frozen=True, slots=True)
class PressureLevel:
    """One step of the pressure scale: what the hand reaches, and the pain (0-10) that it may cause at most."""

    level: Level
    name: str
    reaches: str
    pain_ceiling: int
    label: str


@dataclass(frozen=True, slots=True)
class Family:
    """A family of techniques with its movements a minute in each tempo band."""

    code: str
    name: str
    name_ru: str
    western: str
    school_family: str
    order: int
    auxiliary: bool
    effect: str
    calm: tuple[int, ...]
    neutral: tuple[int, ...]
    tonic: tuple[int, ...]
    counted: bool
    tempos: tuple[Tempo, ...]


@dataclass(frozen=True, slots=True)
class Technique:
    """One way to move the hand. ``never`` is a hard stop; ``avoid_at`` and ``avoid_when`` name facts that bar it."""

    code: str
    family: str
    name: str
    name_ru: str
    main: bool
    pressure: tuple[Level, Level]
    tone: int
    good: tuple[str, ...]
    never: tuple[str, ...]
    sources: tuple[str, ...]
    note: str = ""
    avoid_at: tuple[str, ...] = ()
    avoid_when: tuple[str, ...] = ()
    light: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """A named mix of families in percent (sums to 100) with a pressure range and a tempo."""

    code: str
    name: str
    shares: Mapping[str, int]
    pressure: tuple[Level, Level]
    tempo: Tempo
    provenance: Provenance
    sources: tuple[str, ...]
    basis: str = ""
