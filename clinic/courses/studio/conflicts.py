"""A draft and the course that was changed under it: what each of them changed, and how the plans differ, session by session."""

from copy import copy
from dataclasses import dataclass
from datetime import datetime

from clinic.courses.edit_words import EditsDiffer, edits_differ
from clinic.courses.models import PlanEdit, StudioDraft
from clinic.courses.presentation import Presenter
from clinic.courses.presentation.differences import DifferencePresenter, SessionDifferenceView
from clinic.courses.queries import course_plan_of, screening_of
from clinic.courses.studio.desk import Desk, desk_of, edits_of_draft
from protocols.comparing import StoredCourse, compare_courses
from protocols.method.edits import NotEdits, edits_from_json, edits_to_json


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both sides in words. ``by``, ``at``, ``note``: who changed the course last and when; ``was_by_hand``: whether hands did.

    ``theirs`` and ``mine`` are what each changed since the draft was begun. ``changed`` are the sessions to come in which the plan with
    one's own changes on top of theirs differs from the plan as it stands; ``session`` is one of them.
    """

    by: str
    at: datetime
    note: str
    was_by_hand: bool
    theirs: EditsDiffer
    mine: EditsDiffer
    changed: tuple[int, ...]
    session: SessionDifferenceView | None


def conflict_of(desk: Desk, presenter: Presenter, differences: DifferencePresenter, *, number: int = 0) -> Conflict:
    """What stands against each other; ``number`` is the session to be shown, the first one that differs where it names none.

    Raises as ``desk_of`` does.
    """
    if desk.draft is None:
        raise ValueError("a conflict needs a draft")
    begun_on, course = edits_from_json(desk.draft.base), desk.course
    newest = PlanEdit.objects.filter(course=course, version__gt=desk.draft.base_version).select_related("by").order_by("-pk").first()
    on_top = _on_top(desk)
    stored = StoredCourse(screening_of(course), course_plan_of(course), desk.stored)
    found = compare_courses(stored, StoredCourse(on_top.screening, on_top.made.course, on_top.sessions))
    changed = tuple(each for each, _rows in found.sessions if each > desk.begun)
    shown = number if number in changed else next(iter(changed), 0)
    return Conflict(
        by=newest.by.full_name if newest else course.planned_by.full_name,
        at=newest.at if newest else course.planned_at,
        note=newest.note if newest else "",
        was_by_hand=newest is not None,
        theirs=edits_differ(begun_on, desk.standing, presenter),
        mine=edits_differ(begun_on, edits_of_draft(desk.draft), presenter),
        changed=changed,
        session=differences.one_session(desk.stored[shown - 1], on_top.session(shown), found.session(shown)) if shown else None,
    )


def _on_top(desk: Desk) -> Desk:
    """The plan with one's own changes on top of theirs; as it stands where both together are more than one plan may have."""
    try:
        return desk_of(desk.course, put_on_top(desk), desk.on)
    except NotEdits:
        return desk_of(desk.course, None, desk.on)


def put_on_top(desk: Desk) -> StudioDraft | None:
    """One's own acts on the course as it stands now; nothing is written."""
    if desk.draft is None:
        return None
    draft = copy(desk.draft)
    draft.base, draft.base_version = edits_to_json(desk.standing), desk.course.version
    return draft
