"""A character that PostgreSQL takes in no text (U+0000) never gets as far as a query: it would be an error of ours (F51)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clinic.staff.permissions import Actor
from tests.factories import a_patient

SignedIn = Callable[[Any], Client]
ADDRESSES = (
    ("/patients/{patient}/facts/pregn%00ancy/", 404),
    ("/patients/?q=We%00ber", 200),
    ("/patients/looks/?q=We%00ber", 403),
    ("/patients/{patient}/second-record/?q=We%00ber", 403),
    ("/patients/{patient}/facts/new/?fact=%00", 422),
    ("/patients/{patient}/referrals/new/?condition=%00&stage=%00&like=%00", 200),
    ("/patients/{patient}/courses/new/?q=%00", 200),
    ("/library/review/?kind=%00&state=%00&page=%00", 200),
    ("/intake/%00/", 404),
    ("/invitation/%00/", 404),
)


@pytest.mark.same_everywhere
@pytest.mark.parametrize(("address", "status"), ADDRESSES)
def test_an_address_with_nothing_in_it_asks_no_database_for_it(address: str, status: int, signed_in: SignedIn, therapist: Actor) -> None:
    client, patient = signed_in(therapist), a_patient(clinic=therapist.clinic)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address.format(patient=patient.pk)).status_code == status
    assert not [query["sql"] for query in asked if "\x00" in query["sql"]]
