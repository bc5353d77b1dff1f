"""Pages that change who may do what ask for the password again, and then do what was sent to them before."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve, reverse

from clinic.staff.identity import PROVED
from clinic.staff.models import Clinic, Role, StaffRole
from clinic.staff.permissions import Actor
from tests.factories import PASSWORD, a_member
from tests.trust.access import ROWS, THINGS
from tests.trust.rows import Thing

pytestmark = [pytest.mark.django_db, pytest.mark.same_everywhere]
AGAIN = "/accounts/reauthenticate/"
# Each changes what somebody may do, or is about everything that is known of somebody.
ASKED = {
    "account-sessions-end-others",
    "account-sign-out-everywhere",
    "care:open",
    "exchange:course-fhir",
    "exchange:patient-fhir",
    "keeping:copy",
    "keeping:copy-file",
    "keeping:decide",
    "staff-disable",
    "staff-enable",
    "staff-invitation-renew",
    "staff-invitation-revoke",
    "staff-new",
    "staff-profile",
    "staff-roles",
    "staff-second-step-reset",
    "staff-sign-out",
}


def test_every_page_that_asks_is_tried_here() -> None:
    assert {name for name, view in _views(get_resolver().url_patterns) if getattr(view, PROVED, False)} == ASKED


def _views(patterns: list[Any], namespace: str = "") -> Iterator[tuple[str, Any]]:
    for entry in patterns:
        if isinstance(entry, URLResolver):
            yield from _views(entry.url_patterns, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        else:
            yield f"{namespace}{entry.name}", entry.callback


def without_proof(client: Client) -> None:
    session = client.session
    session["account_authentication_methods"] = []
    session.save()


@pytest.mark.parametrize("name", sorted(ASKED))
def test_without_a_fresh_proof_a_page_asks_for_it_and_then_does_what_was_sent(name: str, clinic: Clinic, proved_in: Any) -> None:
    row = ROWS[name]
    thing = THINGS[row.thing](clinic) if row.thing else Thing({})
    url, client = reverse(name, kwargs=dict(thing.kwargs)), proved_in(a_member(clinic=clinic, roles=row.allowed_roles[:1]))
    assert getattr(resolve(url).func, PROVED, False), "the page does not ask"
    without_proof(client)
    is_form = "POST" in row.answers
    asked = client.post(url, row.data) if is_form else client.get(url)
    assert asked["Location"].startswith(AGAIN)
    assert client.post(asked["Location"], {"password": "wrong"}).status_code == 200
    after: Any = client.post(asked["Location"], {"password": PASSWORD})
    b"".join(after)  # a file that is given out is read to its end
    assert after.status_code == (row.answers["POST"] if is_form else 302)


def test_what_was_typed_is_there_after_the_proof(signed_in: Any, clinic_admin: Actor, doctor: Actor) -> None:
    client, url = signed_in(clinic_admin), f"/staff/{doctor.user.pk}/roles/"
    asked = client.post(url, {"roles": ["therapist", "auditor"]})
    assert set(doctor.user.staff_roles.values_list("role", flat=True)) == {"doctor"}
    client.post(asked["Location"], {"password": PASSWORD})
    assert set(doctor.user.staff_roles.values_list("role", flat=True)) == {"therapist", "auditor"}
    wrong = client.post("/staff/new/", {"full_name": "Kim Who", "email": "no mail"}).content.decode()
    without_proof(client)
    asked = client.post("/staff/new/", {"full_name": "Kim Who", "email": "no mail"})
    after = client.post(asked["Location"], {"password": PASSWORD})
    assert (after.status_code, "Kim Who" in wrong, "Kim Who" in after.content.decode()) == (422, True, True)
    assert 'action="/staff/new/"' in after.content.decode(), "the form goes to its own address, wherever it is shown"


def test_a_role_that_was_taken_before_the_proof_opens_nothing_after_it(signed_in: Any, clinic_admin: Actor, doctor: Actor) -> None:
    client = signed_in(clinic_admin)
    asked = client.post("/staff/new/", {"full_name": "Kim Who", "email": "kim@clinic.test", "roles": ["admin"], "language": "en"})
    StaffRole.objects.filter(user=clinic_admin.user).update(role=Role.THERAPIST)
    assert client.post(asked["Location"], {"password": PASSWORD}).status_code == 403
    assert not clinic_admin.clinic.invitations.exists()
