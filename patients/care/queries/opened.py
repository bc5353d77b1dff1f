"""The records that were opened from outside of care: to be judged, and as part of the story of a record."""

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from clinic.audit.models import ReadLine
from clinic.audit.queries import looks_at
from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor
from patients.models import BreakGlass, Patient

A_PAGE = 25
MOST_LOOKS = 200


def opened_at(clinic: Clinic) -> QuerySet[BreakGlass]:
    """Every record of the clinic that was opened from outside, with who did it, the newest first."""
    return BreakGlass.objects.filter(patient__clinic=clinic).select_related("patient", "user", "reviewed_by").order_by("-pk")


def opened_page(clinic: Clinic, number: str) -> Page[BreakGlass]:
    """One page: what waits to be judged first, the oldest before all others. Two queries."""
    return Paginator(opened_at(clinic).order_by(F("reviewed_at").desc(nulls_first=True), "pk"), A_PAGE).get_page(number)


def waiting_count(actor: Actor) -> int:
    """How many openings this person could judge. One query."""
    return BreakGlass.objects.filter(patient__clinic=actor.clinic, reviewed_at=None).exclude(user=actor.user).count()


def opening_or_404(clinic: Clinic, pk: int) -> BreakGlass:
    """One opening at this clinic."""
    return get_object_or_404(opened_at(clinic).select_related("patient__clinic"), pk=pk)


def own_opening_or_404(patient: Patient, actor: Actor) -> BreakGlass:
    """The newest opening of this patient's record by the actor, open or not."""
    return get_object_or_404(BreakGlass.objects.filter(patient=patient, user=actor.user).order_by("-pk")[:1])


def opened_of_patient(patient: Patient) -> list[BreakGlass]:
    """Every opening of this record and of those merged into it, the newest first. One query."""
    found = BreakGlass.objects.filter(patient=patient).select_related("user", "reviewed_by")
    return list(found.order_by("-pk"))


def looks_while_open(glass: BreakGlass) -> list[ReadLine]:
    """What the person looked at in this record while it was open to them, the oldest first. Two queries."""
    until = glass.closed_at or min(glass.ends_at, timezone.now())
    found = looks_at((glass.patient,), glass.patient.clinic).filter(user=glass.user, at__gte=glass.opened_at, at__lte=until)
    return list(found.select_related("user").order_by("pk")[:MOST_LOOKS])
