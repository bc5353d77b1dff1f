"""Four more conditions, from the patient's page to the plan."""

from playwright.sync_api import expect

from clinic.staff.permissions import Actor
from tests.journeys.desk import Desk, SeenSession
from tests.journeys.patients import a_known_patient, percussion_names


def test_both_sides_of_an_s_shaped_scoliosis_are_treated_differently_and_swap_at_the_loin(desk: Desk, anna: Actor) -> None:
    patient = a_known_patient(actor=anna, age=20, sex="male")
    desk.is_signed_in(anna, f"/patients/{patient.pk}/")
    desk.choose_condition("scoliosis", "Scoliosis", "degree II")
    desk.plan(
        {
            "C-shaped or S-shaped curve?": "S",
            "Convex side of the single curve": "right",
            "Convex side of the lower curve": "left",
            "Cobb angle": "19",
        },
        count=12,
    )
    expect(desk.page.get_by_role("heading", name="Session 1 of 12")).to_be_visible()
    _check_sides(desk.show_session(6))


def _check_sides(seen: SeenSession) -> None:
    upper, lower = "thoracic paravertebral strip", "lumbar paravertebral strip"
    manner = {(zone, side): _manner(seen, zone, side) for zone in (upper, lower) for side in ("left", "right")}
    # The convex side, which is toned, is the right one above and the left one below.
    assert manner[upper, "right"] == manner[lower, "left"] == {"tonic"}
    assert manner[upper, "left"] == manner[lower, "right"] == {"calm"}


def _manner(seen: SeenSession, zone: str, side: str) -> set[str]:
    """How a side is worked: the tempos there."""
    return {row.tempo for row in seen.of(zone, side)}


def test_calming_of_neck_and_collar_is_calm_throughout_and_without_percussion(desk: Desk, anna: Actor) -> None:
    patient = a_known_patient(actor=anna, sex="male")
    desk.is_signed_in(anna, f"/patients/{patient.pk}/")
    desk.choose_condition("collar", "Neck-collar zone programmes", "calming")
    desk.plan({"Main complaint": "poor sleep", "Calm or tone?": "calm"}, count=10)
    desk.sees_heading("Not yet: something is missing")
    for number in range(1, 11):
        seen = desk.show_session(number)
        assert seen.tempos == {"calm"}
        assert not seen.techniques & percussion_names()


def test_a_child_with_asthma_needs_a_guardian_and_gets_shorter_sessions(desk: Desk, anna: Actor) -> None:
    desk.is_signed_in(anna, "/patients/new/")
    desk.register("Brandt", "Lukas", "2017-05-02", "Male")
    desk.sees("The patient is under 18: write who the parent or guardian is.")
    desk.fill({"Parent or guardian": "Katrin Brandt", "Telephone of the parent or guardian": "+49 555 0100"})
    desk.press("Register")
    with desk.does("new-patient") as hand:
        desk.follow("Take the intake")
        hand.reads(desk.page.locator("form[data-page=gate] fieldset.choice legend"))
        desk.answer_gate(yes=["Asthma, bronchitis"])
        hand.reads(desk.page.locator("fieldset.choice legend"))
        desk.answer_details(yes=["Any lung disease"])
        desk.answer_details(yes=["Any lung disease", "Asthma?"])
        desk.choose("Who answered", "A parent, guardian or legal representative")
        desk.declare()
        desk.choose_condition("asthma", "Bronchial asthma", "between attacks child")
        desk.plan({}, count=12, button="Plan, then ask today's questions")
    expect(desk.group("Has a parent or guardian agreed")).to_be_visible()
    desk.follow("Back to the plan")
    assert "Child under 12" in desk.findings()
    _check_child(desk)


def _check_child(desk: Desk) -> None:
    for number in (1, 6, 12):
        seen = desk.show_session(number)
        assert seen.rows
        assert seen.seconds <= 15 * 60
        assert not seen.techniques & percussion_names()


def test_spastic_constipation_is_worked_calmly_round_the_belly_without_percussion(desk: Desk, anna: Actor) -> None:
    patient = a_known_patient(actor=anna, sex="male")
    desk.is_signed_in(anna, f"/patients/{patient.pk}/")
    desk.choose_condition("K59", "Functional constipation", "spastic")
    desk.plan({"Form?": "spastic"}, count=10)
    seen = desk.show_session(6)
    assert seen.tempos == {"calm"}
    assert not seen.techniques & percussion_names()
    assert seen.of("course of the large bowel")


def test_a_condition_is_found_by_name_in_two_languages_and_by_code(desk: Desk, anna: Actor) -> None:
    patient = a_known_patient(actor=anna)
    desk.is_signed_in(anna, f"/patients/{patient.pk}/courses/new/")
    for search, found, another in (
        ("M41", "Scoliosis", "Bronchial asthma"),
        ("asthma", "Bronchial asthma", "Scoliosis"),
        ("сколиоз", "Scoliosis", "Bronchial asthma"),
    ):
        desk.page.get_by_role("searchbox").fill(search)
        desk.press_and_arrive("Search")
        expect(desk.page.get_by_role("link", name=found)).to_be_visible()
        expect(desk.page.get_by_role("link", name=another)).to_have_count(0)
