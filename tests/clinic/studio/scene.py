"""A plan on the desk of somebody, for tests of the studio."""

from collections.abc import Mapping
from typing import Any

from clinic.courses.models import Course, StudioDraft
from clinic.courses.studio.actions import do_act, keep_edits
from clinic.courses.studio.actions.keeping import Kept
from clinic.courses.studio.acts import Act
from clinic.courses.studio.desk import Desk
from clinic.courses.studio.queries import desk_for
from clinic.staff.permissions import Actor
from protocols.method.editing import step_keys
from protocols.method.edits import Edit, Edits, Override


def a_desk(course: Course, actor: Actor) -> Desk:
    """The plan as this person is changing it today, the course read anew."""
    fresh = Course.objects.select_related("patient__clinic", "clinic", "planned_by", "referral", "signature").get(pk=course.pk)
    return desk_for(fresh, actor.user, course.clinic.today())


def steps(desk: Desk, number: int) -> tuple[str, ...]:
    """The keys of the steps of a session."""
    return step_keys(desk.session(number))


def edited(desk: Desk, actor: Actor, *edits: Edit, session: int = 0) -> Desk:
    """The desk after these edits as one act, looked at from the first session that they change."""
    act = Act("edit", session=session or max(min(edit.first for edit in edits), 1), edits=Edits(edits))
    return do_act(desk=desk, act=act, version=desk.version, actor=actor)


def acted(desk: Desk, actor: Actor, do: Any, **fields: Any) -> Desk:
    """The desk after another act."""
    session = fields.pop("session", desk.first_to_come)
    return do_act(desk=desk, act=Act(do, session=session, **fields), version=desk.version, actor=actor)


def reasoned(desk: Desk, actor: Actor, words: str = "She asked for more of it.") -> Desk:
    """The desk with a reason for every soft rule that asks for one."""
    wanted = tuple(Override(rule.problem.code, rule.step, "response", words) for rule in desk.needs_reasons)
    return acted(desk, actor, "override", edits=Edits(overrides=wanted)) if wanted else desk


def kept(desk: Desk, actor: Actor, note: str = "") -> Kept:
    """What keeping the draft gives."""
    assert desk.draft is not None
    return keep_edits(course=desk.course, draft=desk.draft, note=note, on=desk.on, version=desk.version, actor=actor)


def draft_of(course: Course, actor: Actor) -> StudioDraft:
    """The draft as it is stored."""
    return StudioDraft.objects.get(course=course, by=actor.user)


def seconds_of(desk: Desk, number: int) -> Mapping[str, int]:
    """The seconds of each step of a session, by its key."""
    plan, found = desk.session(number), dict[str, int]()
    for row in plan.rows:
        key = step_keys(plan)[row.step]
        found[key] = found.get(key, 0) + row.seconds
    return found
