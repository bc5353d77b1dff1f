"""A session that is given, ready for its page: each row with everything that the hands must know, and what may be asked of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from clinic.courses.actions.starting import A_MINUTE
from clinic.courses.bodymap import BodyMapView, body_map
from clinic.courses.given import Played
from clinic.courses.models import SessionStart
from clinic.courses.pinned import presenter_of
from clinic.courses.presentation import Presenter
from clinic.courses.presentation.lines import RowLine, SessionView, StepLine
from clinic.courses.presentation.timeline import row_label
from clinic.courses.queries import kept_screening, screening_of
from clinic.courses.states import StopReason
from protocols.method.findings import Screening
from protocols.method.library import Library
from protocols.method.names import Names
from protocols.method.places import Place
from protocols.method.plans import Row, SessionPlan
from protocols.method.storage import plan_from_json

# A beat that is faster is felt and heard as a noise: then it falls on every second, fourth ... movement.
FASTEST_BEAT: Final = 120
LINE: Final = 1000.0  # the length of the drawing of a whole session
# Source: library, course-rules.toml, stop_set "any": the emergency plan for chest pain and nerve signs; breathlessness is looked at
# with them, since oxygen is not measured everywhere.
GRAVE: Final = frozenset({StopReason.HEART, StopReason.BREATH, StopReason.NERVE})


@dataclass(frozen=True, slots=True)
class Beat:
    """The tempo of a row in figures: movements a minute from ``low`` to ``high``; the beat falls on every ``every``-th movement."""

    low: int
    high: int
    every: int

    @property
    def a_minute(self) -> int:
        """Beats a minute: the middle of the band."""
        return round((self.low + self.high) / 2 / self.every)


@dataclass(frozen=True, slots=True)
class PlayedRow:
    """One row of the plan on the page. ``index`` counts from 0, as events do; ``turn_to`` is the position of the next row where it is
    another one, "" otherwise."""

    index: int
    step: StepLine
    line: RowLine
    position: str
    is_new_position: bool
    turn_to: str
    next_zone: str  # of the next row, with its side; "" at the last
    next_technique: str
    next_seconds: int
    beat: Beat | None
    here: str  # the place as ``zone/side``
    here_word: str
    seconds: int
    given: int
    state: str  # past | now | coming | skipped
    at: float  # where it begins on the line of the whole session, in thousandths of it
    length: float
    said: str  # the row in one sentence, for whoever does not see it

    @property
    def number(self) -> int:
        return self.index + 1

    @property
    def why(self) -> tuple[str, ...]:
        """Why the row is as it is: what findings and earlier sessions changed first, then the protocol and the dose."""
        return tuple(dict.fromkeys((*self.step.limits, *self.line.because, *self.step.origin)))


@dataclass(frozen=True, slots=True)
class PlayerPage:
    """Everything on the page of a session that is given."""

    session: SessionView
    rows: tuple[PlayedRow, ...]
    body: BodyMapView
    places: tuple[tuple[str, str], ...]  # zone/side and its words, of every place of the plan
    stop_rules: tuple[str, ...]
    then: str  # what to do when one of them holds
    played: Played

    @property
    def left_clock(self) -> str:
        """The time left of the row, as 1:05."""
        return minutes_clock(-(-self.played.left_ms // 1000))

    @property
    def ahead_clock(self) -> str:
        """The time left of everything, as 23:40."""
        return minutes_clock(-(-self.played.ahead_ms // 1000))

    @property
    def given_clock(self) -> str:
        """The time that was given, as 23:40."""
        return minutes_clock(self.played.seconds)

    @property
    def planned_clock(self) -> str:
        """The time that was planned, as 23:40."""
        return minutes_clock(sum(row.seconds for row in self.rows))

    @property
    def is_less(self) -> bool:
        """Whether some row had less than its time."""
        return any(row.given < row.planned for row in self.played.rows)

    @property
    def is_no_sign(self) -> bool:
        """Whether the session was stopped because the patient wished so: then there is nothing to measure."""
        return self.played.stop_reason == StopReason.WISH

    @property
    def is_young(self) -> bool:
        """Whether so little was given that the start can be taken back without a word."""
        return self.played.seconds < A_MINUTE

    @property
    def is_last(self) -> bool:
        """Whether no row follows the one that is given."""
        return self.played.row == len(self.rows) - 1


def player_page(start: SessionStart, seen: Played) -> PlayerPage:
    """The page of that start, at the moment of ``seen``. Raises ``NotStored`` for a plan that is not whole."""
    plan, course = plan_from_json(start.plan), start.session.course
    presenter = presenter_of(course)
    library, names = presenter.library, presenter.names
    screening = _screening(start)
    view = presenter.session(plan, stage=f"{course.condition}/{course.stage}", limits=screening.limits)
    places = dict.fromkeys(Place(row.zone, row.side) for row in plan.rows)
    return PlayerPage(
        session=view,
        rows=tuple(_rows(plan, view, seen, presenter)),
        body=body_map(plan, screening, library=library, names=names, speaker=presenter.speaker),
        places=tuple((_code(place), presenter.speaker.place(place)) for place in places),
        stop_rules=presenter.stop_rules(course),
        then=_then(names),
        played=seen,
    )


def minutes_clock(seconds: int) -> str:
    """Seconds as a watch that runs shows them: 65 gives "1:05", 600 gives "10:00"."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def _screening(start: SessionStart) -> Screening:
    return kept_screening(start.screening) if start.screening else screening_of(start.session.course)


def _then(names: Names) -> str:
    return names.of("stop-sets", "any", "then")


def _rows(plan: SessionPlan, view: SessionView, seen: Played, presenter: Presenter) -> Iterator[PlayedRow]:
    lines = [(step, line) for step in view.steps for line in step.rows]
    before, at, scale = "", 0.0, LINE / max(plan.total_seconds, 1)
    for index, (row, (step, line)) in enumerate(zip(plan.rows, lines, strict=True)):
        is_last = index + 1 == len(plan.rows)
        following, (_step, after) = (row, lines[index]) if is_last else (plan.rows[index + 1], lines[index + 1])
        given, place = seen.rows[index], Place(row.zone, row.side)
        yield PlayedRow(
            index=index,
            step=step,
            line=line,
            position=step.position,
            is_new_position=row.position != before,
            turn_to=presenter.names.of("positions", following.position) if following.position != row.position else "",
            next_zone="" if is_last else presenter.speaker.place(Place(following.zone, following.side)),
            next_technique=after.technique,
            next_seconds=following.seconds,
            beat=beat_of(row, presenter.library),
            here=_code(place),
            here_word=presenter.speaker.place(place),
            seconds=row.seconds,
            given=given.given,
            state=_state(index, seen),
            at=at * scale,
            length=row.seconds * scale,
            said=row_label(step, line),
        )
        before, at = row.position, at + row.seconds


def _code(place: Place) -> str:
    return f"{place.zone}/{place.side}"


def _state(index: int, seen: Played) -> str:
    if seen.rows[index].reason:
        return "skipped"
    if index == seen.row:
        return "now"
    return "past" if seen.row is None or index < seen.row else "coming"


def beat_of(row: Row, library: Library) -> Beat | None:
    """The tempo of the row in movements a minute, from techniques.toml; None for a family that has no count in this tempo.

    The bands of the library are wide because its sources disagree (m-09 and the Soviet manuals): the figures are a hint beside the word.
    """
    family = library.families[row.family]
    band: tuple[int, ...] = getattr(family, row.tempo) if family.counted else ()
    if len(band) != 2:
        return None
    every = 1
    while (band[0] + band[1]) / 2 / every > FASTEST_BEAT:
        every *= 2
    return Beat(band[0], band[1], every)
