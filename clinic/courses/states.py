"""The states of a course and the only ways from one to another."""

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class CourseState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    DISCARDED = "discarded", _("Discarded")
    RUNNING = "running", _("Running")
    FINISHED = "finished", _("Finished")


TRANSITIONS: Final[Mapping[str, frozenset[str]]] = {
    CourseState.DRAFT: frozenset({CourseState.DISCARDED, CourseState.RUNNING}),
    CourseState.DISCARDED: frozenset({CourseState.DRAFT}),  # a discarded draft can be brought back
    CourseState.RUNNING: frozenset({CourseState.FINISHED}),  # what was given is never taken back
    CourseState.FINISHED: frozenset(),
}
