"""One session to scale: a segment for each row, as long as its seconds and as high as its pressure. Nothing here decides anything.

The same session is drawn twice, lying for wide pages and standing for narrow ones. Units are those of the drawing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from django.utils.translation import gettext as _

from clinic.courses.presentation.lines import RowLine, SessionView, StepLine
from clinic.web.marks import PRESSURES, SIDES, TEMPOS, clock

LYING: Final = 1000.0  # the length of a lying session, whatever it lasts
LYING_FLOOR: Final = 178.0  # where segments stand
LYING_DEEP: Final = 84.0  # a segment at pressure 4
STANDING_A_MINUTE: Final = 44.0
STANDING_DEEP: Final = 92.0
LETTER: Final = 7.2  # the width of a letter of a zone's name when it lies
LINES: Final = 3
GLYPH: Final = 18.0  # a segment as long as this has room for the mark of its family
BEATS: Final = {"calm": 20.0, "neutral": 10.0, "tonic": 5.0}  # how far apart the strokes of a tempo stand


@dataclass(frozen=True, slots=True)
class Segment:
    """A row: it begins ``at`` and goes on for ``length``; ``deep`` is its pressure."""

    row: RowLine
    label: str
    at: float
    length: float
    deep: float
    top: float  # where it begins above the floor of a lying session
    glyph_at: float  # where the mark of its family begins, in the middle of it
    beats: tuple[float, ...]
    has_glyph: bool


@dataclass(frozen=True, slots=True)
class StepSpan:
    """A step with its segments. ``words`` is as much of the zone's name as there is room for, line by line."""

    step: StepLine
    at: float
    length: float
    middle: float
    words: tuple[str, ...]
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """Steps that share something: the position, or the part of the session."""

    words: str
    at: float
    length: float
    middle: float


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    minute: int
    is_long: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """A session along one line of ``length`` units."""

    length: float
    steps: tuple[StepSpan, ...]
    positions: tuple[Span, ...]
    parts: tuple[Span, ...]
    ticks: tuple[Tick, ...]
    levels: tuple[tuple[int, float], ...]  # of pressure, and where each stands in a lying session

    @property
    def with_margin(self) -> float:
        """The length with room for the last figure."""
        return self.length + 24


def lying(view: SessionView) -> Timeline:
    """For wide pages: every session as long as the page is wide."""
    return _timeline(view, LYING, LYING_DEEP)


def standing(view: SessionView) -> Timeline:
    """For narrow pages: a minute is always as high as another, so that short sessions are short."""
    return _timeline(view, STANDING_A_MINUTE * view.total_seconds / 60, STANDING_DEEP)


def _timeline(view: SessionView, length: float, deep: float) -> Timeline:
    scale = length / max(view.total_seconds, 1)
    steps = tuple(_steps(view.steps, scale, deep))
    return Timeline(
        length=length,
        steps=steps,
        positions=tuple(_spans(steps, [span.step.position for span in steps])),
        parts=tuple(_spans(steps, [span.step.part for span in steps])),
        ticks=tuple(_ticks(view.total_seconds, scale)),
        levels=tuple((level, LYING_FLOOR - deep * level / 4) for level in (1, 2, 3, 4)),
    )


def _steps(steps: Sequence[StepLine], scale: float, deep: float) -> Iterator[StepSpan]:
    seconds = 0
    for step in steps:
        length = step.seconds * scale
        words = wrapped(step.zone, int((length - 6) / LETTER))
        segments = tuple(_segments(step, seconds, scale, deep))
        yield StepSpan(step, seconds * scale, length, seconds * scale + length / 2, words, segments)
        seconds += step.seconds


def _segments(step: StepLine, seconds: int, scale: float, deep: float) -> Iterator[Segment]:
    for row in step.rows:
        at, length = seconds * scale, row.seconds * scale
        apart = BEATS[row.tempo]
        beats = tuple(at + apart / 2 + apart * each for each in range(int(length // apart)))
        yield Segment(
            row=row,
            label=row_label(step, row),
            at=at,
            length=length,
            deep=deep * row.pressure / 4,
            top=LYING_FLOOR - deep * row.pressure / 4,
            glyph_at=at + length / 2 - GLYPH / 2 + 1,
            beats=beats,
            has_glyph=length >= GLYPH,
        )
        seconds += row.seconds


def row_label(step: StepLine, row: RowLine) -> str:
    """A row in one line, for whoever does not see the drawing."""
    return _("Row %(number)s: %(zone)s, %(side)s, %(technique)s, %(minutes)s min, pressure %(pressure)s, tempo %(tempo)s") % {
        "number": row.number,
        "zone": step.zone,
        "side": SIDES[step.side],
        "technique": row.technique,
        "minutes": clock(row.seconds),
        "pressure": PRESSURES[row.pressure],
        "tempo": TEMPOS[row.tempo],
    }


def _spans(steps: Sequence[StepSpan], words: Sequence[str]) -> Iterator[Span]:
    for said, grouped in groupby(zip(steps, words, strict=True), key=lambda pair: pair[1]):
        spans = [span for span, _said in grouped]
        at, length = spans[0].at, sum(span.length for span in spans)
        yield Span(clipped(said, int(length / LETTER)), at, length, at + length / 2)


def _ticks(seconds: int, scale: float) -> Iterator[Tick]:
    """Every minute; a long stroke and its figure at every fifth, and at every one of a short session."""
    for minute in range(seconds // 60 + 1):
        yield Tick(minute * 60 * scale, minute, minute % 5 == 0 or seconds <= 12 * 60)


def wrapped(words: str, letters: int) -> tuple[str, ...]:
    """Words in at most three lines of so many letters, with an ellipsis where they do not fit; none where not even a word would."""
    if letters < 4:
        return ()
    lines = [""]
    for word in words.split():
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) <= letters:
            lines[-1] = joined
        else:
            lines.append(word)
    lines = [line for line in lines if line]
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], f"{lines[LINES - 1]} …"]
    return tuple(clipped(line, letters) for line in lines)


def clipped(words: str, letters: int) -> str:
    """The beginning of the words, with an ellipsis where they are longer than that; "" where there is room for nothing."""
    if len(words) <= letters:
        return words
    return f"{words[: letters - 1].rstrip(' .,;…')}…" if letters >= 4 else ""
