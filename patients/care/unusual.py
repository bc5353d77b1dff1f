"""Looks at records that somebody should ask about: from outside of care, very many, at night, at somebody of one's own name; and roles
that people gave themselves, because with some of them a look is not unusual any more.

None of them proves anything. They are counted for the last weeks, by a fixed number of questions to the database.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final, NamedTuple

from django.db.models import BigIntegerField, CharField, Count, F, Max, Q, QuerySet, Value
from django.db.models.functions import Cast, ExtractHour, TruncDate, TruncHour
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from clinic.audit.models import AuditLine, Look, ReadLine
from clinic.audit.queries import role_names
from clinic.staff.access import access_of
from clinic.staff.models import Clinic, Role
from patients.care.guard import is_of_the_record
from patients.care.relation import Source, relations
from patients.care.sources import DOCTORS
from patients.models import BreakGlass, Patient

# So far back a colleague still remembers why.
LOOKED_BACK: Final = timedelta(days=30)
# A full day of one therapist is twelve patients; nobody reads fifty records within an hour to treat somebody.
MANY_IN_AN_HOUR: Final = 50
# From when until when nobody is treated. A clinic with a night shift reads this list with that in mind.
NIGHT_BEGINS: Final = 22
NIGHT_ENDS: Final = 6
MOST: Final = 50
OPENED: Final = (Look.LOOKED, Look.PRINTED, Look.EXPORTED)
SHORTEST_NAME: Final = 2
# In the place of a person's number, for a source that holds for many.
EVERY_TREATER: Final = 0
EVERY_DOCTOR: Final = -1


@dataclass(frozen=True, slots=True)
class OfOne:
    """What one person looked at in one patient's record."""

    who: str
    patient: Patient
    count: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class OfMany:
    """How many records one person opened in an hour, or in the night of a day."""

    who: str
    at: datetime | date
    count: int


@dataclass(frozen=True, slots=True)
class OwnRoles:
    """Which roles one person gave themselves, by their names."""

    who: str
    at: datetime
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unusual:
    """The five lists, each at most ``MOST`` long, the gravest first."""

    outside: list[OfOne]
    own_name: list[OfOne]
    many: list[OfMany]
    at_night: list[OfMany]
    own_roles: list[OwnRoles]

    def patients(self) -> list[int]:
        """Whose records are named."""
        return sorted({each.patient.pk for each in (*self.outside, *self.own_name)})


def unusual_looks(clinic: Clinic) -> Unusual:
    """What was unusual at the clinic lately. Eight queries, whatever they find."""
    since = timezone.now() - LOOKED_BACK
    looks = ReadLine.objects.filter(clinic=clinic, kind__in=OPENED, at__gte=since, subject_type="patients.patient").order_by()
    pairs = _pairs(looks)
    outside, namesakes = _outside(pairs, since), _of_own_name(pairs, clinic)
    people = Patient.objects.in_bulk({pair.patient for pair in (*outside, *namesakes)})
    return Unusual(
        [OfOne(pair.who, people[pair.patient], pair.times, pair.last_at) for pair in outside],
        [OfOne(pair.who, people[pair.patient], pair.times, pair.last_at) for pair in namesakes],
        _many(looks, clinic),
        _at_night(looks, clinic),
        _own_roles(clinic, since),
    )


@cache
def pages_of_the_record() -> frozenset[str]:
    """The names of all addresses that tell about one patient's health: those that the guard keeps."""
    return frozenset(_pages(get_resolver().url_patterns, ""))


def _pages(patterns: Iterable[Any], space: str) -> Iterator[str]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _pages(each.url_patterns, f"{space}{each.namespace}:" if each.namespace else space)
        elif is_of_the_record(access_of(each.callback, f"{space}{each.name}")):
            yield f"{space}{each.name}"


# In one patient's record --------------------------------------------------------------------------------------------------------
class Pair(NamedTuple):
    """Who looked at whose health, in which roles, how often and when last."""

    user: int
    who: str
    patient: int
    roles: str
    times: int
    last_at: datetime


def _pairs(looks: QuerySet[ReadLine]) -> list[Pair]:
    """Every such pair, the last look first; the clinical lead stands over care and is not asked. One query."""
    found = looks.filter(page__in=pages_of_the_record()).exclude(roles__contains=Role.CLINICAL_LEAD)
    grouped = found.annotate(patient=Cast("subject_id", BigIntegerField())).values("user", "user__full_name", "patient", "roles")
    counted = grouped.annotate(times=Count("pk"), last=Max("at")).order_by("-last")
    return [Pair(*row) for row in counted.values_list("user", "user__full_name", "patient", "roles", "times", "last")]


def _outside(pairs: Iterable[Pair], since: datetime) -> list[Pair]:
    """Those whom nothing in all that time brought into care, and who gave no reason. Two queries."""
    patients = frozenset(pair.patient for pair in pairs)
    known = frozenset(_who_cared(patients, since))
    known |= frozenset(BreakGlass.objects.filter(patient__in=patients, ends_at__gte=since).values_list("user", "patient"))

    def is_known(pair: Pair) -> bool:
        everybody = {EVERY_TREATER, EVERY_DOCTOR} if Role.DOCTOR in pair.roles.split(",") else {EVERY_TREATER}
        return any((user, pair.patient) in known for user in (pair.user, *everybody))

    return [pair for pair in pairs if not is_known(pair)][:MOST]


def _who_cared(patients: Collection[int], since: datetime) -> QuerySet[Any, Any]:
    """(person, patient) of everything that counted at some time since then; a source for many gives one of the two numbers below nought."""
    first, *more = [_rows(source, patients, since) for _name, source in relations()]
    return first.union(*more)


def _rows(source: Source, patients: Collection[int], since: datetime) -> QuerySet[Any, Any]:
    rows = source.rows(since).order_by().filter(**{f"{source.patient}__in": patients})
    everybody = Value(EVERY_DOCTOR if source.roles == DOCTORS else EVERY_TREATER, BigIntegerField())
    told = rows.annotate(care_user=Cast(F(source.user), BigIntegerField()) if source.user else everybody)
    found: QuerySet[Any, Any] = told.annotate(care_patient=Cast(F(source.patient), BigIntegerField())).values_list(
        "care_user", "care_patient"
    )
    return found


def _of_own_name(pairs: Iterable[Pair], clinic: Clinic) -> list[Pair]:
    """Looks at people of one's own family name. One query."""
    wanted = {form for pair in pairs for form in family_names(pair.who)}
    called = dict(Patient.objects.filter(clinic=clinic, family_name__in=wanted).values_list("pk", "family_name"))
    return [pair for pair in pairs if called.get(pair.patient) in family_names(pair.who)][:MOST]


def family_names(full_name: str) -> frozenset[str]:
    """How relatives of somebody of that name may be called: the same, and the other form of Slavic names."""
    own = "".join(full_name.split()[-1:])
    ends = ("a", "а")
    other = {own + end for end in ends} | ({own[:-1]} if own.endswith(ends) else set())
    return frozenset({own} | {each for each in other if len(each) > SHORTEST_NAME})


# Of many, and at night ----------------------------------------------------------------------------------------------------------
def _many(looks: QuerySet[ReadLine], clinic: Clinic) -> list[OfMany]:
    """Who opened how many records in one hour of the clock. One query."""
    hours = looks.annotate(hour=TruncHour("at", tzinfo=clinic.zone)).values("user__full_name", "hour")
    counted = hours.annotate(records=Count("subject_id", distinct=True)).filter(records__gt=MANY_IN_AN_HOUR)
    return [OfMany(*row) for row in counted.order_by("-records").values_list("user__full_name", "hour", "records")[:MOST]]


def _at_night(looks: QuerySet[ReadLine], clinic: Clinic) -> list[OfMany]:
    """Who opened how many records in which night, by the clinic's clock. One query."""
    dark = looks.annotate(hour=ExtractHour("at", tzinfo=clinic.zone)).filter(Q(hour__gte=NIGHT_BEGINS) | Q(hour__lt=NIGHT_ENDS))
    nights = dark.annotate(day=TruncDate("at", tzinfo=clinic.zone)).values("user__full_name", "day")
    counted = nights.annotate(records=Count("subject_id", distinct=True)).order_by("-day", "-records")
    return [OfMany(*row) for row in counted.values_list("user__full_name", "day", "records")[:MOST]]


# Roles --------------------------------------------------------------------------------------------------------------------------
def _own_roles(clinic: Clinic, since: datetime) -> list[OwnRoles]:
    """Who gave themselves a role, the last first, whether or not it was taken away again. One query."""
    lines = AuditLine.objects.filter(clinic=clinic, verb="roles-set", at__gte=since, subject_id=Cast("user", CharField()))
    given = (
        (line, set(line.details.get("after", ())) - set(line.details.get("before", ()))) for line in lines.select_related("user")[:MOST]
    )
    return [OwnRoles(line.user.full_name, line.at, role_names(",".join(sorted(roles)))) for line, roles in given if line.user and roles]
