"""A course goes to the edition in force, or back to the one it came from: planned again at once, and told what differs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.courses.actions.moving import Why, change_state, locked_course
from clinic.courses.actions.planning import PLANNED_AGAIN, come_back, replan
from clinic.courses.editions.impact import Impact, impact_of
from clinic.courses.editions.permissions import check_can_move
from clinic.courses.editions.queries import way_back
from clinic.courses.editions.words import ImpactPresenter
from clinic.courses.gates import forbidden_for_good, grown_beyond_signature, is_therapeutic
from clinic.courses.models import Course, EditionMove
from clinic.courses.news.telling_staff import tell_of_held_course
from clinic.courses.other_edition import keeps_to_another
from clinic.courses.queries import request_of
from clinic.courses.states import CourseReason, CourseState
from clinic.staff.permissions import ActionDenied, Actor
from protocols.editions.queries import edition_in_force, library_in_force, names_in_force
from protocols.method.answers import Faults
from protocols.method.plans import UnsafePlan

MOVED: Final = (*PLANNED_AGAIN, CourseState.PAUSED)
HELD_UNTIL_SIGNED: Final = (CourseState.RUNNING, CourseState.PAUSED)
LONGEST_NOTE: Final = 1000


@dataclass(frozen=True, slots=True)
class _Turn:
    """One move: to which edition, what is kept of the difference, and in which words."""

    to: str
    difference: tuple[str, ...]
    note: str
    on: date


@transaction.atomic
def move_course(*, course: Course, on: date, version: int, note: str, actor: Actor) -> EditionMove:
    """Moves a course to the edition in force and plans with it every session to come; what was given stays as it was.

    A plan that goes beyond what was signed waits for a signature: a course that was begun is suspended until then. Raises
    ``StaleCourse``, and ``ActionDenied`` where no plan comes of it.
    """
    check_can_move(actor, course)
    locked = locked_course(course, version)
    return _moved_to_force(locked, _impact(locked, on), on=on, note=note, actor=actor)


@transaction.atomic
def move_unaffected(*, course: Course, on: date, actor: Actor) -> EditionMove:
    """The same for a course in which nothing changes by it; denied for every other, which somebody has to look at first."""
    check_can_move(actor, course)
    locked = locked_course(course)
    impact = _impact(locked, on)
    if impact.kind != "same":
        raise ActionDenied(_("This course changes by the move. Look at the difference first."))
    return _moved_to_force(locked, impact, on=on, note="", actor=actor)


@transaction.atomic
def move_back(*, course: Course, on: date, version: int, note: str, actor: Actor) -> EditionMove:
    """Takes back the last move of a course, as long as nothing was given since and the rules in force do not forbid the plan.

    Raises ``StaleCourse`` and ``ActionDenied``.
    """
    check_can_move(actor, course)
    locked = locked_course(course, version)
    _check_state(locked)
    last = way_back(locked)
    if last is None:
        raise ActionDenied(_("There is no way back: a session was begun since the move, or the course was moved or begun anew."))
    if locked.state == CourseState.AWAITING:
        come_back(locked, Why(note=_("Moved back to its former edition before it was signed.")), on=on, actor=actor)
    move = _moved(locked, _Turn(last.before_id, (_("Moved back."),), note, on), actor)
    if forbidden := forbidden_for_good(locked, on):
        raise ActionDenied(forbidden[0])
    return move


def _impact(locked: Course, on: date) -> Impact:
    _check_state(locked)
    if not keeps_to_another(locked):
        raise ActionDenied(_("This course keeps to the edition in force already."))
    impact = impact_of(locked, on)
    if not impact.is_movable:
        raise ActionDenied(impact.sentence)
    return impact


def _check_state(locked: Course) -> None:
    if locked.state not in MOVED:
        raise ActionDenied(_("A course that is over or discarded stays with its edition."))


def _moved_to_force(locked: Course, impact: Impact, *, on: date, note: str, actor: Actor) -> EditionMove:
    """A plan that stays the same may stay with the doctor, who reads it anew; another one comes back first."""
    if locked.state == CourseState.AWAITING and impact.kind != "same":
        come_back(locked, Why(note=_("Moved to another edition before it was signed.")), on=on, actor=actor)
    lines = ImpactPresenter(library_in_force(locked.clinic), names_in_force(locked.clinic)).lines(impact)
    return _moved(locked, _Turn(edition_in_force(locked.clinic), lines, note, on), actor)


def _moved(locked: Course, turn: _Turn, actor: Actor) -> EditionMove:
    before, digest, was_signed = str(locked.pinned_id), locked.digest, locked.signature_id is not None
    locked.pinned_id = turn.to
    try:
        replan(locked, request_of(locked), cause="edition", on=turn.on, actor=actor, by=locked.planned_by)
    except Faults as faults:
        raise ActionDenied(_cannot(str(fault) for fault in faults.faults)) from faults
    except UnsafePlan as unsafe:
        raise ActionDenied(_cannot([str(unsafe)])) from unsafe
    needs = was_signed and (locked.signature_id is None or _is_beyond(locked))
    if needs and locked.state in HELD_UNTIL_SIGNED:
        why = Why(CourseReason.EDITION, _("The plan goes beyond what was signed."))
        tell_of_held_course(locked, change_state(locked, CourseState.SUSPENDED, on=turn.on, actor=actor, why=why), actor)
    return EditionMove.objects.create(
        course=locked, before_id=before, after_id=turn.to, version=locked.version, digest_before=digest, digest_after=locked.digest,
        difference=list(turn.difference), needs_signature=needs, note=turn.note.strip()[:LONGEST_NOTE], by=actor.user,
    )  # fmt: skip


def _is_beyond(locked: Course) -> bool:
    return is_therapeutic(locked) and bool(grown_beyond_signature(locked))


def _cannot(faults: Iterable[str]) -> str:
    return _("The plan cannot be made with that edition: %(why)s") % {"why": "; ".join(faults)}
