"""Who may open the pages of dates: proposed, held, booked, moved, given up, and who came. See access.py."""

from collections.abc import Callable

from django.utils import timezone

from clinic.courses.actions import Lost
from clinic.courses.calendar.actions import answer_booking, confirm_dates, hold_dates
from clinic.courses.calendar.queries.holds import holds_of
from clinic.courses.calendar.wanting import pattern_of
from clinic.courses.models import Course
from clinic.courses.states import SessionState
from clinic.schedule.models import Booking
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import Actor
from tests.clinic.calendar.a_calendar import days_ago, open_clinic, put_on
from tests.factories import a_course, a_day_at, a_member, a_patient
from tests.trust.rows import FORM, Row, Thing

BOOK = (Role.THERAPIST, Role.ADMIN, Role.DOCTOR, Role.CLINICAL_LEAD)
CANARIES = ("Canarova", "555 0199", "canary-in-the-notes")


def _actor(clinic: Clinic) -> Actor:
    return Actor(a_member(clinic=clinic), clinic, frozenset({str(Role.THERAPIST)}))


def _course(clinic: Clinic, actor: Actor) -> Course:
    """A course that runs, of a patient whose name and notes occur nowhere else, at a clinic that works from Monday to Friday."""
    open_clinic(actor)
    patient = a_patient(clinic=clinic, family_name="Canarova", phone="+49 555 0199", notes="canary-in-the-notes")
    course = a_course(patient=patient, actor=actor, count=3)
    Course.objects.filter(pk=course.pk).update(state="running", started_on=a_day_at(clinic))
    course.refresh_from_db()
    return course


def a_course_without_dates(clinic: Clinic) -> Thing:
    return Thing({"pk": _course(clinic, _actor(clinic)).pk}, CANARIES)


def held_dates(clinic: Clinic) -> Thing:
    """A proposal that is held, with the number of its second date."""
    actor = _actor(clinic)
    course = _course(clinic, actor)
    held = hold_dates(course=course, pattern=pattern_of(course), token="a" * 20, now=timezone.now(), actor=actor)
    return Thing({"pk": course.pk, "key": held.key, "hold": holds_of(course, held.key)[1].pk}, CANARIES)


def held_page(clinic: Clinic) -> Thing:
    thing = held_dates(clinic)
    return Thing({name: value for name, value in thing.kwargs.items() if name != "hold"}, thing.canaries)


def a_booked_session(clinic: Clinic) -> Thing:
    """The second date of a course of three."""
    thing = held_page(clinic)
    course = Course.objects.get(pk=thing.kwargs["pk"])
    booked = confirm_dates(course=course, key=thing.kwargs["key"], actor=_actor(clinic))
    return Thing({"pk": booked[1].pk}, CANARIES)


def a_booking_that_is_over(clinic: Clinic) -> Booking:
    actor = _actor(clinic)
    return put_on(_course(clinic, actor).sessions.get(number=1), days_ago(actor, 1), actor)


def a_session_without_a_word(clinic: Clinic) -> Thing:
    return Thing({"pk": a_booking_that_is_over(clinic).pk}, CANARIES)


def a_lost_session(clinic: Clinic) -> Thing:
    """The first session of a course, called missed yesterday."""
    booking = a_booking_that_is_over(clinic)
    course = booking.session.course
    answer_booking(course=course, booking=booking, lost=Lost(SessionState.MISSED), actor=_actor(clinic))
    return Thing({"pk": course.pk, "number": 1}, CANARIES)


def a_course_with_a_lost_session(clinic: Clinic) -> Thing:
    return Thing({"pk": a_lost_session(clinic).kwargs["pk"]}, CANARIES)


CALENDAR_THINGS: dict[str, Callable[[Clinic], Thing]] = {
    "course-without-dates": a_course_without_dates,
    "held-dates": held_page,
    "held-row": held_dates,
    "booked-session": a_booked_session,
    "session-without-a-word": a_session_without_a_word,
    "session-without-a-word-listed": lambda clinic: Thing({}, a_session_without_a_word(clinic).canaries),
    "lost-session": a_lost_session,
    "course-with-a-lost-session": a_course_with_a_lost_session,
}
CALENDAR_ROWS: dict[str, Row] = {
    "calendar:propose": Row(BOOK, FORM, thing="course-without-dates", seen=True),
    # The next three tell what is free: that is known from eight tables, besides the course, its dates, its work and the wishes.
    "calendar:held": Row(BOOK, {"GET": 200, "POST": 303}, thing="held-dates", seen=True, queries=20),
    "calendar:held-longer": Row(BOOK, {"POST": 303}, thing="held-dates"),
    "calendar:held-let-go": Row(BOOK, {"POST": 303}, thing="held-dates"),
    "calendar:held-change": Row(BOOK, {"POST": 422}, thing="held-row"),
    "calendar:held-drop": Row(BOOK, {"POST": 303}, thing="held-row"),
    "calendar:move": Row(BOOK, FORM, thing="booked-session", seen=True, queries=20),
    "calendar:release": Row(BOOK, FORM, thing="booked-session", seen=True),
    "calendar:attend": Row(BOOK, {"POST": 303}, thing="session-without-a-word", data={"answer": "missed"}),
    "calendar:unresolved": Row(BOOK, thing="session-without-a-word-listed", queries=2),
    "calendar:rule": Row(BOOK, FORM, thing="course-with-a-lost-session", seen=True, queries=21),
    "calendar:undo-answer": Row(BOOK, {"POST": 303}, thing="lost-session", data={"note": "A slip"}),
}
