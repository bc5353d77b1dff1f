"""Colleagues are put into a patient's care by hand and taken off; nobody puts in themselves."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.staff.models import User
from clinic.staff.permissions import ActionDenied, Actor
from patients.care.permissions import check_can_arrange_care, check_can_take_off, check_is_not_oneself
from patients.care.queries import treats_here
from patients.models import CareMember, Patient


@transaction.atomic
def put_into_care(*, patient: Patient, user: User, actor: Actor) -> CareMember:
    """Puts a colleague who treats at this clinic into the patient's care; who is in it by hand already stays so.

    Raises ``ActionDenied`` for whoever may not, for oneself, and for somebody who does not treat here.
    """
    locked = Patient.objects.select_for_update(no_key=True).get(pk=patient.pk, clinic=actor.clinic)
    check_can_arrange_care(locked, actor)
    check_is_not_oneself(user.pk, actor)
    if not treats_here(actor.clinic, user):
        raise ActionDenied(_("Only somebody who treats at this clinic can be put into care."))
    made, is_new = CareMember.objects.get_or_create(patient=locked, user=user, removed_at=None, defaults={"added_by": actor.user})
    if is_new:
        record(actor=actor, verb="put-into-care", subject=locked, details={"person": user.pk})
    return made


@transaction.atomic
def take_off_care(*, member: CareMember, actor: Actor) -> CareMember:
    """Takes somebody off who was put in by hand: from the next request on. Raises ``ActionDenied`` for whoever may not."""
    check_can_take_off(member, actor)
    locked = CareMember.objects.select_for_update(of=("self",)).select_related("patient").get(pk=member.pk)
    if locked.removed_at is None:
        locked.removed_at, locked.removed_by = timezone.now(), actor.user
        locked.save(update_fields=["removed_at", "removed_by"])
        record(actor=actor, verb="took-off-care", subject=locked.patient, details={"person": locked.user_id})
    return locked


def restore_to_care(*, member: CareMember, actor: Actor) -> CareMember:
    """Takes a removal back: the same person is put in again, under the same conditions as anybody."""
    return put_into_care(patient=member.patient, user=member.user, actor=actor)
