"""Tags of the library's pages: where the review of an entry stands."""

from typing import Any

from django import template
from django.urls import reverse

from protocols.presentation.reviews import state_mark
from protocols.presentation.words import PROVENANCE, said

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
