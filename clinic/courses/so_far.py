"""What a course brings to its next session: what was given, felt and said the next day, the days that were missed, what was decided."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet

from clinic.courses.models import AdaptationChoice, Course, CourseReview, NextDay, SessionRecord
from clinic.courses.pinned import library_of
from clinic.courses.planning import SoFar, bars_on
from clinic.courses.queries import records_of
from clinic.courses.states import Reading
from clinic.schedule.queries import open_days
from clinic.web.prepared import Prepared
from protocols.method.adapting import HELD_UP, adapt
from protocols.method.deciding import refusals
from protocols.method.entries import Stage, Treatment
from protocols.method.findings import Bar
from protocols.method.library import Library
from protocols.method.places import Place
from protocols.method.plans import NO_ADAPTATION, Adaptation, Hurt
from protocols.method.plans import SessionRecord as Felt
from protocols.method.storage import NotStored, from_json, plan_to_json


def so_far(course: Course, on: date) -> SoFar:
    """What the course brings to a session on that day. At most eleven queries, however many sessions were given."""
    bars = bars_on(course, library_of(course).tree)
    return _so_far(course, records_and_days(course), on, bars, None) if course.pk else SoFar(bars=bars)


def records_and_days(course: Course) -> tuple[SessionRecord, ...]:
    """What was given so far with what was said of the days after it, in the order of the sessions. Two queries, one before the first."""
    return tuple(_RECORDS.objects(course=course.pk))


def _records(_kind: str, *, course: int) -> QuerySet[SessionRecord]:
    return records_of(course).prefetch_related("next_days")


_RECORDS: Final = Prepared(_records)


def before_plan(course: Course) -> SoFar:
    """What the course brought to the session that it was last planned for: what was known when that plan was made."""
    return _so_far(course, _records_before(course), course.planned_on, bars_on(course, library_of(course).tree), course.planned_at)


def _records_before(course: Course) -> tuple[SessionRecord, ...]:
    """Kept before the plan was. Of the same moment are only those of an earlier day: a session is planned before it is given."""
    known = Q(recorded_at__lt=course.planned_at) | Q(recorded_at=course.planned_at, given_on__lt=course.planned_on)
    return tuple(records_of(course).filter(known).prefetch_related("next_days"))


def felt_of(record: SessionRecord, library: Library, until: datetime | None = None) -> Felt:
    """A record in the words of the method; ``until`` leaves out what was answered about the next day after that moment."""
    readings, zones = record.readings, library.zones
    return Felt(
        record.session.number,
        comfort=record.comfort,
        pain_before=record.pain_before,
        pain_after=record.pain_after,
        bad_reaction=record.bad_reaction,
        # A zone that the edition no longer holds is worked no more either.
        hurts=tuple(Hurt(Place(hurt["zone"], hurt["side"]), hurt.get("row")) for hurt in record.hurts if hurt["zone"] in zones),
        systolic_before=readings.get(Reading.SYSTOLIC_BEFORE),
        systolic_after=readings.get(Reading.SYSTOLIC_AFTER),
        **_said_next_day(each for each in record.next_days.all() if until is None or each.at <= until),
    )


def _said_next_day(answers: Iterable[NextDay]) -> dict[str, Any]:
    """The newest answer to each question; one that was not asked again stands."""
    said: dict[str, Any] = {"pain_next_day": None, "skin_or_swelling": None, "sleep_or_headache": None}
    for each in sorted(answers, key=lambda answer: answer.pk):
        new = {"pain_next_day": each.pain, "skin_or_swelling": each.has_skin_or_swelling, "sleep_or_headache": each.slept_worse_or_headache}
        said |= {name: value for name, value in new.items() if value is not None}
    return said


def _so_far(course: Course, records: tuple[SessionRecord, ...], on: date, bars: tuple[Bar, ...], until: datetime | None) -> SoFar:
    stage = stage_of(course, library := library_of(course))
    if not records or stage is None or stage.treatment is None:
        return SoFar(tuple(felt_of(record, library, until) for record in records), bars)
    found = SoFar(
        tuple(felt_of(record, library, until) for record in records),
        bars,
        missed_days=days_missed(course, stage.treatment, records[-1].given_on, on),
    )
    if proposal_after(found, library, stage).action in HELD_UP and is_released(course, records[-1], until):
        found = replace(found, is_released=True)
    return replace(found, decided=_decided(course, proposal_after(found, library, stage), found, until))


def stage_of(course: Course, library: Library) -> Stage | None:
    """The stage of the course; None where the edition does not hold it."""
    condition = library.conditions.get(course.condition)
    return condition.stages.get(course.stage) if condition else None


def proposal_after(found: SoFar, library: Library, stage: Stage) -> Adaptation:
    """What the method proposes after this, whatever was decided."""
    if not found.records:
        return NO_ADAPTATION
    return adapt(found.records, library=library, stage=stage, missed_days=found.missed_days, is_released=found.is_released)


# Missed days --------------------------------------------------------------------------------------------------------------------
def days_missed(course: Course, treatment: Treatment, since: date, on: date) -> int:
    """The clinic's open days from ``since`` to ``on`` beyond the longest step of the stage; 0 for a gap too short to matter.

    Days on which the clinic does not treat are nobody's to miss (library README: ``every_days`` counts open days). Five queries, and
    none for the usual course.
    """
    longest = treatment.cadence.every_days_max
    matters = min(row.missed_days_min for row in library_of(course).course.gap if row.action != "go-on")
    if (on - since).days - longest < matters:
        return 0
    between = open_days(course.clinic, since + timedelta(days=1), on - timedelta(days=1))
    return max(0, len(between) + 1 - longest)


# What was decided -----------------------------------------------------------------------------------------------------------------
def is_released(course: Course, record: SessionRecord, until: datetime | None = None) -> bool:
    """Whether a doctor said "go on" after everything that the last record and the answers of its next day tell."""
    worse = [each.at for each in record.next_days.all() if is_news(each) and (until is None or each.at <= until)]
    reviews = CourseReview.objects.filter(
        course=course, decision=CourseReview.Decision.GO_ON, decided_at__gt=max([record.recorded_at, *worse])
    )
    return (reviews.filter(decided_at__lte=until) if until else reviews).exists()


def is_news(answer: NextDay) -> bool:
    """Whether an answer tells more than that all was well."""
    return bool(answer.pain or answer.has_skin_or_swelling or answer.slept_worse_or_headache)


def standing_choice(course: Course, proposal: Adaptation, after: int, until: datetime | None = None) -> AdaptationChoice | None:
    """The newest choice after session ``after``, as long as it was made about this very proposal."""
    newest = _choices(after, course=course.pk).filter(at__lte=until).first() if until else _CHOICES.first(after, course=course.pk)
    return newest if newest is not None and newest.proposal == plan_to_json(proposal) else None


def _choices(after: int, *, course: int) -> QuerySet[AdaptationChoice]:
    return AdaptationChoice.objects.filter(course=course, after_session=after).select_related("by").order_by("-pk")


_CHOICES: Final = Prepared(_choices)


def _decided(course: Course, proposal: Adaptation, found: SoFar, until: datetime | None) -> Adaptation | None:
    choice = standing_choice(course, proposal, found.records[-1].number, until)
    if choice is None:
        return None
    try:
        chosen = from_json(Adaptation, choice.chosen)
    except NotStored:  # of an edition that wrote it otherwise: proposed again
        return None
    return None if refusals(proposal, chosen, library_of(course)) else chosen
