"""Every page on which dates are chosen, given up, settled, waited for and subscribed to is accessible."""

import pytest
from django.urls import reverse

from clinic.staff.models import Role
from tests.factories import a_clinic, an_actor
from tests.journeys.desk import Desk
from tests.journeys.looks import ENDS
from tests.journeys.test_every_page_is_accessible import check_pages
from tests.trust.access import ROWS, THINGS
from tests.trust.rows import Thing

COURSE = ("propose", "held", "move", "release", "unresolved", "rule", "waiting-new")
DAY = ("absent-new", "absent", "conflicts", "replan", "replanning", "rehomed", "waiting", "offer")


@pytest.mark.slow
@pytest.mark.parametrize(
    "names",
    [[f"calendar:{name}" for name in COURSE], [*(f"calendar:{name}" for name in DAY), "feeds:mine", "feeds:patient"]],
    ids=["of one course", "of a day, and of those who wait"],
)
def test_every_page_about_dates(desk: Desk, names: list[str]) -> None:
    """Each at a clinic of its own, as the table of who may open a page makes them: two of them would want the same room."""
    for name in names:
        clinic = a_clinic()
        lead = an_actor(clinic=clinic, roles=(Role.ADMIN, Role.CLINICAL_LEAD, Role.THERAPIST))
        thing = THINGS[ROWS[name].thing](clinic) if ROWS[name].thing else Thing({})
        check_pages(desk, lead, [reverse(name, kwargs=dict(thing.kwargs))], ENDS)
