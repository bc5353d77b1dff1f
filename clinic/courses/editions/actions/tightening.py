"""A publication that forbids what courses still do suspends them at once, in its own transaction; therapists and doctors are told."""

from datetime import date
from typing import Final

from clinic.courses.actions.moving import Why, change_state, locked_course
from clinic.courses.models import Course, CourseMove
from clinic.courses.news.telling_staff import tell_of_held_course
from clinic.courses.other_edition import Forbidden, TwoReadings, concerned_conditions, lasting_of
from clinic.courses.queries import WITH_A_COURSE, sessions_to_come
from clinic.courses.so_far import so_far
from clinic.courses.states import CourseReason, CourseState
from protocols.editions.queries import library_of_edition
from protocols.method.library import Library
from protocols.models import Publication

SUSPENDED_BY_AN_EDITION: Final = (CourseState.AWAITING, CourseState.SIGNED, CourseState.RUNNING, CourseState.PAUSED)


def suspend_what_is_forbidden(publication: Publication) -> tuple[CourseMove, ...]:
    """Suspends every course of the clinic whose sessions to come, or whose patient, the new edition forbids; gives their moves.

    What lies with the doctor and was not begun comes back to the drafts. Courses that nothing in the publication concerns are not looked
    at: the edition before it has judged them. Listens to publications; belongs into their transaction.
    """
    library, on = library_of_edition(publication.edition_id), publication.clinic.today()
    found = Course.objects.filter(clinic=publication.clinic_id, state__in=SUSPENDED_BY_AN_EDITION).exclude(pinned=publication.edition_id)
    concerned = concerned_conditions(publication.before_id, publication.edition_id)
    if concerned is not None:
        found = found.filter(condition__in=concerned)
    moves = (_judged(course, library, publication, on) for course in found.select_related(*WITH_A_COURSE).order_by("patient_id", "pk"))
    return tuple(move for move in moves if move is not None)


def _judged(course: Course, library: Library, publication: Publication, on: date) -> CourseMove | None:
    forbidden = lasting_of(TwoReadings(course, library, on=on, before=so_far(course, on)), sessions_to_come(course))
    return _held(course, forbidden, publication, on) if forbidden.lasts else None


def _held(course: Course, forbidden: Forbidden, publication: Publication, on: date) -> CourseMove | None:
    locked = locked_course(course)
    if locked.state not in SUSPENDED_BY_AN_EDITION:
        return None
    is_new = locked.state == CourseState.AWAITING and locked.started_on is None
    details = {"edition": publication.edition_id, "publication": publication.pk, **forbidden.as_json()}
    state = CourseState.DRAFT if is_new else CourseState.SUSPENDED
    move = change_state(locked, state, on=on, actor=None, why=Why(CourseReason.EDITION, details=details))
    tell_of_held_course(locked, move, None)
    return move
