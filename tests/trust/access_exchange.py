"""Who may take records out for other programs, and who may bring a list of patients in."""

from collections.abc import Callable

from clinic.staff.models import Clinic, Role
from patients.models import Patient
from tests.clinic.exchange.lists import a_read_list, a_taken_list
from tests.factories import a_course, a_patient
from tests.trust.rows import EVERY_ROLE, FORM, Row, Thing

TREAT = (Role.THERAPIST, Role.DOCTOR, Role.CLINICAL_LEAD)
IMPORT = (Role.ADMIN, Role.CLINICAL_LEAD)


def _a_patient(clinic: Clinic) -> Patient:
    return a_patient(clinic=clinic, family_name="Canarova", phone="+49 555 0199", notes="canary-in-the-notes")


def a_course_to_take_out(clinic: Clinic) -> Thing:
    """A course of a patient whose name occurs nowhere else."""
    return Thing({"pk": a_course(patient=_a_patient(clinic), count=2).pk}, ("Canarova", "555 0199"))


def a_patient_to_take_out(clinic: Clinic) -> Thing:
    """A patient whose name occurs nowhere else."""
    return Thing({"pk": _a_patient(clinic).pk}, ("Canarova", "555 0199"))


def a_list_of(clinic: Clinic) -> Thing:
    """A list that waits for a decision; each of its lines has a name that occurs nowhere else."""
    return Thing({"pk": a_read_list(clinic, "Canarova").pk}, ("Canarova", "canary-list"))


def a_list_taken_over(clinic: Clinic) -> Thing:
    """A list whose patients are on the register."""
    return Thing({"pk": a_taken_list(clinic, "Canarova").pk}, ("Canarova", "canary-list"))


EXCHANGE_THINGS: dict[str, Callable[[Clinic], Thing]] = {
    "course-to-take-out": a_course_to_take_out,
    "patient-to-take-out": a_patient_to_take_out,
    "list": a_list_of,
    "list-listed": lambda clinic: Thing({}, a_list_of(clinic).canaries),
    "list-taken": a_list_taken_over,
    "protocol-to-take-out": lambda _clinic: Thing({"code": "neck-collar"}),
}
EXCHANGE_ROWS: dict[str, Row] = {
    "exchange:course-fhir": Row(TREAT, {"GET": 200, "POST": 200}, thing="course-to-take-out", seen=True),
    "exchange:patient-fhir": Row(TREAT, {"GET": 200, "POST": 200}, thing="patient-to-take-out", seen=True, queries=9),
    # A file of the library, which is about nobody: the edition, and where its review stands.
    "exchange:protocol-fhir": Row(EVERY_ROLE, thing="protocol-to-take-out", shared=True),
    "exchange:imports": Row(IMPORT, FORM, thing="list-listed"),
    "exchange:import-template": Row(IMPORT),
    "exchange:import": Row(IMPORT, thing="list"),
    "exchange:import-columns": Row(IMPORT, {"POST": 303}, thing="list"),
    "exchange:import-choices": Row(IMPORT, {"POST": 303}, thing="list"),
    "exchange:import-wrong": Row(IMPORT, thing="list"),
    "exchange:import-take": Row(IMPORT, {"POST": 303}, thing="list", data={"version": "1"}),
    "exchange:import-away": Row(IMPORT, {"POST": 303}, thing="list"),
    "exchange:import-undo": Row(IMPORT, {"POST": 303}, thing="list-taken"),
}
