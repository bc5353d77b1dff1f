"""The links by which patients fill in the form themselves, and what came in by them."""

from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone

from clinic.staff.models import Clinic
from clinic.web.links import token_digest
from clinic.web.prepared import Prepared
from patients.models import Intake, IntakeLink, Patient
from patients.states import IntakeState

MOST_WRONG_TRIES: Final = 5


def open_links(now: datetime | None = None) -> QuerySet[IntakeLink]:
    """Links that open something now: not used, not ended, within their time, and not guessed at too often."""
    unspent = IntakeLink.objects.filter(used_at=None, revoked_at=None, wrong_tries__lt=MOST_WRONG_TRIES, patient__merged_into=None)
    return unspent.filter(expires_at__gt=now or timezone.now())


def link_behind(token: str) -> IntakeLink | None:
    """The link that this address opens now; ``None`` alike for one that never was, was used, ended, guessed at or has expired."""
    return open_links().filter(token_digest=token_digest(token)).select_related("patient__clinic", "intake").first()


def used_link_behind(token: str) -> IntakeLink | None:
    """The link that was used up by sending the form in, for the page that says thank you."""
    sent = IntakeLink.objects.filter(used_at__isnull=False, token_digest=token_digest(token))
    return sent.select_related("patient__clinic").first()


def open_link_of(patient: Patient) -> IntakeLink | None:
    """The one link by which the patient can fill in the form now."""
    return _OPEN.first(patient=patient.pk, now=timezone.now())


def _open(_kind: str, *, patient: int, now: datetime) -> QuerySet[Any, Any]:
    return open_links(now).filter(patient=patient).select_related("made_by").order_by("pk")[:1]


_OPEN: Final = Prepared(_open)


def waiting_intake(patient: Patient) -> Intake | None:
    """A form that the patient has sent in and nobody has read yet. No session may be given while there is one."""
    return Intake.objects.filter(patient=patient, state=IntakeState.SUBMITTED).select_related("patient__clinic").first()


def whose_intakes_wait(clinic: Clinic) -> list[int]:
    """The numbers of the patients whose form nobody has read yet; of a patient there is one at most."""
    found = Intake.objects.filter(patient__clinic=clinic, state=IntakeState.SUBMITTED).order_by()
    return list(found.values_list("patient", flat=True))


def waiting_intakes(clinic: Clinic) -> QuerySet[Intake]:
    """Every such form of the clinic, the oldest first."""
    found = Intake.objects.filter(patient__clinic=clinic, state=IntakeState.SUBMITTED)
    return found.select_related("patient").order_by("submitted_at", "pk")
