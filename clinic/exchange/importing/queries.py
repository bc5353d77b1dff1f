"""What pages read about lists of patients. Every query starts at a clinic."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import Count, ForeignObjectRel, Model, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.exchange.models import ImportedPatient, PatientImport
from clinic.staff.models import Clinic
from patients.merging import registered
from patients.models import MessageConsent, NameKey, Patient, PatientMerge

IMPORTS_A_PAGE: Final = 25
ROWS_A_PAGE: Final = 50
PATIENTS_A_PAGE: Final = 100
AT_ONCE: Final = 500
# Rows that hang on a patient and say nothing about one: spellings are made from the name, and an import knows what it registered.
NOT_WORK: Final = (NameKey, ImportedPatient)
# What a merge does not name, because it does not go over.
ELSE: Final = {
    Patient: gettext_lazy("Second records"),
    PatientMerge: gettext_lazy("Second records"),
    MessageConsent: gettext_lazy("Messages"),
}


@dataclass(frozen=True, slots=True)
class Blocker:
    """A patient of an import with whom somebody has begun to work, and by what."""

    patient: Patient
    what: tuple[str, ...]


def imports_of(clinic: Clinic, number: str) -> Page[PatientImport]:
    """One page of the clinic's lists, the newest first, each with ``count`` of the patients that it registered."""
    found: QuerySet[Any] = PatientImport.objects.filter(clinic=clinic).defer("rows", "columns").select_related("read_by", "taken_by")
    page = Paginator(found.annotate(count=Count("patients")).order_by("-pk"), IMPORTS_A_PAGE).get_page(number)
    page.object_list = list(page.object_list)
    return page


def import_or_404(clinic: Clinic, pk: int) -> PatientImport:
    """This clinic's list. One of another clinic does not exist here."""
    found = PatientImport.objects.select_related("clinic", "read_by", "taken_by", "undone_by")
    return get_object_or_404(found, clinic=clinic, pk=pk)


def is_of_file(clinic: Clinic, address: str, digest: str) -> bool:
    """Whether this is the address of a list that was read from the file with this digest."""
    found = PatientImport.objects.filter(clinic=clinic, digest=digest).values_list("pk", flat=True)
    return any(reverse("exchange:import", args=[pk]) == address for pk in found)


def taken_patients(source: PatientImport, number: str) -> Page[ImportedPatient]:
    """One page of the patients that an import registered, by their line."""
    page = Paginator(source.patients.select_related("patient").order_by("line"), PATIENTS_A_PAGE).get_page(number)
    page.object_list = list(page.object_list)
    return page


def patients_named(clinic: Clinic, numbers: Iterable[int]) -> Mapping[int, Patient]:
    """These patients of the clinic by their number. At most one query."""
    wanted = set(numbers)
    return {patient.pk: patient for patient in Patient.objects.filter(clinic=clinic, pk__in=wanted)} if wanted else {}


def blockers_of(source: PatientImport) -> tuple[Blocker, ...]:
    """The patients of an import about whom something was written since, with what that is. A few queries for each kind of row."""
    numbers = list(source.patients.filter(patient__isnull=False).values_list("patient", flat=True))
    found: dict[int, list[str]] = {}
    words = names_of_rows()
    for relation in _relations():
        for pk in _with(relation, numbers):
            found.setdefault(pk, []).append(str(words.get(relation.related_model, relation.related_model._meta.verbose_name)))
    for some in _in_parts(numbers):
        for pk in Patient.objects.filter(pk__in=some).exclude(version=1).values_list("pk", flat=True):
            found.setdefault(pk, []).append(_("the record was changed"))
    patients = patients_named(source.clinic, found)
    return tuple(Blocker(patients[pk], tuple(dict.fromkeys(what))) for pk, what in sorted(found.items()) if pk in patients)


def names_of_rows() -> dict[type[Model], Promise | str]:
    """Rows that hang on a patient, in the words of the page that compares two records."""
    return {**ELSE, **{each.model: each.name for each in registered()}}


def _relations() -> list[ForeignObjectRel]:
    """Everything that can point to a patient, whatever app it is of: a new kind of row blocks without anybody thinking of it."""
    return [each for each in Patient._meta.related_objects if each.related_model not in NOT_WORK]


def _with(relation: ForeignObjectRel, numbers: Sequence[int]) -> set[int]:
    name = relation.field.name
    rows = relation.related_model._default_manager.order_by()
    found: set[int] = set()
    for some in _in_parts(numbers):
        found |= set(rows.filter(**{f"{name}__in": some}).values_list(name, flat=True))
    return found


def _in_parts(numbers: Sequence[int]) -> list[Sequence[int]]:
    return [numbers[start : start + AT_ONCE] for start in range(0, len(numbers), AT_ONCE)]
