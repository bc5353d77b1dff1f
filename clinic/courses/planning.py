"""From a patient's record and what the therapist entered to a case of the method, and to the plan."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import lru_cache
from typing import Any, Final

from django.db.models import QuerySet

from clinic.courses.models import ConsentWithdrawal, Course
from clinic.web.prepared import Prepared
from patients.documents import REFERRAL_AGE
from patients.models import Patient, Referral
from patients.queries import answers_on
from patients.queries.papers import papers_on
from patients.questionnaire import day_facts
from protocols.method.answers import Answers, Fault, Faults
from protocols.method.case import Case
from protocols.method.edits import NO_EDITS, Edits
from protocols.method.findings import Bar
from protocols.method.inputs import parse_inputs, with_implied
from protocols.method.library import Library
from protocols.method.palpation import felt_inputs
from protocols.method.places import Place
from protocols.method.planning import PlannedCourse, plan_whole_course
from protocols.method.plans import Adaptation, SessionRecord
from protocols.method.roles import planned_places
from protocols.method.tree import ZoneTree
from protocols.method.truth import Evidence, decide


@dataclass(frozen=True, slots=True)
class CourseRequest:
    """What the therapist entered. ``inputs`` are raw JSON values by input code, ``supplements`` codes, ``count`` sessions.

    ``edits`` are what was changed by hand in the plan that came of it.
    """

    condition: str
    stage: str
    count: int
    inputs: Mapping[str, Any] = field(default_factory=dict)
    supplements: tuple[str, ...] = ()
    edits: Edits = NO_EDITS


@dataclass(frozen=True, slots=True)
class SoFar:
    """What a course brings to its next session: what was given and felt, and what its referral and withdrawn consents bar.

    ``missed_days``, ``decided`` and ``is_released`` as in ``Case``.
    """

    records: tuple[SessionRecord, ...] = ()
    bars: tuple[Bar, ...] = ()
    missed_days: int = 0
    decided: Adaptation | None = None
    is_released: bool = False


NOTHING_SO_FAR = SoFar()


def case_of(
    patient: Patient,
    wanted: CourseRequest,
    library: Library,
    *,
    on: date,
    so_far: SoFar = NOTHING_SO_FAR,
    answers: Answers | None = None,
) -> Case:
    """The case of this patient on that day, after what was so far. Raises ``Faults`` for inputs that do not fit, naming each field.

    ``answers`` stand in place of what the record knows: the answers of a what-if.
    """
    condition = library.conditions.get(wanted.condition)
    stage = condition.stages.get(wanted.stage) if condition else None
    if condition is None or stage is None:
        raise Faults((Fault("stage", f"{wanted.condition}/{wanted.stage} is not in edition {library.edition}"),))
    papers, referral_age = papers_on(patient, library, on)
    answers = _with_referral(answers_on(patient, library, on) if answers is None else answers, referral_age)
    raw = felt_inputs(library, condition, wanted.inputs, wanted.edits.palpated)
    inputs = parse_inputs(library, condition, stage.code, raw, answers)
    implied = with_implied(library, condition, stage.code, inputs, answers)  # a clash with the record is the therapist's to mend
    zones = tuple(sorted(planned_places(library, condition, stage, inputs, wanted.edits)))
    answers = Answers(answers.known, answers.unknown - _not_for_this_patient(implied.with_known({"plan.zones": zones}), library))
    age, sex = answers.known["patient.age"], answers.known["patient.sex"]
    records = so_far.records
    when: dict[str, Any] = {"number": min(len(records) + 1, wanted.count), "of": wanted.count, "records": records, "on": on}
    when |= {"bars": so_far.bars, "missed_days": so_far.missed_days, "decided": so_far.decided, "is_released": so_far.is_released}
    when |= {"edits": wanted.edits}
    return Case(int(age), str(sex), condition, stage, inputs, answers, papers, wanted.supplements, **when)  # type: ignore[arg-type]


def _with_referral(answers: Answers, age: int | None) -> Answers:
    """The age of the referral; with none on file it stays unknown, so that the rule about it stays open and names the document."""
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
    so_far: SoFar = NOTHING_SO_FAR,
    answers: Answers | None = None,
) -> PlannedCourse:
    """The whole course, each session read by the independent check. Raises ``Faults`` or ``UnsafePlan``.

    After ``so_far`` it is planned for the session that follows, adapted to what was felt; ``answers`` as in ``case_of``.
    """
    return _planned(_Same(case_of(patient, wanted, library, on=on, so_far=so_far, answers=answers), library))


class _Same:
    """A case with its library, equal to another only when everything is: the library itself, and every value by its type too.

    A session is planned when the day's questions are answered, and again, from the record read anew, at the moment of giving.
    """

    __slots__ = ("case", "key", "library")

    def __init__(self, case: Case, library: Library) -> None:
        self.case, self.library, self.key = case, library, (id(library), _key(case))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@lru_cache(maxsize=16)
def _planned(same: _Same) -> PlannedCourse:
    """The method asks nothing but the case and the library, which the cache keeps alive, so that no other gets its id."""
    return plan_whole_course(same.case, same.library)


def _key(case: Case) -> Hashable:
    """Everything that the case says, as Python writes it: ``True`` is not 1 then, and 1 is not 1.0. Entries are the library's own."""
    said = tuple(repr(getattr(case, name)) for name in _SAID)
    return id(case.condition), id(case.stage), said


_SAID = tuple(each.name for each in fields(Case) if each.name not in ("condition", "stage"))


def bars_on(course: Course, tree: ZoneTree) -> tuple[Bar, ...]:
    """What is barred in this course on top of every finding."""
    return bars_of(course.referral) + consent_bars(course, tree)


def bars_of(referral: Referral | None) -> tuple[Bar, ...]:
    """What a referral bars, beyond every finding; nothing without a referral."""
    if referral is None:
        return ()
    return (
        Bar(
            source="referral",
            places=tuple(Place(zone, side) for zone, side in referral.zones_barred),
            families=frozenset(referral.families_barred),
            techniques=frozenset(referral.techniques_barred),
            pressure_max=referral.pressure_max,
        ),
    )


def consent_bars(course: Course, tree: ZoneTree) -> tuple[Bar, ...]:
    """The leaf places that the patient took back, until a later sheet names them again."""
    if course.pk is None:
        return ()
    out: dict[Place, int] = {}
    for consent, zones in _WITHDRAWN.rows("", course=course.pk):
        out |= dict.fromkeys(leaves_of((Place(zone, side) for zone, side in zones), tree), consent)
    for sheet in course.consents.order_by("pk") if out else ():
        agreed = leaves_of((Place(zone, side) for zone, side in sheet.scope["places"]), tree)
        out = {place: given for place, given in out.items() if sheet.pk <= given or place not in agreed}
    return (Bar(source="consent", places=tuple(sorted(out))),) if out else ()


def _withdrawn(_kind: str, *, course: int) -> QuerySet[Any, Any]:
    return ConsentWithdrawal.objects.filter(consent__course=course).order_by("pk").values_list("consent_id", "zones")


_WITHDRAWN: Final = Prepared(_withdrawn)


def leaves_of(places: Iterable[Place], tree: ZoneTree) -> frozenset[Place]:
    """The leaf places of these. A zone that the edition does not hold stays what it is, so that whoever reads it can refuse it."""
    return frozenset[Place]().union(*(tree.leaf_places(place) if place.zone in tree.zones else {place} for place in places))


def answers_for_the_day(patient: Patient, wanted: CourseRequest, library: Library, *, on: date) -> Answers:
    """Everything that decides which day questions this patient and plan need: record, implied facts and the planner's own."""
    case = case_of(patient, wanted, library, on=on)
    answers = with_implied(library, case.condition, case.stage.code, case.inputs, case.answers)
    zones = tuple(sorted(planned_places(library, case.condition, case.stage, case.inputs, case.edits)))
    return answers.with_known({"plan.zones": zones, "plan.first-session": True})
