"""Who may read and fill the calendar, and who may change hours, rooms and closures."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, Actor, has_role
from patients.care.relation import OutsideCare, by_role, patients_open_to

BOOK = (Role.ADMIN, Role.THERAPIST, Role.DOCTOR, Role.CLINICAL_LEAD)
MANAGE = (Role.ADMIN,)


def can_book(actor: Actor | None) -> bool:
    """Whether the actor may read the calendar, book, move and release."""
    return has_role(actor, *BOOK)


def check_can_book(actor: Actor | None) -> None:
    """Raises ``ActionDenied`` for whoever may not use the calendar."""
    if not can_book(actor):
        raise ActionDenied(_("Only the people who treat and the administrators may use the calendar."))


def check_takes_nobody_alone(wanted: Iterable[tuple[int, int]], actor: Actor) -> None:
    """A date brings its therapist into the patient's care, so nobody gives themselves one with a patient outside of the own care.

    ``wanted`` are numbers of (patient, therapist). Raises ``OutsideCare``. One query at most, where somebody wants a date for themselves.
    """
    own = sorted({patient for patient, therapist in wanted if therapist == actor.user.pk})
    outside = frozenset(own) - patients_open_to(actor, own) if own and by_role(actor) is None else frozenset()
    if outside:
        sentence = _("You are not in the care of this patient. Open the record with a reason first, or let a colleague book the date.")
        raise OutsideCare(min(outside), sentence)


def can_manage_schedule(actor: Actor | None) -> bool:
    """Whether the actor may change hours, absences, rooms, closures and the rules of the calendar."""
    return has_role(actor, *MANAGE)


def check_can_manage_schedule(actor: Actor | None) -> None:
    """Raises ``ActionDenied`` for everybody but an administrator of the actor's clinic."""
    if not can_manage_schedule(actor):
        raise ActionDenied(_("Only an administrator of this clinic may change its hours, rooms and closures."))
