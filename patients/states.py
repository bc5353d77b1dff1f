"""The states of an intake form and the only ways from one to another."""

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class IntakeState(models.TextChoices):
    DRAFT = "draft", _("Being filled in")
    COMPLETED = "completed", _("Completed")
    DISCARDED = "discarded", _("Discarded")


TRANSITIONS: Final[Mapping[str, frozenset[str]]] = {
    IntakeState.DRAFT: frozenset({IntakeState.COMPLETED, IntakeState.DISCARDED}),
    IntakeState.COMPLETED: frozenset(),
    IntakeState.DISCARDED: frozenset(),
}
