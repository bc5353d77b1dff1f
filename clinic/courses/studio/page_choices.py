"""What may be done with the open step, each choice with what stands against it, and the time of each of its families."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from clinic.courses.presentation import Presenter
from clinic.courses.studio.desk import Desk
from clinic.courses.studio.page_steps import NUDGE, StepCard
from clinic.courses.studio.page_why import limit_lines
from clinic.courses.studio.pressed import press_of
from clinic.web.marks import PRESSURES, TEMPOS, clock
from protocols.method.editing import StepChoices, Verdict, choices_for
from protocols.method.vocabulary import MIN_ROW_SECONDS
from protocols.method.vocabulary import TEMPOS as TEMPO_CODES

FREE: Final = Verdict()
STRONGEST: Final = 4


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice. ``state``: now (it is so), free, soft (needs a reason) or barred; ``why`` says what stands against it."""

    code: str
    name: str
    press: str
    state: str
    why: str


@dataclass(frozen=True, slots=True)
class Swap:
    """One family of the step: the techniques that could stand in its place, its time, and what its buttons send, "" where there is none."""

    code: str
    name: str
    technique: str
    options: tuple[Choice, ...]
    clock: str
    less: str
    more: str
    remove: str
    restore: str


@dataclass(frozen=True, slots=True)
class Gone:
    """A family that the protocol has in the step and that was left out by hand."""

    code: str
    name: str
    put_back: str


@dataclass(frozen=True, slots=True)
class Choices:
    """All choices of the open step."""

    pressures: tuple[Choice, ...]
    tempos: tuple[Choice, ...]
    families: tuple[Swap, ...]
    gone: tuple[Gone, ...]


def choices_of(desk: Desk, number: int, card: StepCard, presenter: Presenter) -> Choices | None:
    """The choices of a step of a session to come, in words; None where nothing is edited."""
    if desk.edited is None or number <= desk.begun:
        return None
    found = choices_for(
        desk.setting,
        desk.edited,
        desk.edits,
        number=number,
        step=card.key,
        adaptation=desk.made.adaptation,
    )
    return _Worded(desk, card, presenter).all(found)


def plain_choices(card: StepCard, presenter: Presenter) -> Choices:
    """The same without verdicts, until those have come: a part that comes back after each act has no time for them."""
    worded = _Worded(None, card, presenter)
    levels = ((level, FREE) for level in range(1, STRONGEST + 1))
    return worded.all(StepChoices(card.key, pressures=tuple(levels), tempos=tuple((tempo, FREE) for tempo in TEMPO_CODES)))


class _Worded:
    def __init__(self, desk: Desk | None, card: StepCard, presenter: Presenter) -> None:
        self.desk, self.card, self.presenter = desk, card, presenter

    def all(self, found: StepChoices) -> Choices:
        now = {row.family: row.code for row in self.card.rows}
        names = self.presenter.names
        return Choices(
            tuple(
                self._one(str(level), str(PRESSURES[level]), verdict, level == self.card.pressure, kind="pressure", value=level)
                for level, verdict in found.pressures
            ),
            tuple(
                self._one(code, str(TEMPOS[code]), verdict, code == self.card.tempo, kind="tempo", code=code)
                for code, verdict in found.tempos
            ),
            tuple(self._family(found, family, code) for family, code in now.items()),
            tuple(Gone(family, names.of("families", family), self._restore(family)) for family in self.card.left_out),
        )

    def _family(self, found: StepChoices, family: str, code: str) -> Swap:
        """A family with its time. What stands against less, more or none of it is told when it is asked for."""
        rows = [row for row in self.card.rows if row.family == family]
        seconds, built = sum(row.seconds for row in rows), rows[0].built
        return Swap(
            family,
            rows[0].family_name,
            self._name(code),
            tuple(self._techniques(found, family, code)),
            clock=clock(seconds),
            less=self._minutes(family, seconds - NUDGE, built) if seconds - NUDGE >= MIN_ROW_SECONDS * len(rows) else "",
            more=self._minutes(family, seconds + NUDGE, built),
            remove=self._minutes(family, 0, built) if len({row.family for row in self.card.rows}) > 1 else "",
            restore=self._restore(family) if family in self.card.timed else "",
        )

    def _minutes(self, family: str, seconds: int, built: int) -> str:
        value = round(1000 * seconds / max(built, 1))
        return press_of(do="edit", kind="minutes", step=self.card.key, family=family, value=value)

    def _restore(self, family: str) -> str:
        return press_of(do="restore-step", step=self.card.key, family=family)

    def _techniques(self, found: StepChoices, family: str, now: str) -> Iterator[Choice]:
        for row_family, code, verdict in found.techniques:
            if row_family == family:
                yield self._one(code, self._name(code), verdict, code == now, kind="technique", family=family, code=code)

    def _one(self, choice: str, name: str, verdict: Verdict, is_now: bool, /, **about: Any) -> Choice:  # noqa: FBT001  # one of four that go together
        state = "now" if is_now else "free" if verdict.is_free else "soft" if verdict.is_soft else "barred"
        told = limit_lines(self.desk, verdict.problems, self.presenter) if self.desk and state in ("soft", "barred") else ()
        why = " ".join(line.sentence for line in told)
        return Choice(choice, name, press_of(do="edit", step=self.card.key, **about), state, why)

    def _name(self, technique: str) -> str:
        return self.presenter.names.of("techniques", technique)
