"""Who may open what is about keeping, handing out and erasing records."""

from collections.abc import Callable

from clinic.keeping.erasure.actions.asking import ask_for_erasure
from clinic.staff.models import Clinic, Role
from tests.factories import a_patient, an_actor
from tests.trust.rows import FORM, Row, Thing

READ = (Role.ADMIN, Role.CLINICAL_LEAD, Role.AUDITOR)
ASK = (Role.ADMIN, Role.CLINICAL_LEAD, Role.DOCTOR)
DECIDE = (Role.ADMIN, Role.CLINICAL_LEAD)
HAND_OUT = (Role.DOCTOR, Role.CLINICAL_LEAD)
CANARIES = ("Canarova", "Namecanary", "canary-of-an-erasure")


def an_asked_erasure(clinic: Clinic) -> Thing:
    """A record that is to be erased, asked for by a doctor."""
    patient = a_patient(clinic=clinic, family_name="Canarova", given_name="Namecanary")
    erasure = ask_for_erasure(patient=patient, words="canary-of-an-erasure", actor=an_actor(clinic=clinic, roles=(Role.DOCTOR,)))
    return Thing({"pk": erasure.pk}, CANARIES)


def an_erasure_listed(clinic: Clinic) -> Thing:
    """The same, on the page of the clinic."""
    return Thing({}, an_asked_erasure(clinic).canaries)


KEEPING_THINGS: dict[str, Callable[[Clinic], Thing]] = {"erasure": an_asked_erasure, "erasure-listed": an_erasure_listed}
KEEPING_ROWS: dict[str, Row] = {
    "keeping:retention": Row(READ, {"GET": 200}, thing="erasure-listed"),
    "keeping:times": Row((Role.ADMIN,), {"POST": 422}),
    "keeping:ask": Row(ASK, FORM, thing="patient", seen=True, queries=12),
    "keeping:erasure": Row(ASK, thing="erasure", seen=True, queries=12),
    "keeping:decide": Row(DECIDE, {"POST": 422}, thing="erasure"),
    "keeping:refuse": Row(DECIDE, {"POST": 422}, thing="erasure"),
    # Only who asked takes it back; here it was a colleague.
    "keeping:withdraw": Row(ASK, {"POST": 403}, thing="erasure"),
    "keeping:copy": Row(HAND_OUT, thing="patient", seen=True),
    "keeping:copy-file": Row(HAND_OUT, {"POST": 200}, thing="patient"),
}
