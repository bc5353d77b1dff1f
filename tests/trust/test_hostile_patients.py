"""What nobody sends by the pages of the record, found by ``manage.py verify fuzz``."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clinic.staff.permissions import Actor
from tests.factories import a_patient


@pytest.mark.same_everywhere
def test_a_death_that_nobody_wrote_down_is_not_taken_back_without_a_reason(signed_in: Callable[[Any], Client], therapist: Actor) -> None:
    patient = a_patient(clinic=therapist.clinic)
    answer = signed_in(therapist).post(reverse("patients:died-undo", args=[patient.pk]), {"reason": ""})
    assert (answer.status_code, answer["Location"]) == (303, reverse("patients:died", args=[patient.pk]))
