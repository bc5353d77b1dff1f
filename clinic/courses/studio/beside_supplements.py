"""The panel of supplementary methods: where each is done, with which settings, what bars it and who could lift that."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from clinic.courses.presentation import Presenter
from clinic.courses.presentation.chains import source_lines
from clinic.courses.presentation.lines import SourceLine
from clinic.courses.studio.beside_dose import settings_of
from clinic.courses.studio.beside_spine import Spine, spine_of
from clinic.courses.studio.desk import Desk
from clinic.courses.studio.pressed import press_of
from clinic.web.marks import clock
from protocols.language import page_names
from protocols.method.editing import supplements_at
from protocols.method.entries import Supplement
from protocols.method.names import Names
from protocols.method.plans import SessionPlan
from protocols.method.reasons import Reason
from protocols.method.session.offered import Offer, Told, offers

MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class BarLine:
    """Why something is out, and who could lift it: a document, a role, a new answer, or nobody."""

    why: str
    lifted_by: str


@dataclass(frozen=True, slots=True)
class PointLine:
    """A point: its name and place in words, how it is usually worked, how long, what to beware of."""

    code: str
    where: str
    mode: str
    time: str
    caution: str
    is_used: bool  # in the session, if the method is on; the dose holds fewer points than the stage may name
    bar: BarLine | None


@dataclass(frozen=True, slots=True)
class MethodCard:
    """One method. ``settings`` are (name, value) of its dose; ``press`` is what its switch sends, "" where it cannot be switched."""

    code: str
    name: str
    group: str
    method: str
    settings: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    is_on: bool
    is_planned: bool  # it stands in the session
    bar: BarLine | None
    time: str
    spine: Spine | None
    barred_levels: tuple[tuple[str, BarLine], ...]
    points: tuple[PointLine, ...]
    sources: tuple[SourceLine, ...]
    press: str


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
    """The methods of the stage, the others, and the time of the session that is looked at."""

    number: int
    is_given: bool
    methods: tuple[MethodCard, ...]
    others: tuple[MethodCard, ...]
    time: TimeLine


def supplements_panel(desk: Desk, session: int) -> SupplementsPanel | None:
    """The panel of one session; None where the stage is not massaged or nothing is planned."""
    if desk.setting.stage.treatment is None or not desk.sessions:
        return None
    return _Methods(desk, desk.session(session)).panel()


class _Methods:
    def __init__(self, desk: Desk, session: SessionPlan) -> None:
        self.desk, self.session, self.setting = desk, session, desk.setting
        self.words = Presenter(desk.setting.library, page_names())
        self.names: Names = self.words.names
        self.on = supplements_at(desk.edits, desk.wanted.supplements, session.number)
        self.is_given = session.number <= desk.begun

    def panel(self) -> SupplementsPanel:
        dose = self.session.dose or self.desk.made.course.doses[self.session.number - 1]
        found = offers(self.setting, dose, adaptation=self.desk.made.adaptation)
        return SupplementsPanel(
            number=self.session.number,
            is_given=self.is_given,
            methods=tuple(self._card(each) for each in found if each.is_of_stage),
            others=tuple(self._card(each) for each in found if not each.is_of_stage),
            time=self._time(),
        )

    def _card(self, offer: Offer) -> MethodCard:
        entry, is_on = self.setting.library.supplements[offer.code], offer.code in self.on
        bars = tuple((told.code, self._bar(told.barred)) for told in offer.levels if told.barred is not None)
        side = offer.planned[0].side if offer.planned else "both"
        return MethodCard(
            code=offer.code,
            name=self.names.of("supplements", offer.code),
            group=self.names.of("supplement-classes", entry.supplement_class),
            method=self.names.of("supplements", offer.code, "method"),
            settings=tuple(settings_of(entry, self.names)),
            notes=self._notes(offer),
            is_on=is_on,
            is_planned=any(each.supplement == offer.code for each in self.session.supplements),
            bar=self._bar(offer.barred) if offer.barred else None,
            time=clock(offer.seconds) if offer.seconds else "",
            spine=spine_of(offer.levels, side) if offer.levels else None,
            barred_levels=bars,
            points=tuple(self._point(told, offer, entry) for told in offer.points),
            sources=source_lines(self.setting.library, entry.sources),
            press=self._press(offer, is_on=is_on),
        )

    def _press(self, offer: Offer, *, is_on: bool) -> str:
        """Off is always open; on where nothing bars the whole of it."""
        if self.is_given or not (is_on or (offer.is_of_stage and offer.barred is None)):
            return ""
        return press_of(do="supplement", code=offer.code, value=0 if is_on else 1)

    def _notes(self, offer: Offer) -> tuple[str, ...]:
        lines = self.names.lines("stages", f"{self.setting.condition.code}/{self.setting.stage.code}", "supplement_notes")
        return tuple(lines[row] for row in offer.notes if row < len(lines) and lines[row])

    def _point(self, told: Told, offer: Offer, entry: Supplement) -> PointLine:
        point = self.setting.library.points[told.code]
        seconds = entry.dose.get("seconds_per_point", (0, 0))
        return PointLine(
            code=told.code.upper(),
            where=self.names.of("points", told.code, "where"),
            mode=self.names.of("supplements", point.usual_mode),
            time=_("%(low)s–%(high)s s") % {"low": int(seconds[0]), "high": int(seconds[1])} if seconds[1] else "",
            caution=self.names.of("points", told.code, "caution") if point.caution else "",
            is_used=any(told.code in each.points for each in offer.planned),
            bar=self._bar(told.barred) if told.barred else None,
        )

    # What is in the way -------------------------------------------------------------------------------------------------------
    def _bar(self, reason: Reason) -> BarLine:
        return BarLine(self.words.speaker.say(reason), self._lifted_by(reason))

    def _lifted_by(self, reason: Reason) -> str:
        rule = dict(reason.about).get("rule", "")
        if rule in self.setting.library.rules:
            clearance = self.setting.library.rules[rule].clearance
            if clearance is None:
                return _("Nobody, as long as the finding stands. %(ends)s") % {"ends": self.names.of("rules", rule, "ends_when")}
            return _("A doctor, by a document: %(document)s.") % {"document": self.names.of("documents", clearance.document)}
        return LIFTED.get(reason.code, lambda: _("Nobody."))()

    # Time ---------------------------------------------------------------------------------------------------------------------
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


# Who could lift what no rule of the contraindications bars.
LIFTED: Final[Mapping[str, Callable[[], str]]] = {
    "supplement-stage-forbids": lambda: _("Another stage, if the assessment says so."),
    "supplement-not-in-stage": lambda: _("Another stage, if the assessment says so."),
    "supplement-avoids-fact": lambda: _("A new answer in the patient's record."),
    "supplement-no-room": lambda: _("Nobody: the time under the limit, the places or the points are used up."),
    "barred-by-referral": lambda: _("The doctor who signed the referral."),
    "barred-zone-supplement": lambda: _("The doctor who signed the referral, or the patient by a new consent sheet."),
    "consent-withdrawn": lambda: _("The patient, by a new consent sheet."),
    "left-out-by-record": lambda: _("A session after which nothing hurts there."),
}
