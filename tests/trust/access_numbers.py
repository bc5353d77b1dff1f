"""Who may open the numbers of the clinic, and take them out as a file."""

from collections.abc import Callable

from clinic.staff.models import Clinic, Role
from tests.trust.rows import Row, Thing

NUMBERS = (Role.ADMIN, Role.DOCTOR, Role.CLINICAL_LEAD)
NUMBERS_THINGS: dict[str, Callable[[Clinic], Thing]] = {"numbers-table": lambda _clinic: Thing({"table": "adherence"})}
NUMBERS_ROWS: dict[str, Row] = {
    # Attendance and load two each, courses that ended four, four tables one each, whom to choose two.
    "numbers:clinic": Row(NUMBERS, queries=14),
    # Names of people stand in it, of patients never; each file leaves a line in the audit.
    "numbers:csv": Row(NUMBERS, {"POST": 200}, thing="numbers-table", shared=True),
}
