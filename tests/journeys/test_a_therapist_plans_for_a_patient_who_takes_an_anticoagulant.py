"""The main way through the product, every page walked by hand."""

import pypdfium2
import pytest

from clinic.staff.permissions import Actor
from tests.journeys.desk import Desk
from tests.journeys.patients import percussion_names

ZONE = "back of the thigh"
VEINS = {"Varicose veins": ("lower limb", "left", ZONE)}


@pytest.mark.servers
def test_from_registration_to_the_session_card(desk: Desk, anna: Actor) -> None:
    desk.sign_in(anna)
    desk.follow("Patients")
    desk.follow("Register a patient")
    desk.register("Kowalska", "Irena", "1960-03-14", "Female")
    desk.sees("Kowalska Irena is registered with card 1001.")

    desk.follow("Take the intake")
    desk.answer_gate(yes=["Heart, blood pressure", "Blood clots, easy bleeding"])
    desk.answer_details(yes=["Do you take a blood thinner"], where=VEINS)
    desk.answer_details(yes=["Do you take a blood thinner", "Varicose veins"])  # now with what the veins opened
    desk.sees(f"{ZONE}, left")
    desk.declare()
    desk.sees("The intake form is complete. You can plan a course now.")

    desk.choose_condition("M42", "Lumbosacral osteochondrosis", "remission")
    desk.plan({"Pain 0-10": "2"}, count=10)

    desk.sees_heading("A doctor must decide")
    assert "A document is missing: Referral." in desk.section("Before a session may start").inner_text()
    _check_findings(desk)
    _check_sessions(desk)
    _check_card(desk)


def _check_findings(desk: Desk) -> None:
    thinner = desk.open_finding("Blood-thinning medicine")
    assert "Pressure 2 at most: everywhere" in thinner
    assert "No percussion (intermittent vibration): everywhere" in thinner
    assert "Referral" in thinner
    assert "Source" in thinner
    veins = desk.open_finding("Varicose veins")
    assert "Not worked" in veins


def _check_sessions(desk: Desk) -> None:
    left_out = desk.section("Left out, and why").inner_text()
    assert ZONE in left_out
    assert "Not worked: Varicose veins" in left_out
    for number in (1, 5, 10):
        seen = desk.show_session(number)
        assert seen.rows
        assert not seen.techniques & percussion_names()
        assert {row.pressure for row in seen.rows} <= {"very light", "light"}
        assert not [row for row in seen.of(ZONE) if row.side != "right"]
        desk.sees_draft()
    assert "Pressure 2 at most: Blood-thinning medicine" in desk.steps().nth(1).inner_text()


def _check_card(desk: Desk) -> None:
    address = desk.page.get_by_role("link", name="Session card (PDF)").get_attribute("href")
    answer = desk.page.request.get(f"{desk.base}{address}")
    assert answer.headers["content-type"] == "application/pdf"
    pdf = pypdfium2.PdfDocument(answer.body())
    text = " ".join("\n".join(page.get_textpage().get_text_bounded() for page in pdf).split())
    pdf.close()
    assert "draft" in text.lower()
    assert "Kowalska Irena" in text
    assert "Buttock" in text
