"""Who may open the first page, the search and the help. See access.py."""

from collections.abc import Callable

from clinic.staff.models import Clinic, Role
from tests.factories import a_course, a_patient
from tests.trust.rows import EVERY_ROLE, Row, Thing

CANARIES = ("Canarova",)


def somebody_to_find(clinic: Clinic) -> Thing:
    """A patient with a course, whom a search without words must not show to another clinic."""
    a_course(patient=a_patient(clinic=clinic, family_name="Canarova"), count=2)
    return Thing({}, CANARIES)


HOME_THINGS: dict[str, Callable[[Clinic], Thing]] = {"somebody-to-find": somebody_to_find}
HOME_ROWS: dict[str, Row] = {
    # The queues of an administrator with nothing in them: one or two each, conflicts one, the waiting list one. A full desk: 24.
    "home:work": Row((Role.ADMIN, Role.CLINICAL_LEAD, Role.AUDITOR), thing="somebody-to-find", queries=24),
    "home:first-steps": Row((Role.ADMIN,)),
    "home:first-steps-away": Row((Role.ADMIN,), {"POST": 303}),
    "home:first-steps-back": Row((Role.ADMIN,), {"POST": 303}),
    "home:keys": Row(EVERY_ROLE),
    "home:terms": Row(EVERY_ROLE),
    "home:search": Row(EVERY_ROLE, thing="somebody-to-find"),
}
