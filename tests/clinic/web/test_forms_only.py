"""Where only a form can be sent, a person who opens the address is led to the page that the form is on."""

from typing import Any

import pytest
from django.test import Client

from clinic.staff.permissions import Actor
from clinic.web.forms_only import page_before

pytestmark = pytest.mark.same_everywhere


@pytest.mark.django_db
def test_an_address_of_a_form_leads_to_its_page(signed_in: Any, clinic_admin: Actor) -> None:
    answer = signed_in(clinic_admin).get("/records/times/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert 'href="/records/"' in answer.content.decode()
    assert answer["Cache-Control"] == "no-store, private"


@pytest.mark.django_db
def test_somebody_who_is_not_signed_in_is_led_too(client: Client) -> None:
    answer = client.get("/appearance/")
    assert (answer.status_code, b"<h1>" in answer.content) == (405, True)


@pytest.mark.parametrize(
    ("path", "page"),
    [("/patients/6/copy/file/", "/patients/6/copy/"), ("/staff/2/second-step/reset/", "/staff/2/"), ("/appearance/", "/"), ("/x/y/", "/")],
)
def test_the_page_before_is_the_nearest_that_there_is(path: str, page: str) -> None:
    assert page_before(path) == page
