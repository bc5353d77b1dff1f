"""Who may look at a variant that is being written: who writes it and who signs it."""

from clinic.staff.models import Role

WRITE = (Role.CLINICAL_LEAD,)
READ = (Role.CLINICAL_LEAD, Role.DOCTOR)
