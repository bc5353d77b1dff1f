"""Doses and sessions in words."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import count, groupby
from typing import Final

from django.utils.translation import gettext as _

from clinic.courses.bodymap import places_of_row
from clinic.courses.presentation.base import InOneLanguage
from clinic.courses.presentation.chains import OF_SESSION, ChainMaker, Context
from clinic.courses.presentation.left_out import LeftOutLister
from clinic.courses.presentation.lines import (
    ChainLink,
    DoseLine,
    FamilyTotal,
    OmissionLine,
    RowLine,
    SessionView,
    StepLine,
    SupplementLine,
)
from clinic.courses.presentation.spine import spans_of
from clinic.web.marks import clock
from clinic.web.templatetags.marks import side_word
from protocols.method.findings import NO_LIMITS, Limits
from protocols.method.plans import CoursePlan, Dose, Omission, PlannedSupplement, Row, SessionPlan
from protocols.method.reasons import Reason
from protocols.method.vocabulary import FAMILIES

# Reasons that say where a row comes from, and the one that names a spot: shown apart from what a finding changed.
BY_DOSE: Final = frozenset({
    "waits-for-session", "step-too-short", "family-too-short", "family-waits", "family-unfit", "percussion-closed", "points-off",
    "percussion-unprepared", "percussion-policy", "opens-with-stroking", "both-sides-affected", "stage-forbids", "technique-not-there",
})  # fmt: skip
BY_PROTOCOL: Final = frozenset({"protocol-row", "stage-mode", "side-rule", "variant", "supplement-note", "waits-for-turn"})
ORIGIN: Final = BY_DOSE | BY_PROTOCOL | {"dose-phase", "dose-age"}
ROLE_SIDES: Final = frozenset({"convex", "concave", "affected", "healthy"})
KEEP_OFF: Final = frozenset({"danger-spot"})
BY_HAND: Final = "hand-"  # how the codes of such reasons begin
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

    @cached_property
    def chains(self) -> ChainMaker:
        """Puts reasons in words and in order, each once."""
        return ChainMaker(self.library, self.names, self.speaker)

    @cached_property
    def left_out(self) -> LeftOutLister:
        """Gathers what was left out."""
        return LeftOutLister(self.chains)

    def doses(self, plan: CoursePlan, sessions: tuple[SessionPlan, ...]) -> tuple[DoseLine, ...]:
        """Each session as it is really planned, with its phase."""
        return tuple(_dose_line(dose, session, plan.review_after) for dose, session in zip(plan.doses, sessions, strict=True))

    def session(self, plan: SessionPlan, *, stage: str = "", limits: Limits = NO_LIMITS) -> SessionView:
        """One session in words. ``stage`` is ``condition/stage`` of the course, for what a session without rows cannot tell.

        ``limits`` are those of the course's screening: what a finding bars everywhere is told even where the phase already leaves it out.
        """
        barred = tuple((row.family, row.because) for row in limits.families_out if row.places is None)
        context = Context(stage or _stage_of(plan.rows), plan.dose.because if plan.dose and plan.rows else (), barred)
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
            steps=tuple(self._steps(plan.rows, context)),
            supplements=tuple(self._supplement(item) for item in plan.supplements),
            omissions=_once(self._omission(item) for item in plan.omissions if item.because.code not in BY_DOSE),
            by_dose=_once(self._omission(item) for item in plan.omissions if item.because.code in BY_DOSE),
            left_out=self.left_out.of(plan, context),
            families=tuple(self._families(plan.rows)),
        )

    def _families(self, rows: tuple[Row, ...]) -> Iterator[FamilyTotal]:
        seconds = family_seconds(rows)
        for (code, each), percent in zip(seconds, shares_of_hundred([each for _code, each in seconds]), strict=True):
            yield FamilyTotal(code, self.names.of("families", code), each, percent)

    def _steps(self, rows: tuple[Row, ...], context: Context) -> Iterator[StepLine]:
        position, numbers, told = "", count(1), set[Reason]()
        for number, (_step, grouped) in enumerate(groupby(rows, key=lambda row: row.step), start=1):
            of_step = tuple(grouped)
            first = of_step[0]
            elsewhere: frozenset[str] = frozenset() if any(row.avoid for row in of_step) else ZONE_OUT
            shared = [reason for reason in first.because if all(reason in row.because for row in of_step)]
            lines = []
            for row in of_step:
                lines.append(self._row(row, next(numbers), but=shared, chain=self.chains.of_row(row.because, context, told=told)))
                told |= {*row.because, *context.dose}
            told = {reason for reason in told if reason.code in OF_SESSION or reason in context.dose}
            yield StepLine(
                number=number,
                part=part_word(first.part),
                zone=self.names.of("zones", first.zone),
                side=first.side,
                side_role=self._side_role(first),
                position=self.names.of("positions", first.position),
                is_new_position=first.position != position,
                seconds=sum(row.seconds for row in of_step),
                places=tuple(sorted({place for line in lines for place in line.places})),
                rows=tuple(lines),
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

    def _row(self, row: Row, number: int, *, but: list[Reason], chain: tuple[ChainLink, ...]) -> RowLine:
        return RowLine(
            number=number,
            places=places_of_row(row, self.library),
            family=row.family,
            family_name=self.names.of("families", row.family),
            technique=self.names.of("techniques", row.technique),
            note=self.names.of("techniques", row.technique, "note"),
            seconds=row.seconds,
            pressure=row.pressure,
            tempo=row.tempo,
            because=self._said(reason for reason in row.because if reason not in but),
            avoid=", ".join(self.speaker.place(place) for place in row.avoid),
            chain=chain,
            is_by_hand=any(reason.code.startswith(BY_HAND) for reason in row.because),
        )

    def _supplement(self, item: PlannedSupplement) -> SupplementLine:
        side = str(side_word(item.side)) if item.side in ("left", "right") else ""
        levels = ", ".join(spans_of(item.levels))
        details = [
            *(part for part in (side, levels) if part),
            *(f"{code.upper()}: {self.names.of('points', code, 'where')}" for code in item.points),
        ]
        return SupplementLine(
            self.names.of("supplements", item.supplement),
            item.seconds,
            "; ".join(details),
            tuple(self.speaker.say(reason) for reason in item.because),
            self.chains.of_row(item.because, Context()),
        )

    def _omission(self, item: Omission) -> OmissionLine:
        side = item.side if item.side in ("left", "right") else ""
        return OmissionLine(self.left_out.name(item), side, self.speaker.say(item.because))


def _once(lines: Iterable[OmissionLine]) -> tuple[OmissionLine, ...]:
    return tuple(dict.fromkeys(lines))


def _stage_of(rows: tuple[Row, ...]) -> str:
    """``condition/stage`` as the rows tell it."""
    told = (dict(reason.about)["stage"] for row in rows for reason in row.because if reason.code == "protocol-row")
    return next(told, "")


def _dose_line(dose: Dose, session: SessionPlan, review_after: int) -> DoseLine:
    pressure = max((row.pressure for row in session.rows), default=0)
    return DoseLine(
        number=dose.number,
        of=dose.of,
        phase=phase_word(dose.phase),
        phase_code=dose.phase,
        seconds=session.total_seconds,
        pressure=pressure,
        pressure_max=dose.pressure_max,
        percussion="planned" if any(row.family == "percussion" for row in session.rows) else "open" if dose.percussion else "closed",
        is_review=dose.number == review_after,
        families=family_seconds(session.rows),
        label=_("Session %(number)s of %(of)s, %(phase)s, %(minutes)s min, pressure %(level)s at most")
        % {
            "number": dose.number,
            "of": dose.of,
            "phase": phase_word(dose.phase),
            "minutes": clock(session.total_seconds),
            "level": pressure,
        },
    )


def family_seconds(rows: Iterable[Row]) -> tuple[tuple[str, int], ...]:
    """Seconds of each family that is used, in the clinical order."""
    found = Counter[str]()
    for row in rows:
        found[row.family] += row.seconds
    return tuple((family, found[family]) for family in FAMILIES if found[family])


def shares_of_hundred(amounts: Sequence[int]) -> tuple[int, ...]:
    """Whole percents that add up to 100: what rounding loses goes to the largest remainders."""
    total = sum(amounts)
    if not total:
        return tuple(0 for _each in amounts)
    whole = [100 * each // total for each in amounts]
    order = sorted(range(len(amounts)), key=lambda index: -(100 * amounts[index] % total))
    for index in order[: 100 - sum(whole)]:
        whole[index] += 1
    return tuple(whole)
