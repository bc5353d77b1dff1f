"""A step on its way to a plan, and the ground that all steps of one session stand on."""

from dataclasses import dataclass, field

from protocols.method.entries import Technique, Variant
from protocols.method.places import Place
from protocols.method.plans import Adaptation, Dose, Omission
from protocols.method.reasons import Reason
from protocols.method.roles import ResolvedStep
from protocols.method.session.bars import Bars
from protocols.method.session.body import Body
from protocols.method.session.tables import Tables
from protocols.method.setting import Setting
from protocols.method.vocabulary import MAX_STRETCH, Part, Side, Tempo


@dataclass(frozen=True, slots=True)
class Pick:
    """The technique chosen for a family, the places it is worked on, its pressure."""

    technique: Technique
    mask: int
    pressure: int


PickKey = tuple[int, str, int, str, str, bool]


@dataclass(slots=True)
class Ground:
    """Everything that one stage, patient, variant and screening fix for all their sessions.

    ``picks`` and ``bases`` are filled as steps ask: most sessions of a course ask the same. ``tables`` is shared by all patients alike.
    """

    setting: Setting
    body: Body
    adaptation: Adaptation
    variant: Variant | None
    steps: tuple[ResolvedStep, ...]
    protocol: Bars
    findings: Bars
    tables: Tables
    calm: int = 0
    picks: dict[PickKey, Pick | None] = field(default_factory=dict)
    bases: dict[tuple[int, Place], tuple[Reason, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class Session:
    """One dose on its ground, and what it leaves out. ``gone`` holds the steps that findings took, ``minutes`` all that are open.

    ``lifted`` holds the own seconds of an opening or closing that this dose would have made too short.
    """

    ground: Ground
    dose: Dose
    minutes: float = 0.0
    gone: set[tuple[int, Place]] = field(default_factory=set)
    points_on: bool = False
    omissions: dict[Omission, None] = field(default_factory=dict)
    lifted: dict[Part, float] = field(default_factory=dict)

    def omit(self, kind: str, code: str, side: Side | None, because: Reason) -> None:
        """Remembers, once, what this session leaves out."""
        self.omissions[Omission(kind, code, side, because)] = None

    def lose(self, step: ResolvedStep) -> None:
        """Remembers that findings or positions leave nothing of a step (its row in the stage, its zone)."""
        self.gone.add((step.row, step.place))

    def omit_place(self, place: Place, because: Reason) -> None:
        """Remembers a zone that is left out on a side."""
        self.omit("zone", place.zone, place.side, because)


@dataclass(slots=True)
class Draft:
    """One step. ``own`` is its own time at this dose in seconds; ``base`` the places the protocol gives it, ``mask`` what is left of them.

    ``shares`` are percent by family and add up to 100; ``level`` and ``tempo`` are as they are now, ``protocol_level`` and
    ``protocol_tempo`` as they were before findings; ``places`` those of a family where they are fewer than the protocol's; ``picks`` the
    chosen techniques; ``moved`` why a family got or lost time.
    """

    step: ResolvedStep
    part: Part
    place: Place
    own: float
    base: int
    mask: int
    level: int
    tempo: Tempo
    protocol_level: int
    protocol_tempo: Tempo
    shares: dict[str, float]
    picks: dict[str, Pick] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    reasons: list[Reason] = field(default_factory=list)
    moved: dict[str, list[Reason]] = field(default_factory=dict)
    position: str = ""
    seconds: int = 0
    tonic: bool = False
    stretched_from: float = 0.0  # the own time that the ceiling of 1.5 is read on, where it is not ``own``

    @property
    def longest(self) -> int:
        """The most whole seconds that the step may take."""
        return int(MAX_STRETCH * (self.stretched_from or self.own) + 1e-9)

    @property
    def sure_seconds(self) -> int:
        """Whole seconds that this step gets whatever rounding does."""
        return int(self.own + 1e-9)
