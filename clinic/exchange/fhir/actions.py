"""What hands out a record: the file, and one audit line that says so."""

import json
from datetime import datetime

from django.db import transaction

from clinic.courses.models import Course
from clinic.exchange.fhir.bundles import course_bundle, patient_bundle
from clinic.exchange.fhir.frame import Fields
from clinic.exchange.fhir.permissions import check_can_export
from clinic.staff.permissions import Actor
from clinic.staff.recording import record
from patients.models import Patient

VERB = "exported-fhir"


@transaction.atomic
def export_course(*, course: Course, at: datetime, actor: Actor) -> bytes:
    """One course as a file. Raises ``ActionDenied`` for whoever may not, and ``NotFhir``: then nothing is handed out or noted."""
    check_can_export(actor, course.patient)
    bundle = course_bundle(course, at=at)
    record(actor=actor, verb=VERB, subject=course, details={"patient": course.patient_id, "resources": len(bundle["entry"])})
    return as_file(bundle)


@transaction.atomic
def export_patient(*, patient: Patient, at: datetime, actor: Actor) -> bytes:
    """One patient as a file. Raises the same."""
    check_can_export(actor, patient)
    bundle = patient_bundle(patient, at=at)
    record(actor=actor, verb=VERB, subject=patient, details={"resources": len(bundle["entry"])})
    return as_file(bundle)


@transaction.atomic
def export_for_installation(*, subject: Course | Patient, at: datetime) -> bytes:
    """The same for whoever runs the installation, who holds the database anyway: it leaves a line all the same."""
    bundle = course_bundle(subject, at=at) if isinstance(subject, Course) else patient_bundle(subject, at=at)
    record(actor=None, verb=VERB, subject=subject, details={"resources": len(bundle["entry"])}, clinic=subject.clinic)
    return as_file(bundle)


def as_file(resource: Fields) -> bytes:
    """JSON in UTF-8, as FHIR has it."""
    return json.dumps(resource, ensure_ascii=False, indent=1, allow_nan=False).encode()
