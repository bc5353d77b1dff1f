"""The states of a clinician's review of one entry of the library. Any of them may follow any other: a review is a judgement."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReviewState(models.TextChoices):
    OPEN = "open", pgettext_lazy("state of a review", "Open")
    IN_REVIEW = "in-review", pgettext_lazy("state of a review", "In review")
    ACCEPTED = "accepted", pgettext_lazy("state of a review", "Accepted")
    TO_CHANGE = "to-change", _("To be changed")
