"""One act in the studio: checked against every hard limit, and kept in the draft of the person who does it. Undone and done again."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.courses.actions import StaleCourse
from clinic.courses.models import Course, StudioDraft
from clinic.courses.queries import request_of
from clinic.courses.studio.acts import MOST_ACTS, Act, acts_to_json
from clinic.courses.studio.desk import Desk, desk_of, draft_acts
from clinic.courses.studio.ground import Ground
from clinic.courses.studio.permissions import check_can_change_by_hand
from clinic.staff.permissions import ActionDenied, Actor
from protocols.method.checking import Problem
from protocols.method.checking.problems import problem
from protocols.method.editing import worth_today
from protocols.method.edits import LAST_SESSION, Edit, NotEdits, edits_to_json

LONGEST_NOTE: Final = 2000
RESTORING: Final = ("restore-step", "restore-curve", "restore-session", "restore-all", "set")


class StaleDraft(ActionDenied):
    """The draft was changed in another window of the same person."""

    def __init__(self) -> None:
        super().__init__(_("You have changed this plan in another window. This is how it stands now: look at it, and do it again."))


class ActRefused(ActionDenied):
    """A hard limit stands against an act. ``problems`` are the limits, the gravest first; the draft is as it was."""

    def __init__(self, sentence: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(sentence)
        self.problems = problems


def do_act(*, desk: Desk, act: Act, version: int, actor: Actor) -> Desk:
    """The desk after one act, which is kept in the draft of the actor; the first act makes the draft.

    Raises ``ActRefused`` for a hard limit and for what does not fit the session that is looked at, ``StaleDraft`` when another window
    was faster, ``StaleCourse`` when the course was changed since the draft was begun, ``ActionDenied`` for everything else that may not
    be. Nothing is kept then.
    """
    check_open(desk, version, actor)
    check_to_come(desk, act)
    acts = (*draft_acts(desk.draft), act)
    if len(acts) > MOST_ACTS:
        raise ActionDenied(_("That is very much for one draft. Keep what you have changed, and go on from there."))
    draft = next_draft(desk, actor)
    draft.acts, draft.position = acts_to_json(acts), len(acts)
    after = desk_after(desk, draft, ground=desk.ground)
    if act.do == "edit":
        _check_limits(desk, after, act)
    return written(after)


def check_open(desk: Desk, version: int, actor: Actor) -> None:
    """Raises what ``do_act`` raises before it looks at the act."""
    check_can_change_by_hand(actor, desk.course)
    if desk.draft is not None and desk.draft.by_id != actor.user.pk:
        raise ActionDenied(_("This draft is somebody else's."))
    if desk.version != version:
        raise StaleDraft
    if desk.is_stale:
        raise StaleCourse(_("Somebody else has changed this course in the meantime. Look at it again before you go on."))


def check_to_come(desk: Desk, act: Act) -> None:
    """Raises ``ActRefused`` for an act at a session that was given or is being given, or that the course does not have."""
    if not 1 <= act.session <= desk.wanted.count:
        raise ActRefused(_("This course has no session %(number)s.") % {"number": act.session})
    added = act.edits.edits if act.do == "edit" else ()
    if min(act.session, *(edit.first for edit in added), LAST_SESSION) <= desk.begun or (act.do in RESTORING and act.first <= desk.begun):
        raise ActRefused(_("What was given, or is being given, is not changed any more. Choose a session to come."))


def next_draft(desk: Desk, actor: Actor) -> StudioDraft:
    """The draft as it will be: a new one, or the next version. One in which nothing counts stands on the course as it is now."""
    old = desk.draft
    if old is None:
        draft = StudioDraft(course=desk.course, by=actor.user, base_version=desk.course.version, base=edits_to_json(desk.standing))
        draft.begun_at = draft.changed_at = timezone.now()
        return draft
    named = ("pk", "base_version", "base", "acts", "position", "words", "begun_at")
    draft = StudioDraft(course=desk.course, by=actor.user, version=old.version + 1, **{name: getattr(old, name) for name in named})
    draft.changed_at = timezone.now()
    if not old.position:
        draft.base_version, draft.base = desk.course.version, edits_to_json(desk.standing)
        draft.begun_at = draft.changed_at
    return draft


def desk_after(desk: Desk, draft: StudioDraft, *, ground: Ground | None) -> Desk:
    """The desk with this draft. Raises ``ActionDenied`` for more edits than a plan may have."""
    try:
        return desk_of(desk.course, draft, desk.on, desk.others, ground=ground)
    except NotEdits as too_many:
        raise ActionDenied(_("That is very much by hand in one plan. Take some changes back first.")) from too_many


def written(after: Desk) -> Desk:
    """The desk, its draft written where nobody was faster. Raises ``StaleDraft`` otherwise."""
    draft = after.draft
    if draft is None:
        raise ValueError("there is no draft to write")
    if draft.pk is None:
        try:
            with transaction.atomic():
                draft.save(force_insert=True)
        except IntegrityError as taken:  # the first acts of two windows at one moment
            raise StaleDraft from taken
        return after
    names = ("base_version", "base", "acts", "position", "words", "version", "begun_at", "changed_at")
    words = {name: getattr(draft, name) for name in names}
    if not StudioDraft.objects.filter(pk=draft.pk, version=draft.version - 1).update(**words):
        raise StaleDraft
    return after


# Hard limits ---------------------------------------------------------------------------------------------------------------------
def _check_limits(before: Desk, after: Desk, act: Act) -> None:
    """Raises ``ActRefused`` when the act would not hold where it was done, or in no session at all, or would push something else aside.

    Where it does not hold in some of the other sessions it is kept, and these say why they are without it.
    """
    known = {(each.session, _anywhere(each.edit)) for each in before.aside}
    new = [each for each in after.aside if (each.session, _anywhere(each.edit)) not in known]
    holds_nowhere = set(_sessions(after, act.edits.edits)) <= {each.session for each in new}
    barring = [each for each in new if holds_nowhere or each.session == act.session]
    problems = tuple(dict.fromkeys(found for each in barring for found in each.problems if found.severity == "error"))
    problems += _over_the_curve(after, act)
    if barring or problems:
        raise ActRefused(problems[0].sentence if problems else _("This does not fit that step of the session."), problems)


def _over_the_curve(after: Desk, act: Act) -> tuple[Problem, ...]:
    """A dose beyond what a hand may give the session that is looked at: it would be given as the limit, and look as if it were more."""
    wanted = next((edit.value for edit in act.edits.edits if edit.kind == "dose" and edit.holds_at(act.session)), None)
    bounds = next((each for each in after.curve if each.number == act.session), None)
    if wanted is None or bounds is None or worth_today(after.setting, after.made.adaptation, wanted) <= bounds.most:
        return ()
    return (problem("dose-too-long", dose=round(bounds.seconds * wanted / max(bounds.now, 1)), ceiling=bounds.seconds),)


def _sessions(desk: Desk, edits: Iterable[Edit]) -> Iterable[int]:
    return (number for number in range(desk.first_to_come, desk.wanted.count + 1) if any(edit.holds_at(number) for edit in edits))


def _anywhere(edit: Edit) -> Edit:
    """The edit whatever its sessions: one that was shortened has not become another."""
    return replace(edit, first=1, last=LAST_SESSION)


# Undone and done again -----------------------------------------------------------------------------------------------------------
def undo(*, desk: Desk, version: int, actor: Actor) -> Desk:
    """The desk without the last act that counts, which can be done again. Raises as ``do_act`` does before an act is looked at."""
    check_open(desk, version, actor)
    if not desk.can_undo:
        raise ActionDenied(_("There is nothing to undo."))
    return _moved(desk, -1, actor)


def redo(*, desk: Desk, version: int, is_all: bool = False, actor: Actor) -> Desk:
    """The desk with the next act that was undone, or with all of them. Raises as ``undo`` does.

    What a limit of today bars by now is set aside in the plan, and told there.
    """
    check_open(desk, version, actor)
    if desk.draft is None or not desk.can_redo:
        raise ActionDenied(_("There is nothing to do again."))
    return _moved(desk, len(desk.draft.acts) - desk.draft.position if is_all else 1, actor)


def _moved(desk: Desk, by: int, actor: Actor) -> Desk:
    draft = next_draft(desk, actor)
    draft.position += by
    return written(desk_after(desk, draft, ground=desk.ground))


def keep_words(*, course: Course, words: str, actor: Actor) -> None:
    """Keeps a note that is being typed, so that it outlives a log-out. Two windows do not notice each other by it."""
    check_can_change_by_hand(actor, course)
    words, now = words[:LONGEST_NOTE], timezone.now()
    if StudioDraft.objects.filter(course=course, by=actor.user).update(words=words, changed_at=now) or not words.strip():
        return
    begun = {"base_version": course.version, "base": edits_to_json(request_of(course).edits), "words": words}
    StudioDraft.objects.get_or_create(course=course, by=actor.user, defaults=begun)
