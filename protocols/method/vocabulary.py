"""The closed lists of the method. One word per idea; the glossary (docs/glossary.md) explains each."""

from enum import IntEnum
from typing import Final, Literal

Side = Literal["left", "right", "both"]
RoleSide = Literal["left", "right", "both", "affected", "healthy", "concave", "convex"]
Part = Literal["opening", "main", "closing"]
Phase = Literal["build-up", "working", "taper"]
Tempo = Literal["calm", "neutral", "tonic"]
Mode = Literal["calming", "neutral", "tonic"]
Local = Literal["allowed", "remote-only", "doctor-only", "barred"]
Provenance = Literal["sourced", "derived", "general"]

SIDES: Final = ("left", "right", "both")
PARTS: Final = ("opening", "main", "closing")
PHASES: Final = ("build-up", "working", "taper")
TEMPOS: Final = ("calm", "neutral", "tonic")

# The clinical order of the families: library/sequencing.toml (family_order) repeats it and the library's check compares the two.
FAMILIES: Final = ("stroking", "rubbing", "kneading", "vibration", "percussion", "breathing-assist", "points")

MAX_PRESSURE: Final = 5
MIN_STEP_SECONDS: Final = 30
MIN_ROW_SECONDS: Final = 15
# After findings no step gets more than this share of its own time at the dose (method.md 3, 5).
MAX_STRETCH: Final = 1.5


class Outcome(IntEnum):
    """The only scale of a screening, from best to worst. Merging takes the worst."""

    CLEAR = 0
    CAUTION = 1
    MODIFY = 2
    DOCTOR = 3
    DEFER = 4
    ABSOLUTE = 5
    EMERGENCY = 6

    @property
    def code(self) -> str:
        """The code used in TOML, database, URL and JSON: ``doctor``."""
        return self.name.lower()

    @classmethod
    def from_code(cls, code: str) -> "Outcome":
        """The outcome with this code. Raises ``ValueError`` for any other word."""
        for outcome in cls:
            if outcome.code == code:
                return outcome
        raise ValueError(f"unknown outcome {code!r}")

    @property
    def allows_steps(self) -> bool:
        """Rows are drafted up to defer; absolute and emergency give none."""
        return self < Outcome.ABSOLUTE
