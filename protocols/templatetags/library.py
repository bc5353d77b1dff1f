"""Tags of the library's pages: where the review of an entry stands, and what a clinic made of it."""

from typing import Any

from django import template
from django.urls import reverse

from protocols.presentation.ours import our_changes
from protocols.presentation.reviews import state_mark
from protocols.presentation.words import PROVENANCE, said
from protocols.variants.permissions import can_change_library
from protocols.variants.queries import open_variant

register = template.Library()


@register.inclusion_tag("protocols/_review_mark.html", takes_context=True)
def review_mark(context: dict[str, Any], kind: str, code: str, where: str = "") -> dict[str, Any]:
    """A link to the review of an entry, with its state; nothing where it is not on the list.

    ``where`` is "column" under a head that says "Review".
    """
    judged = context["judgements"].get((kind, code))
    if judged is None:
        return {}
    url = reverse("library:review-entry", args=[kind, code])
    return {"mark": state_mark(judged.state), "url": url, "is_outdated": judged.is_outdated, "is_short": where == "column"}


@register.filter
def provenance_word(code: str) -> str:
    """Sourced, derived or general in words."""
    return said(PROVENANCE, code)


@register.inclusion_tag("variants/_ours.html", takes_context=True)
def ours(context: dict[str, Any], subject: str) -> dict[str, Any]:
    """What the clinic made otherwise than the release, and for the clinical lead the way to a variant of it. One query for the lead."""
    request = context["request"]
    is_lead = can_change_library(request.actor)
    variant = open_variant(request.clinic, subject) if is_lead else None
    return {"changes": our_changes(request.clinic, subject), "is_lead": is_lead, "variant": variant, "subject": subject}
