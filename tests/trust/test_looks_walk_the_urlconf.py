"""Every address about a patient leaves exactly one look of the right kind, whoever opens it; driven by the table in access.py.

That each is opened by everybody, and what that leaves, is a part of every cell of the access matrix (walk.py).
An address that takes an id is about a patient unless ``NOT_ABOUT_A_PATIENT`` names it: a new one is in before anybody thinks of it.
"""

from clinic.audit.pages import PAGES
from clinic.staff.models import Role
from clinic.staff.permissions import PUBLIC, SIGNED_IN
from tests.trust.access import ROWS
from tests.trust.house import url_names
from tests.trust.rows import CLOSED
from tests.trust.walk import ABOUT_MANY, NOT_ABOUT_A_PATIENT, SHOWS_NOTHING, about_a_patient, can_be_opened


def test_the_walk_sees_the_addresses_about_patients() -> None:
    found = about_a_patient()
    assert {"patients:detail", "patients:looks", "courses:detail", "courses:card", "courses:plan-pdf"} <= set(found)
    assert not {"staff-roles", "library:rule", "audit-list", "account_login"} & set(found)


def test_every_address_about_a_patient_that_can_be_opened_counts_as_a_look() -> None:
    unseen = [name for name, row in about_a_patient().items() if can_be_opened(row) and not row.seen and name not in SHOWS_NOTHING]
    assert not unseen, f"seen=True in access.py, or a reason in SHOWS_NOTHING here: {unseen}"


def test_no_reason_is_left_behind() -> None:
    assert [name for name in SHOWS_NOTHING if name not in ROWS or ROWS[name].seen or ROWS[name].answers.get("GET") == 200] == []
    assert not ABOUT_MANY - set(about_a_patient())
    assert [begin for begin in NOT_ABOUT_A_PATIENT if not any(name.startswith(begin) for name in url_names())] == []


def test_every_page_that_leaves_a_look_or_refuses_has_words() -> None:
    """Whoever reads the audit or gets the printed report meets words, never the name of an address."""
    everybody = {PUBLIC, SIGNED_IN, CLOSED}
    refusing = {name for name, row in ROWS.items() if not everybody & set(row.roles) and set(row.roles) != set(Role.values)}
    leaving = {name for name, row in ROWS.items() if row.seen} | refusing | set(about_a_patient())
    assert not leaving - set(PAGES), f"Add to clinic/audit/pages.py: {sorted(leaving - set(PAGES))}"
    assert not set(PAGES) - set(url_names()), f"These addresses are gone: {sorted(set(PAGES) - set(url_names()))}"
