"""Whose day begins with the list of what waits. Whoever treats begins with the own day, a doctor with the inbox."""

from typing import Final

from clinic.staff.models import Role

WORK: Final = (Role.ADMIN, Role.CLINICAL_LEAD, Role.AUDITOR)
