"""A draft is kept: the course is planned again with what was changed by hand, and every soft rule that was set aside is written down."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.courses.actions import Why
from clinic.courses.actions.moving import check_version, locked_course
from clinic.courses.actions.planning import come_back, replan
from clinic.courses.models import Course, PlanEdit, RuleOverride, StudioDraft
from clinic.courses.queries import request_of
from clinic.courses.states import CourseState, OverrideReason
from clinic.courses.studio.actions.acting import StaleDraft
from clinic.courses.studio.acts import SIDE_RULE, Act, acts_to_json, done
from clinic.courses.studio.desk import Desk, desk_of, draft_acts
from clinic.courses.studio.ground import fresh_ground
from clinic.courses.studio.permissions import check_can_change_by_hand
from clinic.staff.permissions import ActionDenied, Actor
from protocols.method.editing import SetAside, SoftRule
from protocols.method.edits import LAST_SESSION, Edit, Edits, Override, edits_to_json
from protocols.method.palpation import override_key

SHORTEST_WORDS = 3


class NeedsReasons(ActionDenied):
    """Soft rules are broken that nobody has given a reason for."""

    def __init__(self, rules: tuple[SoftRule, ...]) -> None:
        super().__init__(_("Give a reason for every rule that you set aside, or take the change back. Then it can be kept."))
        self.rules = rules


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept. ``aside`` are changes that do not hold today: they are kept with the course and come back by themselves."""

    course: Course
    edit: PlanEdit
    aside: tuple[SetAside, ...] = ()


@transaction.atomic
def keep_edits(*, course: Course, draft: StudioDraft, note: str, on: date, version: int, actor: Actor) -> Kept:
    """Plans the course again with the changes of the actor's draft, which is gone then. ``version`` is that of the draft.

    What lies with the doctor comes back first, as with every new plan; what was given stays as it was. Raises ``StaleCourse`` when the
    course was changed since the draft was begun, ``StaleDraft`` when the draft was, ``NeedsReasons`` for soft rules without a reason,
    and ``ActionDenied`` for a draft that changes nothing. The draft is whole then.
    """
    locked = locked_course(course)
    check_can_change_by_hand(actor, locked)
    mine = _locked_draft(draft, version, actor)
    check_version(locked, mine.base_version)
    desk = desk_of(locked, mine, on, ground=fresh_ground(locked, on))
    edits = _worth_keeping(desk)
    if locked.state == CourseState.AWAITING:
        come_back(locked, Why(note=_("Changed by hand before it was signed.")), on=on, actor=actor)
    before, digest = edits_to_json(desk.standing), locked.digest
    replan(locked, replace(request_of(locked), edits=edits), cause="edited", on=on, actor=actor)
    kept = PlanEdit.objects.create(
        course=locked, version=locked.version, before=before, after=edits_to_json(edits), acts=acts_to_json(draft_acts(mine)),
        digest_before=digest, digest_after=locked.digest, note=note.strip(), by=actor.user,
    )  # fmt: skip
    _write_overrides(kept, desk, edits)
    mine.delete()
    return Kept(locked, kept, tuple(each for each in desk.aside if each.problems))


def _locked_draft(draft: StudioDraft, version: int, actor: Actor) -> StudioDraft:
    mine = StudioDraft.objects.select_for_update().filter(pk=draft.pk, by=actor.user).first()
    if mine is None or mine.version != version:
        raise StaleDraft
    return mine


def _worth_keeping(desk: Desk) -> Edits:
    """The edits of a draft that may be kept, without reasons that nothing needs."""
    if desk.needs_reasons:
        raise NeedsReasons(desk.needs_reasons)
    if any(each.reason not in OverrideReason.values or len(each.words.strip()) < SHORTEST_WORDS for each in desk.edits.overrides):
        raise NeedsReasons(())
    changed = _not_in_the_past(desk)
    edits = replace(changed, overrides=tuple(each for each in changed.overrides if _sessions(desk, each)))
    if edits == desk.standing:
        raise ActionDenied(_("Nothing differs from the plan as it stands."))
    return edits


def _not_in_the_past(desk: Desk) -> Edits:
    """The edits of a draft, without what they say of sessions that were begun since it was: those keep what they were given with."""
    if not desk.begun or _of_the_begun(desk.edits, desk) == _of_the_begun(desk.standing, desk):
        return desk.edits
    first = min(desk.first_to_come, LAST_SESSION)
    return done(desk.standing, Act("set", session=first, first=first, edits=desk.edits))


def _of_the_begun(edits: Edits, desk: Desk) -> Counter[Edit]:
    return Counter(replace(edit, last=min(edit.last, desk.begun)) for edit in edits.edits if edit.first <= desk.begun)


def _sessions(desk: Desk, override: Override) -> tuple[int, ...]:
    """The sessions to come in which the rule is broken, or would be if what breaks it were not set aside today.

    What the hand found sets the rule of sides aside from the next session on.
    """
    if override.code == SIDE_RULE:
        felt = {override_key(each.place) for each in desk.edits.palpated}
        return (desk.first_to_come, LAST_SESSION) if override.step in felt else ()
    broken = {each.session for each in desk.soft if (each.problem.code, each.step) == (override.code, override.step)}
    waiting = {each.session for each in desk.aside if each.problems and override.step in ("", each.edit.step)}
    return tuple(sorted(broken | waiting))


# What was set aside, written down ---------------------------------------------------------------------------------------------------
def _write_overrides(kept: PlanEdit, desk: Desk, edits: Edits) -> None:
    """One row for every reason that is new, or that holds for other sessions than the one written down for it."""
    rows = [_row(kept, desk, each) for each in edits.overrides if each.code != SIDE_RULE or each not in desk.standing.overrides]
    named = ("code", "step", "zone", "side", "first", "last", "reason", "words")
    known = set(RuleOverride.objects.filter(edit__course=kept.course).values_list(*named))
    RuleOverride.objects.bulk_create(row for row in rows if tuple(getattr(row, name) for name in named) not in known)


def _row(kept: PlanEdit, desk: Desk, override: Override) -> RuleOverride:
    sessions, (zone, side) = _sessions(desk, override), place_of_step(desk.edits, override.step)
    return RuleOverride(
        edit=kept, code=override.code, step=override.step, zone=zone, side=side, first=sessions[0], last=sessions[-1],
        reason=override.reason, words=override.words.strip(),
    )  # fmt: skip


def place_of_step(edits: Edits, step: str) -> tuple[str, str]:
    """Zone and side of the step with this key; empty words for a whole session."""
    new = next((edit.new for edit in edits.edits if edit.new is not None and edit.step == step), None)
    if new is not None:
        return new.zone, new.side
    parts = step.split(":")
    return (parts[1], parts[2]) if len(parts) > 2 else ("", "")
