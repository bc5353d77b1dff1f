"""The way back to a list keeps what it was narrowed to."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor
from tests.factories import a_patient

pytestmark = pytest.mark.same_everywhere


def test_a_patient_opened_out_of_a_search_leads_back_to_it(signed_in: Callable[[Any], Client], clinic: Clinic, clinic_admin: Actor) -> None:
    patient, there = a_patient(clinic=clinic), reverse("patients:list")
    client = signed_in(clinic_admin)
    for came, back in (
        (f"http://testserver{there}?q=web&amp=%22%3E", f'href="{there}?q=web&amp;amp=%22%3E"'),
        (f"http://testserver{there}", f'href="{there}"'),
        (f"http://elsewhere.test{there}?q=web", f'href="{there}"'),
        ("http://testserver/staff/?q=web", f'href="{there}"'),
        ("", f'href="{there}"'),
    ):
        page = client.get(reverse("patients:edit", args=[patient.pk]), headers={"Referer": came} if came else {}).content.decode()
        assert back in page.partition("breadcrumbs")[2].partition("</nav>")[0], came


def test_an_entry_of_the_library_leads_back_to_the_filtered_list(signed_in: Callable[[Any], Client], auditor: Actor) -> None:
    there = reverse("library:conditions")
    page = signed_in(auditor).get(
        reverse("library:condition", args=["neck-collar"]), headers={"Referer": f"http://testserver{there}?q=neck"}
    )
    assert f'href="{there}?q=neck"' in page.content.decode()
