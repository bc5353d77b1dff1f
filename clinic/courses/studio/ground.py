"""What a draft stands on: everything of a course that no act in the studio changes. It is read once, and again when any of it is another.

An act costs what it changes. The record, the findings and the sessions that were given are the same from act to act, so a process keeps
them under marks that every change of them moves. What is kept as a plan is always read and built anew, whatever stands here.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, lru_cache
from typing import Any, Final

from django.db import connection
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from clinic.courses import models
from clinic.courses.models import Course
from clinic.courses.pinned import library_of
from clinic.courses.planning import CourseRequest, SoFar, case_of
from clinic.courses.queries import WITH_A_COURSE, request_of, sessions_of
from clinic.courses.so_far import so_far
from clinic.courses.states import SessionState
from protocols.method.course import plan_course
from protocols.method.editing import CourseEditor
from protocols.method.edits import Edits
from protocols.method.planning import PlannedCourse, adaptation_of, setting_of
from protocols.method.plans import Adaptation, SessionPlan
from protocols.method.setting import Setting

NOBODY: Final = -1  # the number of no course
MOST_GROUNDS: Final = 32  # of one process: as many plans as are changed at one time in a large clinic
MOST_BENCHES: Final = 8
MOST_MADE: Final = 16  # plans of one bench: the last ones are undone, done again and compared


@dataclass(frozen=True, slots=True, eq=False)
class Bench:
    """A course before anything is changed by hand: findings, what was felt, and an editor that remembers what it worked out."""

    setting: Setting
    adaptation: Adaptation
    editor: CourseEditor
    made: dict[Edits, PlannedCourse] = field(default_factory=dict)

    def plan(self, edits: Edits) -> PlannedCourse:
        """The course under these edits. An act begins with what the act before it ended with."""
        made = self.made.get(edits)
        if made is None:  # another thread may take one away at any moment
            if len(self.made) >= MOST_MADE:
                self.made.pop(next(iter(tuple(self.made))), None)
            edited = self.editor.edited(edits, is_draft=True)
            made = PlannedCourse(self.setting, self.setting.screening, edited.course, edited.sessions, self.adaptation, edited)
            self.made[edits] = made
        return made


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """``request`` as the course stands with; ``begun`` sessions of the ``stored`` ones were given or are being given."""

    course: Course
    on: date
    request: CourseRequest
    before: SoFar
    stored: tuple[SessionPlan, ...]
    begun: int
    benches: dict[Hashable, Bench] = field(default_factory=dict)

    def plan(self, edits: Edits) -> PlannedCourse:
        """The course under these edits, as a draft: a soft rule that is broken is told and sets nothing aside. Raises as ``case_of``."""
        return self._bench(edits).plan(edits)

    def _bench(self, edits: Edits) -> Bench:
        """What the hand found changes the inputs, and a zone that is added may call for another answer: both make another bench."""
        key = (edits.palpated, frozenset((each.new.zone, each.new.side) for each in edits.edits if each.new is not None))
        bench = self.benches.get(key)
        if bench is None:
            if len(self.benches) >= MOST_BENCHES:
                self.benches.clear()
            bench = self.benches[key] = self._made(edits)
        return bench

    def _made(self, edits: Edits) -> Bench:
        library = library_of(self.course)
        case = case_of(self.course.patient, replace(self.request, edits=edits), library, on=self.on, so_far=self.before)
        setting, adaptation = setting_of(case, library), adaptation_of(case, library)
        course = plan_course(setting, count=case.of, adaptation=adaptation)
        return Bench(setting, adaptation, CourseEditor(setting, course, adaptation=adaptation, supplements=self.request.supplements))


def ground_of(course: Course, on: date) -> Ground:
    """What drafts of this course stand on that day. One query where nothing has changed since it was last asked."""
    return _ground(_Marked(course, on))


def fresh_ground(course: Course, on: date) -> Ground:
    """The same, read anew whatever is kept."""
    request, before = request_of(course), so_far(course, on)
    return Ground(course, on, request, before, sessions_of(course), course.sessions.filter(_BEGUN).count())


_BEGUN = Q(record__isnull=False) | Q(state=SessionState.IN_PROGRESS)


class _Marked:
    """A course on a day, equal to another as long as everything that its drafts stand on is."""

    __slots__ = ("course", "key", "on")

    def __init__(self, course: Course, on: date) -> None:
        self.course, self.on, self.key = course.pk, on, (course.pk, on, *_marks(course))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Marked) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@lru_cache(maxsize=MOST_GROUNDS)
def _ground(marked: _Marked) -> Ground:
    return fresh_ground(Course.objects.select_related(*WITH_A_COURSE).get(pk=marked.course), marked.on)


def _marks(course: Course) -> tuple[object, ...]:
    """The course, the patient and the newest of everything else that a plan is made from, in one query.

    A new answer, document or referral screens every course anew, so the newest screening tells of them all.
    """
    sql, values = _marks_sql()
    with connection.cursor() as cursor:
        cursor.execute(sql, [course.pk if value == NOBODY else value for value in values])
        return tuple(cursor.fetchone() or ())


@cache
def _marks_sql() -> tuple[str, tuple[Any, ...]]:
    """The query and its values, ``NOBODY`` in the place of the course. It is spelled out once, which costs more than its answer."""
    begun = models.Session.objects.filter(_BEGUN, course=OuterRef("pk")).order_by().values("course").annotate(n=Count("pk")).values("n")
    decided = models.CourseReview.objects.exclude(decision="").filter(course=OuterRef("pk"))
    asked = Course.objects.order_by().filter(pk=NOBODY).annotate(
        begun=Subquery(begun), decided=_newest(decided, "decided_at"),
        screening_mark=_newest(models.ScreeningRecord.objects.filter(course=OuterRef("pk"))),
        record_mark=_newest(models.SessionRecord.objects.filter(session__course=OuterRef("pk"))),
        answer_mark=_newest(models.NextDay.objects.filter(record__session__course=OuterRef("pk"))),
        choice_mark=_newest(models.AdaptationChoice.objects.filter(course=OuterRef("pk"))),
        consent_mark=_newest(models.Consent.objects.filter(course=OuterRef("pk"))),
        withdrawal_mark=_newest(models.ConsentWithdrawal.objects.filter(consent__course=OuterRef("pk"))),
    )  # fmt: skip
    known = ("version", "digest", "planned_at", "library_digest", "patient", "patient__born_on", "patient__sex")
    names = (
        *known,
        "pinned",
        "clinic__edition_digest",
        "begun",
        "decided",
        "screening_mark",
        "record_mark",
        "answer_mark",
        "choice_mark",
        "consent_mark",
        "withdrawal_mark",
    )
    sql, values = asked.values_list(*names).query.sql_with_params()
    return sql, tuple(values)


def _newest(rows: QuerySet[Any], field: str = "pk") -> Subquery:
    return Subquery(rows.order_by(f"-{field}").values(field)[:1])
