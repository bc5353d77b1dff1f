"""Who reads which soft rules were set aside: who answers for the care, and who audits it. Names of patients only the former."""

from typing import Final

from clinic.staff.models import Role
from clinic.staff.permissions import Actor, check_has_role, has_role

LEDGER: Final = (Role.CLINICAL_LEAD, Role.AUDITOR)


def check_can_read_ledger(actor: Actor | None) -> None:
    """Raises ``ActionDenied`` for whoever may not read the ledger."""
    check_has_role(actor, *LEDGER)


def sees_names(actor: Actor | None) -> bool:
    """Whether the ledger names patients to this person; to the others it says the numbers of their cards."""
    return has_role(actor, Role.CLINICAL_LEAD)
