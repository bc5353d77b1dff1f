"""The marks that the pages draw: outcomes with icon and words, families with a glyph, tempo, pressure, side, and the bars of a dose."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class OutcomeMark:
    """How one of the seven outcomes looks and reads. Icon and word carry it where colour does not: print, grey, colour-blind eyes."""

    code: str
    icon: str
    word: str | Promise
    sentence: str | Promise


OUTCOMES: Final = {
    mark.code: mark
    for mark in (
        OutcomeMark("clear", "circle-check", _("May go ahead"), _("Nothing in the answers stands against this massage.")),
        OutcomeMark("caution", "eye", _("Go ahead with care"), _("The massage may start. Keep in mind what is listed below.")),
        OutcomeMark("modify", "sliders-horizontal", _("Go ahead, changed"), _("The massage may start with the plan as changed below.")),
        OutcomeMark(
            "doctor", "stethoscope", _("A doctor must decide"), _("Do not start until a doctor has answered what is listed below.")
        ),
        OutcomeMark("defer", "hourglass", _("Not now"), _("Do not massage now. The list says when to ask again.")),
        OutcomeMark("absolute", "octagon-x", _("No massage"), _("Massage would do harm here. There is no plan.")),
        OutcomeMark("emergency", "siren", _("Call for help now"), _("Stop and call the emergency service. No massage, no plan.")),
    )
}

# Drawn by hand on a 24 grid: each is the path of the hand, so that it is told apart without its colour.
FAMILY_PATHS: Final = {
    "stroking": "M3 8c6-4 12 4 18 0M3 13c6-4 12 4 18 0M3 18c6-4 12 4 18 0",
    "rubbing": "M12 12.5c0-1.8 3-1.8 3 .5 0 3.5-6.5 4-6.5-.5 0-6 10.5-6.5 10.5.5 0 8-14.5 8.5-14.5-.5C4.5 7 8 3.5 13 3.5",
    "kneading": "M4 5c5 2 5 12 0 14M20 5c-5 2-5 12 0 14M10 12h4M12 10v4",
    "vibration": "M2.5 12 5 7l3.5 10L12 7l3.5 10L19 7l2.5 5",
    "percussion": "M6 4v9M12 4v9M18 4v9M4 19h4M10 19h4M16 19h4",
    "breathing-assist": "M12 20v-6M9 17.5 12 14l3 3.500M5 13a7.5 7.5 0 0 1 14 0M2 9.500C6 2.5 18 2.5 22 9.5",
    "points": "M12 3a9 9 0 1 1 0 18a9 9 0 1 1 0-18M12 8a4 4 0 1 1 0 8a4 4 0 1 1 0-8M12 11.900v.2",
}

TEMPOS: Final = {"calm": _("calm"), "neutral": _("neutral"), "tonic": _("tonic")}
# Where the strokes of the tempo mark stand on a line of 36: few and wide, or many and close.
TEMPO_TICKS: Final = {"calm": (4, 32), "neutral": (4, 13, 23, 32), "tonic": (4, 8, 12, 16, 20, 24, 28, 32)}

SIDES: Final = {"left": _("left"), "right": _("right"), "both": _("both sides")}

PRESSURES: Final = {1: _("very light"), 2: _("light"), 3: _("moderate"), 4: _("strong"), 5: _("maximal")}

BAR_STEP: Final = 26
BAR_WIDTH: Final = 18
BAR_ROOM: Final = 56


@dataclass(frozen=True, slots=True)
class DoseBar:
    """One session of a course as a bar, in the units of the drawing; ``minutes`` in minutes."""

    number: int
    minutes: int
    x: int
    y: float
    height: float
    middle: int
    is_current: bool
    is_done: bool


def dose_bars(minutes: Sequence[int], *, current: int | None = None, done: int = 0) -> tuple[DoseBar, ...]:
    """Bars for the minutes of session 1, 2, …; the longest fills the drawing. ``current`` = number of the session at hand."""
    longest = max(minutes, default=1) or 1
    return tuple(_bar(number, each, BAR_ROOM * each / longest, number == current, number <= done) for number, each in enumerate(minutes, 1))


def _bar(number: int, minutes: int, height: float, is_current: bool, is_done: bool) -> DoseBar:  # noqa: FBT001  # both are fields
    x = (number - 1) * BAR_STEP + 4
    return DoseBar(number, minutes, x, 16 + BAR_ROOM - height, height, x + BAR_WIDTH // 2, is_current, is_done)


def clock(seconds: int) -> str:
    """Seconds as minutes the way a therapist reads a watch: 360 gives "6", 390 gives "6:30"."""
    whole, rest = divmod(seconds, 60)
    return f"{whole}:{rest:02d}" if rest else str(whole)
