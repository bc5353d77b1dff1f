"""How a patient wishes to be written to; and that nobody writes to the dead."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from clinic.audit.models import AuditLine
from clinic.reminders.actions.wishes import Wished, note_wishes
from clinic.reminders.forms.wishes import MessageWishesForm
from clinic.reminders.models import Message
from clinic.reminders.queries.channels import channels_of
from clinic.staff.models import Clinic
from clinic.staff.permissions import ActionDenied, Actor
from patients.actions import merge_patients, undo_merge
from patients.actions.dying import DeathRefused, note_death, undo_death
from patients.models import Patient
from tests.clinic.reminders.planning_scene import Clock, Kept, clock, desk, drain, way
from tests.clinic.reminders.sending_scene import agrees
from tests.clinic.schedule.desk import Desk
from tests.factories import a_patient

__all__ = ["clock", "desk", "way"]  # fixtures


def test_the_wished_channel_comes_first_among_those_that_were_agreed_to(clinic: Clinic, therapist: Actor) -> None:
    patient = agrees(a_patient(clinic=clinic, email="a@mail.test", phone="+49 170 555019"), "email", "sms")
    assert channels_of([patient])[patient.pk] == ("email", "sms")
    note_wishes(patient=patient, wished=Wished("sms"), actor=therapist)
    assert channels_of([patient])[patient.pk] == ("sms", "email")
    assert AuditLine.objects.latest("pk").details == {"preferred": "sms", "quiet": ""}


@pytest.mark.same_everywhere
@pytest.mark.parametrize(
    "wished",
    [Wished("phone"), Wished(quiet_from=time(20)), Wished(quiet_from=time(20), quiet_until=time(20))],
    ids=["a way of no list", "half of the quiet hours", "quiet hours of no length"],
)
def test_wishes_that_mean_nothing_are_refused(wished: Wished, clinic: Clinic, therapist: Actor) -> None:
    with pytest.raises(ActionDenied):
        note_wishes(patient=a_patient(clinic=clinic), wished=wished, actor=therapist)


def test_the_form_asks_for_both_ends_of_the_quiet_hours() -> None:
    form = MessageWishesForm({"preferred": "", "quiet_from": "20:00", "quiet_until": ""}, wishes=None)
    assert not form.is_valid()
    assert list(form.errors) == ["quiet_until"]


def test_the_dead_get_no_message_and_no_new_date(desk: Desk, clock: Clock, way: type[Kept]) -> None:
    desk.book(desk.place())
    note_death(patient=desk.patients[0], died_on=desk.clinic.today(), actor=desk.admin)
    clock.on(minutes=4)
    drain(now=timezone.now())
    assert way.letters == []
    assert Message.objects.get(kind="dates").drop_reason == "died"
    with pytest.raises(ActionDenied, match="has died"):
        desk.book(desk.place(clock=time(12)))


def test_the_record_of_the_dead_says_so_and_which_dates_are_still_booked(desk: Desk, way: Any, signed_in: Any) -> None:
    (booking,) = desk.book(desk.place())
    browser, page = signed_in(desk.admin), f"/patients/{desk.patients[0].pk}/"
    assert "Next:" in browser.get(page).content.decode()
    note_death(patient=desk.patients[0], died_on=desk.clinic.today(), actor=desk.admin)
    text = browser.get(page).content.decode()
    assert "Next:" not in text
    assert "Died on" in text
    assert "Still booked" in text
    assert f"/bookings/{booking.pk}/release/" in text


def test_a_death_is_taken_back_with_a_reason(clinic: Clinic, therapist: Actor) -> None:
    patient = a_patient(clinic=clinic)
    note_death(patient=patient, died_on=clinic.today(), actor=therapist)
    with pytest.raises(DeathRefused):
        undo_death(patient=patient, reason=" ", actor=therapist)
    assert undo_death(patient=patient, reason="another card", actor=therapist).died_on is None
    assert AuditLine.objects.latest("pk").details["reason"] == "another card"


@pytest.mark.same_everywhere
@pytest.mark.parametrize("days", [1, -40000], ids=["to come", "before the birth"])
def test_nobody_dies_tomorrow_or_before_birth(days: int, clinic: Clinic, therapist: Actor) -> None:
    with pytest.raises(DeathRefused):
        note_death(patient=a_patient(clinic=clinic), died_on=clinic.today() + timedelta(days=days), actor=therapist)


def test_of_two_records_of_one_person_the_kept_one_knows_of_the_death_and_forgets_it_when_they_are_parted(
    clinic: Clinic, clinical_lead: Actor
) -> None:
    kept, merged = a_patient(clinic=clinic), a_patient(clinic=clinic, died_on=clinic.today())
    merge = merge_patients(kept=kept, merged=merged, versions=(1, 1), on=clinic.today(), actor=clinical_lead)
    assert Patient.objects.get(pk=kept.pk).died_on == clinic.today()
    undo_merge(merge=merge, actor=clinical_lead, on=clinic.today())
    assert Patient.objects.get(pk=kept.pk).died_on is None


def test_new_quiet_hours_move_the_reminders_that_wait(desk: Desk, clock: Clock) -> None:
    (booking,) = desk.book(desk.place())
    reminder = Message.objects.get(booking=booking, kind="reminder-day")
    evening = reminder.due_at.astimezone(desk.clinic.zone).time()
    note_wishes(patient=desk.patients[0], wished=Wished(quiet_from=time(evening.hour - 1), quiet_until=time(8)), actor=desk.admin)
    reminder.refresh_from_db()
    assert reminder.due_at.astimezone(desk.clinic.zone).time() < time(evening.hour - 1)
