"""The explanations of the studio: why a step is as it is, which reasons are missing, what cannot hold today, and what stands in the way."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from clinic.courses.edit_words import edit_words, override_words
from clinic.courses.presentation import Presenter
from clinic.courses.presentation.chains import Context
from clinic.courses.presentation.lines import ChainLink, LeftOut
from clinic.courses.studio.desk import Desk
from clinic.courses.studio.limits import LimitLine, limit_line, soft_line
from clinic.courses.studio.page_steps import id_of
from clinic.courses.studio.pressed import press_of
from protocols.method.editing import SoftRule
from protocols.method.findings import NO_LIMITS
from protocols.method.plans import Row, SessionPlan


@dataclass(frozen=True, slots=True)
class ReasonForm:
    """A soft rule that waits for a reason. ``name`` begins the names of its fields, ``url`` leads to its step."""

    name: str
    line: LimitLine
    session: int
    step_id: str
    url: str
    press: str


@dataclass(frozen=True, slots=True)
class GivenReason:
    """A soft rule that was set aside with a reason, in words; ``take_back`` is what its button sends."""

    words: str
    take_back: str


@dataclass(frozen=True, slots=True)
class AsideLine:
    """A change that does not hold today, and why."""

    words: str
    limits: tuple[LimitLine, ...]


def reasons_wanted(desk: Desk, presenter: Presenter, *, base: str) -> tuple[ReasonForm, ...]:
    """One form for each soft rule that nobody has given a reason for."""
    return tuple(_wanted(desk, rule, turn, presenter, base=base) for turn, rule in enumerate(desk.needs_reasons, start=1))


def _wanted(desk: Desk, rule: SoftRule, turn: int, presenter: Presenter, *, base: str) -> ReasonForm:
    name = f"soft-{turn}"
    return ReasonForm(
        name=name,
        line=soft_line(rule.problem, desk.setting, presenter),
        session=rule.session,
        step_id=id_of(rule.step) if rule.step else "curve",
        url=f"{base}?session={rule.session}#{id_of(rule.step) if rule.step else 'curve'}",
        press=press_of(do="override", code=rule.problem.code, step=rule.step, reason_from=f"{name}-reason", words_from=f"{name}-words"),
    )


def reasons_given(desk: Desk, presenter: Presenter) -> tuple[GivenReason, ...]:
    """The soft rules that were set aside, each with its way back."""
    return tuple(
        GivenReason(override_words(each, presenter, desk.edits), press_of(do="take-back-override", code=each.code, step=each.step))
        for each in desk.edits.overrides
    )


def set_aside(desk: Desk, number: int, presenter: Presenter) -> tuple[AsideLine, ...]:
    """The changes of one session that cannot hold today, with what stands against each."""
    return tuple(
        AsideLine(edit_words(each.edit, presenter, desk.edits), limit_lines(desk, each.problems, presenter))
        for each in desk.aside
        if each.session == number and each.problems
    )


def limit_lines(desk: Desk, problems: Iterable[object], presenter: Presenter) -> tuple[LimitLine, ...]:
    """Problems in words, hard ones with who could lift them; the same sentence once."""
    return tuple(dict.fromkeys(_lines(desk, problems, presenter)))


def _lines(desk: Desk, problems: Iterable[object], presenter: Presenter) -> Iterator[LimitLine]:
    for each in problems:
        line = limit_line if each.severity == "error" else soft_line  # type: ignore[attr-defined]
        yield line(each, desk.setting, presenter)  # type: ignore[arg-type]


def context_of(desk: Desk, plan: SessionPlan) -> Context:
    """What holds for everything in a session."""
    limits = desk.screening.limits or NO_LIMITS
    barred = tuple((row.family, row.because) for row in limits.families_out if row.places is None)
    stage = f"{desk.course.condition}/{desk.course.stage}"
    return Context(stage, plan.dose.because if plan.dose and plan.rows else (), barred)


def why_step(rows: tuple[Row, ...], context: Context, presenter: Presenter) -> tuple[ChainLink, ...]:
    """Why a step is as it is, from the protocol to what was changed by hand."""
    return presenter.chains.of_row(dict.fromkeys(reason for row in rows for reason in row.because), context)


def why_left_out(desk: Desk, plan: SessionPlan, presenter: Presenter) -> tuple[LeftOut, ...]:
    """What this session has not."""
    return presenter.left_out.of(plan, context_of(desk, plan))
