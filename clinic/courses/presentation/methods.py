"""Supplementary methods in words: where each is done, with which settings, what bars it and who could lift that."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from clinic.courses.presentation.base import InOneLanguage
from clinic.courses.presentation.chains import source_lines
from clinic.courses.presentation.lines import SourceLine
from clinic.courses.presentation.method_dose import settings_of
from clinic.courses.presentation.spine import Spine, spine_of
from clinic.web.marks import clock
from protocols.method.plans import PlannedSupplement, SessionPlan
from protocols.method.reasons import Reason
from protocols.method.session.offered import Told


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
    press: str = ""


@dataclass(frozen=True, slots=True)
class Method:
    """What is known of one method: ``planned`` as a session has it or would have it, ``notes`` in the language of the page."""

    code: str
    planned: tuple[PlannedSupplement, ...] = ()
    levels: tuple[Told, ...] = ()
    points: tuple[Told, ...] = ()
    notes: tuple[str, ...] = ()
    barred: Reason | None = None
    is_on: bool = True
    is_planned: bool = True
    press: str = ""


class MethodWords:
    """Puts methods into words."""

    def __init__(self, words: InOneLanguage) -> None:
        self.words, self.library, self.names = words, words.library, words.names

    def card(self, method: Method) -> MethodCard:
        """One method in words."""
        entry = self.library.supplements[method.code]
        seconds = sum(each.seconds for each in method.planned)
        return MethodCard(
            code=method.code,
            name=self.names.of("supplements", method.code),
            group=self.names.of("supplement-classes", entry.supplement_class),
            method=self.names.of("supplements", method.code, "method"),
            settings=tuple(settings_of(entry, self.names)),
            notes=method.notes,
            is_on=method.is_on,
            is_planned=method.is_planned,
            bar=self.bar(method.barred) if method.barred else None,
            time=clock(seconds) if seconds else "",
            spine=spine_of(method.levels, method.planned[0].side if method.planned else "both") if method.levels else None,
            barred_levels=tuple((told.code, self.bar(told.barred)) for told in method.levels if told.barred is not None),
            points=tuple(self._point(told, method) for told in method.points),
            sources=source_lines(self.library, entry.sources),
            press=method.press,
        )

    def _point(self, told: Told, method: Method) -> PointLine:
        point = self.library.points[told.code]
        low, high = self.library.supplements[method.code].dose.get("seconds_per_point", (0, 0))
        return PointLine(
            code=told.code.upper(),
            where=self.names.of("points", told.code, "where"),
            mode=self.names.of("supplements", point.usual_mode),
            time=_("%(low)s–%(high)s s") % {"low": int(low), "high": int(high)} if high else "",
            caution=self.names.of("points", told.code, "caution") if point.caution else "",
            is_used=any(told.code in each.points for each in method.planned),
            bar=self.bar(told.barred) if told.barred else None,
        )

    def bar(self, reason: Reason) -> BarLine:
        """Why something is out, and who could lift it."""
        return BarLine(self.words.speaker.say(reason), self._lifted_by(reason))

    def _lifted_by(self, reason: Reason) -> str:
        rule = dict(reason.about).get("rule", "")
        if rule in self.library.rules:
            clearance = self.library.rules[rule].clearance
            if clearance is not None:
                return _("a doctor, by the document “%(document)s”.") % {"document": self.names.of("documents", clearance.document)}
            ends = self.names.of("rules", rule, "ends_when")
            nobody = _("nobody, as long as the finding stands.")
            return f"{nobody} {ends[:1].upper()}{ends[1:]}".strip()
        return LIFTED.get(reason.code, lambda: _("nobody."))()


def planned_methods(plan: SessionPlan, words: InOneLanguage) -> tuple[MethodCard, ...]:
    """The methods that stand in a session, from its plan alone."""
    made = MethodWords(words)
    together: dict[str, list[PlannedSupplement]] = {}
    for each in plan.supplements:
        together.setdefault(each.supplement, []).append(each)
    return tuple(made.card(_planned(code, rows, words)) for code, rows in together.items())


def _planned(code: str, rows: list[PlannedSupplement], words: InOneLanguage) -> Method:
    notes = (words.speaker.say(reason) for row in rows for reason in row.because if reason.code == "supplement-note")
    return Method(
        code,
        planned=tuple(rows),
        levels=_once(level for row in rows for level in row.levels),
        points=_once(point for row in rows for point in row.points),
        notes=tuple(dict.fromkeys(notes)),
    )


def _once(codes: Iterable[str]) -> tuple[Told, ...]:
    return tuple(Told(code) for code in dict.fromkeys(codes))


# Who could lift what no rule of the contraindications bars.
LIFTED: Final[Mapping[str, Callable[[], str]]] = {
    "supplement-stage-forbids": lambda: _("another stage, where the assessment leads to it."),
    "supplement-not-in-stage": lambda: _("another stage, where the assessment leads to it."),
    "stage-forbids-supplement": lambda: _("another stage, where the assessment leads to it."),
    "supplement-avoids-fact": lambda: _("another answer, in the patient's record or today."),
    "fact-bars-supplement": lambda: _("another answer, in the patient's record or today."),
    "supplement-no-room": lambda: _("nobody: the time, the places or the points are used up."),
    "barred-by-referral": lambda: _("the doctor who signed the referral."),
    "barred-zone-supplement": lambda: _("the doctor who signed the referral, or the patient by a new consent sheet."),
    "consent-withdrawn": lambda: _("the patient, by a new consent sheet."),
    "left-out-by-record": lambda: _("a session after which nothing hurts there."),
}
