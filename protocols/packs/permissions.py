"""Who may take parts of the library out as a file, and who may bring such a file in."""

from django.utils.translation import gettext as _

from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, Actor, has_role

EXPORTERS = (Role.CLINICAL_LEAD, Role.DOCTOR)


def can_export_pack(actor: Actor | None) -> bool:
    """Whether the actor may write a pack: the clinical lead and doctors."""
    return any(has_role(actor, role) for role in EXPORTERS)


def check_can_export_pack(actor: Actor | None) -> None:
    """Raises ``ActionDenied`` for everybody else."""
    if not can_export_pack(actor):
        raise ActionDenied(_("Only the clinical lead and doctors may take parts of the library out as a file."))


def can_import_pack(actor: Actor | None) -> bool:
    """Whether the actor may make drafts of a pack: the clinical lead."""
    return has_role(actor, Role.CLINICAL_LEAD)


def check_can_import_pack(actor: Actor | None) -> None:
    """Raises ``ActionDenied`` for everybody but the clinical lead."""
    if not can_import_pack(actor):
        raise ActionDenied(_("Only the clinical lead may bring parts of another library in."))
