"""After a backup came back: what was erased since it was made is erased again, by the list outside of the database."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from clinic.keeping.erasure import journal
from clinic.keeping.erasure.actions.deciding import carry_out
from clinic.keeping.holdings import people_of
from clinic.keeping.models import Erasure
from clinic.signing.models import Method
from clinic.staff.models import Clinic, User
from clinic.staff.permissions import Actor
from patients.models import Patient

WORDS = "Erased again after a backup was brought back."


@dataclass(frozen=True)
class Again:
    """What came of one line: ``done``, ``there already``, or ``unknown`` where the database has no such record (any more)."""

    line: journal.Line
    outcome: str


def erase_again(lines: Iterable[journal.Line], *, actor: Actor, asker: User, is_dry: bool = False) -> Iterator[Again]:
    """Carries out the lines of the actor's clinic, each in a transaction of its own. ``asker`` is somebody else of the clinic.

    A later line about a record counts: one that was restricted first and erased later is erased.
    """
    for line in _newest(lines, actor.clinic):
        yield Again(line, _one(line, actor, asker, is_dry=is_dry))


def _newest(lines: Iterable[journal.Line], clinic: Clinic) -> Iterable[journal.Line]:
    found = {line.mark: line for line in lines if line.clinic == clinic.pk}
    return found.values()


@transaction.atomic
def _one(line: journal.Line, actor: Actor, asker: User, *, is_dry: bool) -> str:
    patient = Patient.objects.select_for_update().select_related("clinic").filter(pk=line.patient, clinic=actor.clinic).first()
    if patient is None or journal.mark_of(patient) != line.mark:
        return "unknown"
    if patient.erased_on or (line.kept_until and patient.restricted_on):
        return "there already"
    if is_dry:
        return "to do"
    until = date.fromisoformat(line.kept_until) if line.kept_until else None
    made = Erasure(clinic=actor.clinic, patient=patient, words=WORDS, asked_by=asker, state=Erasure.State.DONE, kept_until=until)
    made.decided_at, made.decided_by = timezone.now(), actor.user
    Erasure.objects.filter(patient=patient, state=Erasure.State.ASKED).update(
        state=Erasure.State.WITHDRAWN, decided_at=made.decided_at, decided_by=actor.user
    )
    made.save()
    made.removed = carry_out(people_of(patient), actor.clinic.today(), erasure=made, method=Method.ORDER, actor=actor)
    made.save(update_fields=["removed"])
    return "done"
