"""Who may open what a patient agreed to."""

from collections.abc import Callable

from clinic.courses.consents import newest_consent
from clinic.staff.models import Clinic, Role
from tests.factories import a_course_that_may_start, a_patient, an_actor
from tests.trust.rows import FORM, Row, Thing

TREAT = (Role.THERAPIST, Role.DOCTOR, Role.CLINICAL_LEAD)
CANARIES = ("Canarova", "Namecanary")


def an_agreed_course(clinic: Clinic) -> Thing:
    """A course with consent, of somebody whose name occurs nowhere else."""
    patient = a_patient(clinic=clinic, family_name="Canarova", given_name="Namecanary")
    course = a_course_that_may_start(patient=patient, actor=an_actor(clinic=clinic), count=2)
    return Thing({"pk": course.pk}, CANARIES)


def a_sheet(clinic: Clinic) -> Thing:
    """Its sheet, signed."""
    patient = a_patient(clinic=clinic, family_name="Canarova", given_name="Namecanary")
    course = a_course_that_may_start(patient=patient, actor=an_actor(clinic=clinic), count=2)
    consent = newest_consent(course)
    assert consent is not None
    return Thing({"pk": course.pk, "number": consent.pk}, CANARIES)


CONSENT_THINGS: dict[str, Callable[[Clinic], Thing]] = {"agreed-course": an_agreed_course, "consent-sheet": a_sheet}
CONSENT_ROWS: dict[str, Row] = {
    # The sheet is made from the plan and what is known of the patient; beside it stand all sheets there were.
    "courses:consent": Row(TREAT, FORM, thing="agreed-course", seen=True, queries=16),
    "courses:consent-pdf": Row(TREAT, thing="agreed-course", seen=True),
    "courses:consent-given": Row(TREAT, thing="consent-sheet", seen=True),
    "courses:consent-given-pdf": Row(TREAT, thing="consent-sheet", seen=True),
    "courses:consent-withdraw": Row(TREAT, FORM, thing="agreed-course", seen=True),
}
