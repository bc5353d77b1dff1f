"""What messages about whole courses say: half of it is over, all of it is, there is a sheet for home."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from clinic.courses.models import Course, CourseReview, Session
from clinic.courses.news.of_sessions import Read, lines_of, number_of
from clinic.courses.pinned import library_of
from clinic.courses.prints.home_sheet import has_sheet_for_home
from clinic.courses.proposals import reaction_to_acknowledge
from clinic.courses.so_far import stage_of
from clinic.courses.states import CourseState, SessionState
from clinic.reminders.fields import DateLine, Fields
from clinic.reminders.models import Message
from clinic.reminders.states import DropReason, Text


def read_halfway(messages: Sequence[Message], now: datetime) -> Read:
    """Half of the course is over and a review is to come, unless a doctor has decided or the course does not run. Four queries."""
    courses, dates = _courses(messages), _next_dates(messages, now)
    kind = CourseReview.Kind.MID_COURSE
    open_ones = CourseReview.objects.filter(course__in=courses, kind=kind, decision="").values_list("course", "after_session")
    waiting = set(open_ones)

    def say(message: Message) -> Fields | DropReason:
        course = courses.get(number_of(message))
        if course is None or course.state != CourseState.RUNNING:
            return DropReason.OVER
        if (course.pk, message.version) not in waiting:
            return DropReason.ANSWERED
        return _with_next(Text.HALFWAY, course, dates)

    return {each.pk: say(each) for each in messages}


def read_finished(messages: Sequence[Message], _now: datetime) -> Read:
    """All sessions were given; with the day to come again, where there is one."""
    courses = _courses(messages)

    def say(message: Message) -> Fields | DropReason:
        course = courses.get(number_of(message))
        if course is None or course.state != CourseState.FINISHED:
            return DropReason.OVER
        return Fields(Text.FINISHED, count=course.session_count, day=day_to_come_again(course))

    return {each.pk: say(each) for each in messages}


def read_home(messages: Sequence[Message], now: datetime) -> Read:
    """There is a sheet that may be handed out now. What withholds the sheet withholds the message."""
    courses, dates = _courses(messages), _next_dates(messages, now)

    def say(message: Message) -> Fields | DropReason:
        course = courses.get(number_of(message))
        if course is None or not has_sheet_for_home(course):
            return DropReason.NOTHING_NEW
        return _with_next(Text.HOME, course, dates)

    return {each.pk: say(each) for each in messages}


def day_to_come_again(course: Course) -> date | None:
    """From which day on a course like this one is usually repeated; None where it is not, or where a bad reaction comes first.

    Source: library, ``repeat_after_days`` of the stage (0: the stage is reassessed, not repeated), and never before the days after which
    the same zone is started again (course-rules.toml, ``repeat``; sources m-53, m-28). A day that is past is no proposal.
    """
    library = library_of(course)
    stage = stage_of(course, library)
    if stage is None or stage.treatment is None or not stage.treatment.repeat_after_days or course.finished_on is None:
        return None
    days = max(stage.treatment.repeat_after_days, library.course.repeat.same_zone_min_days)
    day = course.finished_on + timedelta(days=days)
    return day if day > course.clinic.today() and reaction_to_acknowledge(course) is None else None


def _courses(messages: Sequence[Message]) -> dict[int, Course]:
    found = Course.objects.filter(pk__in={number_of(each) for each in messages}).select_related("clinic", "patient__clinic")
    return {each.pk: each for each in found}


def _next_dates(messages: Sequence[Message], now: datetime) -> Mapping[int, tuple[int, DateLine]]:
    """For each course the number of the session that comes next, and its date. Two queries."""
    wanted = Session.objects.filter(course__in={number_of(each) for each in messages}, state=SessionState.BOOKED)
    booked = wanted.filter(booking__starts_at__gt=now).order_by("-booking__starts_at").values_list("course", "number", "booking")
    nearest = {course: (number, booking) for course, number, booking in booked}  # the last one counts: the earliest
    lines = lines_of(booking for _number, booking in nearest.values())
    return {course: (number, lines[booking]) for course, (number, booking) in nearest.items() if booking in lines}


def _with_next(text: Text, course: Course, dates: Mapping[int, tuple[int, DateLine]]) -> Fields:
    number, line = dates.get(course.pk, (0, None))
    return Fields(text, dates=(line,) if line else (), number=number, count=course.session_count)
