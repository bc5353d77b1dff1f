"""Who reads and who deals with messages. What went to one patient is for everybody who may open the patient's record."""

from typing import Final

from django.utils.translation import gettext as _

from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, Actor, has_role
from patients.permissions import REGISTER

READ_MESSAGES: Final = (Role.ADMIN, Role.CLINICAL_LEAD)
MANAGE_MESSAGES: Final = (Role.ADMIN, Role.CLINICAL_LEAD)
OF_A_PATIENT: Final = REGISTER


def can_read_messages(actor: Actor | None) -> bool:
    """Whether the actor may see the outbox, its numbers and its health."""
    return has_role(actor, *READ_MESSAGES)


def check_can_read_messages(actor: Actor | None) -> None:
    """Raises ``ActionDenied`` for whoever may not see the outbox."""
    if not can_read_messages(actor):
        raise ActionDenied(_("Only an administrator or the clinical lead may see all messages of the clinic."))


def can_manage_messages(actor: Actor | None) -> bool:
    """Whether the actor may send again, deal with what did not arrive, and change texts and rules."""
    return has_role(actor, *MANAGE_MESSAGES)


def check_can_manage_messages(actor: Actor | None) -> None:
    """Raises ``ActionDenied`` for whoever may not deal with messages."""
    if not can_manage_messages(actor):
        raise ActionDenied(_("Only an administrator or the clinical lead may deal with messages."))


def can_see_messages_of_a_patient(actor: Actor | None) -> bool:
    """Whether the actor may see what went to one patient, and write down how the patient wishes to be written to."""
    return has_role(actor, *OF_A_PATIENT)


def check_can_note_wishes(actor: Actor | None) -> None:
    """Raises ``ActionDenied`` for whoever may not open the record of a patient."""
    if not can_see_messages_of_a_patient(actor):
        raise ActionDenied(_("Your role at this clinic does not allow this."))
