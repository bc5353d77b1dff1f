"""The referrals of the demo: what the therapist wrote and the doctor signed on the patient's first morning, or has yet to answer."""

from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone

from clinic.courses.demo_entries import DemoCourse, DemoPatient
from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor
from patients.actions.referrals import demo_sign_referral, submit_referral, write_referral
from patients.models import Patient, Referral
from patients.referrals import Words
from protocols.editions.queries import library_in_force, names_in_force
from protocols.method.clearances import REFERRAL

EARLY: Final = time(7, 20)
GOOD_FOR: Final = timedelta(days=90)


def refer(patient: Patient, entry: DemoPatient, *, on: date, therapist: Actor, doctor: Actor) -> None:
    """Sends the entry's course to the doctor, where it has papers or a question; with papers the doctor has signed."""
    if entry.course is None or not (entry.asks or REFERRAL in entry.papers):
        return
    referral = write_referral(patient=patient, on=on, actor=therapist, **words_of(entry, entry.course, on, patient.clinic))
    referral = submit_referral(referral=referral, version=referral.version, actor=therapist)
    if not entry.asks:
        _sign(referral, on=on, doctor=doctor)


def words_of(entry: DemoPatient, course: DemoCourse, on: date, clinic: Clinic) -> Words:
    """A plain referral to that course."""
    condition, names = library_in_force(clinic).conditions[course.condition], names_in_force(clinic, entry.language)
    return Words(
        diagnosis=names.of("conditions", condition.code), icd10=condition.icd10[0], condition=condition.code,
        stage=course.stage, form="", zones_barred=[], families_barred=[], techniques_barred=[], pressure_max=None,
        rules=sorted(entry.papers.get(REFERRAL, ())), session_count=course.count, valid_from=on, valid_until=on + GOOD_FOR,
        question=entry.asks,
    )  # fmt: skip


def _sign(referral: Referral, *, on: date, doctor: Actor) -> None:
    morning = datetime.combine(on, EARLY, tzinfo=doctor.clinic.zone)
    demo_sign_referral(referral=referral, version=referral.version, on=on, at=min(morning, timezone.now()), actor=doctor)
