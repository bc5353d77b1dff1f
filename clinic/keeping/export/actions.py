"""A copy of the record leaves the clinic."""

from datetime import datetime

from django.db import transaction

from clinic.audit.actions import read_seen, record
from clinic.audit.models import Look
from clinic.keeping.export.packing import Copy, pack
from clinic.keeping.export.permissions import check_can_hand_out
from clinic.keeping.holdings import people_of
from clinic.staff.permissions import Actor
from patients.care.relation import check_may_open_record
from patients.models import Patient


@transaction.atomic
def hand_out_copy(*, patient: Patient, at: datetime, actor: Actor) -> Copy:
    """Everything about the patient in one file, with a look of the kind exported and a line that counts what is in it.

    Raises ``ActionDenied`` for whoever may not, and for whoever is outside of the patient's care.
    """
    check_can_hand_out(actor)
    check_may_open_record(actor, patient)
    read_seen(actor=actor, patient=patient, kind=Look.EXPORTED)
    copy = pack(people_of(patient), at=at)
    record(actor=actor, verb="exported-record", subject=patient, details={"counts": copy.counts})
    return copy
