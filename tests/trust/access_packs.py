"""Who may take parts of the library out as a file, and bring one in."""

from collections.abc import Callable

from clinic.staff.models import Clinic, Role
from tests.trust.rows import FORM, Row, Thing

PACKS_THINGS: dict[str, Callable[[Clinic], Thing]] = {}
PACKS_ROWS: dict[str, Row] = {
    "packs:export": Row((Role.CLINICAL_LEAD, Role.DOCTOR), FORM, queries=4),
    "packs:import": Row((Role.CLINICAL_LEAD,), FORM, queries=4),
    "packs:take": Row((Role.CLINICAL_LEAD,), {"POST": 303}),
}
