"""Finding somebody without the mouse, the sheet of keys, and the way back to a narrowed list."""

from playwright.sync_api import expect

from clinic.staff.permissions import Actor
from tests.factories import a_patient
from tests.journeys.desk import Desk


def test_a_patient_is_found_and_opened_by_keys_and_the_list_is_as_it_was(desk: Desk, boris: Actor) -> None:
    a_patient(clinic=boris.clinic, family_name="Weber", given_name="Kim", card_number="A-1")
    found = a_patient(clinic=boris.clinic, family_name="Иванова", given_name="Мария", card_number="A-2")
    desk.is_signed_in(boris, "/search/?q=neck")  # the first search of a process reads the library
    desk.open("/staff/")
    keys, page = desk.page.keyboard, desk.page

    keys.press("/")
    page.keyboard.type("ivanov")
    expect(page.locator("#everywhere-found")).to_contain_text("Иванова Мария")
    expect(page.locator("#everywhere-count")).to_contain_text("1 found")
    keys.press("ArrowDown")
    expect(page.locator("#everywhere-found a").first).to_be_focused()
    keys.press("Escape")
    expect(page.locator("#search-everywhere")).to_be_focused()
    keys.press("ArrowDown")
    keys.press("Enter")
    page.wait_for_url(f"**/patients/{found.pk}/")

    keys.press("?")
    sheet = page.get_by_role("dialog", name="Keys")
    expect(sheet).to_contain_text("search everything")
    keys.press("Escape")
    expect(sheet).to_be_hidden()

    keys.press("g")
    keys.press("p")
    page.wait_for_url("**/patients/")
    page.get_by_role("searchbox").fill("Webre")
    expect(page.locator("#found")).not_to_contain_text("Иванова")
    page.locator("#found").get_by_role("link", name="Weber Kim").click()
    page.get_by_role("main").get_by_role("link", name="Correct").first.click()
    page.get_by_role("navigation", name="Path").get_by_role("link", name="Patients").click()
    page.wait_for_url("**/patients/?q=Webre")
    expect(page.locator("#found")).to_contain_text("Similar spelling")

    desk.open("/help/keys/")
    page.get_by_label("Turn keys of a single letter or sign off in this browser").check()
    keys.press("Tab")
    keys.press("/")
    expect(page.locator("#search-everywhere")).not_to_be_focused()
