"""What the edition in force forbids of a course that keeps to another one: today's facts read with the rules that the clinic works with.

A course on the edition in force is asked nothing here, and neither is one that nothing of what differs between the two editions concerns.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, Final

from clinic.courses.models import Course
from clinic.courses.pinned import library_of
from clinic.courses.planning import case_of
from clinic.courses.queries import request_of, sessions_to_come
from clinic.courses.screenings import STAGE, barring
from clinic.courses.so_far import so_far
from protocols.editions.addresses import entries_of
from protocols.editions.content import TABLES
from protocols.editions.queries import EditionLost, content_of, edition_in_force, library_in_force
from protocols.method.answers import Faults
from protocols.method.case import Case
from protocols.method.checking import Problem
from protocols.method.checking.against import forbidden_against
from protocols.method.library import Library
from protocols.method.planning import setting_of
from protocols.method.plans import SessionPlan
from protocols.method.setting import Setting
from protocols.method.vocabulary import Outcome

CONDITIONS: Final = f"{TABLES}conditions/"
PROFILES: Final = f"{TABLES}profiles"
OWN: Final = "own-"  # a clinic's own profiles begin so: no other table names them


@dataclass(frozen=True, slots=True)
class ForbiddenRow:
    """One thing that sessions to come do and may not: a problem of the checker with its details, and the numbers of the sessions."""

    code: str
    about: tuple[tuple[str, str], ...]
    sessions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Forbidden:
    """What an edition forbids of a course that its own edition allows.

    ``found`` are codes as ``screenings.barring`` gives them, ``today`` rules that forbid this day only, ``asked`` facts without an answer
    that it asks first, ``rows`` what the plan still does. ``is_gone``: the edition holds no such condition or stage any more.
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
    if not keeps_to_another(course):
        return False
    concerned = concerned_conditions(course.pinned_id, edition_in_force(course.clinic))
    return concerned is None or course.condition in concerned


@lru_cache(maxsize=64)
def concerned_conditions(one: str, other: str) -> frozenset[str] | None:
    """The conditions whose plans two editions (digests) can make otherwise; None for all of them.

    Translations and cases make no plan. What is kept of an edition whose content was lost tells nothing, so it concerns everybody.
    """
    try:
        before, after = content_of(one), content_of(other)
    except EditionLost:
        return None
    names = {name for name in before.parts.keys() | after.parts.keys() if name.startswith(TABLES)}
    changed = {name for name in names if before.part_digests.get(name) != after.part_digests.get(name)}
    found = {name.removeprefix(CONDITIONS) for name in changed if name.startswith(CONDITIONS)}
    others = {name for name in changed if not name.startswith(CONDITIONS)}
    if others - {PROFILES}:
        return None
    profiles = _changed_profiles(before.parts[PROFILES], after.parts[PROFILES]) if others else frozenset[str]()
    if not all(code.startswith(OWN) for code in profiles):
        return None
    users = (
        name for parts in (before.parts, after.parts) for name in parts if name.startswith(CONDITIONS) and _uses(parts[name], profiles)
    )
    return frozenset(found | {name.removeprefix(CONDITIONS) for name in users})


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
def forbidden_in_force(course: Course, on: date) -> Forbidden:
    """What the edition in force forbids of this course on that day, beyond what its own edition forbids.

    ``NOTHING`` for a course that keeps to the edition in force, and where its own record makes no plan any more: that is told by others.
    """
    if not is_concerned(course):
        return NOTHING
    return forbidden_by(library_in_force(course.clinic), course, sessions_to_come(course), on=on)


def forbidden_by(library: Library, course: Course, plans: tuple[SessionPlan, ...], *, on: date) -> Forbidden:
    """What this library forbids of these sessions of the course, and of the patient, beyond what its own forbids."""
    own = library_of(course)
    try:
        case = case_of(course.patient, request_of(course), own, on=on, so_far=so_far(course, on))
        ours = setting_of(case, own)
    except Faults:
        return NOTHING
    theirs = setting_under(library, course, case, on)
    if theirs is None:
        return Forbidden(is_gone=True)
    lasting = barring(theirs) - barring(ours)
    return Forbidden(
        found=tuple(sorted(lasting)),
        rows=() if STAGE in lasting else tuple(_rows(plans, ours, theirs)),
        today=tuple(sorted(_stopping(theirs) - _stopping(ours) - lasting)),
        asked=tuple(sorted(_asked(theirs) - _asked(ours))),
    )


def setting_under(library: Library, course: Course, case: Case, on: date) -> Setting | None:
    """The same patient and course screened with another library; None where it holds no such condition or stage.

    Inputs that it reads otherwise are left as the course has them: its rules are asked all the same. What then makes no screening
    at all counts as a condition that is not there: nobody could say what is forbidden.
    """
    condition = library.conditions.get(course.condition)
    stage = condition.stages.get(course.stage) if condition else None
    if condition is None or stage is None:
        return None
    try:
        return setting_of(case_of(course.patient, request_of(course), library, on=on, so_far=so_far(course, on)), library)
    except Faults:
        pass  # an input of the other edition is missing, or was answered in another way
    try:
        return setting_of(replace(case, condition=condition, stage=stage), library)
    except Faults:
        return None


def _rows(plans: tuple[SessionPlan, ...], ours: Setting, theirs: Setting) -> Iterator[ForbiddenRow]:
    """What the other edition forbids of the plans and their own does not, each thing once with its sessions."""
    found: dict[tuple[str, tuple[tuple[str, str], ...]], list[int]] = {}
    for plan in plans:
        told = forbidden_against(plan, theirs)
        allowed = {_thing(each) for each in forbidden_against(plan, ours)} if told else set()
        for thing in dict.fromkeys(_thing(each) for each in told):
            if thing not in allowed:
                found.setdefault(thing, []).append(plan.number)
    yield from (ForbiddenRow(code, about, tuple(numbers)) for (code, about), numbers in found.items())


def _thing(problem: Problem) -> tuple[str, tuple[tuple[str, str], ...]]:
    return problem.code, problem.about


def _stopping(setting: Setting) -> frozenset[str]:
    """The rules that let no session begin on that day."""
    return frozenset(finding.rule for finding in setting.screening.findings if finding.outcome >= Outcome.DOCTOR)


def _asked(setting: Setting) -> frozenset[str]:
    """The facts that must be answered before a session."""
    return frozenset(obstacle.code for obstacle in setting.screening.obstacles if obstacle.kind == "fact")
