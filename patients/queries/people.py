"""What pages and plans read about who the patients are. Every query starts at a clinic."""

from datetime import date
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from clinic.staff.models import Clinic
from patients.models import Patient
from patients.questionnaire import Person
from patients.search import in_latin, search_words

PATIENTS_A_PAGE: Final = 25


def patients_of(clinic: Clinic, query: str = "") -> QuerySet[Patient]:
    """The clinic's patients by name; with a query, those whose record holds every word of it."""
    found = Patient.objects.filter(clinic=clinic)
    for word in search_words(query):
        found = found.filter(search_key__contains=word)
    return found


def page_of_patients(clinic: Clinic, query: str, number: str) -> Page[Patient]:
    """One page of the patient list; a page number out of range gives the nearest page."""
    return Paginator(patients_of(clinic, query), PATIENTS_A_PAGE).get_page(number)


def patient_or_404(clinic: Clinic, pk: int) -> Patient:
    """This clinic's patient. A patient of another clinic does not exist here."""
    return get_object_or_404(Patient.objects.select_related("clinic"), clinic=clinic, pk=pk)


def holder_of_card(clinic: Clinic, number: str, *, but: int | None = None) -> Patient | None:
    """Who has this card number at the clinic, the patient with the number ``but`` apart."""
    others = Patient.objects.filter(clinic=clinic, card_number=number)
    others = others if but is None else others.exclude(pk=but)
    return others.first() if number else None


def look_alikes(clinic: Clinic, *, family_name: str, given_name: str, born_on: date) -> tuple[Patient, ...]:
    """Up to five patients who may be the same person.

    They share the birth date and a name, or both names and a birth date that one slip of the finger explains.
    """
    typed = f"{family_name} {given_name}"
    words = {*search_words(typed), *in_latin(typed).split()}  # the record may be in the other script
    near = Q(born_on__year=born_on.year) | Q(born_on__day=born_on.day, born_on__month=born_on.month)
    for word in in_latin(typed).split():
        near &= Q(search_key__contains=word)
    found = Patient.objects.filter(Q(born_on=born_on) | near, clinic=clinic)
    alike = (one for one in found[:50] if words & set(one.search_key.split()) and _is_one_slip(one.born_on, born_on))
    return tuple(alike)[:5]


def _is_one_slip(kept: date, typed: date) -> bool:
    """Equal, or one of day, month and year differs, or day and month are swapped."""
    same = (kept.day == typed.day) + (kept.month == typed.month) + (kept.year == typed.year)
    return same >= 2 or (kept.year == typed.year and (kept.day, kept.month) == (typed.month, typed.day))


def age_on(patient: Patient, on: date) -> int:
    """Whole years on that day."""
    return years_between(patient.born_on, on)


def years_between(born: date, on: date) -> int:
    """Whole years from a birth date to a day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def person(patient: Patient, on: date) -> Person:
    """What the intake form must know of the patient."""
    return Person(age=age_on(patient, on), sex=patient.sex)
