"""A pack that was changed on its way is refused where it was changed; the same pack whole becomes a draft."""

import pytest
from playwright.sync_api import FilePayload

from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import Actor
from protocols.models import Variant
from tests.journeys.desk import Desk, people_of_the_clinic
from tests.journeys.looks import faults_of
from tests.protocols.packs.test_packs import gentler

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def david(transactional_db: None, clinic: Clinic) -> Actor:
    """The clinical lead."""
    return people_of_the_clinic(clinic, Role.CLINICAL_LEAD, "David Orlov")


def looks_at(desk: Desk, data: bytes) -> None:
    desk.page.set_input_files("input[type=file]", FilePayload(name="collar.json", mimeType="application/json", buffer=data))
    desk.press_and_arrive("Look at it")


def test_a_pack_with_a_broken_sum_is_refused_with_its_place_and_the_whole_one_becomes_a_draft(desk: Desk, david: Actor) -> None:
    whole = gentler().as_bytes()
    broken = whole.replace(b'"pressure_max":2', b'"pressure_max":3').replace(b'"pressure_max": 2', b'"pressure_max": 3')
    assert broken != whole
    desk.is_signed_in(david, "/library/packs/")
    looks_at(desk, broken)
    desk.sees("Nothing of this file can be used")
    desk.sees("conditions/neck-collar, stage calming")
    desk.sees("the sum does not match")
    assert not faults_of(desk.page)
    looks_at(desk, whole)
    assert not faults_of(desk.page)
    assert not Variant.objects.exists(), "nothing is kept before it was looked at"
    desk.press_and_arrive("Make the chosen drafts")
    assert Variant.objects.get(subject="conditions/neck-collar").begun_by == david.user
