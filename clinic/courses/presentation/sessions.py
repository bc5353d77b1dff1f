"""Doses and sessions in words."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from django.utils.translation import gettext as _

from clinic.courses.presentation.base import InOneLanguage
from clinic.courses.presentation.lines import (
    DoseLine,
    OmissionLine,
    RowLine,
    SessionView,
    StepLine,
    SupplementLine,
)
from protocols.method.plans import CoursePlan, Omission, PlannedSupplement, Row, SessionPlan
from protocols.method.reasons import Reason

# Reasons that say where a row comes from, and the one that names a spot: shown apart from what a finding changed.
BY_DOSE: Final = frozenset({
    "waits-for-session", "step-too-short", "family-too-short", "family-waits", "family-unfit", "percussion-closed", "points-off",
    "percussion-unprepared", "percussion-policy", "opens-with-stroking", "both-sides-affected", "stage-forbids", "technique-not-there",
})  # fmt: skip
BY_PROTOCOL: Final = frozenset({"protocol-row", "stage-mode", "side-rule", "variant", "supplement-note", "waits-for-turn"})
ORIGIN: Final = BY_DOSE | BY_PROTOCOL | {"dose-phase", "dose-age"}
ROLE_SIDES: Final = frozenset({"convex", "concave", "affected", "healthy"})
KEEP_OFF: Final = frozenset({"danger-spot"})
# Said of a row that is worked, it is about its other side, which the list of what was left out names.
ZONE_OUT: Final = frozenset({"rule-excludes-zone"})


def phase_word(phase: str) -> str:
    """The phase of the course in words."""
    return {"build-up": _("build-up"), "working": _("working"), "taper": _("taper")}[phase]


def part_word(part: str) -> str:
    """The part of the session in words."""
    return {"opening": _("Opening part"), "main": _("Main part"), "closing": _("Closing part")}[part]


class SessionPresenter(InOneLanguage):
    """Turns sessions into view objects in one language."""

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


def _once(lines: Iterable[OmissionLine]) -> tuple[OmissionLine, ...]:
    return tuple(dict.fromkeys(lines))
