"""The clinic's rule: whether all who treat open every record, or only who is in care."""

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.staff.models import Clinic, RecordAccess
from clinic.staff.permissions import ActionDenied, Actor
from patients.care.permissions import check_can_set_rule


@transaction.atomic
def set_record_access(*, rule: str, before: str, actor: Actor) -> Clinic:
    """Sets who opens records at the actor's clinic, at once for everybody.

    ``before`` is what the page showed. Raises ``ActionDenied`` for whoever may not, for an unknown rule, and where somebody changed it
    meanwhile.
    """
    check_can_set_rule(actor)
    clinic = Clinic.objects.select_for_update(no_key=True).get(pk=actor.clinic.pk)
    if rule not in RecordAccess.values:
        raise ActionDenied(_("Choose one of the two rules."))
    if clinic.record_access != before:
        raise ActionDenied(_("A colleague has changed this rule since you opened the page. Look at it again."))
    if clinic.record_access != rule:
        clinic.record_access = rule
        clinic.save(update_fields=["record_access"])
        record(actor=actor, verb="set-record-access", subject=clinic, details={"before": before, "after": rule})
    return clinic
