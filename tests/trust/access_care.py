"""Rows of the access matrix for who may open a record: opening it with a reason, judging that, care by hand, the rule."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from clinic.staff.models import Clinic, RecordAccess, Role
from patients.models import BreakGlass, CareMember, Patient
from tests.factories import a_member, a_patient
from tests.trust.rows import Row, Thing

OPEN = (Role.THERAPIST, Role.DOCTOR)
ARRANGE = (Role.THERAPIST, Role.ADMIN, Role.DOCTOR, Role.CLINICAL_LEAD)
JUDGE = (Role.CLINICAL_LEAD, Role.AUDITOR)
CANARIES = ("Canarova", "canary-of-a-reason", "Insidecanary")


def nobodys(clinic: Clinic) -> Patient:
    """Somebody registered long ago whom nobody treats, at a clinic that keeps to the care team."""
    clinic.record_access = RecordAccess.CARE_TEAM
    clinic.save()
    patient = a_patient(clinic=clinic, family_name="Canarova")
    Patient.objects.filter(pk=patient.pk).update(registered_at=timezone.now() - timedelta(days=400))
    return patient


def a_record_to_open(clinic: Clinic) -> Thing:
    return Thing({"pk": nobodys(clinic).pk}, CANARIES)


def new_to_everybody(clinic: Clinic) -> Thing:
    """Somebody whom everybody who treats may take on, and so may put a colleague in for."""
    return Thing({"pk": a_patient(clinic=clinic, family_name="Canarova").pk}, CANARIES)


def an_opened_record(clinic: Clinic) -> Thing:
    person, now = a_member(clinic=clinic, full_name="Canaria Insidecanary"), timezone.now()
    about = {"reason": "other", "words": "canary-of-a-reason", "opened_at": now, "ends_at": now + timedelta(hours=1)}
    return Thing({"pk": BreakGlass.objects.create(patient=nobodys(clinic), user=person, **about).pk}, CANARIES)


def a_colleague_in_care(clinic: Clinic) -> Thing:
    patient, person = a_patient(clinic=clinic, family_name="Canarova"), a_member(clinic=clinic, full_name="Canaria Insidecanary")
    member = CareMember.objects.create(patient=patient, user=person, added_by=person)
    return Thing({"pk": patient.pk, "member": member.pk}, CANARIES)


CARE_THINGS: dict[str, Callable[[Clinic], Thing]] = {
    "record-to-open": a_record_to_open,
    "new-to-everybody": new_to_everybody,
    "opened-record": an_opened_record,
    "opened-record-listed": lambda clinic: Thing({}, an_opened_record(clinic).canaries),
    "colleague-in-care": a_colleague_in_care,
}
CARE_ROWS: dict[str, Row] = {
    "care:open": Row(OPEN, {"GET": 200, "POST": 422}, thing="record-to-open", seen=True),
    "care:close": Row(OPEN, {"POST": 404}, thing="record-to-open"),  # who opened nothing has nothing to close
    "care:put-in": Row(ARRANGE, {"GET": 200, "POST": 422}, thing="new-to-everybody", seen=True),
    "care:take-off": Row(ARRANGE, {"POST": 303}, thing="colleague-in-care"),
    "care:put-back": Row(ARRANGE, {"POST": 303}, thing="colleague-in-care"),
    "care:opened": Row(JUDGE, thing="opened-record-listed"),
    "care:judge": Row(JUDGE, {"GET": 200, "POST": 422}, thing="opened-record", seen=True),
    "care:unusual": Row(JUDGE),
    "care:rule": Row((Role.ADMIN, Role.CLINICAL_LEAD), {"GET": 200, "POST": 422}),
}
