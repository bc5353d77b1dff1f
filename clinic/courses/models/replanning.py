"""A day that is planned anew by the worker."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy


class Replanning(models.Model):
    """One run: asked for, running, and what it found. Nothing is moved by it; a person looks at ``places`` and confirms them.

    ``begun`` has the bookings as they were when it was asked (number -> sequence), ``places`` where they would go (number -> cell,
    therapist, room); those without a place stay. No plan costs less than ``bound``. Costs are points of ``proposing.day_values``.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("replanning", "Waiting")
        RUNNING = "running", pgettext_lazy("replanning", "Running")
        DONE = "done", pgettext_lazy("replanning", "Done")
        FAILED = "failed", pgettext_lazy("replanning", "Failed")

    clinic = models.ForeignKey("staff.Clinic", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    should_stop = models.BooleanField(default=False)
    over_at = models.DateTimeField(null=True)
    begun = models.JSONField(default=dict)
    places = models.JSONField(default=dict)
    cost_before = models.PositiveIntegerField(default=0)
    cost = models.PositiveIntegerField(default=0)
    bound = models.PositiveIntegerField(default=0)
    seconds = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "running"), over_at=None) | Q(state__in=("done", "failed"), over_at__isnull=False),
                name="a_replanning_that_is_over_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} replanning of {self.day}"

    @property
    def is_over(self) -> bool:
        return self.over_at is not None

    @property
    def is_proven(self) -> bool:
        """Whether no plan can cost less."""
        return self.state == self.State.DONE and self.cost <= self.bound
