"""What the body chart, the home sheet and the report answer to whom."""

from clinic.staff.models import Role
from tests.trust.rows import FORM, Row, Thing

TREAT = (Role.THERAPIST, Role.DOCTOR, Role.CLINICAL_LEAD)

PAPERS_THINGS: dict[str, Thing] = {}
PAPERS_ROWS: dict[str, Row] = {
    "outcomes:body": Row(TREAT, FORM, thing="course", seen=True),
    "outcomes:home-sheet": Row(TREAT, thing="course", seen=True, queries=10),
    "outcomes:report": Row(TREAT, thing="course", seen=True, queries=14),
}
