"""An emergency before or during a session: what was found today, what the library says to do, and whether a doctor was told."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from clinic.courses.day.queries.playing import open_start_of, played_now
from clinic.courses.models import Course, CourseReview, SessionRecord
from clinic.courses.presentation import Presenter
from clinic.courses.presentation.lines import SourceLine
from clinic.courses.queries import kept_screening
from clinic.web.marks import clock
from patients.fact_fields import is_reading
from patients.queries import replies_of_day
from patients.questionnaire import STATED
from protocols.method.names import Names
from protocols.method.vocabulary import Outcome


@dataclass(frozen=True, slots=True)
class RedFlag:
    """One finding that is an emergency, in the words of the library."""

    title: str
    explanation: str
    sources: tuple[SourceLine, ...]


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is known of an emergency at one session. ``found_at`` and ``found_by`` tell of the answers that brought it."""

    flags: tuple[RedFlag, ...]
    advice: tuple[str, ...]
    then: tuple[tuple[str, str], ...]  # what to do at a stop sign, by its group
    stop_rules: tuple[str, ...]
    readings: tuple[tuple[str, str], ...]
    not_given: str
    found_at: datetime | None
    found_by: str
    told: CourseReview | None

    @property
    def found(self) -> str:
        """What was found in one line; "" where it is still to be written."""
        return "; ".join(flag.title for flag in self.flags)


def alarm_of(course: Course, number: int, presenter: Presenter, *, on: date, now: datetime) -> Alarm:
    """Everything that the page and the note of an emergency say of this session on that day."""
    newest = course.screenings.filter(made_on=on).select_related("made_by").order_by("-pk").first()
    screening = kept_screening(newest) if newest else None
    alarming = {each.rule for each in screening.findings if each.outcome >= Outcome.EMERGENCY} if screening else set()
    speaker = presenter.speaker
    return Alarm(
        flags=tuple(_flag(rule, presenter) for rule in sorted(alarming)),
        advice=tuple(dict.fromkeys(speaker.advice(each) for each in screening.advice if each.rule in alarming)) if screening else (),
        then=_then(course, presenter),
        stop_rules=presenter.stop_rules(course),
        readings=_readings(course, presenter, on),
        not_given=_not_given(course, number, now),
        found_at=newest.made_at if newest and alarming else None,
        found_by=newest.made_by.full_name if newest and newest.made_by and alarming else "",
        told=told_on(course, on),
    )


def told_on(course: Course, on: date) -> CourseReview | None:
    """What was told to a doctor on that day; None where nothing was."""
    since = datetime.combine(on, time.min, tzinfo=course.clinic.zone)
    told = course.reviews.filter(kind=CourseReview.Kind.EMERGENCY, asked_at__gte=since)
    return told.select_related("asked_by").order_by("-pk").first()


def _flag(rule: str, presenter: Presenter) -> RedFlag:
    entry, names = presenter.library.rules[rule], presenter.names
    found = (presenter.library.sources.get(code) for code in entry.sources)
    sources = tuple(SourceLine(each.title, each.address if each.address.startswith("http") else "") for each in found if each)
    return RedFlag(names.of("rules", rule, "title"), names.of("rules", rule, "explanation"), sources)


def _then(course: Course, presenter: Presenter) -> tuple[tuple[str, str], ...]:
    treatment = presenter.library.conditions[course.condition].stages[course.stage].treatment
    wanted = dict.fromkeys(("any", *(treatment.stop_sets if treatment else ())))
    names = presenter.names
    return tuple((names.of("stop-sets", code), names.of("stop-sets", code, "then")) for code in wanted)


def _readings(course: Course, presenter: Presenter, on: date) -> tuple[tuple[str, str], ...]:
    library, names = presenter.library, presenter.names
    said = replies_of_day(course.patient, library, on).items()
    kept = ((code, reply.value) for code, reply in said if reply.reply == STATED and is_reading(library.facts[code]))
    return tuple((_asked(code, names), number_format(value)) for code, value in kept)


def _asked(code: str, names: Names) -> str:
    """The question with its unit."""
    question, unit = names.of("facts", code, "question"), names.of("facts", code, "unit")
    return f"{question} ({unit})" if unit else question


def _not_given(course: Course, number: int, now: datetime) -> str:
    told = {"number": number, "count": course.session_count}
    if (begun := open_start_of(course)) is not None and begun.session.number == number:
        return _("Session %(number)s of %(count)s was stopped after %(minutes)s min.") % {
            **told, "minutes": clock(played_now(begun, now).seconds),
        }  # fmt: skip
    if SessionRecord.objects.filter(session__course=course, session__number=number).exists():
        return _("Session %(number)s of %(count)s was given.") % told
    return _("Session %(number)s of %(count)s was not given.") % told
