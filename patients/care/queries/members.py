"""Who is in a patient's care and why, and who could be put into it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from django.db.models import BigIntegerField, CharField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from django.shortcuts import get_object_or_404
from django.utils import timezone

from clinic.staff.models import Clinic, User
from clinic.staff.permissions import Actor
from clinic.web.prepared import Prepared
from patients.care.relation import TREATERS, Source, relations
from patients.models import CareMember, Patient

# For so long a removal stands on the patient's page with the way back.
CAN_BE_UNDONE: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class InCare:
    """One person, or everybody with one of ``roles`` (``name`` empty), with what brings them into care and when."""

    name: str
    reasons: tuple[tuple[str, date | None], ...]
    user: int | None = None
    roles: frozenset[str] = frozenset()

    def is_for(self, actor: Actor) -> bool:
        """Whether it brings the actor into care."""
        return self.user == actor.user.pk if self.user else actor.has_role(*self.roles)


def people_in_care(patient: Patient) -> list[InCare]:
    """Everybody who is in the patient's care now, by name; those whom a rule brings in as a whole come last. One query."""
    sources, now = dict(relations()), timezone.now()
    found: dict[tuple[int, str, str], set[tuple[str, date | None]]] = defaultdict(set)
    for name, user, person, day in _IN_CARE.rows(tuple(sources), patient=patient.pk, now=now):
        found[(user, person, "") if user else (0, "", name)].add((str(sources[name].word), _day(day, patient.clinic)))
    people = [
        InCare(person, _newest(reasons), user or None, frozenset() if user else sources[name].roles)
        for (user, person, name), reasons in found.items()
    ]
    return sorted(people, key=lambda each: (not each.user, each.name))


def in_care_by_now(user: User, patient: Patient) -> InCare | None:
    """What brings this person, by name, into the patient's care now; None where nothing does. One query."""
    return next((each for each in people_in_care(patient) if each.user == user.pk), None)


def _newest(reasons: Iterable[tuple[str, date | None]]) -> tuple[tuple[str, date | None], ...]:
    """Each reason once, with its last day: somebody with ten dates has a date."""
    return tuple(dict(sorted(reasons, key=lambda each: (each[0], each[1] or date.min))).items())


def _in_care(names: tuple[str, ...], *, patient: int, now: datetime) -> QuerySet[Any, Any]:
    """What brings anybody into the care of the patient with this number."""
    sources = dict(relations())
    first, *more = [_rows(name, sources[name], patient, now) for name in names]
    return first.union(*more)


_IN_CARE: Final = Prepared(_in_care)


def _rows(name: str, source: Source, patient: int, now: datetime) -> QuerySet[Any, Any]:
    """The rows of one source as (name, person, full name, moment), nothing of them said twice."""
    rows = source.rows(now).order_by().filter(**{source.patient: patient})
    nobody, nothing = Value(None, BigIntegerField()), Value(None, CharField())
    called = User.objects.filter(pk=OuterRef(source.user)).values("full_name")[:1] if source.user else None
    told = rows.annotate(
        care_source=Value(name, CharField()),
        care_user=Cast(F(source.user), BigIntegerField()) if source.user else nobody,
        care_name=Subquery(called) if called is not None else nothing,
        care_day=Cast(F(source.day), CharField()) if source.day else nothing,
    )
    found: QuerySet[Any, Any] = told.values_list("care_source", "care_user", "care_name", "care_day")
    return found


def _day(text: str | None, clinic: Clinic) -> date | None:
    """The day at the clinic of a day or moment as the database writes it."""
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    if len(text) <= len("2026-01-31"):
        return moment.date()
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(clinic.zone).date()


def colleagues_to_put_in(patient: Patient, *, but: User) -> QuerySet[User]:
    """Everybody who treats at the clinic and is not in the patient's care by hand, by name."""
    inside = CareMember.objects.filter(patient=patient, removed_at=None).values("user")
    return _treating(patient.clinic).exclude(pk=but.pk).exclude(pk__in=inside)


def _treating(clinic: Clinic) -> QuerySet[User]:
    found = User.objects.filter(staff_roles__clinic=clinic, staff_roles__role__in=TREATERS, is_active=True)
    return found.distinct().order_by("full_name", "pk")


def treats_here(clinic: Clinic, user: User) -> bool:
    """Whether this person is a therapist or a doctor of the clinic and may sign in."""
    return _treating(clinic).filter(pk=user.pk).exists()


def member_or_404(patient: Patient, pk: int) -> CareMember:
    """Somebody who is, or was, in the care of this patient by hand."""
    return get_object_or_404(CareMember.objects.select_related("patient__clinic", "user"), patient=patient, pk=pk)


def care_by_hand(patient: Patient) -> tuple[dict[int, CareMember], list[CareMember]]:
    """Who is in the patient's care by hand, by person, and who was taken off within a day and not put in again. One query."""
    rows = _BY_HAND.objects(patient=patient.pk, now=timezone.now())
    inside = {row.user_id: row for row in rows if row.removed_at is None}
    gone = {row.user_id: row for row in rows if row.removed_at is not None and row.user_id not in inside}
    return inside, list(gone.values())


def _by_hand(_kind: str, *, patient: int, now: datetime) -> QuerySet[Any, Any]:
    lately = Q(removed_at=None) | Q(removed_at__gt=now - CAN_BE_UNDONE)
    return CareMember.objects.filter(lately, patient=patient).select_related("user").order_by("pk")


_BY_HAND: Final = Prepared(_by_hand)
