"""Which course keeps to which edition. Every query starts at a clinic."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Case, Count, F, Max, OuterRef, Q, QuerySet, Subquery, When

from clinic.courses.editions.permissions import sees_all
from clinic.courses.gates import DOCTORS_WORD, subject_of
from clinic.courses.models import OVER, Course, EditionMove, ScreeningRecord, SessionRecord, SessionStart
from clinic.courses.other_edition import concerned_conditions
from clinic.courses.queries import WITH_A_COURSE
from clinic.courses.states import CourseState
from clinic.signing.queries import latest
from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor
from patients.care.relation import open_to
from protocols.editions.queries import EditionLost, edition_in_force, library_of_edition

OPEN: Final = tuple(state for state in CourseState.values if state not in (*OVER, CourseState.DISCARDED))


@dataclass(frozen=True, slots=True)
class OlderEdition:
    """An edition that open courses keep to although the clinic works with another. ``concerned``: what differs concerns them."""

    digest: str
    name: str
    courses: int
    concerned: int


def open_courses(clinic: Clinic, actor: Actor) -> QuerySet[Course]:
    """The courses that are neither over nor discarded: for a therapist the own ones, for a doctor those whose records are open."""
    found = Course.objects.filter(open_to(actor, patient="patient"), clinic=clinic, state__in=OPEN)
    if sees_all(actor):
        return found
    return found.filter(Q(therapist=actor.user) | Q(therapist=None, planned_by=actor.user))


def courses_elsewhere(clinic: Clinic, actor: Actor) -> QuerySet[Course]:
    """Of these the courses that keep to another edition than the one in force."""
    return open_courses(clinic, actor).exclude(pinned=edition_in_force(clinic))


def older_editions(clinic: Clinic, actor: Actor) -> tuple[OlderEdition, ...]:
    """The editions that such courses keep to, the newest first, with how many. One query."""
    counted = courses_elsewhere(clinic, actor).order_by().values("pinned", "pinned__name", "condition")
    rows: tuple[Any, ...] = tuple(counted.annotate(kept_at=F("pinned__kept_at"), found=Count("pk")))
    dated = {row["pinned"]: row["kept_at"] for row in rows}
    found = (_edition(clinic, digest, [row for row in rows if row["pinned"] == digest]) for digest in dated)
    return tuple(sorted(found, key=lambda each: dated[each.digest], reverse=True))


def _edition(clinic: Clinic, digest: str, rows: Iterable[Any]) -> OlderEdition:
    concerned, rows = concerned_conditions(digest, edition_in_force(clinic)), tuple(rows)
    touched = sum(row["found"] for row in rows if concerned is None or row["condition"] in concerned)
    return OlderEdition(digest, rows[0]["pinned__name"], sum(row["found"] for row in rows), touched)


def courses_on(clinic: Clinic, actor: Actor, digest: str) -> QuerySet[Any]:
    """The courses that keep to this edition, those that what differs concerns first, the newest first.

    Each with ``screened``, ``given`` and ``said``: what its impact hangs on, so that it is reckoned once as long as none of it changes.
    """
    conditions = concerned_conditions(digest, edition_in_force(clinic))
    screened = ScreeningRecord.objects.filter(course=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    given, said = Count("sessions__record", distinct=True), Max("sessions__record__next_days")
    found = courses_elsewhere(clinic, actor).filter(pinned=digest).select_related(*WITH_A_COURSE)
    told: QuerySet[Any] = found.annotate(screened=Subquery(screened), given=given, said=said)
    if conditions is None:
        return told.order_by("-pk")
    is_concerned = Case(When(condition__in=conditions, then=0), default=1)
    return told.order_by(is_concerned, "-pk")


def moves_of_course(course: Course) -> tuple[EditionMove, ...]:
    """How the course went from edition to edition, the newest first. One query."""
    return tuple(EditionMove.objects.filter(course=course).select_related("before", "after", "by"))


def way_back(course: Course) -> EditionMove | None:
    """The move that can be taken back: the last one, as long as the course still stands there and nothing was begun since.

    Five queries at most. None too where the content of the former edition was lost.
    """
    last = EditionMove.objects.filter(course=course).select_related("before", "after").first()
    if last is None or last.after_id != course.pinned_id or _follows(course):
        return None
    begun = SessionStart.objects.filter(session__course=course, started_at__gt=last.at)
    given = SessionRecord.objects.filter(session__course=course, recorded_at__gt=last.at)
    if begun.exists() or given.exists():
        return None
    try:
        library_of_edition(last.before_id)
    except EditionLost:
        return None
    return last


def _follows(course: Course) -> bool:
    """A draft that nobody has signed goes with the edition in force whenever it is planned."""
    return course.state == CourseState.DRAFT and course.started_on is None and latest(subject_of(course), DOCTORS_WORD) is None
