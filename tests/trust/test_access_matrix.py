"""Every address x every kind of person x every method, generated from the URLconf and the table in access.py."""

import logging
import re
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings

from clinic.staff.models import User
from tests.fixtures import counted_queries
from tests.trust.access import ROWS
from tests.trust.asking import Form, written
from tests.trust.cells import METHODS, allowed, cell_faults, forged_faults, is_counted, sent_again_faults, telling_faults
from tests.trust.conftest import Known, Pages
from tests.trust.house import Town, a_house, url_names
from tests.trust.rows import Thing

__all__ = ["written"]


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Thousands of refusals are expected here; only errors are worth a line."""
    for name in ("django.request", "django.security.csrf"):
        caplog.set_level(logging.ERROR, logger=name)


def each_with_its_thing(names: list[str]) -> Any:
    """One test for each of these rows, given the record that the row is about."""
    rows = [(name, ROWS[name].thing) for name in names]
    return pytest.mark.parametrize(("name", "thing"), rows, indirect=["thing"], ids=names)


def test_every_address_has_a_row() -> None:
    missing = sorted(set(url_names()) - set(ROWS))
    assert not missing, f"Add a row for {', '.join(missing)} to tests/trust/access.py: who may open it, and what it answers."


def test_every_row_has_an_address() -> None:
    gone = sorted(set(ROWS) - set(url_names()))
    assert not gone, f"tests/trust/access.py has rows for addresses that are gone: {', '.join(gone)}."


def test_there_are_no_super_users_and_nothing_that_would_heed_one() -> None:
    assert not {"is_superuser", "is_staff", "groups", "user_permissions"} & {each.name for each in User._meta.get_fields()}
    assert not apps.is_installed("django.contrib.admin")
    heeding = re.compile(r"is_superuser|user\.is_staff|has_perm|permission_required|user_passes_test")
    sources = [path for app in ("clinic", "patients", "protocols") for path in (Path(settings.BASE_DIR) / app).rglob("*.py")]
    assert [path for path in sources if "migrations" not in path.parts and heeding.search(path.read_text())] == []


@pytest.mark.django_db
@pytest.mark.same_everywhere  # every page is opened on each database by ``test_a_page_asks_the_database_seldom``
@each_with_its_thing(sorted(set(ROWS) & set(url_names())))
def test_everybody_gets_exactly_what_the_table_says(
    name: str, thing: Thing, town: Town, pages: Pages, known_people: Known, record_property: Any
) -> None:
    row = ROWS[name]
    house, form = a_house(town, thing, name), Form.of(row.data or {"empty": "form"})
    pages.of_this_row.clear()
    known_people.held.clear()  # the record may say something of the clinic that was not so before
    with pages.all_drawn(), known_people():
        faults = list(telling_faults(name, house, form))
    for person in house.people:
        may = allowed(row, house, person)
        for method in METHODS:
            # A form may change who somebody is, and what it changed is read in the same request.
            with nullcontext() if method == "POST" and may else known_people():
                faults += [f"{person.who} {method}: {fault}" for fault in cell_faults(name, house, person, method, form)]
    faults += forged_faults(row, house)
    faults += sent_again_faults(name, house, row.data or {"empty": "form"})
    record_property("cells", len(house.people) * len(METHODS))
    assert not faults, "\n".join([f"{name} ({house.url})", *faults])


@pytest.mark.django_db
@pytest.mark.part_of("test_everybody_gets_exactly_what_the_table_says")
@each_with_its_thing(sorted(name for name, row in ROWS.items() if is_counted(row)))
def test_a_page_asks_the_database_seldom(name: str, thing: Thing, town: Town) -> None:
    """A list is opened by each role, which decides what is on it; a record by one, each record by another, for it says the same to all."""
    row, house = ROWS[name], a_house(town, thing, name)
    readers = [person for person in house.people if person.here and person.may(row)]
    turn = sorted(ROWS).index(name) % len(readers)
    for person in readers[turn : turn + 1] if row.thing else readers:
        with counted_queries(row.queries):
            assert person.browser.ask("GET", house.url).status_code == 200
        house.take_back()


def test_every_page_about_one_patient_counts_as_a_look() -> None:
    pages = [row for name, row in ROWS.items() if name.startswith(("patients:", "courses:")) and row.answers.get("GET") == 200]
    assert [row for row in pages if row.thing and not row.thing.endswith("-listed") and not row.seen] == []
