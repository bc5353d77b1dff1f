"""What the sessions of a course need of the calendar: how long, how often, by whom, until when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import QuerySet

from clinic.courses.calendar.patterns import Pattern, in_turn, pattern_from, rhythm_of, wished
from clinic.courses.calendar.standing import CourseDates, dates_of
from clinic.courses.models import Course, DatePattern, Session
from clinic.courses.pinned import library_of
from clinic.schedule.cells import minute_of
from clinic.schedule.proposing.values import CELL_MINUTES, CELLS, Rhythm, Wanted
from clinic.schedule.queries.people import therapists_for, wishes_of
from clinic.schedule.queries.rules import figures_of, rules_of
from clinic.staff.models import Qualification
from clinic.web.prepared import Prepared
from patients.queries import age_on
from protocols.method.entries import Cadence
from protocols.method.library import Library

GROWN_UP: Final = 18  # library, course-rules.toml: up to 17 the doses of children hold
HEAVY_PRESSURE: Final = 3
HEAVY_UNITS: Final = 2.0
GOES_ON: Final = "go-on"
# How far ahead dates are looked for where no referral ends the search: so many open days for each session, and two weeks more.
SPARE_DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class Work:
    """One session of a course as work: minutes from door to door and of turnover after it, hands-on minutes, units, load, needs.

    ``grid_minutes`` is the clinic's grid, on which it begins.
    """

    minutes: int
    turnover_minutes: int
    hands_on_minutes: int
    units: float
    is_heavy: bool
    needs: tuple[str, ...]
    grid_minutes: int


def needs_of(course: Course) -> tuple[str, ...]:
    """Qualifications that whoever gives this course must have, in the order of the list.

    Children are patients under 18, because the library gives them doses of their own up to that age (course-rules.toml, age_factor);
    segmental and apparatus follow from the supplements of the plan and its procedure area (supplements.toml, procedure-areas.toml).
    """
    library, chosen = library_of(course), set(course.request["supplements"])
    area = library.areas.get(str(course.plan["procedure_area"]))
    found = {
        Qualification.CHILDREN: age_on(course.patient, course.clinic.today()) < GROWN_UP,
        Qualification.SEGMENTAL: bool(chosen & _members(library, "segmental")) or (area is not None and area.segmental),
        Qualification.APPARATUS: bool(chosen & _members(library, "apparatus")),
    }
    return tuple(each.value for each in Qualification if found[each])


def _members(library: Library, group: str) -> frozenset[str]:
    found = library.supplement_classes.get(group)
    return frozenset(found.members) if found else frozenset()


def work_of(course: Course) -> Work:
    """The longest of the sessions to come as work; a course without any is measured by all of its sessions. Four queries at most."""
    plans = _PLANS.rows("to come", course=course.pk) or _PLANS.rows("all", course=course.pk)
    return work_for(course, [plan for (plan,) in plans])


def _plans(kind: str, *, course: int) -> QuerySet[Any, Any]:
    found = Session.objects.filter(course=course)
    return (found.filter(record=None) if kind == "to come" else found).values_list("plan")


_PLANS: Final = Prepared(_plans)


def work_for(course: Course, plans: Sequence[Mapping[str, Any]]) -> Work:
    """The longest of these sessions as work, of a course that need not be kept yet. Two queries at most.

    The whole visit (undressing and the day's questions before the hands-on time) is rounded up to the clinic's grid. A session is heavy
    from pressure 3, or from two massage units on (our own limit; the library counts units, course-rules.toml, capacity).
    """
    rules, area = rules_of(course.clinic), str(course.plan["procedure_area"])
    hands_on = -(-max((_seconds(plan) for plan in plans), default=0) // 60)
    figures, grid = figures_of(rules, area, float(course.plan["units"])), rules.grid_minutes
    return Work(
        minutes=max(grid, -(-(hands_on + rules.preparation_minutes) // grid) * grid),
        turnover_minutes=figures.turnover_minutes,
        hands_on_minutes=hands_on,
        units=figures.units,
        is_heavy=figures.units >= HEAVY_UNITS or any(row["pressure"] >= HEAVY_PRESSURE for plan in plans for row in plan["rows"]),
        needs=needs_of(course),
        grid_minutes=grid,
    )


def _seconds(plan: Mapping[str, Any]) -> int:
    """With what is done beside the hands: a device keeps the couch as long as a hand does."""
    return int(plan["total_seconds"]) + sum(int(each["seconds"]) for each in plan["supplements"])


# The pattern ------------------------------------------------------------------------------------------------------------------
def cadence_of(course: Course) -> Cadence:
    """How often the library gives the sessions of this stage; one a day where the edition holds the stage no more."""
    condition = library_of(course).conditions.get(course.condition)
    stage = condition.stages.get(course.stage) if condition else None
    return stage.treatment.cadence if stage and stage.treatment else Cadence(1, 1, 5)


def pattern_of(course: Course, dates: CourseDates | None = None) -> Pattern:
    """What was asked for last, or what follows from the stage's pace and the patient's wishes. From the first day that can be booked."""
    first_on = _first_day(course, dates or dates_of(course))
    kept = _KEPT.first(course=course.pk)
    if kept is not None and kept.pattern:
        return pattern_from(kept.pattern, first_on=first_on)
    fields: dict[str, Any] = {"therapist": course.therapist_id} | rhythm_of(cadence_of(course)) | wished(wishes_of(course.patient))
    return Pattern(first_on=first_on, **fields)


def _kept(_kind: str, *, course: int) -> QuerySet[Any, Any]:
    return DatePattern.objects.filter(course=course).order_by("pk")[:1]


_KEPT: Final = Prepared(_kept)


def gaps_of(course: Course, kept: DatePattern | None) -> Rhythm:
    """The gaps that the course keeps: as they were asked for last (``kept``), or by the stage's pace. No query."""
    day = course.clinic.today()
    if kept is not None and kept.pattern:
        return pattern_from(kept.pattern, first_on=day).gaps(_slack(course))
    return Pattern(first_on=day, **rhythm_of(cadence_of(course))).gaps(_slack(course))


def _first_day(course: Course, dates: CourseDates) -> date:
    """Tomorrow, or the day after the last session; not before the referral is valid."""
    tomorrow = course.clinic.today() + timedelta(days=1)
    days = [tomorrow, *([dates.last_on + timedelta(days=1)] if dates.last_on else [])]
    return max([*days, course.referral.valid_from] if course.referral else days)


# What is wanted ---------------------------------------------------------------------------------------------------------------
def wanted_of(
    course: Course,
    pattern: Pattern | None = None,
    *,
    count: int | None = None,
    dates: CourseDates | None = None,
    work: Work | None = None,
) -> Wanted:
    """The dates that the sessions without one need, for the proposer: as many as have none and the referral still covers.

    ``count`` asks for another number of sessions; ``dates`` and ``work`` are given for a course that is not kept yet. The gap after
    the last session that was given or booked counts. A gap may stretch beyond the wish by as
    many open days as may be missed without changing the plan (library: course-rules.toml, gap).
    """
    known = dates or dates_of(course)
    asked = pattern or pattern_of(course, known)
    work, wishes = work or work_of(course), wishes_of(course.patient)
    number = known.wanted if count is None else count
    able = [each.pk for each in therapists_for(course.clinic, needs=work.needs)]
    sex = wishes.therapist_sex if wishes else ""
    fitting = [each.pk for each in therapists_for(course.clinic, needs=work.needs, sex=sex)] if sex else able
    rhythm = asked.gaps(_slack(course))
    return Wanted(
        count=number,
        cells=work.minutes // CELL_MINUTES,
        turnover=-(-work.turnover_minutes // CELL_MINUTES),
        rhythm=rhythm,
        first_on=asked.first_on,
        last_on=_last_day(course, asked, number * rhythm.max),
        therapists=in_turn(fitting, asked.therapist, course.therapist_id),
        earliest=-(-minute_of(asked.earliest) // CELL_MINUTES) if asked.earliest else 0,
        latest=minute_of(asked.latest) // CELL_MINUTES if asked.latest else CELLS,
        preferred=minute_of(asked.preferred) // CELL_MINUTES if asked.preferred else None,
        weekdays=frozenset(asked.weekdays) or frozenset(range(7)),
        step=work.grid_minutes // CELL_MINUTES,
        same_therapist=asked.same_therapist,
        after=_before(asked, known, rhythm.max),
        units=work.units,
        minutes=work.hands_on_minutes,
        is_heavy=work.is_heavy,
        needs_device=Qualification.APPARATUS.value in work.needs,
        done=known.given + len(known.dated),
        kept=known.days,
        others=tuple(each for each in able if each not in fitting),
        has_wished_therapist=bool({asked.therapist, course.therapist_id} & set(fitting)),
    )


def _before(asked: Pattern, known: CourseDates, longest: int) -> date | None:
    """The day from which the first gap counts. After a break that is longer than any gap it counts no more: the sooner the better."""
    last = known.last_on
    return last if last is not None and last < asked.first_on and (asked.first_on - last).days <= longest else None


def _slack(course: Course) -> int:
    return next(gap.missed_days_max for gap in library_of(course).course.gap if gap.action == GOES_ON)


def _last_day(course: Course, asked: Pattern, open_days: int) -> date:
    """The last day that may be used: a referral's own end, an end that is wished, or as far as the gaps can reach."""
    reach = asked.first_on + timedelta(days=open_days * 7 // 5 + SPARE_DAYS)
    ends = [asked.finish_by, course.referral.valid_until if course.referral else None]
    return min([reach, *(end for end in ends if end is not None)])


def wanted_again(course: Course, dates: CourseDates, movable: Sequence[Session], pattern: Pattern, *, on: date) -> Wanted:
    """The dates of sessions that are booked already, as if they were looked for anew from that day on: what has to hold when one moves."""
    fixed = [day for day in dates.days if day not in {session.booking.day for session in movable if session.booking}]
    wanted = wanted_of(course, replace(pattern, first_on=on), count=len(movable), dates=dates)
    last = max(fixed, default=None)
    after = last if last is not None and last < on and (on - last).days <= wanted.rhythm.max else None
    return replace(wanted, after=after, kept=tuple(fixed), done=dates.given + len(dates.dated) - len(movable))


def wanted_at_the_end(course: Course, dates: CourseDates, again: Wanted, pattern: Pattern) -> Wanted:
    """The date of one session more, after those that are booked, where ``again`` is what holds when these move. No query."""
    longest = again.rhythm.max
    return replace(
        again, count=min(dates.wanted, 1), first_on=pattern.first_on, last_on=_last_day(course, pattern, dates.wanted * longest),
        after=_before(pattern, dates, longest), kept=dates.days, done=dates.given + len(dates.dated),
    )  # fmt: skip
