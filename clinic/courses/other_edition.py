"""What the edition in force forbids of a course that keeps to another one: today's facts read with the rules that the clinic works with.

A course on the edition in force is asked nothing here, and neither is one that nothing of what differs between the two editions concerns.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Final

from clinic.courses.models import Course
from clinic.courses.pinned import library_of
from clinic.courses.planning import SoFar, case_of
from clinic.courses.queries import request_of, sessions_to_come
from clinic.courses.screenings import STAGE, barring
from clinic.courses.so_far import so_far
from patients.queries import answers_on
from protocols.editions.addresses import entries_of
from protocols.editions.content import TABLES
from protocols.editions.queries import EditionLost, content_of, edition_in_force, library_in_force
from protocols.method.answers import Answers, Faults
from protocols.method.case import Case
from protocols.method.checking import Problem
from protocols.method.checking.against import Against
from protocols.method.findings import Screening
from protocols.method.library import Library
from protocols.method.planning import setting_of
from protocols.method.plans import SessionPlan
from protocols.method.setting import Setting
from protocols.method.vocabulary import Outcome
from protocols.variants.subjects import OWN

CONDITIONS: Final = f"{TABLES}conditions/"
PROFILES: Final = f"{TABLES}profiles"


@dataclass(frozen=True, slots=True)
class ForbiddenRow:
    """One thing that sessions to come do and may not: a problem of the checker with its details, and the numbers of the sessions."""

    code: str
    about: tuple[tuple[str, str], ...]
    sessions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Forbidden:
    """What an edition forbids of a course that its own edition allows.

    ``found`` are codes as ``screenings.barring`` gives them, ``today`` rules that forbid this day only or want less of it, ``asked`` facts
    without an answer that it asks first, ``rows`` what the plan still does. ``is_gone``: the edition holds no such condition or
    stage any more.
    """

    found: tuple[str, ...] = ()
    rows: tuple[ForbiddenRow, ...] = ()
    today: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    is_gone: bool = False

    @property
    def lasts(self) -> bool:
        """Whether the course is forbidden for longer than this day."""
        return bool(self.found or self.rows or self.is_gone)

    def __bool__(self) -> bool:
        return self.lasts or bool(self.today or self.asked)

    def as_json(self) -> dict[str, Any]:
        """What is kept of it with the move of a course."""
        rows = [{"code": row.code, "about": dict(row.about), "sessions": list(row.sessions)} for row in self.rows]
        return {"found": list(self.found), "rows": rows, "is_gone": self.is_gone}


NOTHING: Final = Forbidden()


def forbidden_from_json(kept: Mapping[str, Any]) -> Forbidden:
    """What was kept by ``as_json``; what is not there is nothing."""
    rows = tuple(ForbiddenRow(row["code"], tuple(row["about"].items()), tuple(row["sessions"])) for row in kept.get("rows", ()))
    return Forbidden(tuple(kept.get("found", ())), rows, is_gone=bool(kept.get("is_gone")))


# Whether there is anything to ask -------------------------------------------------------------------------------------------------
def keeps_to_another(course: Course) -> bool:
    """Whether the course keeps to another edition than the one that its clinic works with."""
    return course.pinned_id != edition_in_force(course.clinic)


def is_concerned(course: Course) -> bool:
    """Whether anything that differs between its edition and the one in force concerns this course. No query once both were read."""
    if not keeps_to_another(course) or library_of(course) is library_in_force(course.clinic):
        return False  # where the content of its own was lost, it is planned with the edition in force
    concerned = concerned_conditions(course.pinned_id, edition_in_force(course.clinic))
    return concerned is None or course.condition in concerned


@lru_cache(maxsize=64)
def concerned_conditions(one: str, other: str) -> frozenset[str] | None:
    """The conditions whose plans two editions (digests) can make otherwise; None for all of them.

    What is known of an edition by its name only tells nothing, so it concerns everybody.
    """
    changed = changed_tables(one, other)
    if changed is None or any(name not in (PROFILES, *_conditions(changed)) for name in changed):
        return None
    before, after = content_of(one).parts, content_of(other).parts
    profiles = _changed_profiles(before[PROFILES], after[PROFILES]) if PROFILES in changed else frozenset[str]()
    if not all(code.startswith(OWN) for code in profiles):
        return None
    users = {name for parts in (before, after) for name in _conditions(parts) if _uses(parts[name], profiles)}
    return frozenset(name.removeprefix(CONDITIONS) for name in (*_conditions(changed), *users))


@lru_cache(maxsize=64)
def changed_tables(one: str, other: str) -> frozenset[str] | None:
    """The tables (``library/STEM``) that differ between two editions (digests); None where the content of one was lost.

    Translations and cases make no plan.
    """
    try:
        before, after = content_of(one).part_digests, content_of(other).part_digests
    except EditionLost:
        return None
    return frozenset(name for name in before.keys() | after.keys() if name.startswith(TABLES) and before.get(name) != after.get(name))


def _conditions(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name.startswith(CONDITIONS))


def _changed_profiles(before: Mapping[str, Any], after: Mapping[str, Any]) -> frozenset[str]:
    old, new = entries_of({PROFILES: before}), entries_of({PROFILES: after})
    return frozenset(address.rpartition("/")[2] for address in old.keys() | new.keys() if old.get(address) != new.get(address))


def _uses(value: Any, profiles: frozenset[str]) -> bool:
    """Whether these codes stand anywhere in a table of a condition."""
    if not profiles:
        return False
    if isinstance(value, Mapping):
        return any(_uses(each, profiles) for each in value.values())
    if isinstance(value, list | tuple):
        return any(_uses(each, profiles) for each in value)
    return isinstance(value, str) and value in profiles


# What is forbidden ----------------------------------------------------------------------------------------------------------------
class TwoReadings:
    """One patient and course of one day, screened with its own library and with another. Each is read when it is asked for.

    ``answers`` stand in place of what the record knows on that day.
    """

    def __init__(self, course: Course, library: Library, *, on: date, before: SoFar, answers: Answers | None = None) -> None:
        self.course, self.library, self.on, self.before = course, library, on, before
        self.own, self.wanted = library_of(course), request_of(course)
        is_same_form = self.own.facts == library.facts  # then the same answers are read with both
        self.answers = answers_on(course.patient, library, on) if answers is None and is_same_form else answers

    def _case(self, library: Library) -> Case:
        return case_of(self.course.patient, self.wanted, library, on=self.on, so_far=self.before, answers=self.answers)

    @cached_property
    def _own_case(self) -> Case | None:
        with suppress(Faults):
            return self._case(self.own)
        return None

    @cached_property
    def ours(self) -> Setting | None:
        """With the course's own library; None where its own record makes no plan any more."""
        with suppress(Faults):
            return setting_of(self._own_case, self.own) if self._own_case is not None else None
        return None

    @cached_property
    def theirs(self) -> Setting | None:
        """With the other library; None where that holds no such condition or stage.

        Inputs that it reads otherwise are left as the course has them: its rules are asked all the same. What then makes no screening at
        all is read as a stage that it does not hold, since nobody could say what is forbidden.
        """
        condition = self.library.conditions.get(self.course.condition)
        stage = condition.stages.get(self.course.stage) if condition else None
        if condition is None or stage is None:
            return None
        with suppress(Faults):
            return setting_of(self._case(self.library), self.library)
        with suppress(Faults):  # an input is missing there, or is answered in another way
            return setting_of(replace(self._own_case, condition=condition, stage=stage), self.library) if self._own_case else None
        return None

    @property
    def is_alike(self) -> bool:
        """Whether both libraries find the same and hold the same stage, so that they make the same plan and forbid the same.

        Only where they differ in nothing but conditions and rules: other tables make plans too.
        """
        ours, theirs = self.ours, self.theirs
        if ours is None or theirs is None or _without_trials(ours) != _without_trials(theirs) or ours.inputs != theirs.inputs:
            return False
        return ours.stage == theirs.stage and replace(ours.condition, stages={}) == replace(theirs.condition, stages={})


def _without_trials(setting: Setting) -> Screening:
    """A rule that did not fire makes no plan, and neither does one that the other edition does not hold."""
    return replace(setting.screening, trials=())


def forbidden_in_force(course: Course, on: date) -> Forbidden:
    """What the edition in force forbids of this course on that day, beyond what its own edition forbids.

    ``NOTHING`` for a course that keeps to the edition in force, and where its own record makes no plan any more: that is told by others.
    """
    if not is_concerned(course):
        return NOTHING
    read = TwoReadings(course, library_in_force(course.clinic), on=on, before=so_far(course, on))
    return forbidden_of(read, sessions_to_come(course))


def forbidden_of(read: TwoReadings, plans: tuple[SessionPlan, ...]) -> Forbidden:
    """What the other library forbids of the patient and of these sessions, beyond what their own forbids."""
    lasting, theirs, ours = lasting_of(read, plans), read.theirs, read.ours
    if ours is None or theirs is None:
        return lasting
    today = (_stopping(theirs) - _stopping(ours) | _lowering(theirs, ours)) - set(lasting.found)
    return replace(lasting, today=tuple(sorted(today)), asked=tuple(sorted(_asked(theirs) - _asked(ours))))


def lasting_of(read: TwoReadings, plans: tuple[SessionPlan, ...]) -> Forbidden:
    """The same for what holds beyond that day. The course's own library is only asked where the other one forbids anything."""
    theirs = read.theirs
    if theirs is None:
        return Forbidden(is_gone=True) if read.ours is not None else NOTHING
    barred, against = barring(theirs), Against(theirs)
    told = [(plan, problems) for plan in plans if (problems := against.forbidden(plan))]
    if not (barred or told) or read.ours is None:
        return NOTHING
    found = barred - barring(read.ours)
    return Forbidden(found=tuple(sorted(found)), rows=() if STAGE in found else tuple(_rows(told, Against(read.ours))))


def _rows(told: Iterable[tuple[SessionPlan, tuple[Problem, ...]]], own: Against) -> Iterator[ForbiddenRow]:
    """What the other edition forbids of the plans and their own does not, each thing once with its sessions."""
    found: dict[tuple[str, tuple[tuple[str, str], ...]], list[int]] = {}
    for plan, problems in told:
        allowed = {_thing(each) for each in own.forbidden(plan)}
        for thing in dict.fromkeys(_thing(each) for each in problems):
            if thing not in allowed:
                found.setdefault(thing, []).append(plan.number)
    yield from (ForbiddenRow(code, about, tuple(numbers)) for (code, about), numbers in found.items())


def _thing(problem: Problem) -> tuple[str, tuple[tuple[str, str], ...]]:
    return problem.code, problem.about


def _stopping(setting: Setting) -> frozenset[str]:
    """The rules that let no session begin on that day."""
    return frozenset(finding.rule for finding in setting.screening.findings if finding.outcome >= Outcome.DOCTOR)


def _lowering(theirs: Setting, ours: Setting) -> frozenset[str]:
    """The rules by which the other library wants a smaller dose than the plan was made with."""
    limits, own = theirs.screening.limits, ours.screening.limits
    if limits.rungs_down <= own.rungs_down:
        return frozenset()
    known = {dict(reason.about).get("rule") for reason in own.rungs_because}
    return frozenset(rule for reason in limits.rungs_because if (rule := dict(reason.about).get("rule")) and rule not in known)


def _asked(setting: Setting) -> frozenset[str]:
    """The facts that must be answered before a session."""
    return frozenset(obstacle.code for obstacle in setting.screening.obstacles if obstacle.kind == "fact")
