"""A returning patient with a signed referral and nothing new: a saved course with its dates booked, counted and timed."""

import time as clock_of_the_machine
from datetime import date, timedelta
from typing import Final

import pytest
from playwright.sync_api import Locator, expect

from clinic.courses.models import Course
from clinic.courses.states import CourseState
from clinic.staff.permissions import Actor
from patients.actions import record_facts
from patients.questionnaire import STATED, Reply
from tests.clinic.again.returning import a_returning_patient
from tests.clinic.calendar.a_calendar import dates, open_clinic
from tests.journeys.desk import Desk
from tests.journeys.test_a_doctor_asks_back_and_signs import is_fit_for_everybody
from tests.journeys.test_a_session_is_recorded import MEASURED, SECONDS_A_TAP

pytestmark = pytest.mark.django_db(transaction=True)
MOST_INTERACTIONS, MOST_SECONDS = 8, 90
# Keystroke-level model of Card, Moran and Newell: hands from the mouse to the keys, and one key of somebody who types sometimes.
TO_THE_KEYS, A_KEY = 0.4, 0.28
# A person also reads what stands there: a page of a plan with ten dates is not believed at one glance.
READS: Final = {"Plan the next course": 10.0, "Save and book these dates": 12.0}


class Table:
    """Counts what a person does, and how long the pages make the person wait."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.rows = desk, list[tuple[str, float, float]]()

    def taps(self, what: Locator, words: str, *, arrives: bool) -> None:
        before = clock_of_the_machine.perf_counter()
        if arrives:
            with self.desk.page.expect_navigation(wait_until="load"):
                what.click()
        else:
            what.click()
        self.rows.append((words, clock_of_the_machine.perf_counter() - before, SECONDS_A_TAP + READS.get(words, 0)))

    def types(self, what: Locator, text: str, words: str) -> None:
        before = clock_of_the_machine.perf_counter()
        what.fill(text)
        self.rows.append((words, clock_of_the_machine.perf_counter() - before, SECONDS_A_TAP + TO_THE_KEYS + A_KEY * len(text)))

    @property
    def seconds(self) -> float:
        return sum(waited + hands for _words, waited, hands in self.rows)

    def __str__(self) -> str:
        lines = [f"{number}  {words:<34}{hands:6.1f} s hands{waited:6.2f} s page" for number, (words, waited, hands) in self._numbered()]
        readings = len(MEASURED) - 1
        more = readings * (SECONDS_A_TAP + TO_THE_KEYS + 3 * A_KEY)
        all_in = len(self.rows) + readings + 1
        also = f"(with the {readings} readings of the day typed here too, and sent for the signature: {all_in} interactions, "
        told = f"interactions {len(self.rows)} (at most {MOST_INTERACTIONS}); {self.seconds:.0f} s (at most {MOST_SECONDS})"
        return "\n".join(["", *lines, told, f"{also}{self.seconds + more:.0f} s)"])

    def _numbered(self) -> list[tuple[int, tuple[str, float, float]]]:
        return list(enumerate(self.rows, start=1))


def test_a_returning_patient_is_planned_and_booked_in_eight_interactions_and_ninety_seconds(
    desk: Desk, anna: Actor, capsys: pytest.CaptureFixture[str]
) -> None:
    open_clinic(anna)
    patient = a_returning_patient(anna)
    today = anna.clinic.today()
    measured = {code: Reply(STATED, value) for code, value in MEASURED.items() if code != "today.pain-nrs"}
    record_facts(patient=patient, replies=measured, on=today, given_by="measured", actor=anna)  # at the reception, before
    desk.is_signed_in(anna, f"/patients/{patient.pk}/")
    page, table = desk.page, Table(desk)
    table.taps(page.get_by_role("link", name="Plan the next course"), "Plan the next course", arrives=True)
    expect(page.get_by_role("heading", name="Today's questions")).to_be_visible()
    table.types(page.get_by_label("Pain", exact=False).first, "2", "Pain today")
    table.taps(page.get_by_label("Nothing new, agrees"), "Nothing new, agrees", arrives=False)
    expect(page.locator(".again-row")).to_have_count(10)
    seen = [value.split(".")[0] for value in page.locator(".again-row select").evaluate_all("all => all.map(one => one.value)")]
    is_fit_for_everybody(desk)
    table.taps(page.get_by_role("button", name="Save and book these dates"), "Save and book these dates", arrives=True)
    expect(page.get_by_text("The course is kept and 10 dates are booked.")).to_be_visible()
    course = Course.objects.get(patient=patient, state=CourseState.DRAFT)
    assert dates(course) == [date.fromisoformat(day) for day in seen]
    assert min(day for day in dates(course) if day) > today - timedelta(days=1)
    assert len(table.rows) <= MOST_INTERACTIONS
    assert table.seconds <= MOST_SECONDS
    with capsys.disabled():
        print(table)  # noqa: T201  # whoever reads the log sees what it costs
    is_fit_for_everybody(desk)
    # One tap more sends it to the doctor.
    table.taps(page.get_by_role("button", name="Send for sign-off"), "Send for sign-off", arrives=True)
    desk.sees("The plan is with the doctor.")
    assert len(table.rows) <= MOST_INTERACTIONS


def test_without_javascript_and_by_keyboard_alone_it_is_the_same(plain_desk: Desk, anna: Actor) -> None:
    open_clinic(anna)
    patient = a_returning_patient(anna, count=3)
    plain_desk.is_signed_in(anna, f"/patients/{patient.pk}/")
    page = plain_desk.page
    page.get_by_role("link", name="Plan the next course").focus()
    page.keyboard.press("Enter")
    pain = page.get_by_label("Pain", exact=False).first
    expect(pain).to_be_visible()
    pain.focus()
    page.keyboard.type("2")
    page.get_by_role("button", name="Show what changes").focus()
    page.keyboard.press("Enter")
    rows = page.locator(".again-row")
    expect(rows).to_have_count(3)
    other = rows.nth(1).get_by_role("combobox")
    wanted = other.locator("option").nth(1).get_attribute("value") or ""
    other.select_option(index=1)
    page.get_by_role("button", name="Save and book these dates").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The course is kept").first).to_be_visible()
    course = Course.objects.get(patient=patient, state=CourseState.DRAFT)
    assert dates(course)[1] == date.fromisoformat(wanted.split(".")[0])
    expect(page.get_by_role("link", name="Today's questions").first).to_be_visible()  # its readings were not written down
