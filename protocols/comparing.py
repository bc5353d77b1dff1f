"""What differs between two plans of one patient, each difference with its reasons. Pure: nothing is planned here and nothing kept."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any, Protocol, TypeVar

from protocols.comparing_rows import matched, row_differences
from protocols.differences import Difference, only_in
from protocols.method.findings import Finding, Limits, Obstacle, OpenRule, Screening
from protocols.method.plans import CoursePlan, Omission, PlannedSupplement, Row, SessionPlan
from protocols.method.reasons import Reason
from protocols.method.vocabulary import Outcome

T = TypeVar("T")
Step = tuple[str, str, str]
PRESSURE_REASONS = frozenset({"rule-caps-pressure", "pressure-age", "pressure-stage", "low-comfort"})
PERCUSSION_REASONS = frozenset({"percussion-closed", "percussion-policy", "percussion-unprepared"})


class Planned(Protocol):
    """A course with all its sessions, just planned or read from a record."""

    @property
    def screening(self) -> Screening: ...

    @property
    def course(self) -> CoursePlan: ...

    @property
    def sessions(self) -> tuple[SessionPlan, ...]: ...


@dataclass(frozen=True, slots=True)
class StoredCourse:
    """A course as it was kept."""

    screening: Screening
    course: CoursePlan
    sessions: tuple[SessionPlan, ...]


@dataclass(frozen=True, slots=True)
class CourseDifference:
    """Everything that differs between two courses: what holds for the whole course, then session by session.

    ``whole`` has the kinds outcome, may-start, count and review; ``sessions`` pairs a number with the differences of that session. A
    session that only one course has is compared with nothing and left out of ``sessions``: the kind count says so.
    """

    whole: tuple[Difference[Any], ...]
    findings: tuple[Difference[Finding], ...]
    open_rules: tuple[Difference[OpenRule], ...]
    obstacles: tuple[Difference[Obstacle], ...]
    sessions: tuple[tuple[int, tuple[Difference[Any], ...]], ...]

    @property
    def is_empty(self) -> bool:
        """True when the two courses do not differ."""
        return not (self.whole or self.findings or self.open_rules or self.obstacles or self.sessions)

    def session(self, number: int) -> tuple[Difference[Any], ...]:
        """The differences of one session; none where it is the same in both."""
        return dict(self.sessions).get(number, ())


def outcome_of(plan: Planned) -> Outcome:
    """The worst outcome of the screening and of the sessions, one of which may have lost its target."""
    return max([plan.screening.outcome, *(session.outcome for session in plan.sessions)])


def may_start(plan: Planned) -> bool:
    """Whether every session may start."""
    return bool(plan.sessions) and all(session.may_start for session in plan.sessions)


def compare_courses(before: Planned, after: Planned) -> CourseDifference:
    """Every difference between two courses of one patient. Two equal courses give an empty value; swapping them mirrors it."""
    compared = ((old.number, compare_sessions(old, new)) for old, new in zip(before.sessions, after.sessions, strict=False))
    return CourseDifference(
        whole=tuple(_whole(before, after)),
        findings=tuple(_findings(before.screening, after.screening)),
        open_rules=tuple(_keyed("open-rule", before.screening.open_rules, after.screening.open_rules, _rule_of)),
        obstacles=tuple(_obstacles(before.screening.obstacles, after.screening.obstacles)),
        sessions=tuple((number, found) for number, found in compared if found),
    )


def compare_sessions(before: SessionPlan, after: SessionPlan) -> tuple[Difference[Any], ...]:
    """Every difference between two plans of one session: what holds for all of it, rows, their order, supplements, omissions.

    The row differences applied to the rows of ``before`` give the rows of ``after``, nothing lost and nothing made up.
    """
    return (
        *_of_session(before, after),
        *row_differences(before, after),
        *_order(before, after),
        *_supplements(before, after),
        *_omissions(before.omissions, after.omissions),
    )


# The whole course -----------------------------------------------------------------------------------------------------------
def _whole(before: Planned, after: Planned) -> Iterator[Difference[Any]]:
    old, new = outcome_of(before), outcome_of(after)
    if old != new:
        yield Difference("outcome", "", old, new, *_two(_outcome_reasons, before, after))
    if may_start(before) != may_start(after):
        yield Difference("may-start", "", may_start(before), may_start(after), *_two(_start_reasons, before, after))
    if len(before.sessions) != len(after.sessions):
        yield Difference("count", "", len(before.sessions), len(after.sessions))
    if before.course.review_after != after.course.review_after:
        yield Difference("review", "", before.course.review_after, after.course.review_after)


def _two(reasons: Callable[[Planned], Iterable[Reason]], before: Planned, after: Planned) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    old, new = tuple(reasons(before)), tuple(reasons(after))
    return only_in(old, new), only_in(new, old)


def _outcome_reasons(plan: Planned) -> Iterator[Reason]:
    """What gave the outcome: a barred stage, the findings that have it, and sessions without a target."""
    worst = outcome_of(plan)
    if plan.screening.stage_barred is not None:
        yield plan.screening.stage_barred
    for rule in sorted({finding.rule for finding in plan.screening.findings if finding.outcome == worst}):
        stands = tuple(item.because for item in plan.screening.obstacles if ("rule", rule) in item.because.about)
        yield from stands or reasons_of_rule(plan.screening, rule)
    yield from (item.because for session in plan.sessions for item in session.omissions if item.kind == "session")


def _start_reasons(plan: Planned) -> Iterator[Reason]:
    yield from (item.because for item in plan.screening.obstacles)
    yield from _outcome_reasons(plan) if outcome_of(plan) >= Outcome.DOCTOR else ()


# Findings, open rules, what is in the way -----------------------------------------------------------------------------------
def reasons_of_rule(screening: Screening, rule: str) -> tuple[Reason, ...]:
    """What a rule narrows, as the reasons of the limits that it set."""
    about = ("rule", rule)
    return tuple(dict.fromkeys(reason for reason in _limit_reasons(screening.limits) if about in reason.about))


def _limit_reasons(limits: Limits) -> Iterator[Reason]:
    for item in fields(limits):
        value = getattr(limits, item.name)
        if isinstance(value, tuple):
            yield from (row if isinstance(row, Reason) else row.because for row in value)


def _findings(before: Screening, after: Screening) -> Iterator[Difference[Finding]]:
    for found in _keyed("finding", before.findings, after.findings, _rule_of):
        old = reasons_of_rule(before, found.subject) if found.before else ()
        new = reasons_of_rule(after, found.subject) if found.after else ()
        yield Difference(found.kind, found.subject, found.before, found.after, only_in(old, new), only_in(new, old))


def _rule_of(item: Finding | OpenRule) -> str:
    return item.rule


def _keyed(kind: str, before: Iterable[T], after: Iterable[T], key: Callable[[T], str]) -> Iterator[Difference[T]]:
    """Things with a code of their own: gone or changed in the order of the old plan, then those that came."""
    old, new = {key(item): item for item in before}, {key(item): item for item in after}
    for code, item in old.items():
        if item != new.get(code):
            yield Difference(kind, code, item, new.get(code))
    yield from (Difference(kind, code, None, item) for code, item in new.items() if code not in old)


def _obstacles(before: tuple[Obstacle, ...], after: tuple[Obstacle, ...]) -> Iterator[Difference[Obstacle]]:
    gone, come = only_once(before, after), only_once(after, before)
    yield from (Difference("obstacle", item.code, item, None, (item.because,)) for item in gone)
    yield from (Difference("obstacle", item.code, None, item, (), (item.because,)) for item in come)


def only_once(items: Iterable[T], others: Iterable[T]) -> tuple[T, ...]:
    """The items that the others lack, as often as they lack them, in their order."""
    spare = Counter(others)
    left = []
    for item in items:
        if spare[item] > 0:
            spare[item] -= 1
        else:
            left.append(item)
    return tuple(left)


# One session ----------------------------------------------------------------------------------------------------------------
def _of_session(before: SessionPlan, after: SessionPlan) -> Iterator[Difference[Any]]:
    for kind, read, why in _READ:
        old, new = read(before), read(after)
        if old != new:
            left, right = _first_that_differ(before, after, *why)
            yield Difference(kind, "", old, new, left, right)


Told = Callable[[SessionPlan], Iterable[Reason]]


def _first_that_differ(before: SessionPlan, after: SessionPlan, *told: Told) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """The reasons of either side alone, of the first kind of reason in which the two sides differ at all."""
    for reasons in told:
        left, right = tuple(reasons(before)), tuple(reasons(after))
        if set(left) != set(right):
            return only_in(left, right), only_in(right, left)
    return (), ()


def _of_whole_session(plan: SessionPlan) -> Iterator[Reason]:
    yield from (item.because for item in plan.omissions if item.kind == "session")


def _of_dose(plan: SessionPlan) -> Iterator[Reason]:
    yield from plan.dose.because if plan.dose else ()


def _of_stage(plan: SessionPlan) -> Iterator[Reason]:
    yield from (reason for row in plan.rows for reason in row.because if reason.code == "stage-mode")


def _of_gaps(plan: SessionPlan) -> Iterator[Reason]:
    """What was left out: its time may have found no place elsewhere."""
    yield from (item.because for item in plan.omissions if item.kind in ("zone", "step", "session"))


def _of_pressure(plan: SessionPlan) -> Iterator[Reason]:
    yield from (reason for row in plan.rows for reason in row.because if reason.code in PRESSURE_REASONS)


def _of_percussion(plan: SessionPlan) -> Iterator[Reason]:
    for reason in (item.because for item in plan.omissions):
        if reason.code in PERCUSSION_REASONS or ("family", "percussion") in reason.about:
            yield reason
    yield from _of_calm(plan)


def _of_calm(plan: SessionPlan) -> Iterator[Reason]:
    yield from (reason for row in plan.rows for reason in row.because if reason.code == "rule-forces-calm")


# What is read, and the kinds of reasons that may explain it, the nearest first.
_READ: tuple[tuple[str, Callable[[SessionPlan], Any], tuple[Told, ...]], ...] = (
    ("outcome", lambda plan: plan.outcome, (_of_whole_session,)),
    ("may-start", lambda plan: plan.may_start, (_of_whole_session,)),
    ("phase", lambda plan: plan.phase, (_of_dose,)),
    ("seconds", lambda plan: plan.total_seconds, (_of_dose, _of_stage, _of_gaps)),
    ("dose", lambda plan: plan.dose.seconds if plan.dose else None, (_of_dose, _of_stage)),
    ("pressure", lambda plan: plan.dose.pressure_max if plan.dose else None, (_of_pressure, _of_stage)),
    ("percussion", lambda plan: plan.dose.percussion if plan.dose else None, (_of_percussion, _of_stage)),
    ("replanned", lambda plan: plan.replanned, (_of_calm,)),
)


def _order(before: SessionPlan, after: SessionPlan) -> Iterator[Difference[tuple[Step, ...]]]:
    """Whether the rows that both have stand in another order; the value names the steps of each side.

    Rows that change places within one step leave the places in their order: nothing that the value could name.
    """
    pairs, _gone, _come = matched(before.rows, after.rows)
    here, there = _steps(before.rows), _steps(after.rows)
    if here != there and pairs != sorted(pairs, key=lambda pair: pair[1]):
        old, new = (tuple(_of_turns(plan)) for plan in (before, after))
        yield Difference("order", "", here, there, only_in(old, new), only_in(new, old))


def _of_turns(plan: SessionPlan) -> Iterator[Reason]:
    yield from (reason for row in plan.rows for reason in row.because if reason.code == "waits-for-turn")


def _steps(rows: tuple[Row, ...]) -> tuple[Step, ...]:
    return tuple((row.part, row.zone, row.side) for row in {row.step: row for row in reversed(rows)}.values())[::-1]


def _supplements(before: SessionPlan, after: SessionPlan) -> Iterator[Difference[PlannedSupplement]]:
    for found in _keyed("supplement", before.supplements, after.supplements, lambda item: item.supplement):
        old, new = (_of_supplement(found.subject, side, plan) for side, plan in ((found.before, before), (found.after, after)))
        yield Difference(found.kind, found.subject, found.before, found.after, only_in(old, new), only_in(new, old))


def _of_supplement(code: str, item: PlannedSupplement | None, plan: SessionPlan) -> tuple[Reason, ...]:
    """Why it is there, or why it was left out."""
    if item is not None:
        return item.because
    return tuple(omission.because for omission in plan.omissions if omission.kind == "supplement" and omission.code == code)


def _omissions(before: tuple[Omission, ...], after: tuple[Omission, ...]) -> Iterator[Difference[Omission]]:
    yield from (Difference("omission", item.code, item, None, (item.because,)) for item in only_once(before, after))
    yield from (Difference("omission", item.code, None, item, (), (item.because,)) for item in only_once(after, before))
