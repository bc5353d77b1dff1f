"""What the numbers count, on a small clinic whose answer is known, and how often they ask."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clinic.audit.models import AuditLine
from clinic.courses.models import AdaptationChoice, Course, CourseMove, Session, SessionMove, SessionRecord
from clinic.courses.numbers.asked import Asked, asked_for
from clinic.courses.numbers.queries.attendance import attendance, days_of_work
from clinic.courses.numbers.queries.courses import adherence, outcomes, tolerance
from clinic.courses.numbers.queries.decisions import choices_made, stops_made
from clinic.courses.states import CourseState, SessionState
from clinic.schedule.models import Booking, BookingChange
from clinic.staff.models import Role
from clinic.staff.permissions import Actor
from protocols.shelf import shipped_library
from tests.factories import a_course, a_member, a_patient, an_actor
from tests.schedule_factories import a_booking, a_room

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)  # a Monday, long over
SPAN: Asked = asked_for({"date": "2026-03-09"}, DAY)


@pytest.fixture
def actor() -> Actor:
    return an_actor()


def a_course_of(actor: Actor, *, count: int = 6) -> Course:
    return a_course(patient=a_patient(clinic=actor.clinic), actor=actor, count=count)


def given(course: Course, number: int, on: date, **felt: Any) -> SessionRecord:
    """A record as a row; its session is done."""
    session = course.sessions.get(number=number)
    Session.objects.filter(pk=session.pk).update(state=SessionState.DONE)
    by = course.planned_by
    return SessionRecord.objects.create(session=session, given_on=on, recorded_at=timezone.now(), recorded_by=by, given_by=by, **felt)


def over(course: Course, on: date, state: str = CourseState.FINISHED) -> None:
    Course.objects.filter(pk=course.pk).update(state=state, started_on=on - timedelta(days=20), finished_on=on)


def booked(course: Course, number: int, on: date, **fields: Any) -> Booking:
    """A date of the past, with the session unless it was given up."""
    place: dict[str, Any] = {
        "patient": course.patient,
        "therapist": course.planned_by,
        "room": a_room(clinic=course.clinic),
        "day": on,
        "units": 1,
    }
    booking = a_booking(**place, **fields)
    if "state" not in fields:
        course.sessions.filter(number=number).update(booking=booking, state=SessionState.BOOKED)
    BookingChange.objects.create(booking=booking, kind="booked")
    return booking


def lost(course: Course, number: int, booking: Booking, after: str, *, note: str = "", before: str = SessionState.BOOKED) -> None:
    session = course.sessions.get(number=number)
    said = {"happened_on": booking.day, "booking": booking, "note": note, "by": course.planned_by}
    SessionMove.objects.create(session=session, before=before, after=after, **said)
    Session.objects.filter(pk=session.pk).update(state=after)


def test_every_date_is_counted_once_by_what_became_of_it(actor: Actor) -> None:
    course, days = a_course_of(actor), [DAY + timedelta(days=number) for number in range(8)]
    booked(course, 1, days[0])
    given(course, 1, days[0])
    lost(course, 2, booked(course, 2, days[1]), SessionState.MISSED)
    slip = booked(course, 3, days[2])
    lost(course, 3, slip, SessionState.CANCELLED)
    lost(course, 3, slip, SessionState.BOOKED, note="A slip", before=SessionState.CANCELLED)  # taken back: nobody said what came of it
    booked(course, 4, days[3], state="released", release_reason="patient-ill")
    booked(course, 4, days[4], state="released", release_reason="therapist-ill")
    booked(course, 4, days[5], state="released", release_reason="mistake")  # never was a date
    booked(course, 4, timezone.localdate() + timedelta(days=3))  # of another span
    given(course, 5, days[6])
    booked(course, 6, days[7])
    course.sessions.filter(number=6).update(state=SessionState.IN_PROGRESS)  # somebody came: it waits for its record, not for an answer
    (found,) = attendance(actor.clinic, SPAN, now=timezone.now())
    assert found.ends == {"given": 1, "missed": 1, "in-progress": 1, "unresolved": 1, "in-time": 1, "by-clinic": 1}
    assert (found.undated, found.decided) == (1, 2)


def test_the_load_of_a_day_is_what_stands_booked_without_what_was_lost(actor: Actor) -> None:
    course = a_course_of(actor)
    booked(course, 1, DAY, minutes=40)
    lost(course, 2, booked(course, 2, DAY + timedelta(days=1), minutes=40), SessionState.MISSED)
    (day,) = days_of_work(actor.clinic, SPAN)
    assert (day.day, day.sessions, day.minutes, day.units) == (DAY, 1, 30, Decimal(1))


def test_courses_that_ended_are_counted_with_what_was_given_and_which_gaps_were_kept(actor: Actor) -> None:
    course = a_course_of(actor, count=4)
    for number, after in ((1, 0), (2, 2), (3, 4 + 21)):  # two gaps: one of two days, one of three weeks
        given(course, number, DAY + timedelta(days=after))
    lost(course, 4, booked(course, 4, DAY + timedelta(days=25)), SessionState.MISSED)
    slip = booked(course, 4, DAY + timedelta(days=26))
    lost(course, 4, slip, SessionState.CANCELLED)
    lost(course, 4, slip, SessionState.BOOKED, note="A slip", before=SessionState.CANCELLED)  # taken back: no date was lost
    over(course, DAY + timedelta(days=25), CourseState.ENDED)
    over(a_course_of(actor), DAY - timedelta(days=3))  # ended before the span
    (row,) = adherence(actor.clinic, SPAN, shipped_library())
    assert (row.finished, row.ended, row.planned, row.given, row.lost, row.gaps, row.kept) == (0, 1, 4, 3, 1, 2, 1)


@pytest.mark.parametrize(
    ("pains", "result"),
    [
        (((6, 5), (5, 4)), "good"),  # 2 points
        (((3, 3), (2, 2)), "good"),  # a third of 3
        (((7, 7), (6, 6)), "partial"),
        (((6, 6), (6, 6)), "none"),
        (((4, 4), (6, 6)), "worse"),
        (((0, 0), (0, 0)), "painless"),
        (((0, 0), (2, 2)), "worse"),
        (((5, 1),), "unmeasured"),
        (((5, None), (None, None)), "unmeasured"),
    ],
)
def test_a_course_is_good_when_pain_fell_by_what_matters(actor: Actor, pains: Any, result: str) -> None:
    course = a_course_of(actor, count=3)
    for number, (before, after) in enumerate(pains, start=1):
        given(course, number, DAY + timedelta(days=number), pain_before=before, pain_after=after)
    over(course, DAY + timedelta(days=9))
    (row,) = outcomes(actor.clinic, SPAN, shipped_library())
    assert row.results == {result: 1}


def test_comfort_reactions_and_stops_are_counted_of_the_sessions_of_the_span(actor: Actor) -> None:
    course = a_course_of(actor)
    given(course, 1, DAY - timedelta(days=3), comfort=1, bad_reaction=True)
    given(course, 2, DAY, comfort=8)
    given(course, 3, DAY + timedelta(days=1), comfort=5, bad_reaction=True, stop_reason="dizzy")
    given(course, 4, DAY + timedelta(days=2))
    (row,) = tolerance(actor.clinic, SPAN)
    assert (row.sessions, row.comfort, row.told, row.low, row.bad, row.stopped) == (3, 6.5, 2, 1, 1, 1)


def test_what_was_decided_otherwise_and_why_courses_stopped_is_counted_by_reason(actor: Actor) -> None:
    course, now = a_course_of(actor), asked_for({}, actor.clinic.today())
    for reason in ("wish", "wish", ""):
        said = {"after_session": 1, "proposal": {}, "chosen": {}, "is_edited": bool(reason), "reason": reason}
        AdaptationChoice.objects.create(course=course, by=actor.user, **said)
    CourseMove.objects.create(course=course, before="running", after="paused", reason="illness")
    CourseMove.objects.create(course=course, before="draft", after="awaiting")
    assert [tuple(row) for row in choices_made(actor.clinic, now)] == [(False, "", 1), (True, "wish", 2)]
    assert [tuple(row) for row in stops_made(actor.clinic, now)] == [("paused", "illness", 1)]
    assert choices_made(an_actor().clinic, now) == ()


@pytest.mark.same_everywhere
def test_the_page_asks_no_more_often_for_a_large_clinic_than_for_an_empty_one(actor: Actor) -> None:
    lead = a_member(clinic=actor.clinic, roles=(Role.CLINICAL_LEAD,))
    address = reverse("numbers:clinic") + "?span=month&date=2026-03-01"

    def asked() -> int:
        client = Client()
        client.force_login(lead)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    asked()
    empty = asked()
    for turn in range(3):
        course = a_course_of(actor, count=3)
        for number in (1, 2):
            booked(course, number, DAY + timedelta(days=4 * turn + number))
            given(course, number, DAY + timedelta(days=4 * turn + number), pain_before=5, pain_after=2, comfort=7)
        over(course, DAY + timedelta(days=15))
    assert asked() == empty


def test_who_reads_what_and_a_file_leaves_a_line(actor: Actor) -> None:
    admin = a_member(clinic=actor.clinic, roles=(Role.ADMIN,))
    client = Client()
    client.force_login(admin)
    page = client.get(reverse("numbers:clinic")).content.decode()
    assert 'id="attendance"' in page
    assert 'id="outcomes"' not in page
    assert client.post(reverse("numbers:csv", args=["outcomes"])).status_code == 403
    assert client.post(reverse("numbers:csv", args=["wages"])).status_code == 404
    answer = client.post(reverse("numbers:csv", args=["load"]) + "?span=days&from=2026-03-01&to=2026-03-31")
    assert answer["Content-Disposition"] == 'attachment; filename="tactus-load-2026-03-01-2026-03-31.csv"'
    line = AuditLine.objects.latest("sequence")
    assert (line.verb, line.details["table"], line.details["from"]) == ("exported-numbers", "load", "2026-03-01")
