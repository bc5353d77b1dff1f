"""Two patients were not reached: one is told by telephone, the other gets the message at the right address; no page shuts anybody out."""

import re
from datetime import datetime, time, timedelta

from django.utils import timezone
from playwright.sync_api import Locator, expect

from clinic.reminders.actions.sending import drain
from clinic.reminders.models import MailboxLetter, Told
from clinic.schedule.models import Booking
from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor
from tests.clinic.reminders.answering_scene import a_date
from tests.clinic.reminders.sending_scene import agrees
from tests.factories import a_patient
from tests.journeys.desk import Desk
from tests.journeys.looks import ENDS, faults_of, turn
from tests.trust.access_pages import a_failed_message

SECTION = ("", "not-delivered/", "cannot-come/", "texts/", "rules/", "numbers/", "health/", "mailbox/")


def not_told(clinic: Clinic, name: str, hour: int, **why: str) -> Booking:
    """A date of somebody whom the message about it did not reach."""
    patient = a_patient(clinic=clinic, family_name=name, email="wrong@mail.test", phone="+49 170 5550123")
    booking, later = a_date(clinic=clinic, patient=patient, clock=time(hour)), timezone.now() + timedelta(days=5)
    a_failed_message(clinic, kind="dates", about=f"patient:{patient.pk}", patient=patient, not_after=later, body="", **why)
    return booking


def of(desk: Desk, name: str) -> Locator:
    """The entry of this patient in the queue."""
    return desk.page.get_by_role("article", name=re.compile(name))


def check_every_page(desk: Desk, paths: list[str]) -> None:
    """Each page in one of the two looks by turns, the queue, which has the most on it, in both."""
    trouble = []
    for number, path in enumerate(paths):
        desk.open(path)
        for width, colours in ENDS if path.endswith("not-delivered/") else ENDS[number % 2 :][:1]:
            turn(desk.page, width, colours)
            trouble += [f"{path} at {width}, {colours}: {line}" for line in faults_of(desk.page)]
    turn(desk.page, *ENDS[0])
    assert not trouble, "\n".join(trouble)


def by_day(clinic: Clinic) -> datetime:
    """The next full hour from now at which nobody's rest is disturbed, wherever the clock stands when this runs."""
    hours = (timezone.now() + timedelta(hours=number) for number in range(1, 25))
    return next(moment for moment in hours if 10 <= moment.astimezone(clinic.zone).hour < 18)


def test_an_admin_mends_what_was_not_delivered(desk: Desk, anna: Actor, boris: Actor) -> None:
    clinic = anna.clinic
    wrong, silent = not_told(clinic, "Wendt", 9), not_told(clinic, "Stiller", 11, state="dropped", drop_reason="no-consent", last_error="")
    agrees(wrong.patient, "email")
    desk.is_signed_in(boris, "/calendar/to-do/")
    desk.sees("2 messages did not reach anybody.")
    desk.page.get_by_role("link", name=re.compile("^Open the list.*Not delivered")).click()
    desk.sees_heading("Not delivered")

    expect(of(desk, "Stiller")).to_contain_text("has not agreed to any message")
    expect(of(desk, "Stiller")).to_contain_text("+49 170 5550123")
    with desk.page.expect_navigation(wait_until="load"):
        of(desk, "Stiller").get_by_role("button", name="Told by telephone").click()
    desk.sees("Told by telephone: Stiller")
    assert Told.objects.filter(booking=silent).exists()

    of(desk, "Wendt").get_by_role("link", name="Correct the contacts").click()
    desk.fill({"E-mail": "right@mail.test"})
    desk.press_and_arrive("Save")
    desk.open("/messages/not-delivered/")
    with desk.page.expect_navigation(wait_until="load"):
        of(desk, "Wendt").get_by_role("button", name="Send again").click()
    desk.sees("Everything has arrived")
    drain(now=by_day(clinic))
    letter = MailboxLetter.objects.get()
    assert letter.sent_to == "right@mail.test"

    desk.open("/messages/mailbox/?q=right")
    expect(desk.page.get_by_role("article")).to_contain_text(f"{wrong.clock:%H:%M}")
    patient = wrong.patient_id
    message = wrong.patient.messages.get()
    others = [
        f"/messages/{message.pk}/",
        f"/messages/patients/{patient}/",
        f"/messages/patients/{patient}/wishes/",
        f"/patients/{patient}/died/",
    ]
    a_failed_message(clinic)
    check_every_page(desk, [*(f"/messages/{path}" for path in SECTION), *others])
