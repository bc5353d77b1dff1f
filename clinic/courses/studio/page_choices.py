"""What may be done with the open step, each choice with what stands against it; and the lists for a step that is added."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.utils.translation import get_language

from clinic.courses.presentation import Presenter
from clinic.courses.studio.desk import Desk
from clinic.courses.studio.page_steps import StepCard
from clinic.courses.studio.page_why import limit_lines
from clinic.courses.studio.pressed import press_of
from clinic.web.marks import PRESSURES, SIDES, TEMPOS
from protocols.language import page_names
from protocols.method.editing import StepChoices, Verdict, choices_for
from protocols.method.vocabulary import TEMPOS as TEMPO_CODES
from protocols.shelf import shipped_library

FREE: Final = Verdict()
STRONGEST: Final = 4
NOT_ADDED: Final = frozenset({"points", "breathing-assist"})  # the one is a supplement, the other follows the breath of its own steps


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
    """The techniques that could stand in the place of one."""

    code: str
    technique: str
    options: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """All choices of the open step."""

    pressures: tuple[Choice, ...]
    tempos: tuple[Choice, ...]
    families: tuple[Swap, ...]


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
        return Choices(
            tuple(
                self._one(str(level), str(PRESSURES[level]), verdict, level == self.card.pressure, kind="pressure", value=level)
                for level, verdict in found.pressures
            ),
            tuple(
                self._one(code, str(TEMPOS[code]), verdict, code == self.card.tempo, kind="tempo", code=code)
                for code, verdict in found.tempos
            ),
            tuple(Swap(family, self._name(code), tuple(self._techniques(found, family, code))) for family, code in now.items()),
        )

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


@dataclass(frozen=True, slots=True)
class Adding:
    """The lists of the form that adds a step: by part of the body and by family, each (heading, ((code, name), …))."""

    zones: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    techniques: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    sides: tuple[tuple[str, str], ...]


def adding() -> Adding:
    """The lists in the language of the page."""
    return _adding(get_language() or "en")


@lru_cache(maxsize=4)
def _adding(_language: str) -> Adding:
    library, names = shipped_library(), page_names()
    inner = {zone.parent for zone in library.zones.values()}
    leaves = [code for code in library.zones if code not in inner]
    parts = {code: _root(code) for code in leaves}
    zones = tuple(
        (names.of("zones", root), tuple((code, names.of("zones", code)) for code in leaves if parts[code] == root))
        for root in dict.fromkeys(parts.values())
    )
    families = [family for family in library.families if family not in NOT_ADDED]
    techniques = tuple((names.of("families", family), tuple(_of_family(family))) for family in families)
    return Adding(zones, techniques, tuple((code, str(word)) for code, word in SIDES.items()))


def _root(code: str) -> str:
    zones = shipped_library().zones
    while (parent := zones[code].parent) is not None:
        code = parent
    return code


def _of_family(family: str) -> Iterable[tuple[str, str]]:
    library, names = shipped_library(), page_names()
    return ((code, names.of("techniques", code)) for code, each in library.techniques.items() if each.family == family)


def press_to_add(after: str, pressure: int, tempo: str) -> str:
    """What the button sends that adds a step behind the open one, as strong and as brisk as that is."""
    fields = {"zone_from": "add-zone", "side_from": "add-side", "technique_from": "add-technique", "minutes_from": "add-minutes"}
    return press_of(do="edit", kind="add", after=after, pressure=pressure, tempo=tempo, **fields)
