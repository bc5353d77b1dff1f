"""When a plan was changed under a draft its person chooses; a draft is dropped, or takes up what an earlier change by hand had."""

from datetime import date
from typing import Final, Literal, get_args

from django.utils.translation import gettext as _

from clinic.courses.models import Course, StudioDraft
from clinic.courses.studio.actions.acting import StaleDraft, desk_after, do_act, next_draft, written
from clinic.courses.studio.acts import Act, acts_to_json
from clinic.courses.studio.desk import Desk, desk_of, edits_of_draft
from clinic.courses.studio.permissions import check_can_change_by_hand
from clinic.courses.studio.queries import desk_for
from clinic.staff.permissions import ActionDenied, Actor
from protocols.method.edits import Edits, edits_to_json

Choice = Literal["theirs", "mine-on-top", "mine"]
CHOICES: Final[tuple[str, ...]] = get_args(Choice)


def settle(*, desk: Desk, choice: Choice, version: int, actor: Actor) -> Desk:
    """The desk on the course as it is now. What was done stays in the draft whatever is chosen: nothing is lost.

    ``theirs``: the plan as it stands, one's own acts can be done again one by one; ``mine-on-top``: one's own acts on it; ``mine``: one's
    own edits in the place of all others, in the sessions to come. Raises ``StaleDraft`` when another window was faster, ``ActionDenied``
    where both together are more than one plan may have.
    """
    check_can_change_by_hand(actor, desk.course)
    if desk.draft is None or desk.draft.by_id != actor.user.pk or desk.version != version:
        raise StaleDraft
    draft = rebased(desk, actor)
    if choice == "theirs":
        draft.position = 0
    elif choice == "mine":
        first = min(desk.first_to_come, desk.wanted.count)
        whole = Act("set", session=first, first=first, edits=edits_of_draft(desk.draft))
        draft.acts, draft.position = acts_to_json([whole]), 1
    return written(desk_after(desk, draft, ground=None))


def rebased(desk: Desk, actor: Actor) -> StudioDraft:
    """The draft on the course as it is now."""
    draft = next_draft(desk, actor)
    draft.base_version, draft.base = desk.course.version, edits_to_json(desk.standing)
    return draft


def drop_draft(*, desk: Desk, version: int, actor: Actor) -> Desk:
    """The desk without anything that was not kept. The acts stay behind the mark, so that they can be done again."""
    check_can_change_by_hand(actor, desk.course)
    if desk.draft is None or desk.draft.by_id != actor.user.pk or desk.version != version:
        raise StaleDraft
    draft = rebased(desk, actor)
    draft.position, draft.words = 0, ""
    return written(desk_of(desk.course, draft, desk.on, desk.others))


def load_edits(*, course: Course, edits: Edits, on: date | None = None, actor: Actor) -> Desk:
    """The desk with these edits in the place of all others, in the sessions to come: the way back to an earlier change by hand.

    It is one act of the actor's draft and can be undone; a soft rule that is broken without a reason asks for one again. Raises
    ``StaleCourse`` when a draft of the actor waits to be settled, ``ActionDenied`` when no session is left.
    """
    desk = desk_for(course, actor.user, on or course.clinic.today())
    if desk.begun >= desk.wanted.count:
        raise ActionDenied(_("This course has no session left to change."))
    first = desk.first_to_come
    act = Act("set", session=first, first=first, edits=edits)
    return do_act(desk=desk, act=act, version=desk.version, actor=actor)
