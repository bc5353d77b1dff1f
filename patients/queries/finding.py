"""Finding people on the register: those who are meant, those who may be the same person, and those who bear the same name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from time import monotonic
from typing import Any, Final, cast

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property

from clinic.staff.models import Clinic
from clinic.web.prepared import Prepared
from patients.models import NameKey, Patient
from patients.search import (
    SHORTEST_NUMBER,
    Term,
    begins_alike,
    digits,
    is_alike,
    name_keys,
    name_words,
    same_number,
    search_terms,
    sound_key,
)
from patients.trigrams import rows_with

PATIENTS_A_PAGE: Final = 25
MOST_CANDIDATES: Final = 4000  # of a spelling that very many share; whoever types one of those goes on typing
FEW: Final = 1000
MANY: Final = 5000
COUNTED_FOR: Final = 60.0  # seconds
MOST_PARTS: Final = 4
MOST_ALIKE: Final = 5
MOST_NAMESAKES: Final = 3
MOST_TO_COMPARE: Final = 500
NUMBER_TO_FIND: Final = 6  # last digits of a telephone; whether it is the same is looked at afterwards


_counted: dict[int, tuple[int, float]] = {}  # clinic: how many, and until when that is good enough


# The list -------------------------------------------------------------------------------------------------------------------
def patients_of(clinic: Clinic, query: str = "") -> QuerySet[Patient]:
    """The clinic's patients by name; with a query, those whose record holds every term of it.

    A record that was merged is not listed: what it holds finds the kept one. One that is restricted or erased is not found at all.
    """
    kept = Patient.objects.filter(clinic=clinic, merged_into=None, restricted_on=None)
    terms = search_terms(query)
    if not terms:
        return kept
    # "After 0" is "not null" by an index: SQLite reads the whole register once more for the few that were merged.
    second = Patient.objects.filter(_holds(terms), clinic=clinic, merged_into__gt=0)
    return kept.filter(_holds(terms) | Q(pk__in=second.values("merged_into")))


class _Found(Paginator):  # type: ignore[type-arg]  # generic for the type checker only
    """Pages of those who fit a query. Where they are few, one look through the register, in no order, tells who they are.

    Asked for the first page of few people in order, SQLite would walk the whole register by name, which takes five times as long.
    """

    @cached_property
    def count(self) -> int:
        found = cast("QuerySet[Patient]", self.object_list)
        pks = list(found.order_by().values_list("pk", flat=True)[: FEW + 1])
        if len(pks) > FEW:
            return found.count()
        self.object_list = Patient.objects.filter(pk__in=pks)
        return len(pks)


class _Register(Paginator):  # type: ignore[type-arg]  # generic for the type checker only
    """Pages of everybody. How many there are is counted once in a minute where they are thousands: counting reads them all."""

    def __init__(self, clinic: Clinic, found: QuerySet[Patient]) -> None:
        super().__init__(found, PATIENTS_A_PAGE)
        self.clinic = clinic

    @cached_property
    def count(self) -> int:
        now = monotonic()
        count, until = _counted.get(self.clinic.pk, (0, 0.0))
        if now >= until:
            count = cast("QuerySet[Patient]", self.object_list).count()
            _counted[self.clinic.pk] = (count, now + COUNTED_FOR if count >= MANY else 0.0)
        return count


def page_of_patients(clinic: Clinic, query: str, number: str) -> Page[Patient]:
    """One page of the patient list; a page number out of range gives the nearest page."""
    found = patients_of(clinic, query)
    pages = _Found(found, PATIENTS_A_PAGE) if search_terms(query) else _Register(clinic, found)
    page = pages.get_page(number)
    # Read here: a template's "if" takes a query that fails for "nobody".
    page.object_list = list(page.object_list)
    return page


def similar_spellings(clinic: Clinic, query: str, page: Page[Patient]) -> tuple[Patient, ...]:
    """Up to a page of patients whose names hold the query with one slip, when everybody who is found without a slip fits one page."""
    terms = search_terms(query)
    if page.paginator.num_pages > 1 or not any(term.is_name for term in terms):
        return ()
    exact = {patient.pk for patient in page.object_list}
    found = {patient.pk: patient for patient in _with_slip(clinic, terms) if patient.pk not in exact}
    return tuple(sorted(found.values(), key=lambda one: (one.family_name, one.given_name, one.pk)))[:PATIENTS_A_PAGE]


def _holds(terms: Iterable[Term]) -> Q:
    found = Q()
    for term in terms:
        one = Q()
        for spelling in term.spellings:
            one |= Q(search_key__contains=spelling)
        if narrowed := rows_with(term.spellings):
            sql, parameter = narrowed
            one &= Q(pk__in=RawSQL(sql, [parameter]))  # noqa: S611  # a text of our own; what was typed is its parameter
        found &= one
    return found


def _with_slip(clinic: Clinic, terms: Sequence[Term]) -> QuerySet[Patient]:
    """Those who bear every typed name, each with at most a slip, and hold the other terms; for a merged record the kept one."""
    typed = [part for term in terms if term.is_name for part in name_words(*term.spellings)]
    found = Patient.objects.filter(_holds(term for term in terms if not term.is_name), clinic=clinic, pk__in=_bearers(clinic, typed))
    rows = found.order_by().values_list(Coalesce("merged_into", "pk"), "family_name", "given_name", "middle_name")
    fitting = (pk for pk, *names in rows if all(any(begins_alike(part, name) for name in name_words(*names)) for part in typed))
    return Patient.objects.filter(clinic=clinic, restricted_on=None, pk__in=list(islice(fitting, 4 * PATIENTS_A_PAGE)))


def _bearers(clinic: Clinic, names: Sequence[str]) -> list[int]:
    """The numbers of patients who may bear names like each of these: the long names first, which fewer people bear.

    The database would join tens of thousands of keys one by one; sets do it at once. Once few are left, their names are compared.
    """
    found: set[int] | None = None
    for name in sorted(names, key=len, reverse=True)[:MOST_PARTS]:
        bearers = NameKey.objects.filter(clinic=clinic, key__in=name_keys([name])).values_list("patient", flat=True).distinct()
        found = set(bearers) if found is None else found.intersection(bearers)
        if len(found) <= MOST_CANDIDATES:
            break
    return sorted(found or ())[:MOST_CANDIDATES]


# Look-alikes ----------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class LookAlike:
    """Somebody who may be the same person, and what the two have in common."""

    patient: Patient
    has_birth_date: bool
    has_names: bool
    has_phone: bool


def look_alikes(clinic: Clinic, details: Mapping[str, Any], *, but: int | None = None) -> tuple[LookAlike, ...]:
    """Up to five patients who may be the person of these details (names, ``born_on``, ``phone``), the patient ``but`` apart.

    They share the birth date and a name; or both names, and a birth date that one slip of the finger explains; or the telephone and
    either the given name or the birth date. Names count as shared when they sound alike or are one slip apart, in either script.
    """
    found: dict[int, LookAlike] = {}
    for other in (*_by_number_or_day(clinic, details), *_by_names(clinic, details)):
        kept = other.merged_into or other
        if kept.pk != but and kept.restricted_on is None and (alike := what_is_alike(other, kept, details)):
            found.setdefault(kept.pk, alike)
    return tuple(found.values())[:MOST_ALIKE]


def _by_number_or_day(clinic: Clinic, details: Mapping[str, Any]) -> QuerySet[Patient]:
    number, near = digits(details.get("phone", ""))[-NUMBER_TO_FIND:], Q(born_on=details["born_on"])
    near |= Q(search_key__contains=number) if len(number) >= SHORTEST_NUMBER else Q()
    return Patient.objects.filter(near, clinic=clinic).select_related("merged_into")[:MOST_TO_COMPARE]


def _by_names(clinic: Clinic, details: Mapping[str, Any]) -> QuerySet[Patient]:
    bearers = _bearers(clinic, name_words(details["family_name"], details["given_name"]))
    return Patient.objects.filter(pk__in=bearers).select_related("merged_into")[:MOST_TO_COMPARE]


def what_is_alike(other: Patient, kept: Patient, details: Mapping[str, Any]) -> LookAlike | None:
    """What a record (``other``, now part of ``kept``) has in common with somebody of these details; None where that is not enough."""
    names = name_words(other.family_name, other.given_name, other.middle_name)
    family, given = (_is_among(details[name], names) for name in ("family_name", "given_name"))
    same_day, same_phone = other.born_on == details["born_on"], same_number(other.phone, details.get("phone", ""))
    is_alike = (
        (same_day and (family or given))
        or (family and given and _is_one_slip(other.born_on, details["born_on"]))
        or (same_phone and (given or same_day))
    )
    return LookAlike(kept, same_day, family and given, same_phone) if is_alike else None


def _is_among(typed: str, names: Sequence[str]) -> bool:
    return any(is_alike(part, name) for part in name_words(typed) for name in names)


def _is_one_slip(kept: date, typed: date) -> bool:
    """Equal, or one of day, month and year differs, or day and month are swapped."""
    same = (kept.day == typed.day) + (kept.month == typed.month) + (kept.year == typed.year)
    return same >= 2 or (kept.year == typed.year and (kept.day, kept.month) == (typed.month, typed.day))


# Namesakes ------------------------------------------------------------------------------------------------------------------
def namesakes(patient: Patient) -> tuple[Patient, ...]:
    """Up to four other patients of the clinic whose family and given names sound like this one's: whom one might be taken for."""
    words = [word for name in (patient.family_name, patient.given_name) for word in name_words(name)]
    keys = {f"key_{place}": sound_key(word) for place, word in enumerate(words)}
    return tuple(_NAMESAKES.objects(patient=patient.pk, clinic=patient.clinic_id, **keys))


def _namesakes(_kind: str, *, patient: int, clinic: int, **keys: str) -> QuerySet[Any, Any]:
    others = Patient.objects.filter(clinic=clinic, merged_into=None, restricted_on=None).exclude(pk=patient)
    for key in keys.values():
        others = others.filter(pk__in=NameKey.objects.filter(clinic=clinic, key=key).values("patient"))
    return others[: MOST_NAMESAKES + 1]


_NAMESAKES: Final = Prepared(_namesakes)
