"""What was measured in a course, what is due, and what its sessions' records say of the same measures."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import F, Max, Prefetch, QuerySet
from django.shortcuts import get_object_or_404

from clinic.courses.models import Course, MeasureValue, NextDay, SessionRecord
from clinic.courses.outcomes.asked import measures_asked
from clinic.courses.outcomes.due import CourseDays, Due, due_of
from clinic.courses.outcomes.values import TAKEN_BACK, Valued
from clinic.courses.pinned import library_of
from clinic.courses.states import CourseState, Reading
from clinic.staff.models import Clinic
from clinic.web.prepared import Prepared

Read = Callable[[SessionRecord], int | None]
MORNING: Final = timedelta(days=1)


def _reading(code: Reading) -> Read:
    return lambda record: record.readings.get(code)


def _next_pain(record: SessionRecord) -> int | None:
    """What was last said about the pain of the next morning."""
    said = [each.pain for each in record.next_days.all() if each.pain is not None]
    return said[-1] if said else None


# What a record says of a measure, under the name of the question: (kind of the line, what reads it, days after the session).
OF_RECORDS: Final[Mapping[str, tuple[tuple[str, Read, timedelta], ...]]] = {
    "pain-nrs": (
        ("before", lambda record: record.pain_before, timedelta()),
        ("after", lambda record: record.pain_after, timedelta()),
        ("next", _next_pain, MORNING),
    ),
    "session-comfort": (("now", lambda record: record.comfort, timedelta()),),
    "blood-pressure": (
        ("before", _reading(Reading.SYSTOLIC_BEFORE), timedelta()),
        ("after", _reading(Reading.SYSTOLIC_AFTER), timedelta()),
    ),
    "pulse": (("now", _reading(Reading.PULSE_AFTER), timedelta()),),
    "oxygen-saturation": (("now", _reading(Reading.OXYGEN_AFTER), timedelta()),),
    "peak-flow": (("now", _reading(Reading.PEAK_FLOW_AFTER), timedelta()),),
}


def values_of(course: Course) -> tuple[Valued, ...]:
    """Every value in force, oldest first: what was corrected stands in its correction, what was taken back is gone. One query."""
    return tuple(_valued(row) for row in _VALUES.objects(course=course.pk))


def _values(_kind: str, *, course: int) -> QuerySet[MeasureValue]:
    rows = _in_force().filter(course=course).select_related("by", "session").defer("session__plan")
    return rows.order_by("measured_on", "pk")


_VALUES: Final = Prepared(_values)


def _in_force() -> QuerySet[MeasureValue]:
    return MeasureValue.objects.filter(replaced_by=None).exclude(moment=TAKEN_BACK)


def _valued(row: MeasureValue) -> Valued:
    number = None if row.value is None else float(row.value)
    return Valued(
        row.measure, row.measured_on, number, row.side, row.words, row.moment,
        pk=row.pk, session=row.session.number if row.session else None, by=row.by.full_name, corrects=row.reason,
    )  # fmt: skip


def records_with_mornings(course: Course) -> tuple[SessionRecord, ...]:
    """The sessions that were given, in order, each with what was said of the next day. Two queries."""
    found = SessionRecord.objects.filter(session__course=course).select_related("session").defer("session__plan", "rows")
    mornings = Prefetch("next_days", queryset=NextDay.objects.order_by("pk"))
    return tuple(found.prefetch_related(mornings).order_by("session__number"))


def recorded(records: Iterable[SessionRecord], measure: str) -> dict[str, tuple[Valued, ...]]:
    """What the records say of a measure, by the question: before, after, next (morning) or now; only what was asked."""
    kept = tuple(records)
    return {line[0]: _read(kept, measure, line) for line in OF_RECORDS.get(measure, ())}


def _read(records: Iterable[SessionRecord], measure: str, line: tuple[str, Read, timedelta]) -> tuple[Valued, ...]:
    kind, read, later = line
    said = ((record, read(record)) for record in records)
    return tuple(
        Valued(measure, record.given_on + later, float(value), moment=kind, session=record.session.number)
        for record, value in said
        if value is not None
    )


def main_line(records: Iterable[SessionRecord], measure: str) -> tuple[Valued, ...]:
    """The line by which a measure of the record is judged, the first: before each session where that is asked, else the only one."""
    lines = OF_RECORDS.get(measure, ())
    return _read(records, measure, lines[0]) if lines else ()


def records_alone(course: Course) -> tuple[SessionRecord, ...]:
    """The same without the mornings, for whoever only judges. One query."""
    return tuple(_ALONE.objects(course=course.pk))


def _alone(_kind: str, *, course: int) -> QuerySet[SessionRecord]:
    found = SessionRecord.objects.filter(session__course=course).select_related("session").defer("session__plan", "rows")
    return found.order_by("session__number")


_ALONE: Final = Prepared(_alone)


# What is due ------------------------------------------------------------------------------------------------------------------
def measures_due(course: Course, on: date) -> tuple[Due, ...]:
    """What the course asks to be measured on that day, in the library's order, with the day since which it is due. Three queries."""
    return _due([course], on).get(course.pk, ())


def due_among(course: Course, values: Iterable[Valued], records: Iterable[SessionRecord], on: date) -> tuple[Due, ...]:
    """The same from what was read already. No query."""
    if course.state == CourseState.DISCARDED:
        return ()
    facts = {name: getattr(course, name) for name in ("planned_on", "started_on", "finished_on", "session_count")}
    given = tuple(sorted(record.given_on for record in records))
    days = _days({**facts, "plan__review_after": course.plan.get("review_after")}, given)
    return due_of(measures_asked(library_of(course), course.condition, course.stage), values, days, on)


def due_counts(courses: Iterable[Course], on: date) -> dict[int, int]:
    """How many measures of each course are due on that day: {number of the course: count}. Three queries for any number of courses."""
    known = tuple(courses)
    return {course.pk: 0 for course in known} | {key: len(found) for key, found in _due(known, on).items()}


def _due(courses: Iterable[Course], on: date) -> dict[int, tuple[Due, ...]]:
    libraries = {course.pk: library_of(course) for course in courses}
    facts = [dict(zip(FACTS, row, strict=True)) for row in _FACTS.rows("", courses=tuple(libraries))]
    given, last = _given_days(tuple(libraries)), _last_values(tuple(libraries))
    asked = {row["pk"]: measures_asked(libraries[row["pk"]], row["condition"], row["stage"]) for row in facts}
    return {row["pk"]: due_of(asked[row["pk"]], last[row["pk"]], _days(row, given[row["pk"]]), on) for row in facts}


FACTS: Final = ("pk", "condition", "stage", "session_count", "planned_on", "started_on", "finished_on", "plan__review_after")


def _facts(_kind: str, *, courses: tuple[int, ...]) -> QuerySet[Any, Any]:
    return Course.objects.filter(pk__in=courses).exclude(state=CourseState.DISCARDED).values_list(*FACTS)


_FACTS: Final = Prepared(_facts)


def _days(row: Mapping[str, Any], given: tuple[date, ...]) -> CourseDays:
    """A plan is made anew on the day of every session, so a course that was begun counts from its first day."""
    begun = min([row["started_on"] or row["planned_on"], *given[:1]])
    return CourseDays(begun, given, row["session_count"], row["plan__review_after"] or 0, row["finished_on"])


def _given_days(keys: tuple[int, ...]) -> defaultdict[int, tuple[date, ...]]:
    found: defaultdict[int, tuple[date, ...]] = defaultdict(tuple)
    for course, day in _GIVEN.rows("", courses=keys):
        found[course] += (day,)
    return found


def _given(_kind: str, *, courses: tuple[int, ...]) -> QuerySet[Any, Any]:
    rows = SessionRecord.objects.filter(session__course__in=courses).order_by("given_on", "session__number")
    return rows.values_list("session__course", "given_on")


_GIVEN: Final = Prepared(_given)


def _last_values(keys: tuple[int, ...]) -> defaultdict[int, tuple[Valued, ...]]:
    """The last day on which each measure of each course was taken: its value is not asked here."""
    found: defaultdict[int, tuple[Valued, ...]] = defaultdict(tuple)
    for course, measure, day in _LAST.rows("", courses=keys):
        found[course] += (Valued(measure, day, None, words="-"),)
    return found


def _last(_kind: str, *, courses: tuple[int, ...]) -> QuerySet[Any, Any]:
    return _in_force().filter(course__in=courses).order_by().values_list("course", "measure").annotate(day=Max("measured_on"))


_LAST: Final = Prepared(_last)


# One value --------------------------------------------------------------------------------------------------------------------
def value_or_404(clinic: Clinic, pk: int) -> MeasureValue:
    """One value of this clinic with its course and patient. One of another clinic does not exist here."""
    found = MeasureValue.objects.select_related("course__patient__clinic", "course__clinic", "by")
    return get_object_or_404(found.annotate(corrected_by=F("replaced_by")), pk=pk, course__clinic=clinic)
