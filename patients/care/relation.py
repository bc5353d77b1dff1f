"""Who is in a patient's care. This app and the apps above it say by what; it is asked in one query, for one patient or for a list.

Contacts, dates and messages are for the whole reception and are not asked about here: see ``patients.care.guard`` for which pages are.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from clinic.staff.models import RecordAccess, Role
from clinic.staff.permissions import ActionDenied, Actor
from clinic.web.prepared import Prepared
from patients.models import BreakGlass, Patient

TREATERS: Final = frozenset({Role.THERAPIST.value, Role.DOCTOR.value})


class OutsideCare(ActionDenied):
    """Somebody who treats is not in the care of this patient and did not say why the record is needed."""

    def __init__(self, patient: int, sentence: str = "") -> None:
        super().__init__(sentence or _("You are not in the care of this patient."))
        self.patient = patient


@dataclass(frozen=True, slots=True)
class Source:
    """One thing by which somebody is in a patient's care.

    ``rows`` gives what counted at some moment since the one it is asked with; asked with the present, what counts now. ``patient``,
    ``user`` and ``day`` are paths from such a row; without ``user`` it holds for everybody with one of ``roles``. ``word`` says it on
    the patient's page.
    """

    rows: Callable[[datetime], QuerySet[Any]]
    word: str | Promise
    patient: str = "patient"
    user: str = ""
    day: str = ""
    roles: frozenset[str] = TREATERS

    def rows_of(self, user: int, now: datetime) -> QuerySet[Any]:
        """The rows by which this person is in somebody's care, if the source is for one of the person's roles."""
        return self.rows(now).filter(**{self.user: user}) if self.user else self.rows(now)


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands to one patient: in care, or with the record opened from outside (``glass``, until ``ends_at``), or neither."""

    patient: int
    in_care: bool
    glass: int | None
    ends_at: datetime | None

    @property
    def may_open(self) -> bool:
        return self.in_care or self.glass is not None


_sources: dict[str, Source] = {}


def register_relation(name: str, source: Source) -> None:
    """From now on this counts too; called once, when an app is ready."""
    _sources[name] = source


def relations() -> Iterable[tuple[str, Source]]:
    """Every source by its name, as they were registered."""
    return tuple(_sources.items())


def by_role(actor: Actor) -> bool | None:
    """What roles and the clinic's rule decide: the lead always may, whoever does not treat never. None: it depends on the patient."""
    if actor.has_role(Role.CLINICAL_LEAD):
        return True
    if not actor.has_role(*TREATERS):
        return False
    return True if actor.clinic.record_access == RecordAccess.EVERY_TREATER else None


def cared_for(actor: Actor, now: datetime, *, patient: str = "pk") -> Q:
    """The condition on a list that the patient at this path is in the actor's care now."""
    names = _for(actor.roles)
    if not names:
        return Q(pk__in=())
    composed = _CARED_FOR.sql(names, user=actor.user.pk, now=now)
    return Q(**{f"{patient}__in": RawSQL(*composed)})  # noqa: S611  # what the ORM made, with its parameters beside it


def _cared_for(names: tuple[str, ...], *, user: int, now: datetime) -> QuerySet[Any, Any]:
    """The numbers of everybody in the care of a person by these sources."""
    sources = [_sources[name] for name in names]
    first, *more = (source.rows_of(user, now).order_by().values_list(source.patient) for source in sources)
    return first.union(*more, all=True)


def _for(roles: frozenset[str]) -> tuple[str, ...]:
    """By name what brings somebody with these roles into care; somebody with none of them is in nobody's."""
    return tuple([name for name, source in _sources.items() if not source.roles.isdisjoint(roles)])


_CARED_FOR: Final = Prepared(_cared_for)


def open_glass(user: int, now: datetime) -> QuerySet[BreakGlass]:
    """The records that somebody has opened from outside and that are open at that moment, the newest first."""
    return BreakGlass.objects.filter(user=user, opened_at__lte=now, ends_at__gt=now, closed_at=None).order_by("-pk")


# From a number to one column with the number of a patient; the first row counts.
PlainWay = Callable[[int], QuerySet[Any, Any]]


def standing_to(
    actor: Actor, patient: int, now: datetime | None = None, *, way: PlainWay | None = None, is_prepared: bool = True
) -> Standing | None:
    """How the actor stands to one patient of the own clinic; None where there is no such patient. One query.

    With a ``way`` the number is that of something else, which leads to the patient; one that is made for this question alone cannot
    be prepared.
    """
    values: dict[str, Any] = {"user": actor.user.pk, "clinic": actor.clinic.pk, "patient": patient, "now": now or timezone.now()}
    kind = (_for(actor.roles), way)
    rows = _STANDING.rows(kind, **values) if is_prepared else list(_standing(kind, **values))
    return Standing(*rows[0]) if rows else None


def _standing(kind: tuple[tuple[str, ...], PlainWay | None], *, user: int, clinic: int, patient: int, now: datetime) -> QuerySet[Any, Any]:
    names, way = kind
    glass = open_glass(user, now).filter(patient=OuterRef("pk"))
    care = Q(pk__in=())
    for source in (_sources[name] for name in names):
        care |= Q(Exists(source.rows_of(user, now).order_by().filter(**{source.patient: OuterRef("pk")})))
    found = (
        Patient.objects.filter(clinic=clinic, pk=Subquery(way(patient)[:1]) if way else patient)
        .order_by("pk")
        .annotate(
            is_cared_for=Case(When(care, then=Value(value=True)), default=Value(value=False)),
            glass=Subquery(glass.values("pk")[:1]),
            ends_at=Subquery(glass.values("ends_at")[:1]),
        )
    )
    return found.values_list("pk", "is_cared_for", "glass", "ends_at")


_STANDING: Final = Prepared(_standing)


def in_care(actor: Actor, patient: Patient) -> bool:
    """Whether the actor is in the care of this patient now, whatever the clinic's rule. One query."""
    found = standing_to(actor, patient.pk)
    return found is not None and found.in_care


def may_open_record(actor: Actor, patient: Patient) -> bool:
    """Whether the actor may read what the record says about health now. One query where the clinic keeps to the care team, else none."""
    decided = by_role(actor)
    if decided is not None:
        return decided
    found = standing_to(actor, patient.pk)
    return found is not None and found.may_open


def check_may_open_record(actor: Actor, patient: Patient) -> None:
    """Raises ``OutsideCare`` for whoever may not."""
    if not may_open_record(actor, patient):
        raise OutsideCare(patient.pk)


def open_to(actor: Actor, *, patient: str = "pk") -> Q:
    """The condition on a list that the actor may open the record of the patient at this path. No query of its own."""
    decided = by_role(actor)
    if decided is not None:
        return Q() if decided else Q(pk__in=())
    now = timezone.now()
    return cared_for(actor, now, patient=patient) | Q(**{f"{patient}__in": open_glass(actor.user.pk, now).order_by().values("patient")})


def patients_open_to(actor: Actor, patients: Iterable[int]) -> frozenset[int]:
    """Which of these patients' records the actor may open. At most one query."""
    numbers = frozenset(patients)
    decided = by_role(actor)
    if decided is not None:
        return numbers if decided else frozenset()
    found = Patient.objects.filter(open_to(actor), clinic=actor.clinic, pk__in=numbers)
    return frozenset(found.values_list("pk", flat=True))
