"""Somebody else decides: nothing comes of it, or the record is restricted, or it is erased."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.keeping.erasure import journal
from clinic.keeping.erasure.actions.asking import settle, waiting
from clinic.keeping.erasure.actions.removing import erase, restrict
from clinic.keeping.erasure.permissions import check_can_decide
from clinic.keeping.erasure.queries import hindrances, kept_until
from clinic.keeping.holdings import counted, people_of
from clinic.keeping.models import Erasure
from clinic.staff.permissions import ActionDenied, Actor
from patients.models import Patient


class NotNow(ActionDenied):
    """Something must be done first, or what was shown is not what would be done any more."""


@transaction.atomic
def refuse_erasure(*, erasure: Erasure, answer: str, actor: Actor) -> Erasure:
    """Says no, with a reason. Raises ``ActionDenied`` for whoever may not and without a reason, ``NotAsked`` when it was decided."""
    check_can_decide(actor, erasure)
    if not answer.strip():
        raise NotNow(_("Write why the record is not erased."))
    return settle(erasure, Erasure.State.REFUSED, answer.strip(), "refused-erasure", actor)


@transaction.atomic
def decide_erasure(*, erasure: Erasure, shown: date | None, on: date, method: str, actor: Actor) -> Erasure:
    """Erases the record, or, while the clinic must keep it, removes what no duty keeps and restricts the rest.

    ``shown`` is until when it must be kept as the page said it (None: not at all); ``method`` how the actor proved who it is a moment
    ago. Raises ``ActionDenied`` for whoever may not, ``NotAsked`` when it was decided, ``NotNow`` where a course or dates stand
    against it, or where the times have changed since the page was shown.
    """
    locked = waiting(erasure, actor)
    check_can_decide(actor, locked)
    if not method:
        raise NotNow(_("Enter your password again before you decide."))
    people = people_of(Patient.objects.select_for_update().select_related("clinic").get(pk=locked.patient_id))
    for sentence in hindrances(people[0], on):
        raise NotNow(sentence)
    until = kept_until(people[0], on, counted(people)[1])
    if until != shown:
        raise NotNow(_("What would be kept has changed since you opened the page. Read it as it is now, and then decide."))
    locked.state, locked.kept_until = Erasure.State.DONE, until
    locked.decided_at, locked.decided_by = timezone.now(), actor.user
    marks = [journal.mark_of(person) for person in people]
    locked.removed = carry_out(people, on, erasure=locked, method=method, actor=actor)
    locked.save(update_fields=["state", "kept_until", "decided_at", "decided_by", "removed"])
    transaction.on_commit(lambda: journal.append(locked, marks), robust=True)
    return locked


def carry_out(people: tuple[Patient, ...], on: date, *, erasure: Erasure, method: str, actor: Actor) -> dict[str, int]:
    """Does what was decided, inside the caller's transaction, and leaves its line; answers how many rows went, by table."""
    if erasure.kept_until is not None:
        removed, verb, said = restrict(people, on), "restricted-record", {"kept_until": erasure.kept_until.isoformat()}
    else:
        removed, order = erase(people, on, erasure=erasure, method=method, actor=actor)
        verb, said = "erased-record", {"order": str(order.pk)}
    record(actor=actor, verb=verb, subject=people[0], details={"erasure": erasure.pk, **said, "removed": removed})
    return removed


@transaction.atomic
def propose_finishing(*, patient: Patient, on: date) -> Erasure | None:
    """Asks anew, in the name of who asked first, once a restricted record need not be kept any more; ``None`` where it is not time yet."""
    locked = Patient.objects.select_for_update(no_key=True).select_related("clinic").get(pk=patient.pk)
    last = Erasure.objects.filter(patient=locked).order_by("-pk").first()
    if locked.erased_on or last is None or last.state != Erasure.State.DONE:
        return None
    if kept_until(locked, on, counted(people_of(locked))[1]) is not None:
        return None
    words = _("The time is over for which the record had to be kept.")
    made = Erasure.objects.create(clinic=locked.clinic, patient=locked, words=words, asked_by=last.asked_by)
    record(actor=None, clinic=locked.clinic, verb="proposed-erasure", subject=locked, details={"erasure": made.pk})
    return made
