"""Variants read from where they are kept. All of them belong to one clinic."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from clinic.staff.models import Clinic
from protocols.models import Variant, VariantVersion
from protocols.states import OPEN_VARIANTS

WITH_A_VARIANT = ("base", "begun_by", "changed_by")


def variants_of(clinic: Clinic) -> QuerySet[Variant]:
    """Every variant of this clinic, the last changed first, with who began and changed it."""
    return Variant.objects.filter(clinic=clinic).select_related(*WITH_A_VARIANT)


def variant_or_404(clinic: Clinic, pk: int) -> Variant:
    """The variant with this number at this clinic. Raises ``Http404``."""
    return get_object_or_404(variants_of(clinic), pk=pk)


def open_variant(clinic: Clinic, subject: str) -> Variant | None:
    """The variant of this subject that is being worked on or lies with a doctor; there is one at most."""
    return variants_of(clinic).filter(subject=subject, state__in=OPEN_VARIANTS).first()


def versions_of(variant: Variant) -> QuerySet[VariantVersion]:
    """What the variant was after each change, the newest first, with who made it."""
    return variant.versions.select_related("by")
