"""Who reads which numbers: the desk counts who came and how full days were; what massage did to people is for who answers for it."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _

from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, Actor, has_role

OF_THE_HOUSE: Final = (Role.ADMIN, Role.CLINICAL_LEAD)
OF_THE_CARE: Final = (Role.DOCTOR, Role.CLINICAL_LEAD)
NUMBERS: Final = (Role.ADMIN, Role.DOCTOR, Role.CLINICAL_LEAD)

READERS: Final[Mapping[str, tuple[Role, ...]]] = {
    "attendance": OF_THE_HOUSE,
    "load": OF_THE_HOUSE,
    "adherence": NUMBERS,
    "outcomes": OF_THE_CARE,
    "tolerance": OF_THE_CARE,
    "proposals": OF_THE_CARE,
    "stops": OF_THE_CARE,
}


def can_read_table(actor: Actor | None, table: str) -> bool:
    """Whether the actor reads this table of numbers."""
    return has_role(actor, *READERS[table])


def check_can_read_table(actor: Actor | None, table: str) -> None:
    """Raises ``ActionDenied`` for whoever may not read this table."""
    if not can_read_table(actor, table):
        raise ActionDenied(_("Your role at this clinic does not allow this."))
