"""Who sees how the installation is: a load balancer without a word of detail, administrators and leads in full."""

from clinic.staff.models import Role
from clinic.staff.permissions import PUBLIC
from tests.trust.rows import Row

RUNNING_ROWS: dict[str, Row] = {
    "health-live": Row((PUBLIC,), queries=0),
    "health-ready": Row((PUBLIC,), queries=0),  # asked by threads with connections of their own
    # Signs of life, queues, what was verified, clocks, migrations, the last drill; it names no patient and no person.
    "health": Row((Role.ADMIN, Role.CLINICAL_LEAD), queries=12),
}
