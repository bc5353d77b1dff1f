"""One plan for each outcome that stops it."""

from typing import Any

import pytest
from playwright.sync_api import expect

from clinic.staff.permissions import Actor
from tests.journeys.desk import Desk
from tests.journeys.patients import a_known_patient

QUIET = {
    "Temperature now": "36.6",
    "How strong is the pain": "1",
    "How many minutes ago did you last eat": "180",
    "Blood pressure now, upper": "122",
    "Blood pressure now, lower": "78",
    "Pulse at rest": "66",
}


def plan_a_preventive_massage(desk: Desk, anna: Actor, has: dict[str, Any], *, button: str = "Plan the course") -> None:
    patient = a_known_patient(actor=anna, sex="male", has=has)
    desk.is_signed_in(anna, f"/patients/{patient.pk}/")
    desk.choose_condition("preventive", "Preventive and hygienic massage", "general hygienic")
    desk.plan({"Which fatigue?": "none"}, count=6, button=button)


def test_chest_pain_today_means_no_session_and_calling_for_help(desk: Desk, anna: Actor) -> None:
    plan_a_preventive_massage(desk, anna, {}, button="Plan, then ask today's questions")
    desk.answer_today(QUIET, yes=["Pressure or pain in the chest"])
    desk.sees_heading("Call for help now")
    assert "Chest pain now" in desk.findings()
    assert "emergency" in desk.section("Call for help now").inner_text().lower()
    _sees_no_rows(desk)


def test_a_clot_now_is_an_absolute_no_without_any_rows(desk: Desk, anna: Actor) -> None:
    plan_a_preventive_massage(desk, anna, {"history.thrombosis-active": True, "history.thrombosis-limb": ["lower-limb"]})
    desk.sees_heading("No massage")
    assert "Clot or inflamed vein now" in desk.findings()
    _sees_no_rows(desk)


def test_fever_puts_the_session_off_and_says_until_when(desk: Desk, anna: Actor) -> None:
    plan_a_preventive_massage(desk, anna, {}, button="Plan, then ask today's questions")
    desk.answer_today({**QUIET, "Temperature now": "38.4"})
    desk.sees_heading("Not now")
    assert "It ends" in desk.open_finding("Fever")
    desk.sees_draft()


def test_a_past_cancer_waits_for_a_doctors_word(desk: Desk, anna: Actor) -> None:
    has = {"history.cancer-past": True, "history.tumour-zones": [{"zone": "knee", "side": "left"}]}
    plan_a_preventive_massage(desk, anna, has)
    desk.sees_heading("A doctor must decide")
    assert "May be lifted by" in desk.open_finding("Cancer in the past")
    expect(desk.section("Before a session may start")).to_contain_text("A document is missing")
    desk.sees_draft()


def test_a_quiet_day_lets_the_session_start(desk: Desk, anna: Actor) -> None:
    plan_a_preventive_massage(desk, anna, {}, button="Plan, then ask today's questions")
    desk.answer_today(QUIET)
    desk.follow("Ask for consent")
    desk.page.get_by_label("I have read this sheet and agree").check()
    desk.press("I agree")
    desk.sees("Consent is recorded.")
    desk.sees_heading("May go ahead")
    expect(desk.session()).not_to_contain_text("Draft")
    assert desk.read_session().rows


def test_what_nobody_answered_today_keeps_the_session_from_starting(desk: Desk, anna: Actor) -> None:
    plan_a_preventive_massage(desk, anna, {})
    expect(desk.section("Before a session may start")).to_contain_text("of today's questions are open")
    desk.sees_draft()


@pytest.mark.parametrize("stage", ["alarm"])
def test_a_stage_that_is_not_massaged_can_be_kept_as_a_refusal(desk: Desk, anna: Actor, stage: str) -> None:
    patient = a_known_patient(actor=anna)
    desk.is_signed_in(anna, f"/patients/{patient.pk}/")
    desk.choose_condition("constipation", "Functional constipation", stage)
    desk.sees("This stage is not massaged")
    desk.press("Plan the course")
    desk.sees_heading("No massage")
    _sees_no_rows(desk)


def _sees_no_rows(desk: Desk) -> None:
    assert desk.read_session().rows == ()
    expect(desk.page.get_by_role("link", name="Session card (PDF)")).to_have_count(0)
