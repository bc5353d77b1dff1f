"""Plans in words, ready to print: templates only loop over these. Nothing here decides anything."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from django.utils.translation import gettext as _

from clinic.courses.models import Course
from clinic.courses.queries import screening_of
from clinic.courses.reasons import Speaker
from protocols.method.findings import Finding, Obstacle, OpenRule, Screening
from protocols.method.library import Library
from protocols.method.names import Names
from protocols.method.plans import CoursePlan, Omission, PlannedSupplement, Row, SessionPlan
from protocols.method.reasons import Reason, because
from protocols.method.vocabulary import Outcome


@dataclass(frozen=True, slots=True)
class SourceLine:
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A rule that fired or is open, for ``_components/finding.html``."""

    title: str
    outcome: str
    explanation: str
    changes: tuple[str, ...]
    ends_when: str
    lifted_by: str
    asked: tuple[str, ...]
    sources: tuple[SourceLine, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class ObstacleLine:
    """Something in the way of the start. ``kind``: fact | document | rule | plan."""

    kind: str
    title: str
    because: str


@dataclass(frozen=True, slots=True)
class RowLine:
    family: str
    family_name: str
    technique: str
    note: str
    seconds: int
    pressure: int
    tempo: str
    because: tuple[str, ...]
    avoid: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """The rows of one step: what the hands do on one zone before they go on."""

    number: int
    part: str
    zone: str
    side: str
    side_role: str  # convex, concave, affected or healthy side, where the protocol treats the two differently
    position: str
    is_new_position: bool
    seconds: int
    rows: tuple[RowLine, ...]
    limits: tuple[str, ...]  # what findings, age and earlier sessions changed here
    keep_off: tuple[str, ...]  # spots that the hand goes round
    origin: tuple[str, ...]  # the protocol row and the dose


@dataclass(frozen=True, slots=True)
class OmissionLine:
    what: str
    side: str
    because: str


@dataclass(frozen=True, slots=True)
class SupplementLine:
    name: str
    seconds: int
    details: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SessionView:
    """One session in words. ``steps`` is empty where there is nothing to give."""

    number: int
    of: int
    phase: str
    outcome: str
    may_start: bool
    total_seconds: int
    dose_seconds: int
    pressure_max: int
    replanned: bool
    steps: tuple[StepLine, ...]
    supplements: tuple[SupplementLine, ...]
    omissions: tuple[OmissionLine, ...]  # because of this patient
    by_dose: tuple[OmissionLine, ...]  # because of the protocol and the dose


@dataclass(frozen=True, slots=True)
class DoseLine:
    number: int
    phase: str
    seconds: int
    pressure_max: int
    percussion: bool
    is_review: bool


@dataclass(frozen=True, slots=True)
class ScreeningView:
    """The screening in words: what it comes to, what fired, what is open, what is in the way."""

    outcome: str
    sentence: str
    findings: tuple[FindingLine, ...]
    cleared: tuple[FindingLine, ...]
    open_rules: tuple[FindingLine, ...]
    obstacles: tuple[ObstacleLine, ...]
    questions_intake: tuple[str, ...]
    questions_today: tuple[str, ...]
    advice: tuple[str, ...]


# Reasons that say where a row comes from, and the one that names a spot: shown apart from what a finding changed.
BY_DOSE: Final = frozenset({
    "waits-for-session", "step-too-short", "family-too-short", "family-waits", "family-unfit", "percussion-closed", "points-off",
    "percussion-unprepared", "percussion-policy", "opens-with-stroking", "both-sides-affected", "stage-forbids", "technique-not-there",
})  # fmt: skip
BY_PROTOCOL: Final = frozenset({"protocol-row", "stage-mode", "side-rule", "variant", "supplement-note", "waits-for-turn"})
ORIGIN: Final = BY_DOSE | BY_PROTOCOL | {"dose-phase", "dose-age"}
ROLE_SIDES: Final = frozenset({"convex", "concave", "affected", "healthy"})
KEEP_OFF: Final = frozenset({"danger-spot"})
REFERRAL_AGE: Final = "document.referral-age-days"
# Said of a row that is worked, it is about its other side, which the list of what was left out names.
ZONE_OUT: Final = frozenset({"rule-excludes-zone"})


def phase_word(phase: str) -> str:
    """The phase of the course in words."""
    return {"build-up": _("build-up"), "working": _("working"), "taper": _("taper")}[phase]


def part_word(part: str) -> str:
    """The part of the session in words."""
    return {"opening": _("Opening part"), "main": _("Main part"), "closing": _("Closing part")}[part]


class Presenter:
    """Turns plans into view objects in one language."""

    def __init__(self, library: Library, names: Names) -> None:
        self.library, self.names = library, names
        self.speaker = Speaker(library, names)

    def condition(self, course: Course) -> str:
        """The condition's name."""
        return self.names.of("conditions", course.condition)

    def stage(self, course: Course) -> str:
        """The stage's name."""
        return self.names.of("stages", f"{course.condition}/{course.stage}")

    def stop_rules(self, course: Course) -> tuple[str, ...]:
        """What ends a session at once: the words for every session, then those of the stage."""
        treatment = self.library.conditions[course.condition].stages[course.stage].treatment
        wanted = ("any", *(treatment.stop_sets if treatment else ()))
        return tuple(dict.fromkeys(line for code in wanted for line in self.names.lines("stop-sets", code, "stop")))

    def blocking(self, course: Course) -> list[str]:
        """What stands in the way of the start, for the card: questions of the day as one line."""
        view = self.screening(screening_of(course), course.outcome)
        lines = [line.because for line in view.obstacles]
        if view.questions_intake:
            lines.append(_("Questions of the intake form are open (%(count)s).") % {"count": len(view.questions_intake)})
        if view.questions_today:
            lines.append(_("Today's questions are not all answered (%(count)s open).") % {"count": len(view.questions_today)})
        return list(dict.fromkeys(lines))

    def take_care(self, course: Course) -> list[str]:
        """What the hands must know at the couch, for the card: what was found, then the advice."""
        view = self.screening(screening_of(course), course.outcome)
        found = " · ".join(dict.fromkeys(line.title for line in view.findings))
        return [*([found] if found else ()), *view.advice]

    # Screening ------------------------------------------------------------------------------------------------------------
    def screening(self, screening: Screening, outcome: str) -> ScreeningView:
        """The screening; ``outcome`` is the course's, which an empty target may have raised above the screening's."""
        asked = {item.code: _question_group(item) for item in screening.obstacles}
        lines = tuple(self._obstacle(item) for item in screening.obstacles if not asked[item.code])
        return ScreeningView(
            outcome=outcome,
            sentence=self._sentence(screening, outcome),
            findings=tuple(self._finding(finding, screening.facts) for finding in screening.findings if not finding.cleared),
            cleared=tuple(self._finding(finding, screening.facts) for finding in screening.findings if finding.cleared),
            open_rules=tuple(self._open_rule(rule) for rule in screening.open_rules),
            obstacles=tuple({line.title: line for line in reversed(lines)}.values())[::-1],
            questions_intake=self._questions(code for code, group in asked.items() if group == "intake"),
            questions_today=self._questions(code for code, group in asked.items() if group == "today"),
            advice=tuple(dict.fromkeys(self._advice(screening))),
        )

    def _questions(self, codes: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.names.of("facts", code, "question") for code in codes))

    def _sentence(self, screening: Screening, outcome: str) -> str:
        if screening.stage_barred is not None:
            return self.speaker.say(screening.stage_barred)
        worst = [item for item in screening.findings if item.outcome.code == outcome and item.outcome > Outcome.MODIFY]
        return " ".join(dict.fromkeys(self._named(item) for item in worst))

    def _named(self, finding: Finding) -> str:
        """The explanation speaks to the patient; with the rule's title before it, whoever treats knows what it is about."""
        return f"{self.names.of('rules', finding.rule, 'title')}: {self.names.of('rules', finding.rule, 'explanation')}"

    def _advice(self, screening: Screening) -> Iterator[str]:
        for advice in screening.advice:
            yield self.speaker.advice(advice)

    def _finding(self, finding: Finding, facts: Mapping[str, object]) -> FindingLine:
        speaker = Speaker(self.library, self.names, facts)
        lifted = self.names.of("documents", finding.may_be_lifted_by) if finding.may_be_lifted_by else ""
        return FindingLine(
            title=self.names.of("rules", finding.rule, "title"),
            outcome=finding.outcome.code,
            explanation=self.names.of("rules", finding.rule, "explanation"),
            changes=tuple(dict.fromkeys(speaker.effect(effect) for effect in finding.effects if effect.type != "advice")),
            ends_when=self.names.of("rules", finding.rule, "ends_when"),
            lifted_by=lifted,
            asked=(),
            sources=self._sources(finding.sources),
            is_open=finding.outcome > Outcome.MODIFY,  # what stops a session is read without a tap
        )

    def _open_rule(self, rule: OpenRule) -> FindingLine:
        entry = self.library.rules[rule.rule]
        return FindingLine(
            title=self.names.of("rules", rule.rule, "title"),
            outcome=rule.outcome.code,
            explanation=self.names.of("rules", rule.rule, "explanation"),
            changes=(),
            ends_when="",
            lifted_by=self.names.of("documents", entry.clearance.document) if entry.clearance else "",
            asked=tuple(self.names.of("facts", code, "question") for code in rule.facts),
            sources=self._sources(entry.sources),
            is_open=False,
        )

    def _sources(self, codes: Iterable[str]) -> tuple[SourceLine, ...]:
        found = (self.library.sources.get(code) for code in codes)
        lines = tuple(SourceLine(source.title, source.address if source.address.startswith("http") else "") for source in found if source)
        return lines or (SourceLine(_("general professional knowledge"), ""),)

    def _obstacle(self, obstacle: Obstacle) -> ObstacleLine:
        if obstacle.code == REFERRAL_AGE:  # nobody knows how old a referral is that is not there: what is missing is the referral
            referral = because("document-missing", document="doctor-referral")
            return ObstacleLine("document", self.names.of("documents", "doctor-referral"), self.speaker.say(referral))
        kind = {"fact": "facts", "document": "documents", "rule": "rules"}.get(obstacle.kind)
        field = {"facts": "question", "rules": "title"}.get(kind or "", "name")
        title = self.names.of(kind, obstacle.code, field) if kind else ""
        return ObstacleLine(obstacle.kind, title or obstacle.code, self.speaker.say(obstacle.because))

    # Course and sessions --------------------------------------------------------------------------------------------------
    def doses(self, plan: CoursePlan, sessions: tuple[SessionPlan, ...]) -> tuple[DoseLine, ...]:
        """Each session's time as it is really planned, with its phase."""
        return tuple(
            DoseLine(
                dose.number,
                phase_word(dose.phase),
                session.total_seconds,
                dose.pressure_max,
                dose.percussion,
                dose.number == plan.review_after,
            )
            for dose, session in zip(plan.doses, sessions, strict=True)
        )

    def session(self, plan: SessionPlan) -> SessionView:
        """One session in words."""
        return SessionView(
            number=plan.number,
            of=plan.of,
            phase=phase_word(plan.phase),
            outcome=plan.outcome.code,
            may_start=plan.may_start,
            total_seconds=plan.total_seconds,
            dose_seconds=plan.dose.seconds if plan.dose else 0,
            pressure_max=max((row.pressure for row in plan.rows), default=0),
            replanned=plan.replanned,
            steps=tuple(self._steps(plan.rows)),
            supplements=tuple(self._supplement(item) for item in plan.supplements),
            omissions=_once(self._omission(item) for item in plan.omissions if item.because.code not in BY_DOSE),
            by_dose=_once(self._omission(item) for item in plan.omissions if item.because.code in BY_DOSE),
        )

    def _steps(self, rows: tuple[Row, ...]) -> Iterator[StepLine]:
        position = ""
        for number, (_step, grouped) in enumerate(groupby(rows, key=lambda row: row.step), start=1):
            of_step = tuple(grouped)
            first = of_step[0]
            elsewhere: frozenset[str] = frozenset() if any(row.avoid for row in of_step) else ZONE_OUT
            shared = [reason for reason in first.because if all(reason in row.because for row in of_step)]
            yield StepLine(
                number=number,
                part=part_word(first.part),
                zone=self.names.of("zones", first.zone),
                side=first.side,
                side_role=self._side_role(first),
                position=self.names.of("positions", first.position),
                is_new_position=first.position != position,
                seconds=sum(row.seconds for row in of_step),
                rows=tuple(self._row(row, but=shared) for row in of_step),
                limits=self._said(reason for reason in shared if reason.code not in ORIGIN | KEEP_OFF | elsewhere),
                keep_off=self._said(reason for reason in shared if reason.code in KEEP_OFF),
                origin=self._said(reason for reason in shared if reason.code in ORIGIN),
            )
            position = first.position

    def _side_role(self, row: Row) -> str:
        """Why this side: what the step of the protocol calls it. "" for both sides, and where the patient's input names the side."""
        told = next((dict(reason.about) for reason in row.because if reason.code == "protocol-row"), None)
        if told is None or row.side == "both":
            return ""
        condition, _slash, stage = told["stage"].partition("/")
        treatment = self.library.conditions[condition].stages[stage].treatment
        steps = treatment.steps if treatment else ()
        side = next((step.side for number, step in enumerate(steps, start=1) if str(number) == told["row"]), "")
        return self.speaker.role(side) if side in ROLE_SIDES else ""

    def _said(self, reasons: Iterable[Reason]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.speaker.say(reason) for reason in reasons))

    def _row(self, row: Row, *, but: list[Reason]) -> RowLine:
        return RowLine(
            family=row.family,
            family_name=self.names.of("families", row.family),
            technique=self.names.of("techniques", row.technique),
            note=self.names.of("techniques", row.technique, "note"),
            seconds=row.seconds,
            pressure=row.pressure,
            tempo=row.tempo,
            because=self._said(reason for reason in row.because if reason not in but),
            avoid=", ".join(self.speaker.place(place) for place in row.avoid),
        )

    def _supplement(self, item: PlannedSupplement) -> SupplementLine:
        details = [*item.levels, *(f"{code.upper()}: {self.names.of('points', code, 'where')}" for code in item.points)]
        return SupplementLine(
            self.names.of("supplements", item.supplement),
            item.seconds,
            "; ".join(details),
            tuple(self.speaker.say(reason) for reason in item.because),
        )

    def _omission(self, item: Omission) -> OmissionLine:
        kind = {"zone": "zones", "family": "families", "technique": "techniques", "supplement": "supplements", "position": "positions"}
        if item.kind == "session":
            name = _("The whole session")
        elif item.kind == "step":
            name = _("Step %(number)s") % {"number": item.code}
        else:
            name = self.names.of(kind[item.kind], item.code) or self.names.of("role-zones", item.code) or item.code
        return OmissionLine(name, item.side if item.side in ("left", "right") else "", self.speaker.say(item.because))


def _question_group(obstacle: Obstacle) -> str:
    """``today`` or ``intake`` for an unanswered question of those forms; "" for everything else that is in the way."""
    if obstacle.kind != "fact":
        return ""
    if obstacle.code.startswith(("today.", "consent.")):
        return "today"
    return "intake" if obstacle.code.startswith(("history.", "medicine.", "intake.")) else ""


def _once(lines: Iterable[OmissionLine]) -> tuple[OmissionLine, ...]:
    return tuple(dict.fromkeys(lines))
