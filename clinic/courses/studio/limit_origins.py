"""Where a limit comes from: the findings, bars, dangers, ages and answers behind it, each with who could lift it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from clinic.courses.presentation import Presenter
from clinic.courses.studio.limit_words import LIFTED, WHY_RULES
from protocols.method.entries import DangerZone
from protocols.method.findings import Bar
from protocols.method.places import Place
from protocols.method.reasons import Reason, because
from protocols.method.setting import Setting
from protocols.method.vocabulary import SIDES, Side

# The codes of reasons that no rule stands behind, and who lifts what they say.
LIFTED_BY_REASON: Final[Mapping[str, str]] = {
    "barred-by-referral": "referral",
    "referral-caps-pressure": "referral",
    "consent-withdrawn": "consent",
    "consent-caps-pressure": "consent",
    "barred-zone-supplement": "both",
    "unknown-leaves-zones-out": "answer",
    "fact-bars-technique": "facts",
    "fact-bars-supplement": "facts",
    "age-bars-supplement": "age",
    "stage-forbids-supplement": "stage",
}


@dataclass(frozen=True, slots=True)
class Origin:
    """One thing that a limit comes from, in words."""

    why: str
    lifted_by: str


def side_of(about: Mapping[str, str]) -> Side:
    """The side that the details of a problem name; both where they name none."""
    side = next((side for side in SIDES if side == about.get("side")), None)
    return side or "both"


class Origins:
    """What stands behind one problem. ``about`` are the details of its sentence, as codes and numbers."""

    def __init__(self, about: Mapping[str, str], setting: Setting, presenter: Presenter) -> None:
        self.about = about
        self.setting = setting
        self.limits = setting.screening.limits
        self.library = presenter.library
        self.names = presenter.names
        self.speaker = presenter.speaker

    # findings -------------------------------------------------------------------------------------------------------------
    def places_out(self) -> Iterator[Origin]:
        """The findings that leave the place out."""
        yield from self._said(out.because for out in self.limits.places_out if self._touches(out.places))

    def families_out(self) -> Iterator[Origin]:
        """The findings that bar the family there."""
        found = (out for out in self.limits.families_out if out.family == self.about.get("family"))
        yield from self._said(out.because for out in found if self._touches(out.places))

    def techniques_out(self) -> Iterator[Origin]:
        """The findings that bar the technique there."""
        found = (out for out in self.limits.techniques_out if out.technique == self.about.get("technique"))
        yield from self._said(out.because for out in found if self._touches(out.places))

    def supplements_out(self) -> Iterator[Origin]:
        """The findings, ages and stages that exclude the supplement."""
        yield from self._said(out.because for out in self.limits.supplements_out if out.supplement == self.about.get("supplement"))

    def positions_out(self) -> Iterator[Origin]:
        """The findings that bar the position."""
        yield from self._said(out.because for out in self.limits.positions_out if out.position == self.about.get("position"))

    def calm(self) -> Iterator[Origin]:
        """The findings that ask for calm work there."""
        yield from self._said(row.because for row in self.limits.calm if self._touches(row.places))

    def minutes(self) -> Iterator[Origin]:
        """The lowest cap on minutes, where it is what binds; what lowers the dose."""
        most = int(self.about.get("ceiling", self.about.get("cap", "0")))
        yield from self._said(cap.because for cap in self.limits.minutes_caps if 60 * cap.minutes <= most + 1)
        if "ceiling" in self.about:
            yield from self._said(self.limits.rungs_because)

    def facts_against(self) -> Iterator[Origin]:
        """The facts of this patient that the technique avoids."""
        technique = self.library.techniques.get(self.about.get("technique", ""))
        facts = (*technique.avoid_when, *technique.avoid_at) if technique else ()
        known = self.setting.screening.facts
        yield from self._said(
            because("technique-avoids-fact", technique=self.about["technique"], fact=fact) for fact in facts if known.get(fact)
        )

    def question(self) -> Iterator[Origin]:
        """The question that has no answer."""
        if fact := self.about.get("fact"):
            yield Origin(self.speaker.say(because("fact-unanswered", fact=fact)), str(LIFTED["answer"]))

    # orders ---------------------------------------------------------------------------------------------------------------
    def orders(self) -> Iterator[Origin]:
        """The referral, the patient, or both."""
        for bar in self.setting.screening.bars:
            if self._bars(bar):
                code = "barred-by-referral" if bar.source == "referral" else "consent-withdrawn"
                yield Origin(self.speaker.say(because(code)), str(LIFTED[bar.source]))

    def _bars(self, bar: Bar) -> bool:
        codes = {self.about.get("technique"), self.about.get("family"), self.about.get("supplement")}
        named = codes & (bar.techniques | bar.families | bar.supplements)
        zones = frozenset(leaf for place in bar.places for leaf in self.library.tree.leaf_places(place))
        return bool(named) or (bool(zones) and ("zone" not in self.about or self._touches(zones)))

    # library --------------------------------------------------------------------------------------------------------------
    def dangers(self, *, always: bool = False) -> Iterator[Origin]:
        """The entries of the danger map that bar it there."""
        for row in self.library.dangers.values():
            if (row.always_excluded if always else self._is_barred_by(row)) and self._touches(self._leaves(row)):
                yield Origin(self.speaker.say(because("danger-spot", danger=row.code)), str(LIFTED["nobody"]))

    def _is_barred_by(self, row: DangerZone) -> bool:
        named = {"all", self.about.get("family")} & set(row.barred)
        return row.extent == "zone" and (bool(named) or self.about.get("technique") in row.barred_techniques)

    def pressure(self) -> Iterator[Origin]:
        """Everything that caps the pressure there at the limit or lower; an earlier session where nothing else does."""
        limit = int(self.about.get("limit", "1"))
        found = tuple(dict.fromkeys((*self._said(self._caps(limit)), *self._stage_and_age(limit), *self._capped_dangers(limit))))
        yield from found or (Origin(str(WHY_RULES["earlier-or-depth"]), str(LIFTED["session-or-you"])),)

    def _caps(self, limit: int) -> Iterator[Reason]:
        return (cap.because for cap in self.limits.pressure_caps if cap.level <= limit and self._touches(cap.places))

    def _stage_and_age(self, limit: int) -> Iterator[Origin]:
        treatment, stage = self.setting.treatment, f"{self.setting.condition.code}/{self.setting.stage.code}"
        if treatment.pressure_max <= limit:
            yield Origin(self.speaker.say(because("pressure-stage", level=treatment.pressure_max, stage=stage)), str(LIFTED["stage"]))
        for local in treatment.pressure_max_at:
            if local.level <= limit and local.zone == self.about.get("zone"):
                said = because("pressure-stage-zone", level=local.level, zone=local.zone)
                yield Origin(self.speaker.say(said), str(LIFTED["stage"]))
        ages = (row for row in self.library.course.age_factor if row.age_min <= self.setting.age <= row.age_max)
        for row in ages:
            if row.pressure_max <= limit:
                yield Origin(self.speaker.say(because("pressure-age", level=row.pressure_max, age=self.setting.age)), str(LIFTED["age"]))

    def _capped_dangers(self, limit: int) -> Iterator[Origin]:
        for row in self.library.dangers.values() if "zone" in self.about else ():
            if row.extent == "zone" and row.pressure_max is not None and row.pressure_max <= limit and self._touches(self._leaves(row)):
                yield Origin(self.speaker.say(because("pressure-danger", level=row.pressure_max, danger=row.code)), str(LIFTED["nobody"]))

    # helpers --------------------------------------------------------------------------------------------------------------
    @cached_property
    def _place(self) -> frozenset[Place]:
        zone = self.about.get("zone", "")
        return self.library.tree.leaf_places(Place(zone, side_of(self.about))) if zone in self.library.zones else frozenset()

    def _leaves(self, row: DangerZone) -> frozenset[Place]:
        return frozenset(leaf for zone in row.zones for leaf in self.library.tree.leaf_places(Place(zone, row.side)))

    def _touches(self, places: frozenset[Place] | None) -> bool:
        """Whether places (None: everywhere) meet the place of the problem; a problem without a place meets what holds everywhere."""
        return places is None or not self._place.isdisjoint(places)

    def _said(self, reasons: Iterable[Reason]) -> Iterator[Origin]:
        for reason in dict.fromkeys(reasons):
            yield Origin(self.speaker.say(reason), self._lifted(reason))

    def _lifted(self, reason: Reason) -> str:
        """Who lifts what a reason says: the document that its rule names, when there is one."""
        rule = self.library.rules.get(dict(reason.about).get("rule", ""))
        if rule is None:
            return str(LIFTED[LIFTED_BY_REASON.get(reason.code, "facts")])
        title = self.names.of("rules", rule.code, "title")
        found = next((finding for finding in self.setting.screening.findings if finding.rule == rule.code), None)
        if rule.clearance is not None and not (found and found.cleared):
            document = self.names.of("documents", rule.clearance.document)
            return str(LIFTED["document"]).format(rule=title, document=document)
        ends = self.names.of("rules", rule.code, "ends_when")
        return str(LIFTED["ends" if ends else "document-none"]).format(rule=title, ends=ends)
