"""What is kept about the first pages."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class GuideAway(models.Model):
    """An administrator put the first steps of a clinic away. They are found again under what waits, and brought back there."""

    clinic = models.OneToOneField("staff.Clinic", on_delete=models.PROTECT, related_name="guide_away")
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"#{self.pk}"
