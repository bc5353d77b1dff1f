"""Two records of one person become one only if the person is nowhere in two places at one time."""

from datetime import time

import pytest
import time_machine

from clinic.schedule.models import Booking, Feed, Wishes
from clinic.staff.models import Clinic, Role
from patients.actions import MergeRefused, merge_patients, undo_merge
from patients.models import Patient, PatientMerge
from tests.clinic.schedule.desk import Desk, to
from tests.factories import an_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(clinic: Clinic) -> Desk:
    desk = Desk(clinic)
    desk.admin = an_actor(clinic=clinic, roles=(Role.ADMIN, Role.CLINICAL_LEAD))
    return desk


def merge(desk: Desk) -> PatientMerge:
    kept, merged = (Patient.objects.get(pk=each.pk) for each in desk.patients)
    return merge_patients(kept=kept, merged=merged, versions=(kept.version, merged.version), on=desk.clinic.today(), actor=desk.admin)


def wishes(patient: Patient, desk: Desk, note: str) -> Wishes:
    return Wishes.objects.create(patient=patient, note=note, said_on=desk.clinic.today(), recorded_by=desk.admin.user)


def test_a_merge_that_would_put_a_person_in_two_places_is_refused_with_day_and_time(desk: Desk) -> None:
    desk.book(desk.place())
    [other] = desk.book(desk.place(1, 1, 1, clock=time(10, 20)))
    with pytest.raises(MergeRefused, match=r"Both records have a session on .* at 10:00\. Release or move one of them first\."):
        merge(desk)
    desk.move(to(other, clock=time(10, 30)))
    merge(desk)
    assert Booking.objects.filter(patient=desk.patients[0]).count() == 2


def test_dates_wishes_and_addresses_go_over_and_back(desk: Desk) -> None:
    [booking] = desk.book(desk.place(1))
    wishes(desk.patients[1], desk, "mornings")
    Feed.objects.create(clinic=desk.clinic, patient=desk.patients[1], token_digest="x", created_by=desk.admin.user)
    made = merge(desk)
    assert {each.patient_id for each in (Booking.objects.get(), Wishes.objects.get(), Feed.objects.get())} == {desk.patients[0].pk}
    undo_merge(merge=made, on=desk.clinic.today(), actor=desk.admin)
    assert Booking.objects.get().patient_id == booking.patient_id == Wishes.objects.get().patient_id


def test_of_two_wishes_those_of_the_kept_record_stay(desk: Desk) -> None:
    for patient, note in zip(desk.patients, ("kept", "other"), strict=True):
        wishes(patient, desk, note)
    merge(desk)
    assert Wishes.objects.get(patient=desk.patients[0]).note == "kept"


def test_what_was_moved_since_keeps_a_merge_from_being_undone(desk: Desk) -> None:
    [booking] = desk.book(desk.place(1))
    made = merge(desk)
    desk.move(to(Booking.objects.get(pk=booking.pk), clock=time(15)))
    with pytest.raises(MergeRefused, match="Dates in the calendar"):
        undo_merge(merge=made, on=desk.clinic.today(), actor=desk.admin)


def test_a_merge_late_in_the_evening_elsewhere_is_undone_though_it_is_tomorrow_at_the_clinic(desk: Desk) -> None:
    with time_machine.travel("2026-11-20T23:30:00Z"):
        desk.clinic.time_zone = "Europe/Berlin"
        desk.clinic.save()
        wishes(desk.patients[1], desk, "mornings")
        undo_merge(merge=merge(desk), on=desk.clinic.today(), actor=desk.admin)
    assert Wishes.objects.get().patient_id == desk.patients[1].pk
