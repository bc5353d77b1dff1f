"""A name that cannot be seen, or that turns round the words after it, could pass for another one on a page or a card."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from clinic.staff.models import Invitation
from clinic.staff.permissions import Actor
from patients.models import Patient

SignedIn = Callable[[Any], Client]
TYPED = {"family_name": "Weber", "given_name": "Ida", "born_on": "1991-02-03", "sex": "female", "language": "en"}
UNSEEN = {
    "right to left": "Web\u202eer",
    "isolate": "Weber\u2066",
    "two lines": "Weber\nDose: 90 min",
    "carriage return": "We\rber",
    "line separator": "Weber\u2028x",
    "zero width": "Web\u200ber",
    "only zero width": "\u2060\u2060",
    "only joiners": "\u200d\u200d",
    "soft hyphen": "We\u00adber",
    "tag": "Weber\U000e0041",
    "private": "We\ue000ber",
    "escape": "We\x1b[31mber",
    "only marks": "--- ...",
}
SEEN = ["Иванова", "O'Neil-Şahin", "李", "می\u200cخواهم", "D’Angelo 2nd", "Nguyễn", "Ødegård, jr.", "<b>Weber</b>"]


@pytest.mark.same_everywhere  # refused before anything is kept; what is taken is kept in each database by the tests around
@pytest.mark.parametrize("name", UNSEEN)
@pytest.mark.parametrize("field", ["family_name", "given_name", "middle_name", "card_number", "guardian_name", "guardian_phone", "phone"])
def test_a_patient_s_line_holds_nothing_unseen(field: str, name: str, signed_in: SignedIn, therapist: Actor) -> None:
    assert signed_in(therapist).post("/patients/new/", TYPED | {field: UNSEEN[name][:20]}).status_code == 422
    assert not Patient.objects.exists()


@pytest.mark.same_everywhere  # refused before anything is kept; what is taken is kept in each database by the tests around
@pytest.mark.parametrize("name", UNSEEN)
def test_nor_does_a_colleague_s_name(name: str, proved_in: SignedIn, clinic_admin: Actor) -> None:
    sent = {"email": "new@clinic.test", "full_name": UNSEEN[name], "roles": ["doctor"], "language": "en"}
    assert proved_in(clinic_admin).post("/staff/new/", sent).status_code == 422
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("name", SEEN)
def test_names_of_every_script_are_kept(name: str, signed_in: SignedIn, therapist: Actor) -> None:
    client = signed_in(therapist)
    response = client.post("/patients/new/", TYPED | {"family_name": name})
    assert response.status_code == 303
    assert Patient.objects.get().family_name == name
    assert "<b>Weber" not in client.get(response["Location"]).content.decode()
