"""Variants as signed documents: the name of one in the chain of signatures, and back."""

from typing import Final

from django.db.models import Model
from django.urls import reverse

from clinic.staff.models import Clinic
from protocols.models import Variant

KIND: Final = "protocols.variant"


def subject_of_variant(variant: Variant) -> str:
    """The name of this variant in signatures."""
    return f"{KIND}:{variant.pk}"


def variant_of_subject(clinic: Clinic, subject: str) -> Variant | None:
    """The variant of this clinic with this name; None where there is none."""
    kind, _colon, number = subject.partition(":")
    if kind != KIND or not number.isdecimal():
        return None
    return Variant.objects.filter(clinic=clinic, pk=int(number)).first()


def title_of_variant(record: Model) -> str:
    """What a signed variant is called."""
    return record.title if isinstance(record, Variant) else str(record)


def address_of_subject(subject: str) -> str:
    """The page of a variant by its name in signatures."""
    return reverse("variants:variant", args=[subject.rpartition(":")[2]])
