"""How courses went to their end: what was given of what was planned, in which rhythm, and what it did to the pain."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, NamedTuple

from django.db.models import (
    Avg,
    Case,
    CharField,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, ExtractIsoWeekDay
from django.db.models.lookups import GreaterThanOrEqual

from clinic.courses.models import OVER, Course, SessionMove, SessionRecord
from clinic.courses.numbers.asked import Asked
from clinic.courses.states import CourseState, SessionState
from clinic.staff.models import Clinic
from protocols.method.entries import MeaningfulChange
from protocols.method.library import Library

LOST: Final = (SessionState.MISSED, SessionState.CANCELLED)
WORKING_DAYS: Final = 5
PAIN: Final = "pain-nrs"
LOW_COMFORT: Final = 6  # library, measures.toml, session-comfort: below 6 twice lowers the pressure
# What a course did to the main measure (library, measures.toml): past the meaningful change, half of it, less, the opposite.
RESULTS: Final = ("good", "partial", "none", "worse")


def _over(clinic: Clinic, asked: Asked) -> QuerySet[Course]:
    """The courses whose last day lies in the span."""
    narrow = {"therapist": asked.therapist} if asked.therapist else {}
    return Course.objects.filter(clinic=clinic, state__in=OVER, finished_on__range=(asked.first, asked.last), **narrow).order_by()


# Adherence ------------------------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Adherence:
    """The courses of one therapist that came to an end: sessions planned and given, dates lost, gaps between sessions that were kept."""

    therapist: str
    finished: int = 0
    ended: int = 0
    planned: int = 0
    given: int = 0
    lost: int = 0
    gaps: int = 0
    kept: int = 0


@dataclass(slots=True)
class _ByTherapist:
    rows: dict[tuple[int, str], Adherence] = field(default_factory=dict)

    def of(self, pk: int | None, name: str | None) -> Adherence:
        return self.rows.setdefault((pk or 0, name or ""), Adherence(name or ""))


def adherence(clinic: Clinic, asked: Asked, library: Library) -> tuple[Adherence, ...]:
    """By therapist, by name. Four queries."""
    courses, found = _over(clinic, asked), _ByTherapist()
    whose = ("therapist_id", "therapist__full_name")
    for *who, state, count, planned in courses.values_list(*whose, "state").annotate(count=Count("pk"), planned=Sum("session_count")):
        row = found.of(*who)
        row.planned += planned
        row.finished += count if state == CourseState.FINISHED else 0
        row.ended += count if state == CourseState.ENDED else 0
    for *who, count in courses.values_list(*whose).annotate(count=Count("sessions__record")):
        found.of(*who).given = count
    # What was called lost and taken back with a reason was not lost; without one it only came to its turn again.
    moves = SessionMove.objects.filter(session__course__in=courses.values("pk")).order_by()
    lost, back = Count("pk", filter=Q(after__in=LOST)), Count("pk", filter=Q(before__in=LOST) & ~Q(after__in=LOST) & ~Q(note=""))
    for *who, count in moves.values_list(*(f"session__course__{name}" for name in whose)).annotate(count=lost - back):
        found.of(*who).lost = count
    for gap in gaps(courses):
        row = found.of(gap.therapist, gap.name)
        row.gaps += gap.number
        row.kept += gap.number if gap.working_days <= longest_gap(library, gap.condition, gap.stage) else 0
    return tuple(row for _who, row in sorted(found.rows.items(), key=lambda each: (each[0][1], each[0][0])))


class Gap(NamedTuple):
    """So many gaps of one length, begun on one day of the week (Monday is 1), between two sessions of courses of one kind."""

    therapist: int | None
    name: str | None
    condition: str
    stage: str
    weekday: int
    length: timedelta
    number: int

    @property
    def working_days(self) -> int:
        """Monday to Friday: public holidays are not known here, so a gap over one counts one day more than the clinic was open."""
        weeks, rest = divmod(self.length.days, 7)
        return weeks * WORKING_DAYS + sum((self.weekday - 1 + day) % 7 < WORKING_DAYS for day in range(1, rest + 1))


def gaps(courses: QuerySet[Course]) -> Iterator[Gap]:
    """The gaps between the sessions of these courses, counted by length. One query."""
    before = SessionRecord.objects.filter(session__course=OuterRef("session__course"), session__number=OuterRef("session__number") - 1)
    records = SessionRecord.objects.filter(session__course__in=courses.values("pk"), session__number__gt=1).order_by()
    dated = records.annotate(before=Subquery(before.values("given_on")[:1])).exclude(before=None)
    measured = dated.annotate(
        length=ExpressionWrapper(F("given_on") - F("before"), output_field=DurationField()), weekday=ExtractIsoWeekDay("before")
    )
    course = "session__course__"
    columns = (f"{course}therapist_id", f"{course}therapist__full_name", f"{course}condition", f"{course}stage", "weekday", "length")
    for row in measured.values_list(*columns).annotate(count=Count("pk")):
        yield Gap(*row)


def longest_gap(library: Library, condition: str, stage: str) -> int:
    """Open days between two sessions with which the plan simply goes on (library: cadence, and the first row of gap)."""
    found = library.conditions.get(condition)
    treatment = found.stages[stage].treatment if found and stage in found.stages else None
    return (treatment.cadence.every_days_max if treatment else 1) + library.course.gap[0].missed_days_max


# Outcomes -------------------------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Outcomes:
    """Courses of one condition and stage that came to an end, by what they did to the pain; ``unmeasured`` were not asked twice.

    ``painless`` began without pain and ended without: they can show nothing.
    """

    condition: str
    stage: str
    results: dict[str, int] = field(default_factory=dict)

    @property
    def courses(self) -> int:
        return sum(self.results.values())

    @property
    def measured(self) -> int:
        return sum(self.results.get(result, 0) for result in RESULTS)


def outcomes(clinic: Clinic, asked: Asked, library: Library) -> tuple[Outcomes, ...]:
    """Pain before the first session against pain after the last, by condition and stage. One query.

    The first value is the first that was told before a session, the last one the newest told after a session, or before it where
    nobody asked after; a course with one value only is not measured.
    """
    found: dict[tuple[str, str], Outcomes] = {}
    courses = _with_pain(_over(clinic, asked)).annotate(result=_result(library.measures[PAIN].meaningful_change))
    for condition, stage, result, count in courses.values_list("condition", "stage", "result").annotate(count=Count("pk")):
        found.setdefault((condition, stage), Outcomes(condition, stage)).results[result] = count
    return tuple(found[key] for key in sorted(found))


def _with_pain(courses: QuerySet[Course]) -> QuerySet[Course]:
    mine = SessionRecord.objects.filter(session__course=OuterRef("pk"))
    begun = mine.exclude(pain_before=None).order_by("session__number")
    told = mine.filter(Q(pain_after__isnull=False) | Q(pain_before__isnull=False)).order_by("-session__number")
    return courses.annotate(
        first=Subquery(begun.values("pain_before")[:1]),
        first_number=Subquery(begun.values("session__number")[:1]),
        last=Subquery(told.annotate(pain=Coalesce("pain_after", "pain_before")).values("pain")[:1]),
        last_number=Subquery(told.values("session__number")[:1]),
    )


def _result(change: MeaningfulChange) -> Case:
    """Points or percent of the start, whichever is reached first; lower is better. Pain is whole, so all is compared a hundredfold."""
    points, percent = round(100 * (change.points or 0)), round(change.percent or 0)
    less, more = 100 * (F("first") - F("last")), 100 * (F("last") - F("first"))
    share = percent * F("first")
    return Case(
        When(Q(first=None) | Q(last=None) | Q(first_number=F("last_number")), then=Value("unmeasured")),
        When(Q(first=0, last=0), then=Value("painless")),
        When(_reaches(less, points, share), then=Value("good")),
        When(_reaches(more, points, share), then=Value("worse")),
        When(_reaches(2 * less, points, share), then=Value("partial")),
        default=Value("none"),
        output_field=CharField(),
    )


def _reaches(way: Any, points: int, share: Any) -> Q:
    """Whether a way is as long as the change in points, or in percent where there was anything to take a share of."""
    return Q(GreaterThanOrEqual(way, points)) | (Q(first__gt=0) & Q(GreaterThanOrEqual(way, share)))


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How the sessions of one condition and stage were borne."""

    condition: str
    stage: str
    sessions: int
    comfort: float | None
    told: int
    low: int
    bad: int
    stopped: int


def tolerance(clinic: Clinic, asked: Asked) -> tuple[Tolerance, ...]:
    """Comfort, bad reactions and sessions that were stopped, of the sessions given in the span. One query."""
    narrow = {"session__course__therapist": asked.therapist} if asked.therapist else {}
    given = SessionRecord.objects.filter(session__course__clinic=clinic, given_on__range=(asked.first, asked.last), **narrow).order_by()
    counts = {
        "sessions": Count("pk"),
        "mean": Avg("comfort"),
        "told": Count("comfort"),
        "low": Count("pk", filter=Q(comfort__lt=LOW_COMFORT)),
        "bad": Count("pk", filter=Q(bad_reaction=True)),
        "stopped": Count("pk", filter=~Q(stop_reason="")),
    }
    rows = given.values_list("session__course__condition", "session__course__stage").annotate(**counts)
    return tuple(Tolerance(*row) for row in sorted(rows, key=lambda row: row[:2]))
