"""How a patient wishes to be written to, beside what the consent allows."""

from dataclasses import dataclass
from datetime import time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.reminders.actions.replanning import replan_all
from clinic.reminders.models import MessageWishes
from clinic.reminders.permissions import check_can_note_wishes
from clinic.reminders.states import Channel
from clinic.staff.permissions import ActionDenied, Actor
from patients.models import Patient
from patients.queries import check_takes_news


@dataclass(frozen=True, slots=True)
class Wished:
    """The channel that comes first ("": no wish) and quiet hours by the clinic's clock; without them those of the clinic hold."""

    preferred: str = ""
    quiet_from: time | None = None
    quiet_until: time | None = None


@transaction.atomic
def note_wishes(*, patient: Patient, wished: Wished, actor: Actor) -> MessageWishes:
    """Writes what the patient said today in the place of what was said before; reminders that wait get the times that fit it.

    Raises ``ActionDenied`` for whoever may not, for a patient of another clinic, for one quiet hour without the other, and for quiet
    hours that begin when they end.
    """
    check_can_note_wishes(actor)
    if patient.clinic_id != actor.clinic.pk:
        raise ActionDenied(_("This patient is on the register of another clinic."))
    if wished.preferred not in ("", *Channel.values):
        raise ActionDenied(_("Choose one of the ways of the list."))
    if (wished.quiet_from is None) != (wished.quiet_until is None):
        raise ActionDenied(_("Quiet hours have a beginning and an end."))
    if wished.quiet_from is not None and wished.quiet_from == wished.quiet_until:
        raise ActionDenied(_("Quiet hours end at another time than they begin."))
    Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    check_takes_news(patient)
    wishes, _is_new = MessageWishes.objects.update_or_create(
        patient=patient,
        defaults={
            "preferred": wished.preferred, "quiet_from": wished.quiet_from, "quiet_until": wished.quiet_until,
            "said_on": actor.clinic.today(), "recorded_by": actor.user,
        },
    )  # fmt: skip
    replan_all(clinic=actor.clinic, now=timezone.now(), patient=patient)
    record(actor=actor, verb="noted-message-wishes", subject=patient, details={"preferred": wished.preferred, "quiet": _quiet(wished)})
    return wishes


def _quiet(wished: Wished) -> str:
    if wished.quiet_from is None or wished.quiet_until is None:
        return ""
    return f"{wished.quiet_from:%H:%M}-{wished.quiet_until:%H:%M}"
