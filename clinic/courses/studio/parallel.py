"""What the proof of parallel edits and the small test of it run: many people who change one plan and keep it at the same moment."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from unittest.mock import patch
from uuid import uuid4

from clinic.courses.actions import StaleCourse, plan_course
from clinic.courses.models import Course, PlanEdit, StudioDraft
from clinic.courses.planning import CourseRequest
from clinic.courses.queries import WITH_A_COURSE, request_of
from clinic.courses.studio.actions import StaleDraft, do_act, keep_edits, keeping, settle
from clinic.courses.studio.acts import Act
from clinic.courses.studio.desk import Desk, edits_of_draft
from clinic.courses.studio.queries import desk_for
from clinic.schedule.contest import Outcome, a_ward, at_once
from clinic.staff.models import Role, StaffRole, User
from clinic.staff.permissions import Actor
from protocols.method.editing import step_keys
from protocols.method.edits import Edit, Edits

SESSIONS: Final = 10
NECK: Final = CourseRequest("neck-collar", "calming", SESSIONS, {"main_complaint": "poor-sleep", "arousal_goal": "calm"})
ACCEPTED: Final = "accepted"
TOLD: Final = "told"


@dataclass(frozen=True, slots=True)
class Table:
    """One plan, and everybody who changes it."""

    course: Course
    people: Sequence[Actor]

    def desk(self, person: Actor) -> Desk:
        """The plan as this person is changing it, read anew."""
        course = Course.objects.select_related(*WITH_A_COURSE).get(pk=self.course.pk)
        return desk_for(course, person.user, course.planned_on)


def a_table(people: int) -> Table:
    """A clinic with one planned course and so many therapists."""
    ward, mark = a_ward(therapists=1, rooms=1, patients=1), uuid4().hex[:8]
    users = User.objects.bulk_create(User(email=f"{number}-{mark}@table.test", full_name=f"Hand {number}") for number in range(people))
    StaffRole.objects.bulk_create(StaffRole(user=user, clinic=ward.clinic, role=Role.THERAPIST) for user in users)
    actors = [Actor(user, ward.clinic, frozenset({Role.THERAPIST.value})) for user in users]
    course = plan_course(patient=ward.patients[0], wanted=NECK, on=ward.clinic.today(), actor=actors[0])
    return Table(course, actors)


def edit_of(table: Table, number: int) -> Edit:
    """What the person of this number changes: the time of one step in some sessions, another one for everybody as far as there are any."""
    desk = table.desk(table.people[0])
    keys = step_keys(desk.session(3))
    first = 3 + number // len(keys) % (SESSIONS - 3)
    return Edit("minutes", first, first, step=keys[number % len(keys)], value=800 + number)


def acts_of(table: Table) -> list[Act]:
    """One act for each person."""
    edits = [edit_of(table, number) for number in range(len(table.people))]
    return [Act("edit", session=edit.first, edits=Edits((edit,))) for edit in edits]


def drafted(table: Table) -> None:
    """Everybody has one change in a draft."""
    for person, act in zip(table.people, acts_of(table), strict=True):
        do_act(desk=table.desk(person), act=act, version=0, actor=person)


# At one moment -------------------------------------------------------------------------------------------------------------------
def all_keep(table: Table) -> Outcome:
    """Everybody who has a draft keeps it at the same moment."""

    def keep(person: Actor, draft: StudioDraft) -> str:
        try:
            keep_edits(course=table.course, draft=draft, note="", on=table.course.planned_on, version=draft.version, actor=person)
        except StaleCourse:
            return TOLD
        return ACCEPTED

    drafts = {draft.by_id: draft for draft in StudioDraft.objects.filter(course=table.course, position__gt=0)}
    pairs = [(person, drafts[person.user.pk]) for person in table.people if person.user.pk in drafts]
    return at_once([lambda pair=pair: keep(*pair) for pair in pairs])  # type: ignore[misc]


def windows_act(table: Table, windows: int) -> Outcome:
    """So many windows of the first person, all opened on the same draft, do something at the same moment."""
    person, acts = table.people[0], acts_of(table)
    desks = [table.desk(person) for _window in range(windows)]

    def act(number: int) -> str:
        try:
            do_act(desk=desks[number], act=acts[number % len(acts)], version=desks[number].version, actor=person)
        except StaleDraft:
            return TOLD
        return ACCEPTED

    return at_once([lambda number=number: act(number) for number in range(windows)])  # type: ignore[misc]


@contextmanager
def without_version() -> Iterator[None]:
    """While this lasts nobody looks whether the course was changed meanwhile: for the control of the proof."""
    with patch.object(keeping, "check_version"):
        yield


# What is left --------------------------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Tally:
    """What a whole evening at one table came to."""

    rounds: int = 0
    accepted: int = 0
    told: int = 0
    broken_drafts: int = 0
    lost: int = 0
    strange: Counter[str] = field(default_factory=Counter)
    more_than_one: int = 0

    @property
    def holds(self) -> bool:
        """One accepted a round, everybody else told, nothing lost, nothing else."""
        return not (self.broken_drafts or self.lost or self.strange or self.more_than_one) and self.rounds == self.accepted


def evening(table: Table, *, rounds: int | None = None) -> Tally:
    """Round after round all keep at one moment; whoever is told puts the same changes on top of the newest plan and tries again.

    Everybody's draft is compared after each round with what it held before; at the end every change must stand in the plan.
    """
    wanted = {person.user.pk: edit_of(table, number) for number, person in enumerate(table.people)}
    drafted(table)
    tally = Tally()
    while StudioDraft.objects.filter(course=table.course).exists() and (rounds is None or tally.rounds < rounds):
        _count(tally, all_keep(table))
        for draft in StudioDraft.objects.filter(course=table.course):
            tally.broken_drafts += wanted[draft.by_id] not in edits_of_draft(draft).edits
        _again(table)
    kept = set(request_of(Course.objects.get(pk=table.course.pk)).edits.edits)
    drafts = {draft.by_id for draft in StudioDraft.objects.filter(course=table.course)}
    tally.lost = sum(edit not in kept and person not in drafts for person, edit in wanted.items())
    tally.lost += abs(PlanEdit.objects.filter(course=table.course).count() - tally.accepted)
    return tally


def _count(tally: Tally, outcome: Outcome) -> None:
    tally.rounds += 1
    tally.accepted += outcome.ends[ACCEPTED]
    tally.told += outcome.ends[TOLD]
    tally.more_than_one += outcome.ends[ACCEPTED] != 1
    tally.strange.update({end: count for end, count in outcome.ends.items() if end not in (ACCEPTED, TOLD)})


def _again(table: Table) -> None:
    """Whoever was told puts the same changes on top of the newest plan."""
    left = set(StudioDraft.objects.filter(course=table.course).values_list("by", flat=True))
    for person in table.people:
        if person.user.pk in left:
            desk = table.desk(person)
            settle(desk=desk, choice="mine-on-top", version=desk.version, actor=person)
