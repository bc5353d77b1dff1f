"""The record of a session: once, as planned unless changed, never changed, and always possible for what was given."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.audit.models import AuditLine
from clinic.courses.actions import (
    Felt,
    Outage,
    Why,
    add_addendum,
    locked_course,
    record_outage,
    record_session,
    record_start,
    take_back_start,
)
from clinic.courses.actions.moving import change_state
from clinic.courses.day.queries.recording import played_until
from clinic.courses.given import HurtAt
from clinic.courses.models import Course, SessionEvent, SessionRecord, SessionStart
from clinic.courses.record_content import record_digest, rows_of, verifies
from clinic.courses.states import CourseState, EventKind, SessionState
from clinic.staff.permissions import ActionDenied, Actor
from protocols.method.places import Place
from tests.clinic.day.starting import a_bare_start
from tests.factories import a_running_course, an_actor

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]
HOUR = 3_600_000


@pytest.fixture
def course(therapist: Actor) -> Course:
    return a_running_course(actor=therapist, count=4)


@pytest.fixture
def start(therapist: Actor) -> SessionStart:
    """A session that was begun an hour ago, so that its steps are over."""
    return a_bare_start(actor=therapist, ago=3600)


def told(start: SessionStart, at_ms: int, kind: str, actor: Actor, **value: Any) -> None:
    """The player told this."""
    count = start.events.count()
    SessionEvent.objects.create(
        start=start, key=f"{count:032x}", device="d" * 32, seq=count, at_ms=at_ms, kind=kind, value=value, by=actor.user
    )


def signed(start: SessionStart, actor: Actor, **felt: Any) -> SessionRecord:
    given = played_until(start, HOUR)
    return record_start(start=start, played=given, felt=Felt(**felt), now=timezone.now(), actor=actor)


@pytest.mark.same_everywhere
def test_done_is_planned_unless_something_was_changed(start: SessionStart, therapist: Actor) -> None:
    record = signed(start, therapist, comfort=8)
    assert (record.is_as_planned, record.stop_reason, record.bad_reaction) == (True, "", False)
    assert [row.given for row in rows_of(record)] == [row["seconds"] for row in start.plan["rows"]]
    assert record.ended_at is not None
    assert (record.ended_at - start.started_at).seconds == sum(row["seconds"] for row in start.plan["rows"])
    assert (record.session.state, record.comfort, record.pain_after, record.warmth) == (SessionState.DONE, 8, None, "")


def test_what_the_player_was_told_is_in_the_record(start: SessionStart, therapist: Actor) -> None:
    row = start.plan["rows"][0]
    told(start, 10_000, EventKind.HURT, therapist, row=0, zone=row["zone"], side=row["side"])
    told(start, 20_000, EventKind.SKIPPED, therapist, row=0, reason="pain", words="sore")
    told(start, 60_000, EventKind.STOPPED, therapist, reason="wish")
    record = signed(start, therapist, hurts=(HurtAt(Place(row["zone"], row["side"])),))
    assert (rows_of(record)[0].given, rows_of(record)[0].reason) == (20, "pain")
    assert sum(each.given for each in rows_of(record)) == 60
    assert (record.stop_reason, record.is_as_planned, record.bad_reaction) == ("wish", False, False)
    assert record.hurts == [{"zone": row["zone"], "side": row["side"], "row": 0}]  # once, as the player knows it


def test_a_session_makes_one_record_however_often_it_is_signed(start: SessionStart, therapist: Actor) -> None:
    first = signed(start, therapist, comfort=8)
    again = signed(start, an_actor(clinic=therapist.clinic), comfort=2)
    assert (again.pk, again.comfort, again.recorded_by_id) == (first.pk, 8, therapist.user.pk)
    assert SessionRecord.objects.count() == AuditLine.objects.filter(verb="gave-session").count() == 1


def test_the_database_refuses_to_change_a_signed_record_and_its_digest_tells(start: SessionStart, therapist: Actor) -> None:
    record = signed(start, therapist, comfort=8, readings={"pulse-after": 70}, reactions=("relief", "warmth"))
    with pytest.raises(IntegrityError), transaction.atomic():
        SessionRecord.objects.filter(pk=record.pk).update(comfort=2)
    kept = SessionRecord.objects.get(pk=record.pk)
    assert verifies(kept) is True
    assert AuditLine.objects.get(verb="gave-session").details["digest"] == record_digest(kept)
    kept.comfort = 2
    assert verifies(kept) is False


@pytest.mark.same_everywhere
@pytest.mark.parametrize(
    ("felt", "is_bad"),
    [
        ({"reactions": ("warmth", "soreness", "sleepiness", "relief")}, False),
        ({"reactions": ("warmth", "bruise")}, True),
        ({"reactions": ("other",)}, True),
        ({"bad_reaction": True}, True),
        ({"pain_before": 2, "pain_after": 3}, False),
        ({"pain_before": 2, "pain_after": 4}, True),  # the rise at which the library ends a session: one step back
        ({"pain_before": 4, "pain_after": 2}, False),
        ({"pain_after": 9}, False),  # nobody asked before, so nobody knows whether it rose
    ],
)
def test_any_unexpected_reaction_marks_a_bad_one(start: SessionStart, therapist: Actor, felt: dict[str, Any], *, is_bad: bool) -> None:
    assert signed(start, therapist, **felt).bad_reaction is is_bad


@pytest.mark.same_everywhere
@pytest.mark.parametrize(("reason", "is_bad"), [("wish", False), ("other", False), ("dizzy", True), ("readings", True)])
def test_a_session_that_was_stopped_for_a_sign_is_a_bad_reaction(
    start: SessionStart, therapist: Actor, reason: str, *, is_bad: bool
) -> None:
    told(start, 60_000, EventKind.STOPPED, therapist, reason=reason)
    assert signed(start, therapist).bad_reaction is is_bad


def test_what_was_given_is_recorded_even_if_the_course_was_suspended_in_between(start: SessionStart, therapist: Actor) -> None:
    course = start.session.course
    change_state(locked_course(course), CourseState.SUSPENDED, on=course.planned_on, actor=therapist, why=Why("finding"))
    assert signed(start, therapist).session.state == SessionState.DONE
    course.refresh_from_db()
    assert course.state == CourseState.SUSPENDED


def test_a_start_that_was_taken_back_records_nothing_and_one_that_is_open_is_closed_where_it_was_begun(
    start: SessionStart, therapist: Actor
) -> None:
    course = start.session.course
    with pytest.raises(ActionDenied, match="close it where it was started"):
        record_session(course=course, number=1, felt=Felt(), on=course.planned_on, actor=therapist)
    take_back_start(start=start, note="Wrong patient", now=timezone.now(), actor=therapist)
    with pytest.raises(ActionDenied, match="nothing was given"):
        signed(start, therapist)


def test_addenda_keep_author_time_and_reason_and_stand_beside_the_record(start: SessionStart, therapist: Actor) -> None:
    record, colleague = signed(start, therapist), an_actor(clinic=therapist.clinic)
    add_addendum(record=record, reason="later", text=" A bruise on the left. ", actor=therapist)
    add_addendum(record=record, reason="correction", text="It was the right.", actor=colleague)
    assert [(each.reason, each.text, each.by_id) for each in record.addenda.all()] == [
        ("later", "A bruise on the left.", therapist.user.pk),
        ("correction", "It was the right.", colleague.user.pk),
    ]
    assert all(abs(timezone.now() - each.at) < timedelta(minutes=1) for each in record.addenda.all())
    assert verifies(SessionRecord.objects.get(pk=record.pk)) is True
    with pytest.raises(IntegrityError), transaction.atomic():
        record.addenda.update(text="Nothing.")
    for reason, text in (("later", "  "), ("because", "words")):
        with pytest.raises(ActionDenied):
            add_addendum(record=record, reason=reason, text=text, actor=therapist)


# An outage ------------------------------------------------------------------------------------------------------------------
def test_a_session_given_during_an_outage_is_marked_and_signed_by_whoever_enters_it(course: Course, therapist: Actor) -> None:
    colleague = an_actor(clinic=therapist.clinic)
    outage = Outage(course.planned_on, colleague.user, "No power from nine to noon")
    record = record_outage(course=course, number=1, felt=Felt(comfort=7), outage=outage, actor=therapist)
    assert (record.source, record.outage_note) == ("outage", "No power from nine to noon")
    assert (record.given_by_id, record.recorded_by_id) == (colleague.user.pk, therapist.user.pk)
    assert AuditLine.objects.filter(verb="entered-outage").count() == 1


@pytest.mark.same_everywhere
def test_no_outage_opens_a_day_on_which_the_course_was_closed(course: Course, therapist: Actor) -> None:
    today = course.planned_on
    for day, why in ((today - timedelta(days=3), "not planned yet"), (today + timedelta(days=1), "not come yet")):
        with pytest.raises(ActionDenied, match=why):
            record_outage(course=course, number=1, felt=Felt(), outage=Outage(day, therapist.user, "No power"), actor=therapist)
    for given_by, why in ((an_actor().user, "No power"), (therapist.user, "  ")):
        with pytest.raises(ActionDenied):
            record_outage(course=course, number=1, felt=Felt(), outage=Outage(today, given_by, why), actor=therapist)
    record_session(course=course, number=1, felt=Felt(), on=today, actor=therapist)
    with pytest.raises(ActionDenied, match="already given"):
        record_outage(course=course, number=2, felt=Felt(), outage=Outage(today, therapist.user, "No power"), actor=therapist)


def test_a_place_that_was_pressed_by_mistake_is_not_signed_and_the_same_place_elsewhere_is(
    start: SessionStart, therapist: Actor, signed_in: SignedIn
) -> None:
    row = start.plan["rows"][0]
    told(start, 10_000, EventKind.HURT, therapist, row=0, zone=row["zone"], side=row["side"])
    told(start, 11_000, EventKind.HURT, therapist, row=1, zone=row["zone"], side=row["side"])
    client, address = signed_in(therapist), reverse("day:finish", args=[start.pk])
    sheet = client.get(address).context
    slip = f"{row['zone']}|{row['side']}|0"
    assert slip in dict(sheet["form"].fields["slips"].choices)
    client.post(address, {"seen": sheet["seen"], "at_ms": sheet["at_ms"], "slips": [slip]})
    assert [each["row"] for each in SessionRecord.objects.get(session=start.session).hurts] == [1]
