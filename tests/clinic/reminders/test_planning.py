"""What bookings write into the outbox: reminders, and one message about all that is new to a patient."""

from datetime import date, time, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clinic.reminders.actions.replanning import replan_all
from clinic.reminders.models import Message, MessageRules, MessageWishes
from clinic.reminders.queries.news import dates_to_tell
from clinic.reminders.tasks import arrange_reminders
from clinic.schedule.actions import confirm_holds
from patients.actions import merge_patients, undo_merge
from patients.models import Patient
from tests.clinic.reminders.planning_scene import DAY, NOON, Clock, clock, desk, due, reasons, rows, shown, was_told
from tests.clinic.schedule.desk import Desk, to
from tests.factories import an_actor
from tests.schedule_factories import a_key

__all__ = ["clock", "desk"]  # fixtures


def with_rules(desk: Desk, **fields: object) -> MessageRules:
    return MessageRules.objects.update_or_create(clinic=desk.clinic, defaults=fields)[0]


def goes(kind: str) -> None:
    """What waits of this kind is sent now."""
    Message.objects.filter(kind=kind, state="waiting").update(state="sent", sent_at=timezone.now(), next_at=None)


# Booked -------------------------------------------------------------------------------------------------------------------------
def test_a_booked_date_is_told_after_the_grace_and_reminded_of_as_the_rules_say(desk: Desk) -> None:
    [booking] = desk.book(desk.place())
    assert due() == {"dates": "16. 12:03", "reminder-day": "24. 18:00", "reminder-hours": "25. 08:00"}
    assert {row.not_after for row in Message.objects.all()} == {booking.starts_at}
    assert {row.about for row in Message.objects.all()} == {f"patient:{booking.patient_id}", f"booking:{booking.pk}"}


def test_what_is_only_held_tells_nobody_until_it_is_confirmed(desk: Desk) -> None:
    key = a_key()
    held = desk.hold(desk.place(), desk.place(1, 1, 1), key=key, until=timezone.now() + timedelta(minutes=10))
    desk.release(held[1])
    desk.move(to(held[0], clock=time(11)))
    assert not Message.objects.exists()
    confirm_holds(clinic=desk.clinic, key=key, actor=desk.admin)
    assert due() == {"dates": "16. 12:03", "reminder-day": "24. 18:00", "reminder-hours": "25. 09:00"}


def test_what_is_written_down_afterwards_tells_nobody(desk: Desk) -> None:
    desk.book(desk.place(day=date(2026, 11, 13)), allow_past=True)
    assert not Message.objects.exists()


def test_no_reminder_is_written_that_would_come_within_two_hours_of_the_news_or_in_the_past(desk: Desk, clock: Clock) -> None:
    clock.to("2026-11-24 15:58")  # told at 16:01, the reminder would come at 18:00
    desk.book(desk.place())
    assert due() == {"dates": "24. 16:01", "reminder-hours": "25. 08:00"}
    clock.to("2026-11-24 22:00")  # told in the morning at 8:00
    desk.book(desk.place(1, 1, 1, clock=time(9, 45)))
    assert due(patient=desk.patients[1]) == {"dates": "25. 08:00"}


def test_a_date_that_is_over_before_the_quiet_hours_are_is_for_people_to_tell_now(desk: Desk, clock: Clock) -> None:
    clock.to("2026-11-24 22:00")
    desk.book(desk.place(clock=time(7)))
    assert due()["dates"] == "24. 22:03"


def test_of_two_reminders_on_one_evening_one_is_written(desk: Desk) -> None:
    desk.book(desk.place(clock=time(8)))
    assert due() == {"dates": "16. 12:03", "reminder-day": "24. 18:00"}
    with_rules(desk, day_before_at=None)
    desk.book(desk.place(1, 1, 1, clock=time(8)))
    assert due(patient=desk.patients[1]) == {"dates": "16. 12:03", "reminder-hours": "24. 20:30"}


def test_a_patient_s_own_quiet_hours_take_the_place_of_the_clinic_s(desk: Desk) -> None:
    MessageWishes.objects.create(
        patient=desk.patients[0], quiet_from=time(11), quiet_until=time(17), said_on=NOON.date(), recorded_by=desk.admin.user
    )
    desk.book(desk.place(clock=time(14)))
    assert due() == {"dates": "16. 17:00", "reminder-day": "24. 18:00", "reminder-hours": "25. 10:30"}


@pytest.mark.parametrize(("day", "evening"), [(date(2026, 10, 26), date(2026, 10, 25)), (date(2027, 3, 29), date(2027, 3, 28))])
def test_the_evening_of_a_clock_change_reminds_at_the_clinic_s_hour(desk: Desk, clock: Clock, day: date, evening: date) -> None:
    clock.traveller.move_to(NOON.replace(year=day.year, month=day.month, day=1))
    desk.book(desk.place(day=day))
    [row] = rows("reminder-day")
    there = row.due_at.astimezone(desk.clinic.zone)
    assert (there.date(), f"{there:%H:%M}") == (evening, "18:00")


# Changed ------------------------------------------------------------------------------------------------------------------------
def test_five_clicks_push_one_message_by_the_grace_and_not_beyond_a_quarter_of_an_hour(desk: Desk, clock: Clock) -> None:
    [booking] = desk.book(desk.place())
    seen = []
    for hour in (11, 12, 13, 14, 15):
        clock.on(minutes=2.9)
        [booking] = desk.move(to(booking, clock=time(hour)))
        seen.append(due()["dates"])
    assert seen == ["16. 12:05", "16. 12:08", "16. 12:11", "16. 12:14", "16. 12:15"]
    assert len(rows("dates")) == 1


def test_waiting_reminders_move_with_their_date_in_place(desk: Desk) -> None:
    [booking] = desk.book(desk.place())
    before = [row.pk for row in rows("reminder-day") + rows("reminder-hours")]
    [moved] = desk.move(to(booking, day=date(2026, 11, 27), clock=time(15)))
    assert due() == {"dates": "16. 12:03", "reminder-day": "26. 18:00", "reminder-hours": "27. 13:00"}
    assert [row.pk for row in rows("reminder-day") + rows("reminder-hours")] == before
    assert {row.not_after for row in rows("reminder-day")} == {moved.starts_at}


@pytest.mark.parametrize("state", ["sent", "sending"])
def test_a_date_moved_after_its_reminder_gets_a_new_one(desk: Desk, clock: Clock, state: str) -> None:
    [booking] = desk.book(desk.place())
    was_told(booking)
    clock.to("2026-11-24 18:00")
    if state == "sent":
        goes("reminder-day")
    else:
        Message.objects.filter(kind="reminder-day").update(state="sending", claim="x")
    desk.move(to(booking, day=date(2026, 12, 2)))
    old, new = rows("reminder-day")
    assert (old.state, old.version) == (state, 0)
    assert (new.state, shown(new.due_at), new.version) == ("waiting", "01. 18:00", 1)


def test_who_is_treated_by_a_colleague_at_the_same_time_is_reminded_as_before(desk: Desk, clock: Clock) -> None:
    [booking] = desk.book(desk.place())
    was_told(booking)
    clock.to("2026-11-24 17:50")
    [moved] = desk.move(to(booking, therapist_id=desk.therapists[1].pk))
    assert due() == {"dates": "24. 17:53", "reminder-day": "24. 18:00", "reminder-hours": "25. 08:00"}
    clock.to("2026-11-24 18:10")
    goes("reminder-day")
    desk.move(to(moved, therapist_id=desk.therapists[0].pk))
    assert len(rows("reminder-day")) == 1


def test_a_released_date_takes_its_waiting_reminders_along_and_is_told(desk: Desk) -> None:
    [booking] = desk.book(desk.place())
    was_told(booking)
    desk.release(booking)
    assert due() == {"dates": "16. 12:03"}
    assert reasons("reminder-day") == reasons("reminder-hours") == ["released"]


def test_a_message_about_dates_is_of_use_until_the_last_of_them_or_until_somebody_comes_in_vain(desk: Desk) -> None:
    [booking] = desk.book(desk.place())
    was_told(booking)
    desk.move(to(booking, day=date(2026, 11, 18)))
    assert rows("dates")[0].not_after == booking.starts_at
    [later] = desk.book(desk.place(day=date(2026, 12, 9), clock=time(15)))
    assert rows("dates")[0].not_after == later.starts_at


def test_a_change_while_a_message_is_being_sent_is_told_by_one_of_its_own(desk: Desk) -> None:
    [booking] = desk.book(desk.place())
    Message.objects.filter(kind="dates").update(state="sending", claim="x")
    desk.release(booking)
    assert [(row.state, row.version) for row in rows("dates")] == [("sending", 1), ("waiting", 2)]


def test_news_that_were_tried_keep_their_turn(desk: Desk, clock: Clock) -> None:
    [booking] = desk.book(desk.place())
    Message.objects.filter(kind="dates").update(attempts=3, next_at=NOON + timedelta(hours=1))
    clock.on(minutes=10)
    desk.move(to(booking, clock=time(15)))
    assert shown(rows("dates")[0].next_at or NOON) == "16. 13:00"


# Many at once -------------------------------------------------------------------------------------------------------------------
@pytest.mark.same_everywhere
def test_twenty_dates_cost_as_many_queries_as_two(desk: Desk) -> None:
    def queries(number: int, who: int) -> int:
        places = [desk.place(who, who, who, day=DAY + timedelta(days=2 * each), clock=time(9)) for each in range(number)]
        with CaptureQueriesContext(connection) as seen:
            desk.release(*desk.move(*(to(each, clock=time(10)) for each in desk.book(*places))))
        asked = [each["sql"] for each in seen if each["sql"].startswith("SELECT")]  # SQLite writes no more than 999 values at once
        return sum("reminders_" in sql or "messageconsent" in sql or "told" in sql for sql in asked)

    assert queries(20, 0) == queries(2, 1) <= 20


# Rules that change --------------------------------------------------------------------------------------------------------------
def test_changed_rules_arrange_all_reminders_anew_and_remind_nobody_twice(desk: Desk, clock: Clock) -> None:
    [booking] = desk.book(desk.place())
    was_told(booking)
    with_rules(desk, day_before_at=time(19), hours_before=None)
    for _twice in range(2):
        replan_all(clinic=desk.clinic, now=timezone.now())
    assert due() == {"reminder-day": "24. 19:00"}
    assert reasons("reminder-hours") == ["turned-off"]
    with_rules(desk, day_before_at=time(20), hours_before=3)
    replan_all(clinic=desk.clinic, now=timezone.now())
    assert due() == {"reminder-day": "24. 20:00"}  # three hours before would be half past eight of the same evening
    clock.to("2026-11-24 20:00")
    goes("reminder-day")
    with_rules(desk, day_before_at=time(20, 45))
    replan_all(clinic=desk.clinic, now=timezone.now())
    assert "reminder-day" not in due()


def test_a_date_from_before_there_were_messages_is_reminded_of_and_not_told_as_new(desk: Desk) -> None:
    [booking] = desk.book(desk.place())
    Message.objects.all().delete()
    before = import_module("clinic.reminders.migrations.0003_dates_that_are_known_already")
    before.dates_are_known(apps, None)
    for _twice in range(2):
        arrange_reminders()
    assert due() == {"reminder-day": "24. 18:00", "reminder-hours": "25. 08:00"}
    [date_to_tell] = dates_to_tell([booking.patient_id], timezone.now())[booking.patient_id]
    assert date_to_tell.line.mark == ""


# Merged records -----------------------------------------------------------------------------------------------------------------
def test_messages_go_over_with_the_bookings_when_records_are_merged_and_back(desk: Desk) -> None:
    desk.admin = an_actor(clinic=desk.clinic, roles=("admin", "clinical-lead"))
    desk.book(desk.place())
    desk.book(desk.place(1, 1, 1, clock=time(15)))
    kept, merged = (Patient.objects.get(pk=each.pk) for each in desk.patients)
    made = merge_patients(kept=kept, merged=merged, versions=(kept.version, merged.version), on=NOON.date(), actor=desk.admin)
    assert {row.patient_id for row in rows("reminder-day")} == {kept.pk}
    assert {row.patient_id for row in rows("dates")} == {kept.pk, merged.pk}  # the one that stays behind is told by the other
    undo_merge(merge=made, on=NOON.date(), actor=desk.admin)
    assert {row.patient_id for row in rows("reminder-day")} == {kept.pk, merged.pk}
