"""Two who merge, correct or add at the same moment: one is obeyed, the others are told, nothing is lost."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from clinic.audit.actions import verify_chain
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import ActionDenied, Actor
from patients.actions import correct_patient, merge_patients, record_document
from patients.models import Patient, PatientMerge
from patients.queries import SecondRecord, patients_of
from tests.factories import a_day_at, a_patient, an_actor


@pytest.fixture
def lead(clinic: Clinic) -> Actor:
    return an_actor(clinic=clinic, roles=(Role.CLINICAL_LEAD,))


@pytest.fixture
def two(clinic: Clinic) -> tuple[Patient, Patient]:
    return a_patient(clinic=clinic, family_name="Иванова", card_number="K-1"), a_patient(clinic=clinic, card_number="M-2")


def merged(kept: Patient, gone: Patient, actor: Actor) -> PatientMerge:
    return merge_patients(kept=kept, merged=gone, versions=(1, 1), on=a_day_at(actor.clinic), actor=actor)


def at_once(*deeds: Callable[[], Any]) -> list[str]:
    start, ends = threading.Barrier(len(deeds)), [""] * len(deeds)

    def run(place: int) -> None:
        start.wait()
        try:
            deeds[place]()
            ends[place] = "done"
        except (ActionDenied, SecondRecord):
            ends[place] = "refused"
        except Exception as wrong:  # a thread must hand its failure to the test
            ends[place] = repr(wrong)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(ends)


@pytest.mark.django_db(transaction=True)
def test_of_two_merges_in_opposite_directions_one_is_obeyed(two: tuple[Patient, Patient], lead: Actor) -> None:
    assert at_once(*[lambda: merged(*two, lead), lambda: merged(*two[::-1], lead)] * 2) == ["done", "refused", "refused", "refused"]
    assert PatientMerge.objects.count() == 1
    assert patients_of(lead.clinic).count() == 1
    assert verify_chain() is None


@pytest.mark.django_db(transaction=True)
def test_a_merge_while_somebody_corrects_or_adds_loses_nothing(two: tuple[Patient, Patient], lead: Actor) -> None:
    day = a_day_at(lead.clinic)
    at_once(
        lambda: merged(*two, lead),
        lambda: correct_patient(patient=two[1], details={"card_number": "M-2", "notes": "new"}, version=1, actor=lead),
        lambda: record_document(patient=two[1], kind="doctor-referral", issued_on=day, issued_by="Dr X", on=day, actor=lead),
    )
    gone = Patient.objects.get(pk=two[1].pk)
    if gone.merged_into_id:
        assert not gone.documents.exists()
    else:
        assert gone.notes == "new"
    assert verify_chain() is None
