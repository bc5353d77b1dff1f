"""Somebody asks to erase a record, or takes it back."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.keeping.erasure.permissions import check_can_ask_for_erasure, check_can_withdraw
from clinic.keeping.models import Erasure
from clinic.staff.permissions import ActionDenied, Actor
from patients.models import Patient
from patients.queries import check_takes_news


class NotAsked(ActionDenied):
    """There is an erasure already, or none to do something with."""


@transaction.atomic
def ask_for_erasure(*, patient: Patient, words: str, actor: Actor) -> Erasure:
    """Asks to erase the record. ``words`` say who asked and why; they are removed with the record.

    Raises ``ActionDenied`` for whoever may not, ``NotAsked`` where it was asked for already or nothing is said, and the exception of a
    record that was merged.
    """
    check_can_ask_for_erasure(actor)
    locked = Patient.objects.select_for_update(no_key=True).get(pk=patient.pk, clinic=actor.clinic, erased_on=None)
    if not words.strip():
        raise NotAsked(_("Write who asked, and why."))
    if Erasure.objects.filter(patient=locked, state=Erasure.State.ASKED).exists():
        raise NotAsked(_("It was asked for already. Somebody else decides about it."))
    erasure = Erasure.objects.create(clinic=actor.clinic, patient=locked, words=words.strip(), asked_by=actor.user)
    check_takes_news(locked)
    record(actor=actor, verb="asked-for-erasure", subject=locked, details={"erasure": erasure.pk})
    return erasure


@transaction.atomic
def withdraw_erasure(*, erasure: Erasure, actor: Actor) -> Erasure:
    """Takes it back before it is decided. Raises ``ActionDenied`` for whoever did not ask, ``NotAsked`` for one that was decided."""
    check_can_withdraw(actor, erasure)
    return settle(erasure, Erasure.State.WITHDRAWN, "", "withdrew-erasure", actor)


def settle(erasure: Erasure, state: Erasure.State, answer: str, verb: str, actor: Actor) -> Erasure:
    """Ends one that nothing came of, inside the caller's transaction. Raises ``NotAsked`` when it does not wait any more."""
    locked = waiting(erasure, actor)
    locked.state, locked.answer = state, answer
    locked.decided_at, locked.decided_by = timezone.now(), actor.user
    locked.save()
    record(actor=actor, verb=verb, subject=locked.patient, details={"erasure": locked.pk})
    return locked


def waiting(erasure: Erasure, actor: Actor) -> Erasure:
    """The same, locked, while it waits for a decision. Raises ``NotAsked``."""
    locked = Erasure.objects.select_for_update(of=("self",)).select_related("patient__clinic").filter(pk=erasure.pk, clinic=actor.clinic)
    found = locked.filter(state=Erasure.State.ASKED).first()
    if found is None:
        raise NotAsked(_("This was decided already."))
    return found
