"""A session on the bench: its steps, each with its rows as they are and as they were built, and what was told about the changes."""

from dataclasses import dataclass, replace
from typing import Any

from protocols.method.checking import Problem
from protocols.method.checking.problems import problem
from protocols.method.editing.grounds import Grounds
from protocols.method.editing.keys import step_keys
from protocols.method.plans import Adaptation, Dose, Omission, Row, SessionPlan
from protocols.method.reasons import Reason
from protocols.method.setting import Setting


class Refused(Exception):
    """The change would make what no plan may be. ``problems`` say what; nobody outside ``editing`` ever sees this."""

    def __init__(self, code: str, row: int | None = None, /, **about: str | int) -> None:
        super().__init__(code)
        self.problems = (problem(code, row, severity="error", **about),)


class NotThere(Exception):
    """What the change is about is not in this session."""


def timed(row: Row, seconds: int, told: tuple[Reason, ...]) -> Row:
    """The row for other seconds, which says ``told`` too. Written out: a course under edits makes thousands of rows."""
    return Row(
        row.step,
        row.part,
        row.zone,
        row.side,
        row.family,
        row.technique,
        seconds,
        row.pressure,
        row.tempo,
        row.position,
        row.avoid,
        (*row.because, *told),
    )


@dataclass(frozen=True, slots=True)
class BenchStep:
    """One step: its key, its rows in order, and the rows that the plan itself gave it."""

    key: str
    rows: tuple[Row, ...]
    built: tuple[Row, ...]

    @property
    def first(self) -> Row:
        """The row that stands for the step."""
        return self.rows[0]

    @property
    def seconds(self) -> int:
        """Whole seconds of all its rows."""
        return sum(row.seconds for row in self.rows)

    @property
    def families(self) -> tuple[str, ...]:
        """Its families in the order of the rows."""
        return tuple(row.family for row in self.rows)

    def built_seconds(self, family: str = "") -> int:
        """Whole seconds that the plan itself gave to the step, or to one family of it."""
        return sum(row.seconds for row in self.built if not family or row.family == family)

    def with_rows(self, rows: tuple[Row, ...]) -> "BenchStep":
        """The step with other rows."""
        return BenchStep(self.key, rows, self.built)

    def saying(self, *told: Reason) -> "BenchStep":
        """The step, every row of which says ``told`` too."""
        return self.with_rows(tuple(timed(row, row.seconds, told) for row in self.rows))


@dataclass(frozen=True, slots=True)
class Bench:
    """A session while it is changed. Every change gives another bench; the plan it was built as stays what it is."""

    grounds: Grounds
    dose: Dose
    plan: SessionPlan
    steps: tuple[BenchStep, ...]
    omissions: tuple[Omission, ...] = ()
    told: tuple[Reason, ...] = ()

    @property
    def setting(self) -> Setting:
        """The setting of the course."""
        return self.grounds.setting

    @property
    def adaptation(self) -> Adaptation:
        """What earlier sessions ask for."""
        return self.grounds.adaptation

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the steps in order."""
        return tuple(step.key for step in self.steps)

    def at(self, key: str) -> int:
        """Where the step with this key, which is one of ``keys``, stands."""
        return self.keys.index(key)

    def with_step(self, place: int, step: BenchStep) -> "Bench":
        """The bench with another step at a place."""
        return self.with_steps((*self.steps[:place], step, *self.steps[place + 1 :]))

    def with_steps(self, steps: tuple[BenchStep, ...]) -> "Bench":
        """The bench with other steps."""
        return Bench(self.grounds, self.dose, self.plan, steps, self.omissions, self.told)

    def saying(self, *told: Reason, omitted: tuple[Omission, ...] = ()) -> "Bench":
        """The bench with more that was told."""
        return replace(self, told=(*self.told, *told), omissions=(*self.omissions, *omitted))

    def row_number(self, place: int) -> int:
        """The number, from 0, of the first row of the step at a place."""
        return sum(len(step.rows) for step in self.steps[:place])


def lay_out(plan: SessionPlan, grounds: Grounds, dose: Dose) -> Bench:
    """A built session on the bench."""
    keys = step_keys(plan)
    rows: dict[int, list[Row]] = {}
    for row in plan.rows:
        rows.setdefault(row.step, []).append(row)
    steps = (BenchStep(key, tuple(rows[number]), tuple(rows[number])) for key, number in zip(keys, sorted(rows), strict=True))
    return Bench(grounds, dose, plan, tuple(steps))


def sealed(bench: Bench) -> SessionPlan | tuple[Problem, ...]:
    """The plan that stands on the bench, or what makes it none at all."""
    rows = tuple(replace(row, step=number) if row.step != number else row for number, step in enumerate(bench.steps) for row in step.rows)
    total = sum(row.seconds for row in rows)
    wrong: list[Problem] = []
    if rows[0].family != "stroking":
        wrong.append(problem("not-stroking-first", 0))
    if rows[-1].family != "stroking":
        wrong.append(problem("not-stroking-last", len(rows) - 1))
    if total > bench.dose.seconds:
        wrong.append(problem("over-dose", total=total, dose=bench.dose.seconds))
    if wrong:
        return tuple(wrong)
    new: dict[str, Any] = {"rows": rows, "total_seconds": total, "positions": tuple(dict.fromkeys(row.position for row in rows))}
    omissions = tuple(dict.fromkeys((*bench.plan.omissions, *bench.omissions)))
    return replace(bench.plan, omissions=omissions, by_hand=(*bench.plan.by_hand, *bench.told), dose=bench.dose, **new)
