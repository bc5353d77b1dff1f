"""Where it hurt at the fifth row of session 4 is worked more gently in session 5, and as before in session 6 once nothing hurt."""

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import expect

from clinic.courses.actions import Felt, record_session, start_session
from clinic.courses.demo_days import ask_quiet_day
from clinic.courses.models import Course, Session, SessionRecord
from clinic.courses.queries import sessions_of
from clinic.courses.states import SessionState
from clinic.staff.permissions import Actor
from tests.factories import a_patient, a_running_course
from tests.journeys.desk import Desk
from tests.journeys.test_a_session_is_played import opened
from tests.schedule_factories import a_booking

pytestmark = pytest.mark.django_db(transaction=True)
FIFTH = 4


def strongest(course: Course, number: int, place: Mapping[str, str]) -> int:
    """The highest pressure on that place in a session as it stands now."""
    rows = sessions_of(course)[number - 1].rows
    return max(row.pressure for row in rows if (row.zone, row.side) == (place["zone"], place["side"]))


def test_discomfort_at_the_fifth_row_changes_the_next_session_and_not_for_ever(desk: Desk, anna: Actor) -> None:
    course = a_running_course(patient=a_patient(clinic=anna.clinic, family_name="Sommer"), actor=anna, given=3)
    with time_machine.travel(timezone.now()) as clock:
        begun = {"key": "5" * 32, "version": course.version, "on": course.planned_on, "now": timezone.now()}
        start = start_session(course=course, number=4, stands_in=True, actor=anna, **begun)  # type: ignore[arg-type]
        usual = {number: strongest(course, number, start.plan["rows"][FIFTH]) for number in (5, 6)}
        clock.shift(timedelta(seconds=1 + sum(row["seconds"] for row in start.plan["rows"][:FIFTH])))

        page = opened(desk, anna, start)
        with desk.does("deviations") as hand:
            page.get_by_role("button", name="Hurts here").click()
            page.locator("#sheet-hurt .player-choice:visible").first.click()  # the place that is worked stands first
            expect(page.locator("[data-toast]")).not_to_be_empty()
            expect(page.locator("[data-when=saved]")).to_be_visible()
            with hand.rests():
                clock.shift(timedelta(hours=1))
                page.goto(f"{desk.base}/starts/{start.pk}/")
            with page.expect_navigation(url=re.compile("/record/")):
                page.get_by_role("link", name="Finish").click()
            page.get_by_role("group", name="Comfort of the session").get_by_role("radio", name="7", exact=True).click()
            page.get_by_label("In words").fill("Sharp for a moment, gone with less pressure")
            desk.press_and_arrive("Sign")
        hurt = SessionRecord.objects.get(session=start.session).hurts[0]
        assert (hurt["zone"], hurt["row"]) == (start.plan["rows"][FIFTH]["zone"], FIFTH)

        clock.move_to(datetime.combine(anna.clinic.today() + timedelta(days=1), time(8, 45), tzinfo=anna.clinic.zone))
        course = ask_quiet_day(Course.objects.get(pk=course.pk), on=anna.clinic.today(), actor=anna)
        assert strongest(course, 5, hurt) == usual[5] - 1
        booking = a_booking(patient=course.patient, therapist=anna.user, day=anna.clinic.today(), clock=time(9))
        Session.objects.filter(course=course, number=5).update(booking=booking, state=SessionState.BOOKED)
        desk.is_signed_in(anna, "/today/")  # nobody stays signed in over night
        with desk.does("read-day") as hand:
            plain = ".today-line :is(.today-clock b, h2, .today-where > span:not(.today-felt), .today-count)"
            hand.reads(page.locator(".today-line :is(.today-felt, .today-mark)"))
            hand.reads(page.locator(plain), times=11)
        with desk.does("open-patient") as hand:
            page.locator(".today-line .today-way a").first.click()
            told = page.get_by_label("What the last session means for the next one")
            expect(told).to_contain_text("hurt in session 4")
            hand.reads(told)
            desk.press_and_arrive("Accept")
        expect(page.get_by_label("What the last session means for the next one")).to_contain_text("Accepted by")
        record_session(course=Course.objects.get(pk=course.pk), number=5, felt=Felt(comfort=9), on=anna.clinic.today(), actor=anna)

        clock.shift(timedelta(days=1))
        course = ask_quiet_day(Course.objects.get(pk=course.pk), on=anna.clinic.today(), actor=anna)
        assert strongest(course, 6, hurt) == usual[6]
