"""Where on the pages of a variant an entry of the library is changed."""

from django.urls import NoReverseMatch, reverse

from protocols.editions.addresses import split
from protocols.editor.desk import stage_of
from protocols.models import Variant
from protocols.variants.subjects import COURSE_RULES, RULES


def link_of(variant: Variant, address: str, sentence: str = "") -> str:
    """The page of a variant where this entry is changed; "" where there is none. The ``sentence`` of a fault tells steps apart."""
    if "/" not in address or ":" not in address:
        return ""
    part, _table, code = split(address)
    if stage := stage_of(address):
        return reverse("variants:steps" if "step" in sentence or "opens" in sentence else "variants:stage", args=[variant.pk, stage])
    if part in ("library/profiles", "ru/profiles") and code:
        return reverse("variants:profile", args=[variant.pk, code])
    return _of_other_parts(variant, part)


def _of_other_parts(variant: Variant, part: str) -> str:
    if part.startswith("cases/") or part == "ru/cases":
        return other("testbench:cases", variant.pk)
    if part.startswith("rule-cases/") or variant.subject == RULES:
        return other("rulebook:rules", variant.pk)
    if variant.subject == COURSE_RULES:
        return other("rulebook:course-rules", variant.pk)
    return reverse("variants:texts", args=[variant.pk])


def other(name: str, *args: object) -> str:
    """The address of a page of another package; "" where there is none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
