"""For how long a clinic keeps records, who asked to erase one, and when a backup was last proved to come back."""

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LEAST_YEARS: Final = 1
MOST_YEARS: Final = 40


class Retention(models.Model):
    """For how long one clinic keeps what. A clinic without a row keeps to the values that stand here."""

    clinic = models.OneToOneField("staff.Clinic", on_delete=models.PROTECT, related_name="retention")
    record_years = models.PositiveSmallIntegerField(_("Years after the last session"), default=10)
    child_until_age = models.PositiveSmallIntegerField(_("Records of children at least until this age"), default=28)
    message_days = models.PositiveSmallIntegerField(_("Days that the words of a sent message are kept"), default=90)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(record_years__gte=LEAST_YEARS, record_years__lte=MOST_YEARS), name="records_are_kept_for_1_to_40_years"
            ),
            models.CheckConstraint(
                condition=Q(child_until_age__gte=18, child_until_age__lte=40), name="records_of_children_are_kept_until_18_to_40"
            ),
            models.CheckConstraint(condition=Q(message_days__gte=7, message_days__lte=730), name="words_are_kept_for_7_to_730_days"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} retention of clinic {self.clinic_id}"


class Erasure(models.Model):
    """A patient's record is to be erased: one person asks, another decides, and what had to be kept is named."""

    class State(models.TextChoices):
        ASKED = "asked", _("Asked for")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Taken back")
        DONE = "done", _("Erased")

    clinic = models.ForeignKey("staff.Clinic", on_delete=models.PROTECT, related_name="erasures")
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="erasures")
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    words = models.TextField(_("Who asked, and why"), max_length=500)
    kept_until = models.DateField(null=True)  # what the clinic must still keep is kept until then; empty where nothing is
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    answer = models.TextField(blank=True, max_length=500)
    removed = models.JSONField(default=dict)  # kind of record -> how many; never what was in them

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["patient"], condition=Q(state="asked"), name="an_erasure_is_asked_for_once_at_a_time"),
            models.CheckConstraint(condition=Q(state__in=["asked", "refused", "withdrawn", "done"]), name="an_erasure_is_in_a_known_state"),
            models.CheckConstraint(condition=~Q(words=""), name="an_erasure_says_why"),
            models.CheckConstraint(
                condition=Q(state="asked", decided_at=None, decided_by=None)
                | Q(~Q(state="asked"), decided_at__isnull=False, decided_by__isnull=False),
                name="an_erasure_is_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["refused", "done"]) | ~Q(decided_by=F("asked_by")), name="an_erasure_takes_two_persons"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} erasure of patient {self.patient_id}"


class Drill(models.Model):
    """A backup was brought back into an empty place and looked through. ``trouble`` is empty where all was well."""

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    file = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)  # SHA-256 of the file
    taken_at = models.DateTimeField()  # when the backup was made
    rows = models.PositiveBigIntegerField(default=0)
    trouble = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(finished_at__gte=F("started_at")), name="a_drill_ends_after_it_began")]

    def __str__(self) -> str:
        return f"#{self.pk} drill of {self.file}"

    @property
    def is_good(self) -> bool:
        """Whether everything came back."""
        return not self.trouble
