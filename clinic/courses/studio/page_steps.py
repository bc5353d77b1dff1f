"""The steps of one session as cards: what each does, what was changed in it by hand and what it was, and what its buttons send."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

from django.utils.translation import gettext as _

from clinic.courses.bodymap import places_of_row
from clinic.courses.presentation import Presenter
from clinic.courses.presentation.sessions import part_word
from clinic.courses.studio.desk import Desk
from clinic.courses.studio.pressed import press_of
from clinic.web.marks import PRESSURES, SIDES, TEMPOS, clock
from protocols.method.editing import step_keys
from protocols.method.edits import Edit
from protocols.method.plans import Row, SessionPlan
from protocols.method.vocabulary import MIN_STEP_SECONDS

NUDGE = 15  # seconds


@dataclass(frozen=True, slots=True)
class StepRow:
    """One technique of a step. ``was`` is what stood there before, "" where nothing was changed.

    ``built`` are the seconds of its family that a hand's thousandths count from.
    """

    family: str
    family_name: str
    code: str
    technique: str
    clock: str
    seconds: int
    built: int
    was: str


@dataclass(frozen=True, slots=True)
class StepCard:
    """One step. ``less``, ``more``, ``up``, ``down``, ``remove`` and ``restore`` are what its buttons send, "" where there is none."""

    key: str
    id: str
    number: int
    zone: str
    side: str
    side_word: str
    part: str
    part_code: str
    position: str  # "" where it is that of the step before
    clock: str
    seconds: int
    built: int  # seconds that the protocol gives it
    pressure: int
    tempo: str
    facts: str
    rows: tuple[StepRow, ...]
    left_out: tuple[str, ...]  # families that were left out by hand
    timed: tuple[str, ...]  # families whose own time was set
    marks: tuple[str, ...]
    places: str
    url: str
    light_url: str
    is_chosen: bool
    is_added: bool
    is_soft: bool  # a reason is missing here
    less: str
    more: str
    up: str
    down: str
    remove: str
    restore: str


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A step of the protocol that was removed by hand."""

    name: str
    clock: str
    put_back: str


def steps_by_key(plan: SessionPlan) -> dict[str, tuple[Row, ...]]:
    """The rows of each step by its key, in the order of the session."""
    grouped = (tuple(rows) for _step, rows in groupby(plan.rows, key=lambda row: row.step))
    return dict(zip(step_keys(plan), grouped, strict=True))


def id_of(key: str) -> str:
    """A key as the id of an element."""
    return f"s-{key.replace(':', '-').replace('+', 'added-')}"


def zone_words(presenter: Presenter, row: Row) -> str:
    """The zone of a row, with its side where it has one."""
    name = presenter.names.of("zones", row.zone)
    return f"{name} ({SIDES[row.side]})" if row.side in ("left", "right") else name


class StepCards:
    """Makes the cards of one session."""

    def __init__(self, desk: Desk, number: int, presenter: Presenter, *, chosen: str, base: str) -> None:
        self.presenter, self.names, self.chosen, self.base, self.number = presenter, presenter.names, chosen, base, number
        self.desk, self.is_given = desk, number <= desk.begun
        self.now, self.usual = steps_by_key(desk.session(number)), steps_by_key(desk.built[number - 1])
        laid = desk.edited.laid if desk.edited and not self.is_given else ()
        # Thousandths count from the session as its dose lays it, which is not that of the protocol where the curve was drawn.
        self.laid = steps_by_key(laid[number - 1]) if laid else self.usual
        self.edits = [edit for edit in desk.edits.edits if edit.step and edit.holds_at(number)]
        self.soft = {rule.step for rule in desk.soft if rule.session == number and rule.override is None}

    def cards(self) -> tuple[StepCard, ...]:
        """Every step in its order."""
        keys, position, cards = tuple(self.now), "", []
        for index, key in enumerate(keys):
            here = self.now[key][0].position
            cards.append(self._card(keys, index, position=self.names.of("positions", here) if here != position else ""))
            position = here
        return tuple(cards)

    def taken_out(self) -> tuple[TakenOut, ...]:
        """What was removed by hand, in the order of the protocol."""
        gone = {edit.step for edit in self.edits if edit.kind == "remove"}
        return tuple(
            TakenOut(zone_words(self.presenter, rows[0]), clock(_seconds(rows)), self._press("restore-step", key))
            for key, rows in self.usual.items()
            if key in gone and key not in self.now
        )

    def _card(self, keys: tuple[str, ...], index: int, *, position: str) -> StepCard:
        key = keys[index]
        rows, usual = self.now[key], self.usual.get(key, ())
        first, seconds, edits = rows[0], _seconds(rows), [edit for edit in self.edits if edit.step == key]
        built = _seconds(self.laid.get(key, ())) or _built_of_added(seconds, edits)
        pressure = max(row.pressure for row in rows)
        buttons = {} if self.is_given else self._buttons(keys, index, seconds=seconds, built=built, is_changed=bool(edits))
        return StepCard(
            key=key,
            id=id_of(key),
            number=index + 1,
            zone=self.names.of("zones", first.zone),
            side=first.side,
            side_word=str(SIDES[first.side]) if first.side != "both" else "",
            part=part_word(first.part),
            part_code=first.part,
            position=position,
            clock=clock(seconds),
            seconds=seconds,
            built=built,
            pressure=pressure,
            tempo=first.tempo,
            facts=f"{PRESSURES[pressure]} · {TEMPOS[first.tempo]}",
            rows=tuple(self._rows(key, rows, usual, edits)),
            left_out=tuple(each.family for each in edits if each.kind == "minutes" and each.family and not each.value),
            timed=tuple(each.family for each in edits if each.kind in ("minutes", "technique") and each.family),
            marks=tuple(_marks(rows, usual, edits)),
            places=" ".join(sorted({place for row in rows for place in places_of_row(row, self.presenter.library)})),
            url=f"{self.base}?session={self.number}&step={quote(key)}#{id_of(key)}",
            light_url=f"{self.base}?session={self.number}&step={quote(key)}&do=open",
            is_chosen=key == self.chosen,
            is_added=not usual,
            is_soft=key in self.soft,
            **{name: buttons.get(name, "") for name in ("less", "more", "up", "down", "remove", "restore")},
        )

    def _buttons(self, keys: tuple[str, ...], index: int, *, seconds: int, built: int, is_changed: bool) -> Mapping[str, str]:
        key, last = keys[index], len(keys) - 1
        less = max(seconds - NUDGE, MIN_STEP_SECONDS)
        return {
            "less": self._minutes(key, less, built) if less < seconds else "",
            "more": self._minutes(key, seconds + NUDGE, built),
            "up": self._move(key, keys[index - 2] if index > 1 else "") if index else "",
            "down": self._move(key, keys[index + 1]) if index < last else "",
            "remove": press_of(do="edit", kind="remove", step=key),
            "restore": self._press("restore-step", key) if is_changed else "",
        }

    def _minutes(self, key: str, seconds: int, built: int) -> str:
        return press_of(do="edit", kind="minutes", step=key, value=round(1000 * seconds / max(built, 1)))

    def _move(self, key: str, after: str) -> str:
        return press_of(do="edit", kind="move", step=key, after=after)

    def _press(self, do: str, key: str) -> str:
        return press_of(do=do, step=key)

    def _rows(self, key: str, rows: tuple[Row, ...], usual: tuple[Row, ...], edits: list[Edit]) -> Iterator[StepRow]:
        before = {row.family: row.technique for row in usual}
        now, built = _of_families(rows), _of_families(self.laid.get(key, ()))
        for row in rows:
            was = before.get(row.family, row.technique)
            yield StepRow(
                row.family,
                self.names.of("families", row.family),
                row.technique,
                self.names.of("techniques", row.technique),
                clock(row.seconds),
                row.seconds,
                built.get(row.family) or _built_of_added(now[row.family], edits, row.family),
                self.names.of("techniques", was) if was != row.technique else "",
            )


def _of_families(rows: tuple[Row, ...]) -> dict[str, int]:
    """Seconds of each family."""
    found: dict[str, int] = {}
    for row in rows:
        found[row.family] = found.get(row.family, 0) + row.seconds
    return found


def _seconds(rows: tuple[Row, ...]) -> int:
    return sum(row.seconds for row in rows)


def _built_of_added(seconds: int, edits: list[Edit], family: str = "") -> int:
    """What an added step, or a family that a hand brought into one, would take without the edits of its minutes."""
    value = next((edit.value for edit in reversed(edits) if edit.kind == "minutes" and edit.family in ("", family)), 1000)
    return round(1000 * seconds / value) if value else seconds


def _marks(rows: tuple[Row, ...], usual: tuple[Row, ...], edits: list[Edit]) -> Iterator[str]:
    """What was changed by hand in a step, and what it was."""
    kinds = {edit.kind for edit in edits}
    if "add" in kinds:
        yield _("added")
        return
    if not usual:
        return
    if "move" in kinds:
        yield _("moved")
    if kinds & {"minutes"} and _seconds(rows) != _seconds(usual):
        yield _("was %(minutes)s min") % {"minutes": clock(_seconds(usual))}
    if max(row.pressure for row in rows) != (was := max(row.pressure for row in usual)):
        yield _("pressure was %(level)s") % {"level": PRESSURES[was]}
    if rows[0].tempo != usual[0].tempo:
        yield _("was %(tempo)s") % {"tempo": TEMPOS[usual[0].tempo]}
