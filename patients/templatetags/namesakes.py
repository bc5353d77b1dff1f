"""Whom the patient of a page might be taken for."""

from django import template

from patients import queries
from patients.models import Patient

register = template.Library()


@register.simple_tag
def namesakes_of(patient: Patient) -> tuple[Patient, ...]:
    """Other patients of the clinic whose names sound the same; asked once a page, and never on lists."""
    return queries.namesakes(patient) if patient.pk else ()
