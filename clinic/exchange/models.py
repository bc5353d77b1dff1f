"""Lists of patients that were read from a file: first shown, then taken over, and taken back as a whole while nobody used them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PatientImport(models.Model):
    """One file. ``rows`` are its lines as read, with what is wrong with each; they are dropped when it was taken over or put away."""

    class State(models.TextChoices):
        SHOWN = "shown", _("Shown")
        TAKEN = "taken", _("Taken over")
        PUT_AWAY = "put-away", _("Put away")
        UNDONE = "undone", _("Taken back")

    clinic = models.ForeignKey("staff.Clinic", on_delete=models.PROTECT, related_name="patient_imports")
    state = models.CharField(max_length=8, choices=State.choices, default=State.SHOWN)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)  # SHA-256 of the file
    rows = models.JSONField(default=list)
    columns = models.JSONField(default=dict)  # heading of the file -> field of a patient
    version = models.PositiveIntegerField(default=1, editable=False)
    read_at = models.DateTimeField(default=timezone.now, editable=False)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True, editable=False)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    undone_at = models.DateTimeField(null=True, editable=False)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=["shown", "taken", "put-away", "undone"]), name="an_import_is_in_a_known_state"),
            models.CheckConstraint(
                condition=Q(taken_at=None, taken_by=None) | Q(taken_at__isnull=False, taken_by__isnull=False),
                name="an_import_is_taken_over_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False, taken_at__isnull=False),
                name="an_import_is_taken_back_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} import at clinic {self.clinic_id}"


class ImportedPatient(models.Model):
    """A patient whom an import registered. The number stays when the import is taken back and the patient is gone."""

    source = models.ForeignKey(PatientImport, on_delete=models.PROTECT, related_name="patients")
    patient = models.ForeignKey("patients.Patient", on_delete=models.SET_NULL, related_name="+", null=True)
    line = models.PositiveIntegerField()  # of the file
    card_number = models.CharField(max_length=20)

    class Meta:
        ordering: ClassVar = ["line"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "line"], name="a_line_registers_one_patient")]

    def __str__(self) -> str:
        return f"#{self.pk} line {self.line} of import {self.source_id}"
