"""Who may open the pages of a clinic's own rules, and who may change them."""

from clinic.staff.models import Role

READ = (Role.DOCTOR, Role.CLINICAL_LEAD)
WRITE = (Role.CLINICAL_LEAD,)
