"""The own day: in order, each session with its one action, and nothing that was left unsaid or unsigned is lost."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from clinic.courses.models import Course, Session, SessionRecord, SessionStart
from clinic.schedule.models import Booking
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import Actor
from tests.factories import a_course, a_patient, an_actor
from tests.schedule_factories import a_booking, a_room, hours_of

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]
MONDAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def half_past_ten() -> Iterator[None]:
    """A Monday at half past ten in Berlin."""
    with time_machine.travel(datetime(2026, 11, 23, 9, 30, tzinfo=timezone.get_fixed_timezone(0))):
        yield


def a_session(
    actor: Actor, clock: time, *, name: str = "Adler", day: date = MONDAY, number: int = 1, course: Mapping[str, Any] | None = None
) -> Session:
    """The first of two sessions of a running course, booked with the actor."""
    made = a_course(actor=actor, patient=a_patient(clinic=actor.clinic, family_name=name), count=2)
    Course.objects.filter(pk=made.pk).update(**{"state": "running", "started_on": made.planned_on, **(course or {})})
    room = actor.clinic.rooms.first() or a_room(clinic=actor.clinic, name="Blue room")
    booking = a_booking(patient=made.patient, therapist=actor.user, room=room, day=day, clock=clock)
    Session.objects.filter(course=made, number=number).update(booking=booking, state="booked")
    return Session.objects.select_related("course").get(course=made, number=number)


def begun(session: Session, actor: Actor, *, before: timedelta = timedelta(minutes=5)) -> SessionStart:
    """Begun so long before now, and not signed."""
    Session.objects.filter(pk=session.pk).update(state="in-progress")
    at = timezone.now() - before
    more = {"plan": session.plan, "plan_digest": session.digest, "key": f"start-{session.pk}"}
    return SessionStart.objects.create(session=session, started_at=at, started_on=at.date(), started_by=actor.user, **more)


LINE = r'<li class="today-(?:line|pause|now)'


def lines(browser: Client, day: str = "") -> list[str]:
    """The lines of the page as text, whitespace made one blank."""
    html = browser.get(f"/today/{day}").content.decode()
    found = re.findall(rf"{LINE}.*?(?={LINE}|</ol>|</section>)", html, re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", line)).strip() for line in found]


def test_the_day_reads_in_order_with_turn_room_dose_pauses_and_this_moment(therapist: Actor, signed_in: SignedIn) -> None:
    room = a_room(clinic=therapist.clinic, name="Blue room")
    hours_of(therapist.user, site=room.site, shifts=((time(8), time(12)), (time(13), time(15))))
    a_session(therapist, time(14), name="Zander")
    a_session(therapist, time(11), name="Adler")
    told = lines(signed_in(therapist))
    assert [line[:5] for line in told if re.match(r"\d\d:\d\d", line)] == ["10:30", "10:30", "11:00", "12:00", "13:00", "14:00"]
    adler = next(line for line in told if "Adler" in line)
    assert re.search(r"Next Adler Anna Blue room \d+ min · \w+", adler)
    assert "1/2" in adler
    assert "New patient" in adler


@pytest.mark.same_everywhere
def test_the_session_after_which_a_doctor_looks_at_the_course_says_so(therapist: Actor, signed_in: SignedIn) -> None:
    session = a_session(therapist, time(11))
    Course.objects.filter(pk=session.course_id).update(plan={**session.course.plan, "review_after": 1})
    told = " ".join(lines(signed_in(therapist)))
    assert " Review " in told


@pytest.mark.same_everywhere  # words of a page; what they tell is read from each database by the tests around
@pytest.mark.parametrize("state", ["to come", "going", "over", "signed", "without a word"])
def test_every_state_of_a_session_has_its_one_action(state: str, therapist: Actor, signed_in: SignedIn) -> None:
    session = a_session(therapist, time(9) if state == "without a word" else time(10, 20))
    course, wanted = session.course_id, r"/courses/\d+/sessions/1/before/"
    if state == "going":
        wanted = f"/starts/{begun(session, therapist).pk}/"
    elif state == "over":
        wanted = f"/starts/{begun(session, therapist, before=timedelta(hours=2)).pk}/record/"
    elif state == "signed":
        record = SessionRecord.objects.create(session=session, given_on=MONDAY, recorded_at=timezone.now(), recorded_by=therapist.user)
        Session.objects.filter(pk=session.pk).update(state="done")
        wanted = f"/records/{record.pk}/"
    elif state == "without a word":
        wanted = f"/courses/{course}/sessions/1/record/"
    html = signed_in(therapist).get("/today/").content.decode()
    ways = re.findall(r'<a class="btn [^"]*"\s+href="(/[^"]*)"', html.split('<ol class="today-list">')[1].split("</ol>")[0])
    assert len(ways) == 1
    assert re.fullmatch(wanted, ways[0])
    assert (f"/calendar/bookings/{session.booking_id}/attendance/" in html) is (state == "without a word")


@pytest.mark.same_everywhere  # words of a page; what they tell is read from each database by the tests around
@pytest.mark.parametrize(
    ("course", "words"),
    [
        ({"state": "suspended"}, "Cannot start: suspended"),
        ({"state": "awaiting"}, "Cannot start: not signed"),
        ({"outcome": "defer", "may_start": False}, "Cannot start: not now"),
        ({}, "Cannot start: no consent"),
    ],
)
def test_what_cannot_start_says_why_in_a_few_words(course: dict[str, Any], words: str, therapist: Actor, signed_in: SignedIn) -> None:
    a_session(therapist, time(11), course={"condition": "scoliosis", "may_start": True, "outcome": "clear"} | course)
    assert words in next(line for line in lines(signed_in(therapist)) if "Adler" in line)


def test_what_hurt_last_time_and_a_reaction_that_nobody_read_stand_on_the_line(therapist: Actor, signed_in: SignedIn) -> None:
    session = a_session(therapist, time(11), number=2)
    first = session.course.sessions.get(number=1)
    said = {"hurts": [{"zone": "trapezius-upper", "side": "left", "row": 0}], "bad_reaction": True}
    SessionRecord.objects.create(session=first, given_on=MONDAY, recorded_at=timezone.now(), recorded_by=therapist.user, **said)
    Session.objects.filter(pk=first.pk).update(state="done")
    told = next(line for line in lines(signed_in(therapist)) if "Adler" in line)
    assert "Hurt last time: upper trapezius (left)" in told
    assert "Last session" in told


def test_of_a_session_that_never_could_begin_nobody_asks_who_came(therapist: Actor, signed_in: SignedIn) -> None:
    a_session(therapist, time(9), course={"condition": "scoliosis", "state": "awaiting", "started_on": None})
    html = signed_in(therapist).get("/today/").content.decode()
    assert "Cannot start: not signed" in html
    assert "attendance" not in html
    assert "/before/" in html


def test_what_nobody_signed_or_answered_stays_until_somebody_does(therapist: Actor, signed_in: SignedIn) -> None:
    friday = MONDAY - timedelta(days=3)
    unsigned = begun(a_session(therapist, time(9), name="Unger", day=friday), therapist, before=timedelta(days=3))
    a_session(therapist, time(11), name="Offen", day=friday)
    html = signed_in(therapist).get("/today/").content.decode()
    left = html.split('id="left"')[1]
    assert f"/starts/{unsigned.pk}/record/" in left
    assert "Unger" in left
    assert re.search(r"Offen.*?attendance/", left, re.DOTALL)
    assert "2 more sessions wait for you" in html
    assert "Nothing is left" not in html
    assert "Unger" not in signed_in(therapist).get("/today/?day=2026-11-24").content.decode(), "what is left is told today"


def test_after_a_day_the_clinical_lead_sees_what_a_colleague_left_unsigned_and_no_other_therapist_does(
    clinic: Clinic, therapist: Actor, signed_in: SignedIn
) -> None:
    begun(a_session(therapist, time(9), name="Unger", day=MONDAY - timedelta(days=3)), therapist, before=timedelta(days=3))
    begun(a_session(therapist, time(9), name="Frisch"), therapist, before=timedelta(hours=1))
    lead, other = an_actor(clinic=clinic, roles=(Role.CLINICAL_LEAD,)), an_actor(clinic=clinic)
    seen = [signed_in(actor).get("/today/").content.decode() for actor in (lead, other)]
    assert ["Unger" in html for html in seen] == [True, False]
    assert not any("Frisch" in html for html in seen)


@pytest.mark.same_everywhere
def test_when_everything_has_its_word_and_its_signature_the_page_says_so(therapist: Actor, signed_in: SignedIn) -> None:
    session = a_session(therapist, time(9))
    SessionRecord.objects.create(session=session, given_on=MONDAY, recorded_at=timezone.now(), recorded_by=therapist.user)
    Session.objects.filter(pk=session.pk).update(state="done")
    assert "Nothing is left." in signed_in(therapist).get("/today/").content.decode()


def test_nothing_of_a_colleague_or_of_another_clinic_is_on_it_and_another_day_is_one_step_away(
    clinic: Clinic, other_clinic: Clinic, therapist: Actor, signed_in: SignedIn
) -> None:
    a_session(an_actor(clinic=clinic), time(11), name="Colleague")
    a_session(an_actor(clinic=other_clinic), time(11), name="Elsewhere")
    a_session(therapist, time(12), name="Tomorrow", day=MONDAY + timedelta(days=1))
    browser = signed_in(therapist)
    html = browser.get("/today/").content.decode()
    assert not re.search("Colleague|Elsewhere|Tomorrow", html)
    assert 'href="/today/?day=2026-11-24"' in html
    assert "Tomorrow" in " ".join(lines(browser, "?day=2026-11-24"))
    assert browser.get("/calendar/mine/?date=2026-11-24").headers["Location"] == "/today/?day=2026-11-24"
    assert browser.get("/").headers["Location"] == "/today/"


@pytest.mark.same_everywhere
def test_a_full_day_asks_as_much_as_a_day_with_one_patient(
    therapist: Actor, signed_in: SignedIn, max_queries: Callable[[int], Any]
) -> None:
    for hour in (9, 11, 12):
        a_session(therapist, time(hour), name=f"Name{hour}")
    begun(a_session(therapist, time(10, 20)), therapist)
    browser = signed_in(therapist)
    with max_queries(16):
        assert len(lines(browser)) >= 4


def test_a_colleague_who_stands_in_reads_what_hurt_and_what_the_patient_likes_and_can_write_it_down(
    therapist: Actor, clinic: Clinic, signed_in: SignedIn
) -> None:
    session = a_session(therapist, time(11), number=2)
    first, substitute = session.course.sessions.get(number=1), an_actor(clinic=clinic)
    hurt = [{"zone": "trapezius-upper", "side": "left", "row": None}]
    SessionRecord.objects.create(
        session=first, given_on=MONDAY, recorded_at=timezone.now(), recorded_by=therapist.user, comfort=5, hurts=hurt, note="slept badly"
    )
    Session.objects.filter(pk=first.pk).update(state="done")
    Booking.objects.filter(session=session).update(therapist=substitute.user)
    browser = signed_in(substitute)
    assert f"/courses/{session.course_id}/handover/" in browser.get("/today/").content.decode()
    browser.post(f"/courses/{session.course_id}/likes/", {"likes": "A pillow under the knees"})
    card = browser.get(f"/courses/{session.course_id}/handover/").content.decode()
    for words in ("upper trapezius (left)", "comfort 5", "slept badly", "A pillow under the knees", "Session 2 of 2", "chest pain"):
        assert words in card, words
    assert browser.post(f"/courses/{session.course_id}/likes/", {"likes": "x" * 301}).status_code == 422


@pytest.mark.same_everywhere
def test_the_card_of_a_course_that_is_held_says_so_first_and_opens_no_session(therapist: Actor, signed_in: SignedIn) -> None:
    session, browser = a_session(therapist, time(11)), signed_in(therapist.user)
    at = f"/courses/{session.course_id}/handover/"
    assert "notice-danger" not in browser.get(at).content.decode()
    Course.objects.filter(pk=session.course_id).update(state="suspended")
    card = browser.get(at).content.decode()
    assert "This course is suspended." in card
    assert "Open session" not in card
