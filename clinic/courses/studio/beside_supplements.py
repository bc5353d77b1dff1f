"""The panel of supplementary methods in the studio: those of the stage with their switches, the others with why not, and the time."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from clinic.courses.pinned import names_of
from clinic.courses.presentation import Presenter
from clinic.courses.presentation.methods import Method, MethodCard, MethodWords
from clinic.courses.studio.desk import Desk
from clinic.courses.studio.pressed import press_of
from clinic.web.marks import clock
from protocols.method.editing import supplements_at
from protocols.method.plans import SessionPlan
from protocols.method.session.offered import Offer, codes_of_stage, offers

MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class TimeLine:
    """The time of a session with what stands beside its steps, under the cap. ``cap`` is "" where nothing caps it."""

    steps: str
    beside: str
    together: str
    cap: str
    why: str
    percent: int  # of the cap
    percent_beside: int


@dataclass(frozen=True, slots=True)
class SupplementsPanel:
    """The methods of the stage, the others, and the time of the session that is looked at.

    ``others`` is asked only where a whole page is drawn: no change by hand makes them other.
    """

    number: int
    is_given: bool
    methods: tuple[MethodCard, ...]
    others: Callable[[], tuple[MethodCard, ...]]
    time: TimeLine


def supplements_panel(desk: Desk, session: int) -> SupplementsPanel | None:
    """The panel of one session; None where the stage is not massaged or nothing is planned."""
    if desk.setting.stage.treatment is None or not desk.sessions:
        return None
    return _Methods(desk, desk.session(session)).panel()


class _Methods:
    def __init__(self, desk: Desk, session: SessionPlan) -> None:
        self.desk, self.session, self.setting = desk, session, desk.setting
        self.words = Presenter(desk.setting.library, names_of(desk.course))
        self.made = MethodWords(self.words)
        self.on = supplements_at(desk.edits, desk.wanted.supplements, session.number)
        self.is_given = session.number <= desk.begun

    def panel(self) -> SupplementsPanel:
        shown = tuple(dict.fromkeys((*codes_of_stage(self.setting), *self.on)))
        return SupplementsPanel(
            number=self.session.number,
            is_given=self.is_given,
            methods=self._cards(shown),
            others=lambda: self._cards(code for code in self.setting.library.supplements if code not in shown),
            time=self._time(),
        )

    def _cards(self, codes: Iterable[str]) -> tuple[MethodCard, ...]:
        dose = self.session.dose or self.desk.made.course.doses[self.session.number - 1]
        # What was switched on under another edition may be gone from this one; the session says that it is set aside.
        known = (code for code in codes if code in self.setting.library.supplements)
        found = offers(self.setting, dose, known, adaptation=self.desk.made.adaptation)
        return tuple(self._card(each) for each in found)

    def _card(self, offer: Offer) -> MethodCard:
        is_on = offer.code in self.on
        method = Method(
            code=offer.code,
            planned=offer.planned,
            levels=offer.levels,
            points=offer.points,
            notes=self._notes(offer),
            barred=offer.barred,
            is_on=is_on,
            is_planned=any(each.supplement == offer.code for each in self.session.supplements),
            press=self._press(offer, is_on=is_on),
        )
        return self.made.card(method)

    def _press(self, offer: Offer, *, is_on: bool) -> str:
        """Off is always open; on where nothing bars the whole of it."""
        if self.is_given or not (is_on or (offer.is_of_stage and offer.barred is None)):
            return ""
        return press_of(do="supplement", code=offer.code, value=0 if is_on else 1)

    def _notes(self, offer: Offer) -> tuple[str, ...]:
        stage = f"{self.setting.condition.code}/{self.setting.stage.code}"
        lines = self.words.names.lines("stages", stage, "supplement_notes")
        return tuple(lines[row] for row in offer.notes if row < len(lines) and lines[row])

    def _time(self) -> TimeLine:
        steps, beside = self.session.total_seconds, sum(each.seconds for each in self.session.supplements)
        cap = min(self.setting.screening.limits.minutes_caps, key=lambda each: each.minutes, default=None)
        most = MINUTE * cap.minutes if cap else steps + beside
        return TimeLine(
            steps=clock(steps),
            beside=clock(beside),
            together=clock(steps + beside),
            cap=clock(most) if cap else "",
            why=self.words.speaker.say(cap.because) if cap else "",
            percent=round(100 * steps / most) if most else 0,
            percent_beside=round(100 * beside / most) if most else 0,
        )
