"""States of what is kept about the library: a clinician's review of one entry, and a variant on its way to an edition."""

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReviewState(models.TextChoices):
    """Any of them may follow any other: a review is a judgement."""

    OPEN = "open", pgettext_lazy("state of a review", "Open")
    IN_REVIEW = "in-review", pgettext_lazy("state of a review", "In review")
    ACCEPTED = "accepted", pgettext_lazy("state of a review", "Accepted")
    TO_CHANGE = "to-change", _("To be changed")


class VariantState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("state of a variant", "Draft")
    AWAITING = "awaiting", pgettext_lazy("state of a variant", "With the doctor")
    PUBLISHED = "published", pgettext_lazy("state of a variant", "Published")
    DISCARDED = "discarded", pgettext_lazy("state of a variant", "Discarded")


OPEN_VARIANTS: Final = (VariantState.DRAFT.value, VariantState.AWAITING.value)
VARIANT_TRANSITIONS: Final[Mapping[str, frozenset[str]]] = {
    VariantState.DRAFT: frozenset({VariantState.AWAITING, VariantState.DISCARDED}),
    # The doctor signs it, or sends it back; whoever sent it may take it back.
    VariantState.AWAITING: frozenset({VariantState.PUBLISHED, VariantState.DRAFT}),
    VariantState.PUBLISHED: frozenset(),
    VariantState.DISCARDED: frozenset({VariantState.DRAFT}),  # a discarded draft can be brought back
}
