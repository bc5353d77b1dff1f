"""A course for which something is still missing never reads as a permission."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from clinic.staff.permissions import Actor
from tests.factories import a_course, a_patient, an_intake


@pytest.mark.same_everywhere
@pytest.mark.parametrize("address", ["/courses/", "/courses/{course}/", "/patients/{patient}/"])
def test_a_mild_outcome_with_open_questions_says_not_yet(address: str, signed_in: Callable[[Any], Client], therapist: Actor) -> None:
    patient = a_patient(clinic=therapist.clinic)
    an_intake(patient=patient, actor=therapist)
    course = a_course(patient=patient, actor=therapist)
    assert course.is_waiting
    shown = signed_in(therapist).get(address.format(course=course.pk, patient=patient.pk)).content.decode()
    assert "Not yet: something is missing" in shown
    assert "May go ahead" not in shown
