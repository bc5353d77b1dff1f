"""From a patient's record and what the therapist entered to a case of the method, and to the plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from patients.documents import REFERRAL_AGE
from patients.models import Patient
from patients.queries import answers_on, clearances_on, referral_age_on
from patients.questionnaire import day_facts
from protocols.method.answers import Answers
from protocols.method.case import Case
from protocols.method.inputs import parse_inputs, with_implied
from protocols.method.library import Library
from protocols.method.planning import PlannedCourse, plan_whole_course
from protocols.method.plans import SessionRecord
from protocols.method.roles import planned_places
from protocols.method.truth import Evidence, decide


@dataclass(frozen=True, slots=True)
class CourseRequest:
    """What the therapist entered. ``inputs`` are raw JSON values by input code, ``supplements`` codes, ``count`` sessions."""

    condition: str
    stage: str
    count: int
    inputs: Mapping[str, Any] = field(default_factory=dict)
    supplements: tuple[str, ...] = ()


def case_of(
    patient: Patient,
    wanted: CourseRequest,
    library: Library,
    *,
    on: date,
    records: tuple[SessionRecord, ...] = (),
    answers: Answers | None = None,
) -> Case:
    """The case of this patient on that day, after these records. Raises ``Faults`` for inputs that do not fit, naming each field.

    ``answers`` stand in place of what the record knows: the answers of a what-if.
    """
    condition = library.conditions[wanted.condition]
    stage = condition.stages[wanted.stage]
    answers = _with_referral(patient, answers_on(patient, library, on) if answers is None else answers, on)
    inputs = parse_inputs(library, condition, stage.code, wanted.inputs, answers)
    implied = with_implied(library, condition, stage.code, inputs, answers)  # a clash with the record is the therapist's to mend
    zones = tuple(sorted(planned_places(library, condition, stage, inputs)))
    answers = Answers(answers.known, answers.unknown - _not_for_this_patient(implied.with_known({"plan.zones": zones}), library))
    age, sex = answers.known["patient.age"], answers.known["patient.sex"]
    papers = clearances_on(patient, library, on)
    when: dict[str, Any] = {"number": min(len(records) + 1, wanted.count), "of": wanted.count, "records": records, "on": on}
    return Case(int(age), str(sex), condition, stage, inputs, answers, papers, wanted.supplements, **when)  # type: ignore[arg-type]


def _with_referral(patient: Patient, answers: Answers, on: date) -> Answers:
    """The age of the referral; with none on file it stays unknown, so that the rule about it stays open and names the document."""
    age = referral_age_on(patient, on)
    if age is None:
        return Answers(answers.known, answers.unknown | {REFERRAL_AGE})
    return answers.with_known({REFERRAL_AGE: age})


def _not_for_this_patient(answers: Answers, library: Library) -> frozenset[str]:
    """Day facts that this patient and plan do not call for, such as the peak flow of somebody without asthma: nobody will ask them."""
    evidence = Evidence(answers.known, answers.unknown, library.facts, library.tree)
    trees = {code: library.facts[code].required_when for code in day_facts(library.intake)}
    return frozenset(code for code, tree in trees.items() if tree is not None and decide(tree, evidence) is False)


def planned(
    patient: Patient,
    wanted: CourseRequest,
    library: Library,
    *,
    on: date,
    records: tuple[SessionRecord, ...] = (),
    answers: Answers | None = None,
) -> PlannedCourse:
    """The whole course, each session read by the independent check. Raises ``Faults`` or ``UnsafePlan``.

    After ``records`` it is planned for the session that follows them, adapted to what was felt; ``answers`` as in ``case_of``.
    """
    return plan_whole_course(case_of(patient, wanted, library, on=on, records=records, answers=answers), library)


def answers_for_the_day(patient: Patient, wanted: CourseRequest, library: Library, *, on: date) -> Answers:
    """Everything that decides which day questions this patient and plan need: record, implied facts and the planner's own."""
    case = case_of(patient, wanted, library, on=on)
    answers = with_implied(library, case.condition, case.stage.code, case.inputs, case.answers)
    zones = tuple(sorted(planned_places(library, case.condition, case.stage, case.inputs)))
    return answers.with_known({"plan.zones": zones, "plan.first-session": True})
