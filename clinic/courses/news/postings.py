"""What is posted to patients, each inside the transaction of the act that it is about. Whether it is still true is read at sending."""

from datetime import date, datetime, timedelta
from typing import Final

from django.utils import timezone

from clinic.courses.models import Course, Session, SessionMove, SessionRecord
from clinic.courses.news.moments import ASKED_FOR, OF_USE_FOR, moment_at
from clinic.courses.pinned import library_of
from clinic.reminders.actions.posting import Post, post
from clinic.reminders.queries.rules import rules_of
from clinic.reminders.states import Kind
from clinic.staff.models import Clinic

STILL_NEWS: Final = timedelta(days=2)  # what is written down later than that about a day is no news to the patient


def post_next_morning(record: SessionRecord) -> None:
    """The question about pain on the morning after a session that was given; not where that morning is over already."""
    course, now = record.session.course, timezone.now()
    due_at = moment_at(course.clinic, record.given_on + timedelta(days=1), rules_of(course.clinic).next_morning_at)
    if now >= due_at + ASKED_FOR:
        return
    about = f"record:{record.pk}"
    asked = Post(Kind.NEXT_MORNING, about, max(due_at, now), due_at + ASKED_FOR, course.patient, booking=record.session.booking)
    post([asked], clinic=course.clinic)


def post_missed(session: Session, move: SessionMove) -> None:
    """A word to who did not come, after the grace in which a slip of the finger is undone; not about a day that is long past."""
    course = session.course
    if not _is_news(course, move.happened_on):
        return
    due_at = _after_grace(course.clinic)
    about = f"session:{session.pk}"
    told = Post(Kind.MISSED, about, due_at, due_at + OF_USE_FOR, course.patient, booking=move.booking, version=move.pk)
    post([told], clinic=course.clinic)


def post_halfway(course: Course, after: int) -> None:
    """A word half-way, when the review after session ``after`` becomes due; not where that session is written down long after its day."""
    given_on = SessionRecord.objects.filter(session__course=course, session__number=after).values_list("given_on", flat=True).first()
    if _is_news(course, given_on):
        _post_of_course(course, Kind.HALFWAY, version=after)


def post_finished(course: Course) -> None:
    """A word to whose course is over, with the day to come again; not about an end that is long past."""
    if _is_news(course, course.finished_on):
        _post_of_course(course, Kind.FINISHED)


def post_home(record: SessionRecord) -> None:
    """After the first session: there is a sheet for home, where the library has one for the condition."""
    course = record.session.course
    is_first = record.session.number == 1 and _is_news(course, record.given_on)
    if is_first and any(course.condition in sheet.conditions for sheet in library_of(course).sheets.values()):
        _post_of_course(course, Kind.HOME)


def _is_news(course: Course, day: date | None) -> bool:
    """Whether what happened on that day (None: now) is still worth a message."""
    return day is None or course.clinic.today() - day <= STILL_NEWS


def _post_of_course(course: Course, kind: Kind, version: int = 0) -> None:
    due_at = _after_grace(course.clinic)
    post([Post(kind, f"course:{course.pk}", due_at, due_at + OF_USE_FOR, course.patient, version=version)], clinic=course.clinic)


def _after_grace(clinic: Clinic) -> datetime:
    return timezone.now() + timedelta(minutes=rules_of(clinic).grace_minutes)
