"""Variants that wait for somebody: for a doctor to sign them, or for the lead to answer what a doctor asked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor
from protocols.editions.queries import names_in_force
from protocols.models import Variant, VariantMove
from protocols.publishing.documents import subject_words
from protocols.states import OPEN_VARIANTS, VariantState

A_MOMENT: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class WaitingVariant:
    """A variant that waits. ``is_returned``: a doctor asked back, and the lead has to answer; ``is_mine``: the reader wrote at it."""

    pk: int
    title: str
    about: str
    who: str
    since: datetime
    words: str
    is_returned: bool
    is_mine: bool

    @property
    def url(self) -> str:
        """Where a doctor signs it."""
        return reverse("publishing:sign", args=[self.pk])

    @property
    def reading_url(self) -> str:
        """Where the lead works at it."""
        return reverse("variants:variant", args=[self.pk])

    @property
    def is_new(self) -> bool:
        """It came within the last minute."""
        return timezone.now() - self.since < A_MOMENT


def waiting_for_doctor(clinic: Clinic, actor: Actor | None = None) -> tuple[WaitingVariant, ...]:
    """Variants that lie with a doctor of this clinic, the longest first. One query."""
    return tuple(each for each in waiting_variants(clinic, actor) if not each.is_returned)


def waiting_variants(clinic: Clinic, actor: Actor | None = None) -> tuple[WaitingVariant, ...]:
    """Variants that lie with a doctor, and drafts that a doctor sent back with a question, the longest first. One query."""
    with_doctor = Q(state=VariantState.AWAITING)
    returned = Q(state=VariantState.DRAFT, moved_from=VariantState.AWAITING) & ~Q(moved_words="")
    return tuple(_rows(clinic, _open(clinic).filter(with_doctor | returned), actor))


def _open(clinic: Clinic) -> QuerySet[Any]:
    """Open variants of this clinic with their last move."""
    last = VariantMove.objects.filter(variant=OuterRef("pk")).order_by("-pk")
    told: QuerySet[Any] = Variant.objects.filter(clinic=clinic, state__in=OPEN_VARIANTS).annotate(
        moved_at=Subquery(last.values("at")[:1]),
        moved_from=Subquery(last.values("before")[:1]),
        moved_words=Subquery(last.values("note")[:1]),
        moved_by=Subquery(last.values("by")[:1]),
        moved_who=Subquery(last.values("by__full_name")[:1]),
    )
    return told.order_by("moved_at", "pk")


def _rows(clinic: Clinic, found: Iterable[Any], actor: Actor | None) -> Iterator[WaitingVariant]:
    names = names_in_force(clinic)
    for each in found:
        yield WaitingVariant(
            pk=each.pk,
            title=each.title,
            about=subject_words(each.subject, (names,)),
            who=each.moved_who or "",
            since=each.moved_at or each.changed_at,
            words=each.moved_words or "",
            is_returned=each.state == VariantState.DRAFT,
            is_mine=actor is not None and actor.user.pk in (each.begun_by_id, each.changed_by_id, each.moved_by),
        )
