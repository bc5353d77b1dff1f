"""Who is in a patient's care by somebody's word, and who opened a record from outside of it."""

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LEAST_WORDS: Final = 10


class CareMember(models.Model):
    """Somebody was put in charge of a patient by hand: before a course, after one, or to stand in. Taken off, the row stays."""

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="care_members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, editable=False)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["patient", "user"], condition=Q(removed_at=None), name="somebody_is_in_the_care_of_a_patient_once"
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None) | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="who_was_taken_off_a_patients_care_was_so_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} person {self.user_id} in the care of patient {self.patient_id}"


class BreakGlass(models.Model):
    """Somebody outside a patient's care opened the record for a while and said why. It is reported and read by somebody else."""

    class Reason(models.TextChoices):
        EMERGENCY = "emergency", pgettext_lazy("reason to open a record", "Emergency")
        STANDING_IN = "standing-in", pgettext_lazy("reason to open a record", "I stand in for a colleague")
        PATIENT_HERE = "patient-here", pgettext_lazy("reason to open a record", "The patient is here or on the telephone")
        SAFETY = "safety", pgettext_lazy("reason to open a record", "A question of safety or a complaint")
        OTHER = "other", pgettext_lazy("reason to open a record", "Another reason")

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="break_glasses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("Reason"), max_length=12, choices=Reason.choices)
    words = models.TextField(_("In a sentence"), max_length=500)
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    ends_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, editable=False)  # given back before its time
    reviewed_at = models.DateTimeField(null=True, editable=False)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    is_justified = models.BooleanField(null=True, editable=False)
    review_words = models.TextField(blank=True, max_length=500)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["user", "patient", "ends_at"], name="records_opened_from_outside"),
            models.Index(fields=["patient"], condition=Q(reviewed_at=None), name="openings_to_judge"),  # counted on every page
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("opened_at")), name="a_record_is_open_for_some_time"),
            models.CheckConstraint(condition=~Q(words=""), name="a_record_is_opened_for_a_reason_in_words"),
            models.CheckConstraint(
                condition=Q(reason__in=["emergency", "standing-in", "patient-here", "safety", "other"]),
                name="a_record_is_opened_for_a_known_reason",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, reviewed_by=None, is_justified=None)
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False, is_justified__isnull=False),
                name="who_read_why_a_record_was_opened_judged_it",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("user")), name="nobody_judges_that_they_opened_a_record"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} person {self.user_id} opened patient {self.patient_id}"
