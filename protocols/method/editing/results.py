"""What comes of editing by hand: the edited sessions, the soft rules that were broken, what is set aside, and the bounds of the curve."""

from dataclasses import dataclass

from protocols.method.checking import Problem
from protocols.method.edits import Edit, Override
from protocols.method.plans import CoursePlan, SessionPlan
from protocols.method.vocabulary import Tempo


@dataclass(frozen=True, slots=True)
class SoftRule:
    """A soft rule that session ``session`` breaks at ``step`` (key; empty: as a whole), and who set it aside: None when nobody did."""

    session: int
    step: str
    problem: Problem
    override: Override | None


@dataclass(frozen=True, slots=True)
class SetAside:
    """An edit that does not hold in a session, and what it would break there. No problems: its step is not in that session."""

    session: int
    edit: Edit
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class DoseBounds:
    """The dose of session ``number`` in whole percent of the stage's full time at this age, and in seconds as it is ``now``.

    ``least`` and ``most`` are what a hand may give, ``protocol`` is what the protocol gives.
    """

    number: int
    least: int
    most: int
    protocol: int
    now: int
    seconds: int


@dataclass(frozen=True, slots=True)
class EditedCourse:
    """A course with everything that was changed by hand. ``built`` are the sessions without any of it.

    ``laid`` are the sessions as they are built from the edited doses and supplements, before a step is touched; empty without edits.
    """

    built: tuple[SessionPlan, ...]
    course: CoursePlan
    sessions: tuple[SessionPlan, ...]
    soft: tuple[SoftRule, ...] = ()
    aside: tuple[SetAside, ...] = ()
    curve: tuple[DoseBounds, ...] = ()
    laid: tuple[SessionPlan, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a change would break that nothing breaks yet: nothing, only soft rules, or a hard limit."""

    problems: tuple[Problem, ...] = ()

    @property
    def is_free(self) -> bool:
        """Nothing stands against it."""
        return not self.problems

    @property
    def is_barred(self) -> bool:
        """A hard limit stands against it."""
        return any(problem.severity == "error" for problem in self.problems)

    @property
    def is_soft(self) -> bool:
        """Only soft rules stand against it: a reason opens it."""
        return bool(self.problems) and not self.is_barred


FREE = Verdict()


@dataclass(frozen=True, slots=True)
class StepChoices:
    """What may be done with one step of one session, each choice with its verdict.

    ``techniques`` are (family of the row, technique, verdict), ``moves`` (word, key that it would stand behind, verdict) with the words
    first, up, down and last, ``minutes`` (thousandths of the built time, verdict) for 15 s less and more, where the other main steps
    take and give the time; ``removal`` gives its time to them too.
    """

    step: str
    techniques: tuple[tuple[str, str, Verdict], ...] = ()
    pressures: tuple[tuple[int, Verdict], ...] = ()
    tempos: tuple[tuple[Tempo, Verdict], ...] = ()
    moves: tuple[tuple[str, str, Verdict], ...] = ()
    minutes: tuple[tuple[int, Verdict], ...] = ()
    removal: Verdict = FREE
