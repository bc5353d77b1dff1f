"""Two plans side by side in words. Nothing here decides anything."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from clinic.courses.presentation.lines import FindingLine
from clinic.courses.presentation.screening import ScreeningPresenter
from clinic.web.templatetags.marks import clock, pressure_word, side_word, tempo_word
from protocols.comparing import CourseDifference, Planned, may_start, outcome_of
from protocols.differences import Difference
from protocols.method.findings import Obstacle, OpenRule
from protocols.method.plans import Omission, PlannedSupplement, Row, SessionPlan
from protocols.method.reasons import Reason
from protocols.method.vocabulary import Outcome
from protocols.wording_codes import WORDS

# Where a row comes from, and what is near it: no decision about this patient.
OF_PROTOCOL: Final = frozenset({"protocol-row", "stage-mode", "side-rule", "danger-spot", "waits-for-turn", "variant", "dose-phase"})
COME: Final = "added"
GO: Final = "removed"


@dataclass(frozen=True, slots=True)
class HeadLine:
    """One figure of both plans. ``kind`` outcome: the values are codes of outcomes."""

    kind: str
    label: str
    before: str
    after: str
    is_changed: bool
    because: tuple[str, ...]
    waits_before: bool = False
    waits_after: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """A technique and how long it lasts."""

    family: str
    technique: str
    seconds: int


@dataclass(frozen=True, slots=True)
class RowLine:
    """What came, went or changed in the same way on one zone; ``details`` are (what, before, after)."""

    zone: str
    side: str
    works: tuple[Work, ...]
    details: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows that differ for the same reasons."""

    rows: tuple[RowLine, ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a name and what is said about it."""

    name: str
    side: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SessionDifferenceView:
    """What differs in one session."""

    number: int
    head: tuple[HeadLine, ...]
    come: tuple[RowGroup, ...]
    go: tuple[RowGroup, ...]
    changed: tuple[RowGroup, ...]
    order: tuple[tuple[str, ...], ...]  # the steps before and after, or nothing
    supplements: tuple[tuple[str, Named], ...]  # added | removed | changed
    left_out: tuple[Named, ...]
    left_in: tuple[Named, ...]

    @property
    def is_same(self) -> bool:
        """True when the session is planned alike."""
        parts = (self.come, self.go, self.changed, self.order, self.supplements, self.left_out, self.left_in)
        return not any(parts) and not any(line.is_changed for line in self.head)


@dataclass(frozen=True, slots=True)
class CourseDifferenceView:
    """What differs in the whole course."""

    is_same: bool
    head: tuple[HeadLine, ...]
    findings_come: tuple[FindingLine, ...]
    findings_go: tuple[FindingLine, ...]
    findings_changed: tuple[FindingLine, ...]
    obstacles_come: tuple[Named, ...]
    obstacles_go: tuple[Named, ...]
    open_come: tuple[str, ...]
    open_go: tuple[str, ...]
    sessions_changed: tuple[int, ...]


class DifferencePresenter(ScreeningPresenter):
    """Turns differences into view objects in one language."""

    def course(self, before: Planned, after: Planned, found: CourseDifference) -> CourseDifferenceView:
        """The whole course: headline, findings, what is in the way, open rules. ``found`` are its differences."""
        return CourseDifferenceView(
            is_same=found.is_empty,
            head=tuple(self._course_head(before, after, found)),
            findings_come=self._findings(found, COME, after),
            findings_go=self._findings(found, GO, before),
            findings_changed=self._findings(found, "changed", after),
            obstacles_come=self._obstacles(found, COME),
            obstacles_go=self._obstacles(found, GO),
            open_come=self._open(found, COME),
            open_go=self._open(found, GO),
            sessions_changed=tuple(number for number, _rows in found.sessions),
        )

    def one_session(self, before: SessionPlan, after: SessionPlan, found: tuple[Difference[Any], ...]) -> SessionDifferenceView:
        """One session; ``found`` are its differences."""
        rows = [item for item in found if item.kind == "row"]
        orders = [item for item in found if item.kind == "order"]
        return SessionDifferenceView(
            number=after.number,
            head=tuple(self._session_head(before, after, found)),
            come=self._groups(item for item in rows if item.change == COME),
            go=self._groups(item for item in rows if item.change == GO),
            changed=self._groups(item for item in rows if item.change == "changed"),
            order=tuple(self._steps(side) for item in orders for side in (item.before, item.after) if side),
            supplements=tuple((item.change, self._supplement(item)) for item in found if item.kind == "supplement"),
            left_out=self._omissions(found, COME),
            left_in=self._omissions(found, GO),
        )

    # Headlines --------------------------------------------------------------------------------------------------------------
    def _course_head(self, before: Planned, after: Planned, found: CourseDifference) -> Iterator[HeadLine]:
        told = {item.kind: item for item in found.whole}
        old, new = outcome_of(before), outcome_of(after)
        waits = [outcome < Outcome.DOCTOR and not may_start(plan) for outcome, plan in ((old, before), (new, after))]
        yield self._line("outcome", _("Outcome"), (old.code, new.code), told, waits)
        yield self._line("may-start", _("May start"), (_yes_no(yes=may_start(before)), _yes_no(yes=may_start(after))), told)
        yield self._line("count", _("Sessions"), (str(len(before.sessions)), str(len(after.sessions))), told)

    def _session_head(self, before: SessionPlan, after: SessionPlan, found: tuple[Difference[Any], ...]) -> Iterator[HeadLine]:
        told = {item.kind: item for item in found}
        yield self._line("seconds", _("Minutes"), (clock(before.total_seconds), clock(after.total_seconds)), told)
        yield self._line("pressure", _("Pressure at most"), (_ceiling(before), _ceiling(after)), told)
        yield self._line("percussion", _("Percussion"), (_percussion(before), _percussion(after)), told)
        yield self._line("phase", _("Phase"), (str(WORDS[before.phase]()), str(WORDS[after.phase]())), told)
        if before.replanned or after.replanned:
            words = (_yes_no(yes=before.replanned), _yes_no(yes=after.replanned))
            yield self._line("replanned", _("Made calm by a finding"), words, told)

    def _line(
        self, kind: str, label: str, values: tuple[str, str], told: dict[str, Difference[Any]], waits: Iterable[bool] = (False, False)
    ) -> HeadLine:
        item = told.get(kind)
        because = item.because if item else ()
        return HeadLine(kind, label, *values, values[0] != values[1], self._decided(because) or self._protocols(because), *waits)

    # The whole course -------------------------------------------------------------------------------------------------------
    def _findings(self, found: CourseDifference, change: str, plan: Planned) -> tuple[FindingLine, ...]:
        rows = (_there(item) for item in found.findings if item.change == change)
        return tuple(self._finding(finding, plan.screening.facts) for finding in rows)

    def _obstacles(self, found: CourseDifference, change: str) -> tuple[Named, ...]:
        rows: Iterable[Obstacle] = (_there(item) for item in found.obstacles if item.change == change)
        lines = (self._obstacle(item) for item in rows)
        return tuple(dict.fromkeys(Named(line.title, "", (line.because,)) for line in lines))

    def _open(self, found: CourseDifference, change: str) -> tuple[str, ...]:
        rows: Iterable[OpenRule] = (_there(item) for item in found.open_rules if item.change == change)
        return tuple(self.names.of("rules", item.rule, "title") for item in rows)

    # One session ------------------------------------------------------------------------------------------------------------
    def _groups(self, items: Iterable[Difference[Row]]) -> tuple[RowGroup, ...]:
        grouped: dict[tuple[str, ...], list[Difference[Row]]] = {}
        for item in items:
            grouped.setdefault(self._why(item), []).append(item)
        return tuple(RowGroup(tuple(self._rows(rows)), because) for because, rows in grouped.items())

    def _rows(self, items: Iterable[Difference[Row]]) -> Iterator[RowLine]:
        """One line for everything that differs in the same way on the same zone."""
        lines: dict[tuple[Any, ...], list[Work]] = {}
        for item in items:
            row = _there(item)
            details = tuple(self._details(item.before, item.after, item.aspects)) if item.before and item.after else ()
            side = row.side if "side" not in item.aspects else ""
            work = Work(row.family, self.names.of("techniques", row.technique), row.seconds)
            lines.setdefault((self.names.of("zones", row.zone), side, details), []).append(work)
        yield from (RowLine(zone, side, tuple(works), details) for (zone, side, details), works in lines.items())

    def _why(self, item: Difference[Row]) -> tuple[str, ...]:
        """What decided. Where a row is there because another protocol has it, that protocol is named and its steps are not counted up."""
        asked = item.because if item.change == "changed" else item.reasons_after if item.after is None else item.reasons_before
        return self._decided(asked) or self._protocols(item.because) or self._said(item.because)

    def _decided(self, reasons: Iterable[Reason]) -> tuple[str, ...]:
        return self._said(reason for reason in reasons if reason.code not in OF_PROTOCOL)

    def _protocols(self, reasons: Iterable[Reason]) -> tuple[str, ...]:
        stages = dict.fromkeys(value for reason in reasons for name, value in reason.about if name == "stage")
        return tuple(_("Part of the protocol: %(stage)s.") % {"stage": self.speaker.stage(code)} for code in stages)

    def _details(self, before: Row, after: Row, aspects: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
        words: dict[str, tuple[str, Callable[[Row], str]]] = {
            "side": (_("side"), lambda row: str(side_word(row.side))),
            "technique": (_("technique"), lambda row: self.names.of("techniques", row.technique)),
            "seconds": (_("minutes"), lambda row: clock(row.seconds)),
            "pressure": (_("pressure"), lambda row: str(pressure_word(row.pressure))),
            "tempo": (_("tempo"), lambda row: str(tempo_word(row.tempo))),
            "position": (_("position"), lambda row: self.names.of("positions", row.position)),
            "avoid": (_("not here"), lambda row: ", ".join(self.speaker.place(place) for place in row.avoid) or "–"),
        }
        for aspect in aspects:
            label, word = words[aspect]
            yield label, word(before), word(after)

    def _steps(self, steps: tuple[tuple[str, str, str], ...]) -> tuple[str, ...]:
        named = ((self.names.of("zones", zone), side) for _part, zone, side in steps)
        return tuple(f"{zone} ({side_word(side)})" if side != "both" else zone for zone, side in named)

    def _supplement(self, item: Difference[PlannedSupplement]) -> Named:
        return Named(self.names.of("supplements", item.subject), "", self._said(item.because))

    def _omissions(self, found: tuple[Difference[Any], ...], change: str) -> tuple[Named, ...]:
        rows: Iterable[Omission] = (_there(item) for item in found if item.kind == "omission" and item.change == change)
        return tuple(dict.fromkeys(self._omission(item) for item in rows))

    def _omission(self, item: Omission) -> Named:
        kind = {"zone": "zones", "family": "families", "technique": "techniques", "supplement": "supplements", "position": "positions"}
        if item.kind == "session":
            name = _("The whole session")
        elif item.kind == "step":
            name = _("Step %(number)s") % {"number": item.code}
        else:
            name = self.names.of(kind[item.kind], item.code) or self.names.of("role-zones", item.code) or item.code
        side = item.side if item.side in ("left", "right") else ""
        return Named(name, side or "", (self.speaker.say(item.because),))

    def _said(self, reasons: Iterable[Reason]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.speaker.say(reason) for reason in reasons))


def _there(item: Difference[Any]) -> Any:
    """The side that is there; of a change, the new one."""
    return item.before if item.after is None else item.after


def _yes_no(*, yes: bool) -> str:
    return _("yes") if yes else _("no")


def _ceiling(plan: SessionPlan) -> str:
    return str(pressure_word(plan.dose.pressure_max)) if plan.dose and plan.rows else "–"


def _percussion(plan: SessionPlan) -> str:
    return _yes_no(yes=any(row.family == "percussion" for row in plan.rows))
