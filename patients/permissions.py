"""Who may do what with a patient's record. Reception sees contacts; answers about health are for those who treat."""

from django.utils.translation import gettext as _

from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, Actor, has_role

REGISTER = (Role.THERAPIST, Role.ADMIN, Role.DOCTOR, Role.CLINICAL_LEAD)
TREAT = (Role.THERAPIST, Role.DOCTOR, Role.CLINICAL_LEAD)
MERGE = (Role.ADMIN, Role.CLINICAL_LEAD)
IMPORT = (Role.ADMIN, Role.CLINICAL_LEAD)


def can_register(actor: Actor | None) -> bool:
    """Whether the actor may enter and correct who a patient is."""
    return has_role(actor, *REGISTER)


def check_can_register(actor: Actor | None) -> None:
    """Raises ``ActionDenied`` for whoever may not register patients."""
    if not can_register(actor):
        raise ActionDenied(_("Only a therapist, an administrator, a doctor or the clinical lead may register patients."))


def check_can_note_death(actor: Actor | None) -> None:
    """Raises ``ActionDenied`` for whoever may not write down, or take back, that a patient died."""
    if not can_register(actor):
        raise ActionDenied(_("Only a therapist, an administrator, a doctor or the clinical lead may write down that a patient died."))


def can_merge(actor: Actor | None) -> bool:
    """Whether the actor may make one record of two, and two again."""
    return has_role(actor, *MERGE)


def check_can_merge(actor: Actor | None) -> None:
    """Raises ``ActionDenied`` for whoever may not merge records."""
    if not can_merge(actor):
        raise ActionDenied(_("Only an administrator or the clinical lead may merge records."))


def can_import(actor: Actor | None) -> bool:
    """Whether the actor may read lists of patients and take them over."""
    return has_role(actor, *IMPORT)


def check_can_import(actor: Actor | None) -> None:
    """Raises ``ActionDenied`` for whoever may not."""
    if not can_import(actor):
        raise ActionDenied(_("Only an administrator or the clinical lead may take over a list of patients."))


def can_take_intake(actor: Actor | None) -> bool:
    """Whether the actor may ask and read a patient's answers about health."""
    return has_role(actor, *TREAT)


def check_can_take_intake(actor: Actor | None) -> None:
    """Raises ``ActionDenied`` for whoever may not take an intake."""
    if not can_take_intake(actor):
        raise ActionDenied(_("Only a therapist, a doctor or the clinical lead may fill in an intake form."))


def check_can_note_likes(actor: Actor | None) -> None:
    """Raises ``ActionDenied`` for whoever does not treat."""
    if not has_role(actor, *TREAT):
        raise ActionDenied(_("Only a therapist, a doctor or the clinical lead may write down what a patient likes."))


def can_record_documents(actor: Actor | None) -> bool:
    """Whether the actor may read, record and withdraw doctors' documents: what they lift tells about health."""
    return has_role(actor, *TREAT)


def check_can_record_documents(actor: Actor | None) -> None:
    """Raises ``ActionDenied`` for whoever may not record a document."""
    if not can_record_documents(actor):
        raise ActionDenied(_("Only a therapist, a doctor or the clinical lead may record a document."))
