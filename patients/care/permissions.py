"""Who may open a record from outside, judge that, put colleagues into care, and set the clinic's rule."""

from typing import Final

from django.utils.translation import gettext as _

from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, Actor, has_role
from patients.care.relation import by_role, standing_to
from patients.models import BreakGlass, CareMember, Patient

OPEN: Final = (Role.THERAPIST, Role.DOCTOR)
JUDGE: Final = (Role.CLINICAL_LEAD, Role.AUDITOR)
ARRANGE: Final = (Role.THERAPIST, Role.ADMIN, Role.DOCTOR, Role.CLINICAL_LEAD)
READ_RULE: Final = (Role.ADMIN, Role.CLINICAL_LEAD)
# Their word is enough to put a colleague in charge of anybody.
OVER_CARE: Final = (Role.ADMIN, Role.DOCTOR, Role.CLINICAL_LEAD)


def check_can_open_from_outside(actor: Actor, patient: Patient) -> None:
    """Raises ``ActionDenied`` for whoever does not treat, and for whoever needs no reason because the record is open to them."""
    if not has_role(actor, *OPEN):
        raise ActionDenied(_("Only a therapist or a doctor may open a record from outside of the patient’s care."))
    found = standing_to(actor, patient.pk) if by_role(actor) is None else None
    if found is None or found.in_care:
        raise ActionDenied(_("This record is open to you already."))


def check_can_close(glass: BreakGlass, actor: Actor) -> None:
    """Raises ``ActionDenied`` for everybody but the person who opened the record."""
    if glass.user_id != actor.user.pk:
        raise ActionDenied(_("Only who opened a record closes it before its time."))


def can_judge(glass: BreakGlass, actor: Actor) -> bool:
    """Whether the actor may say if it was justified: a clinical lead or an auditor, never who opened it, and once."""
    return has_role(actor, *JUDGE) and glass.user_id != actor.user.pk and glass.reviewed_at is None


def check_can_judge(glass: BreakGlass, actor: Actor) -> None:
    """Raises ``ActionDenied`` with the reason."""
    if not has_role(actor, *JUDGE):
        raise ActionDenied(_("Only the clinical lead or an auditor judges why a record was opened."))
    if glass.user_id == actor.user.pk:
        raise ActionDenied(_("Nobody judges whether they themselves opened a record with good reason."))
    if glass.reviewed_at is not None:
        raise ActionDenied(_("This has been judged already."))


def can_arrange_care(actor: Actor, *, is_in_care: bool) -> bool:
    """Whether the actor may put a colleague into a patient's care: therapists only where they are in it themselves."""
    return has_role(actor, *OVER_CARE) or (has_role(actor, Role.THERAPIST) and is_in_care)


def check_can_arrange_care(patient: Patient, actor: Actor) -> None:
    """Raises ``ActionDenied`` with the reason. One query for a therapist."""
    found = None if has_role(actor, *OVER_CARE) else standing_to(actor, patient.pk)
    if not can_arrange_care(actor, is_in_care=found is not None and found.in_care):
        raise ActionDenied(_("Only who is in a patient’s care, a doctor, an administrator or the clinical lead says who else is."))


def check_is_not_oneself(user: int, actor: Actor) -> None:
    """Raises ``ActionDenied``: who wants into somebody's care asks a colleague, or opens the record with a reason."""
    if user == actor.user.pk:
        raise ActionDenied(_("Nobody puts themselves into a patient’s care. Ask a colleague, or open the record with a reason."))


def check_can_take_off(member: CareMember, actor: Actor) -> None:
    """Raises ``ActionDenied`` for everybody but those who may put somebody in, and the person."""
    if member.user_id != actor.user.pk:
        check_can_arrange_care(member.patient, actor)


def can_set_rule(actor: Actor | None) -> bool:
    """Whether the actor may change who opens records at the clinic."""
    return has_role(actor, Role.ADMIN)


def check_can_set_rule(actor: Actor | None) -> None:
    """Raises ``ActionDenied`` for everybody but an administrator."""
    if not can_set_rule(actor):
        raise ActionDenied(_("Only an administrator of this clinic changes who opens records."))
