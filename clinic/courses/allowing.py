"""What a plan would be if a doctor decided about findings that wait for one. Nothing is kept here."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from clinic.courses.models import Course
from clinic.courses.pinned import library_of
from clinic.courses.planning import case_of
from clinic.courses.presentation import Presenter
from clinic.courses.presentation.effects import Effect, effect_between
from clinic.courses.presentation.lines import FindingLine
from clinic.courses.queries import request_of, screening_of, sessions_to_come
from clinic.courses.screenings import difference
from clinic.courses.sign_off_gates import answerable_findings, undecided
from clinic.courses.since_signed import last_signed_sessions
from clinic.courses.so_far import so_far
from protocols.method.clearances import effects_left
from protocols.method.findings import Clearance
from protocols.method.planning import PlannedCourse, plan_whole_course
from protocols.method.vocabulary import Outcome


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """One finding that waits for a doctor. The changes of ``line`` are those that stay even if the doctor allows the massage."""

    rule: str
    line: FindingLine
    terms: str
    valid_days: int
    is_answerable: bool


@dataclass(frozen=True, slots=True)
class Supposed:
    """The plan under a supposed decision: its effect, what then stays of the rules, and what still waits."""

    effect: Effect
    beside_signed: Effect | None  # the same beside the plan that is in force or was signed last
    outcome_before: str
    outcome_after: str
    stays: tuple[FindingLine, ...]
    still_waits: tuple[str, ...]


def open_questions(course: Course, presenter: Presenter) -> tuple[OpenQuestion, ...]:
    """Every finding of the plan that waits for a doctor, in the words of its rule."""
    screening, answerable = screening_of(course), answerable_findings(course)
    found = []
    for finding in undecided(course):
        rule = presenter.library.rules.get(finding.rule)
        told = finding if rule is None else replace(finding, effects=effects_left(rule))
        view = presenter.screening(replace(screening, findings=(told,)), course.outcome)
        terms = rule.clearance if rule else None
        found.append(
            OpenQuestion(
                rule=finding.rule,
                line=(*view.findings, *view.cleared)[0],
                terms=presenter.names.of("rules", finding.rule, "clearance_note") if terms else "",
                valid_days=terms.valid_days if terms else 0,
                is_answerable=finding.rule in answerable,
            )
        )
    return tuple(found)


def plan_if_allowed(course: Course, rules: Iterable[str], on: date) -> PlannedCourse:
    """The plan of that day with a doctor's document for these rules supposed. Raises ``Faults`` or ``UnsafePlan``."""
    library, answerable = library_of(course), answerable_findings(course)
    case = case_of(course.patient, request_of(course), library, on=on, so_far=so_far(course, on))
    kinds = sorted({answerable[rule] for rule in rules})
    papers = (Clearance(kind, on, frozenset(rule for rule in rules if answerable[rule] == kind)) for kind in kinds)
    return plan_whole_course(replace(case, clearances=(*case.clearances, *papers)), library)


def supposed(course: Course, rules: tuple[str, ...], on: date, presenter: Presenter) -> Supposed:
    """What lifting these rules changes in the sessions to come. Raises ``Faults`` or ``UnsafePlan``."""
    made, before = plan_if_allowed(course, rules, on), screening_of(course)
    to_come = sessions_to_come(course)
    numbers = {session.number for session in to_come}
    after = tuple(session for session in made.sessions if session.number in numbers)
    signed = tuple(session for session in last_signed_sessions(course) if session.number in numbers)
    changed = {now.rule for _then, now in difference(before, made.screening).changed}
    view = presenter.screening(replace(made.screening, findings=tuple(f for f in made.screening.findings if f.rule in changed)), "clear")
    waits = (finding.rule for finding in made.screening.findings if finding.outcome >= Outcome.DOCTOR)
    outcome = max([made.screening.outcome, *(session.outcome for session in made.sessions)])
    return Supposed(
        effect=effect_between(to_come, after, presenter.names),
        beside_signed=effect_between(signed, after, presenter.names) if signed else None,
        outcome_before=course.outcome,
        outcome_after=outcome.code,
        stays=(*view.cleared, *view.findings),
        still_waits=tuple(presenter.names.of("rules", rule, "title") or rule for rule in waits),
    )
