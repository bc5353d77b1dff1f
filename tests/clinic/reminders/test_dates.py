"""What patients are told about their dates: the difference between what they know and what is booked, once, in one message."""

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from clinic.reminders import sources
from clinic.reminders.dates import read_dates, settle_dates
from clinic.reminders.fields import Fields
from clinic.reminders.models import Answer, Message, MessageRules, Told
from clinic.reminders.reminding import read_reminders
from clinic.reminders.sources import InSeries, series_with
from clinic.reminders.states import DropReason
from clinic.schedule.feeds import uid_of
from clinic.schedule.models import Booking
from patients.models import MessageConsent
from tests.clinic.reminders.planning_scene import (
    DAY,
    NOON,
    Clock,
    Kept,
    clock,
    desk,
    drain,
    due,
    line,
    reasons,
    rows,
    was_told,
    way,
)  # fmt: skip
from tests.clinic.schedule.desk import Desk, to

__all__ = ["clock", "desk", "way"]  # fixtures


def says(kind: str = "dates") -> Fields | DropReason:
    """What the newest message of this kind would say now."""
    message = rows(kind)[-1]
    read = read_dates if kind == "dates" else read_reminders
    return read([message], timezone.now())[message.pk]


def lines(said: Fields | DropReason) -> list[str]:
    assert isinstance(said, Fields), said
    return [line(each) for each in said.dates]


def ten(desk: Desk, patient: int = 0, hour: int = 10) -> list[Booking]:
    return desk.book(*(desk.place(patient, patient, patient, day=DAY + timedelta(days=each), clock=time(hour)) for each in range(10)))


@pytest.fixture
def courses(monkeypatch: pytest.MonkeyPatch) -> dict[int, InSeries]:
    """Booking -> its place in a course, as courses would tell."""
    places: dict[int, InSeries] = {}

    def provider(bookings: Sequence[int]) -> Mapping[int, InSeries]:
        return {pk: places[pk] for pk in bookings if pk in places}

    monkeypatch.setattr(sources, "_series", [])
    series_with(provider)
    return places


# By the real drain ---------------------------------------------------------------------------------------------------------------
def test_five_clicks_are_one_message_and_there_and_back_is_none(desk: Desk, clock: Clock, way: type[Kept]) -> None:
    [booking] = desk.book(desk.place())
    for hour in (11, 12, 13):
        [booking] = desk.move(to(booking, clock=time(hour)))
    desk.release(*desk.book(desk.place(clock=time(16))))
    drain()
    assert way.letters == []
    clock.on(minutes=3)
    drain()
    [letter] = way.letters
    assert (letter.channel, letter.sent_to) == ("email", desk.patients[0].email)
    assert "13:00" in letter.body
    assert "16:00" not in letter.body
    [moved] = desk.move(to(booking, clock=time(15)))
    clock.on(minutes=1)
    desk.move(to(moved, clock=time(13)))
    clock.on(minutes=4)
    drain()
    assert (len(way.letters), reasons("dates")) == (1, ["nothing-new"])


def test_what_was_moved_after_it_was_sent_is_told_as_moved(desk: Desk, clock: Clock, way: type[Kept]) -> None:
    booked = ten(desk)
    clock.on(minutes=3)
    drain()
    desk.move(to(booked[3], clock=time(15)))
    clock.on(minutes=3)
    said = says()
    drain()
    assert isinstance(said, Fields)
    assert (said.code, len(way.letters)) == ("change", 2)
    assert (said.marked("moved"), said.marked(""), said.marked("new"), said.marked("off")) == (1, 9, 0, 0)
    assert lines(said)[3] == "28. 15:00 moved from 28. 10:00"


def test_a_worker_that_died_after_sending_repeats_the_same_words_under_the_same_key(desk: Desk, clock: Clock, way: type[Kept]) -> None:
    desk.book(desk.place())
    clock.on(minutes=3)

    def killed(_letter: object) -> None:
        way.before.clear()
        raise KeyboardInterrupt

    way.before.append(killed)
    with pytest.raises(KeyboardInterrupt):
        drain()
    assert (rows("dates")[0].state, Told.objects.count()) == ("sending", 0)
    clock.on(minutes=2)
    drain()
    drain()
    assert [letter.key for letter in way.letters] == [rows("dates")[0].key]
    assert rows("dates")[0].state == "sent"
    assert Told.objects.get().told_at == timezone.now()


def test_what_came_while_a_worker_died_is_told_once_and_with_everything(desk: Desk, clock: Clock, way: type[Kept]) -> None:
    desk.book(desk.place())
    Message.objects.filter(kind="dates").update(state="sending", claim="dead", next_at=NOON + timedelta(minutes=1))
    desk.book(desk.place(clock=time(15)))
    clock.on(minutes=10)
    drain()
    assert [(row.state, row.drop_reason) for row in rows("dates")] == [("dropped", "nothing-new"), ("sent", "")]
    [letter] = way.letters
    assert "10:00" in letter.body
    assert "15:00" in letter.body


def test_what_nobody_could_be_told_is_told_when_the_consent_comes(desk: Desk, clock: Clock, way: type[Kept]) -> None:
    MessageConsent.objects.create(patient=desk.patients[0], channel="email", is_given=False, said_on=NOON.date())
    ten(desk)
    clock.on(minutes=3)
    drain()
    assert (way.letters, reasons("dates"), Told.objects.count()) == ([], ["no-consent"], 0)
    MessageConsent.objects.create(patient=desk.patients[0], channel="email", is_given=True, said_on=NOON.date())
    desk.book(desk.place(day=date(2026, 12, 7)))
    clock.on(minutes=3)
    drain()
    assert (len(way.letters), Told.objects.count()) == (1, 11)


# What is said -------------------------------------------------------------------------------------------------------------------
def test_all_new_dates_are_a_schedule_and_one_more_is_a_change(desk: Desk) -> None:
    booked = ten(desk)
    said = says()
    assert isinstance(said, Fields)
    assert (said.code, said.marked("new")) == ("schedule", 10)
    was_told(*booked)
    desk.book(desk.place(day=date(2026, 12, 9)))
    said = says()
    assert isinstance(said, Fields)
    assert (said.code, said.marked("new"), said.marked("")) == ("change", 1, 10)


def test_one_date_given_up_never_sounds_like_all(desk: Desk, courses: dict[int, InSeries]) -> None:
    booked = ten(desk)
    courses.update({each.pk: InSeries("course:1", number, 10) for number, each in enumerate(booked, start=1)})
    was_told(*booked)
    desk.release(booked[0])
    del courses[booked[0].pk]  # a date that was given up stands in no course
    said = says()
    assert isinstance(said, Fields)
    assert (said.code, said.marked("off"), said.marked("")) == ("change", 1, 9)
    assert lines(said)[0] == "25. 10:00 off"
    desk.release(*booked[1:])
    said = says()
    assert isinstance(said, Fields)
    assert (said.code, said.marked("off")) == ("cancelled", 10)


def test_another_course_in_which_nothing_changed_is_not_spoken_of(desk: Desk, courses: dict[int, InSeries]) -> None:
    morning, evening = desk.book(desk.place()), desk.book(desk.place(clock=time(16)))
    courses.update({morning[0].pk: InSeries("course:1", 3, 10), evening[0].pk: InSeries("course:2", 7, 12)})
    was_told(*morning, *evening)
    desk.move(to(evening[0], clock=time(17)))
    said = says()
    assert isinstance(said, Fields)
    assert (lines(said), said.number, said.count) == (["25. 17:00 moved from 25. 16:00"], 7, 12)


def test_news_that_are_over_are_no_news(desk: Desk, clock: Clock) -> None:
    [booking] = desk.book(desk.place())
    was_told(booking)
    desk.release(booking)
    clock.to("2026-11-25 09:59")
    assert lines(says()) == ["25. 10:00 off"]
    clock.to("2026-11-25 10:00")
    assert says() == DropReason.NOTHING_NEW


def test_who_would_come_in_vain_is_told_though_the_session_was_moved_to_a_time_that_is_over(desk: Desk, clock: Clock) -> None:
    [booking] = desk.book(desk.place())
    was_told(booking)
    desk.move(to(booking, day=date(2026, 11, 17)))
    clock.to("2026-11-17 11:00")
    assert lines(says()) == ["25. 10:00 off"]


def test_another_house_at_the_same_time_is_a_move(desk: Desk) -> None:
    from tests.schedule_factories import a_room, a_site

    [booking] = desk.book(desk.place())
    was_told(booking)
    room = a_room(site=a_site(clinic=desk.clinic, name="Harbour"))
    desk.move(to(booking, room_id=room.pk))
    assert lines(says()) == ["25. 10:00 moved from 25. 10:00"]
    desk.move(to(Booking.objects.get(), room_id=desk.rooms[1].pk))
    assert says() == DropReason.NOTHING_NEW


def test_what_was_settled_is_what_was_said_though_more_has_changed_since(desk: Desk) -> None:
    [booking] = desk.book(desk.place())
    message = rows("dates")[0]
    said = read_dates([message], timezone.now())[message.pk]
    assert isinstance(said, Fields)
    desk.move(to(booking, clock=time(15)))
    settle_dates([(message, said)], timezone.now())
    assert lines(says()) == ["25. 15:00 moved from 25. 10:00"]


@pytest.mark.same_everywhere
def test_many_messages_are_read_by_as_many_queries_as_two(desk: Desk) -> None:
    ten(desk)
    ten(desk, patient=1)
    now = timezone.now()

    def queries(kind: str, number: int) -> int:
        some = list(Message.objects.filter(kind=kind).prefetch_related("clinic", "patient__merged_into")[:number])
        with CaptureQueriesContext(connection) as seen:
            (read_dates if kind == "dates" else read_reminders)(some, now)
        return len(seen)

    assert queries("dates", 2) == queries("dates", 1) <= 5
    assert queries("reminder-day", 20) == queries("reminder-day", 2) <= 7


# The calendar file --------------------------------------------------------------------------------------------------------------
def test_the_calendar_file_renews_what_a_calendar_has_and_takes_out_what_is_off(desk: Desk) -> None:
    desk.patients[0].language = "ru"
    desk.patients[0].save()
    stays, moves, ends = desk.book(*(desk.place(clock=time(hour)) for hour in (9, 11, 13)))
    was_told(stays, moves, ends)
    desk.move(to(moves, clock=time(15)))
    desk.release(ends)
    said = says()
    assert isinstance(said, Fields)
    assert said.attachment is not None
    calendar: Any = Calendar.from_ical(said.attachment.content)
    events = {str(event["UID"]): event for event in calendar.walk("VEVENT")}
    seen = {
        pk: (event["STATUS"], event["SEQUENCE"], f"{event['DTSTART'].dt:%d. %H:%M}", event["DTSTART"].params["TZID"])
        for pk, event in ((each.pk, events[uid_of(each, desk.clinic)]) for each in (stays, moves, ends))
    }
    assert seen == {
        stays.pk: ("CONFIRMED", 0, "25. 09:00", "Europe/Berlin"),
        moves.pk: ("CONFIRMED", 1, "25. 15:00", "Europe/Berlin"),
        ends.pk: ("CANCELLED", 1, "25. 13:00", "Europe/Berlin"),
    }
    assert calendar["METHOD"] == "PUBLISH"
    whole = said.attachment.content.decode().replace("\r\n ", "")
    assert "Приём: Lindenhof" in whole
    assert not any(name in whole for name in ("Weber", desk.therapists[0].full_name, "Blue"))


@pytest.mark.same_everywhere
def test_a_text_message_has_no_file(desk: Desk) -> None:
    desk.book(desk.place())
    Message.objects.filter(kind="dates").update(channel="sms")
    said = says()
    assert isinstance(said, Fields)
    assert said.attachment is None


# Reminders, when they are due ---------------------------------------------------------------------------------------------------
def test_a_reminder_says_when_where_and_which_session_it_is(desk: Desk, clock: Clock, courses: dict[int, InSeries]) -> None:
    [booking] = desk.book(desk.place())
    courses[booking.pk] = InSeries("course:1", 4, 10)
    was_told(booking)
    clock.to("2026-11-24 18:00")
    said = says("reminder-day")
    assert isinstance(said, Fields)
    assert (said.code, lines(said), said.number, said.count) == ("reminder-day", ["25. 10:00"], 4, 10)


def why_not(kind: str = "reminder-day") -> str:
    said = says(kind)
    return str(said) if isinstance(said, DropReason) else ""


def test_a_reminder_looks_again_at_everything_before_it_goes(desk: Desk, clock: Clock) -> None:
    [booking] = desk.book(desk.place())
    was_told(booking)
    clock.to("2026-11-24 18:00")
    assert why_not() == ""
    was_told(booking, told_at=timezone.now() - timedelta(minutes=119))
    assert why_not() == "nothing-new"
    was_told(booking)
    rules = MessageRules.objects.create(clinic=desk.clinic, day_before_at=None)
    assert why_not() == "turned-off"
    rules.delete()
    message = rows("reminder-day")[0]
    answer = Answer.objects.create(
        message=message, clinic=desk.clinic, booking=booking, starts_at=booking.starts_at, purpose="answer", kind="cannot-come"
    )
    assert why_not() == "answered"
    Answer.objects.filter(pk=answer.pk).update(handled="stays", handled_at=timezone.now())
    assert why_not() == ""
    clock.to("2026-11-25 08:30")
    assert why_not() == "nothing-new"  # after a night without a worker: two hours before is due, too
    clock.to("2026-11-25 10:00")
    assert why_not() == "over"
    Booking.objects.update(state="released", is_taken=False, released_at=timezone.now(), release_reason="other")
    assert why_not() == "released"


def test_a_date_that_is_told_in_the_same_minute_is_not_reminded_of_beside_it(desk: Desk, clock: Clock, way: type[Kept]) -> None:
    desk.book(desk.place())
    clock.to("2026-11-24 18:01")  # a week without a worker
    drain()
    assert [letter.key.split(":")[2] for letter in way.letters] == ["dates"]
    assert reasons("reminder-day") == ["nothing-new"]
    clock.to("2026-11-25 08:00")
    drain()
    assert len(way.letters) == 2
    assert due() == {}


def test_dates_of_a_record_that_was_merged_are_told_once(desk: Desk, clock: Clock, way: type[Kept]) -> None:
    from patients.actions import merge_patients
    from patients.models import Patient
    from tests.factories import an_actor

    desk.admin = an_actor(clinic=desk.clinic, roles=("admin", "clinical-lead"))
    desk.book(desk.place())
    desk.book(desk.place(1, 1, 1, clock=time(15)))
    kept, merged = (Patient.objects.get(pk=each.pk) for each in desk.patients)
    merge_patients(kept=kept, merged=merged, versions=(kept.version, merged.version), on=NOON.date(), actor=desk.admin)
    clock.on(minutes=3)
    drain()
    [letter] = way.letters
    assert letter.sent_to == kept.email
    assert "10:00" in letter.body
    assert "15:00" in letter.body
